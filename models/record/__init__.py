from . import medical_measurement_type
from . import medical_measurement
