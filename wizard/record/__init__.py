from . import medical_document_handle
