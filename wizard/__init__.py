from . import catalogue, consultation, patient, prescription, privacy, record
