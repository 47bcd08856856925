from . import medical_register_load, medical_register_load_codes
