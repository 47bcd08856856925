from . import ir_actions_report, ir_actions_report_growth, medical_growth_report
