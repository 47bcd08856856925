from . import (
    base_partner_merge,
    medical_licence_type,
    medical_patient,
    medical_patient_chart,
    medical_patient_health_number,
    medical_patient_relation,
    medical_patient_search,
    medical_practitioner,
    medical_specialty,
    res_partner,
)
