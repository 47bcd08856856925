from . import ir_actions_report
from . import medical_prescription_report
