from odoo import api, fields, models


class MedicalPractitioner(models.Model):
    """A professional who sees patients: physician, dentist, physiotherapist, psychologist...

    The person is a contact (``partner_id``); the account that signs is ``user_id``. Working hours and absences are
    those of the resource behind it, so that Odoo's own calendars hold them.
    """

    _name = "medical.practitioner"
    _description = "Practitioner"
    _inherit = ["resource.mixin", "avatar.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    # === Person === #
    name = fields.Char(related="partner_id.name", store=True, readonly=False)
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict", help="The account that signs.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()

    # === Profession === #
    specialty_id = fields.Many2one("medical.specialty", ondelete="restrict")
    licence_type_id = fields.Many2one("medical.licence.type", ondelete="restrict")
    licence_number = fields.Char()
    phone = fields.Char(compute="_compute_phone", store=True, readonly=False, help="Phone printed on prescriptions.")
    signature = fields.Binary(attachment=True, help="Picture of the handwritten signature, printed once signed.")

    # === Agenda === #
    default_appointment_type_id = fields.Many2one("medical.appointment.type", ondelete="set null")

    _user_uniq = models.UniqueIndex(
        "(user_id, company_id) WHERE user_id IS NOT NULL", "This user is linked to another practitioner already."
    )

    @api.depends("partner_id")
    def _compute_phone(self):
        for practitioner in self:
            practitioner.phone = practitioner.phone or practitioner.partner_id.phone

    def _get_printed_name(self):
        """Return the name with the title of the licence, as on paper."""
        self.ensure_one()
        return ", ".join(filter(None, [self.name, self.licence_type_id.title]))

    def _can_prescribe_drugs(self):
        """Tell whether the licence allows drugs at all (dental purposes included)."""
        self.ensure_one()
        return self.licence_type_id.prescribing in ("drugs", "dental")

    @api.model
    def _get_current(self):
        """Return the practitioner behind the current user in the current company, or an empty set."""
        return self.search([("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)], limit=1)
