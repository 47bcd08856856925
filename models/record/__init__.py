from . import medical_measurement, medical_measurement_type
