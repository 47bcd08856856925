from odoo import api, fields, models
from odoo.exceptions import UserError


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

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals or "is_company" in vals:
            self._sync_patients()
        return result

    def _fields_sync(self, values):
        """Keep an address of a patient within the practice of the patient."""
        super()._fields_sync(values)
        # The flag is hidden from who may still add an address, such as a portal user to his own contact.
        parent = self.sudo().parent_id
        if values.get("parent_id") and parent.is_patient and self.company_id != parent.company_id:
            self.company_id = parent.company_id

    def _sync_patients(self):
        """Bring a new name to the chart of a patient, and refuse to make a company of him."""
        # A contact may be renamed by its bearer, in the portal or as a colleague, who has no right on charts.
        patients = self.env["medical.patient"].sudo().with_context(active_test=False)
        patients = patients.search([("partner_id", "in", self.ids)])
        if patients.partner_id.filtered("is_company"):
            raise UserError(self.env._("This contact is a person and cannot become a company."))
        patients._follow_contact_name()

    def action_register_patient(self):
        """Open the registration of a new patient on this contact, whose data is kept."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("medical_practice.medical_patient_action")
        return {
            **action,
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }

    def action_open_chart(self):
        """Open the chart of the patient whose contact this is."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("medical_practice.medical_patient_action")
        return {**action, "views": [(False, "form")], "res_id": self.patient_ids[:1].id, "context": {}}
