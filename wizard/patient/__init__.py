from . import medical_error_reason
