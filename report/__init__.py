from . import consultation, prescription, privacy, record
