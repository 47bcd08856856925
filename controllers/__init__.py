from . import prescription_verification
