from odoo import fields, models


class MedicalPrescriptionLine(models.Model):
    """A numbered item of a prescription, with its dosage and the sentence the patient reads."""

    _name = "medical.prescription.line"
    _description = "Prescription Line"
    _inherit = ["medical.signature.part", "medical.prescription.dosage"]
    _signature_parent = "prescription_id"
    _order = "prescription_id, sequence, id"

    prescription_id = fields.Many2one("medical.prescription", required=True, index=True, ondelete="cascade")
    patient_id = fields.Many2one(related="prescription_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="prescription_id.company_id", store=True, index=True)
    quantity = fields.Float(digits=(16, 2))
    sig = fields.Text("Instructions", help="The sentence for the patient, in the patient's language.")
