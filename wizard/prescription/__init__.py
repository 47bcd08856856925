from . import medical_prescription_cancel
