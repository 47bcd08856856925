from . import medical_signature_cancel
from . import medical_consultation_addendum_add
