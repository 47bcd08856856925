from . import portal, prescription_verification
