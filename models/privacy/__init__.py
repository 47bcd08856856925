from . import (
    ir_access_error,
    ir_actions_report,
    ir_binary,
    medical_access_log,
    medical_access_seal,
    medical_access_sign,
    medical_patient,
)
