from . import medical_drug_loader, medical_register, medical_register_refusal
