from . import medical_patient
from . import medical_consultation
from . import medical_prescription
from . import medical_coverage
