from . import (
    medical_measurement,
    medical_measurement_type,
    medical_condition,
    medical_allergy,
    medical_chart_statement,
    medical_treatment,
    medical_vaccine,
    medical_immunization,
    medical_document_template,
    medical_document,
    medical_patient,
    medical_consultation,
)
