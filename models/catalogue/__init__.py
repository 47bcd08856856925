from . import medical_register
from . import medical_register_refusal
from . import medical_drug_loader
