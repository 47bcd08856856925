from . import medical_document_handle
from . import medical_score_entry
