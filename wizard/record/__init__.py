from . import medical_document_handle, medical_score_entry, medical_treatment_stop
