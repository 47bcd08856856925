from . import medical_access_report, medical_access_verify
