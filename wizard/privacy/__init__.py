from . import medical_access_verify
