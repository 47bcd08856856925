from . import (
    medical_allergy,
    medical_chart_statement,
    medical_condition,
    medical_consultation,
    medical_document,
    medical_document_template,
    medical_immunization,
    medical_measurement,
    medical_measurement_type,
    medical_patient,
    medical_treatment,
    medical_vaccine,
)
