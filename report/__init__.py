from . import consultation, prescription
