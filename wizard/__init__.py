from . import catalogue, consultation, patient, prescription, record
