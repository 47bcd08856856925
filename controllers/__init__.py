from . import portal
from . import prescription_verification
