from . import ir_actions_report, medical_prescription_report
