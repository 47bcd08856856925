from . import medical_consultation, medical_coverage, medical_patient, medical_prescription
