from . import catalogue
from . import consultation
from . import patient
from . import prescription
