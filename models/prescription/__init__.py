from . import (
    medical_dosage_frequency,
    medical_drug,
    medical_drug_substance,
    medical_interaction,
    medical_prescription,
    medical_prescription_alert,
    medical_prescription_line,
    medical_prescription_sentence,
    medical_prescription_template,
    medical_prescription_template_line,
    medical_prescription_verification,
    medical_substance,
)
