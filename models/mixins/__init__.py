from . import medical_signature_mixin
from . import medical_signature_part
from . import medical_chart_entry
