from . import consultation, patient, prescription, record
