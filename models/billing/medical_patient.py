from odoo import fields, models


class MedicalPatient(models.Model):
    _inherit = "medical.patient"

    absence_agreed_on = fields.Date(
        "Absence Fees Agreed on",
        help="Day the patient agreed in writing to pay for appointments missed without notice. "
        "Without it no absence fee is charged.",
    )
