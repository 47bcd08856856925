from . import (
    medical_audited_mixin,
    medical_banner_mixin,
    medical_chart_entry,
    medical_chart_life,
    medical_fuzzy_dates,
    medical_prescription_dosage,
    medical_prescription_dosage_course,
    medical_safety_config,
    medical_signature_mixin,
    medical_signature_part,
    medical_vitals_mixin,
)
