from . import medical_register
