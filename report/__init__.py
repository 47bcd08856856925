from . import consultation
from . import prescription
