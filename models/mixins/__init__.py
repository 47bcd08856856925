from . import (
    medical_chart_entry,
    medical_prescription_dosage,
    medical_signature_mixin,
    medical_signature_part,
    medical_vitals_mixin,
)
