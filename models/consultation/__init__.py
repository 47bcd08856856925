from . import res_company
from . import medical_vitals_mixin
from . import medical_text_macro
from . import medical_consultation_type
from . import medical_consultation
from . import medical_consultation_addendum
