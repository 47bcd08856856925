from . import medical_text_macro
from . import medical_consultation_type
from . import medical_consultation
from . import medical_consultation_addendum
