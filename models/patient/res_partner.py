from odoo import api, fields, models


class ResPartner(models.Model):
    """A contact, which may be the contact of a patient; what is clinical never stands here."""

    _inherit = "res.partner"

    patient_ids = fields.One2many(
        "medical.patient",
        "partner_id",
        groups="medical_practice.group_reception",
        context={"active_test": False},
    )
    is_patient = fields.Boolean(
        compute="_compute_is_patient",
        store=True,
        recursive=True,
        groups="medical_practice.group_reception,account.group_account_invoice",
        help="The contact of a patient, or an address of it: hidden from whoever is neither in the practice "
        "nor in billing.",
    )

    @api.depends("patient_ids", "parent_id.is_patient")
    def _compute_is_patient(self):
        for partner in self:
            partner.is_patient = bool(partner.patient_ids) or partner.parent_id.is_patient
