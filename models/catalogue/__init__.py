from . import (
    medical_code,
    medical_code_loader,
    medical_code_system,
    medical_drug_loader,
    medical_register,
    medical_register_loader,
    medical_register_refusal,
)
