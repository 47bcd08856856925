from odoo import fields, models

ALERT_KINDS = [
    ("allergy", "Allergy"),
    ("interaction", "Interaction"),
    ("duplicate", "Duplicate"),
    ("condition", "Contraindication"),
    ("pregnancy", "Pregnancy"),
    ("breastfeeding", "Breastfeeding"),
    ("age", "Age"),
    ("sex", "Sex"),
    ("dose", "Dose"),
    ("narcotic", "Narcotic"),
    ("not_checked", "Not checked"),
]
ALERT_SEVERITIES = [
    ("contraindicated", "Contraindicated"),
    ("avoid", "Avoid"),
    ("precaution", "Precaution"),
    ("take_into_account", "Take into account"),
    ("information", "Information"),
]


class MedicalPrescriptionAlert(models.Model):
    """What the safety check found about a prescription, and who went past it with which reason."""

    _name = "medical.prescription.alert"
    _description = "Prescription Alert"
    _inherit = ["medical.signature.part", "medical.audited.mixin"]
    _signature_parent = "prescription_id"
    _order = "prescription_id, sequence, id"

    prescription_id = fields.Many2one("medical.prescription", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one("medical.prescription.line", index="btree_not_null", ondelete="cascade")
    patient_id = fields.Many2one(related="prescription_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="prescription_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(ALERT_KINDS, required=True)
    severity = fields.Selection(ALERT_SEVERITIES, required=True)
    message = fields.Text(required=True)
    source = fields.Char()
    override_reason = fields.Char()
    overridden_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    overridden_on = fields.Datetime(readonly=True)
