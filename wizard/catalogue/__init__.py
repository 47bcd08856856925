from . import medical_register_load
