from . import consultation, prescription, record
