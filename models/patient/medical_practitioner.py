from odoo import api, fields, models
from odoo.exceptions import UserError


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
    partner_id = fields.Many2one("res.partner", "Contact", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
        help="The account that signs.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    email = fields.Char(related="partner_id.email")

    # === Profession === #
    specialty_id = fields.Many2one("medical.specialty", ondelete="restrict")
    licence_type_id = fields.Many2one("medical.licence.type", ondelete="restrict")
    licence_number = fields.Char()
    prescribing = fields.Selection(related="licence_type_id.prescribing")
    phone = fields.Char(compute="_compute_phone", store=True, readonly=False, help="Phone printed on prescriptions.")
    signature = fields.Binary(attachment=True, help="Picture of the handwritten signature, printed once signed.")

    # === Agenda === #
    default_appointment_type_id = fields.Many2one("medical.appointment.type", ondelete="set null")

    _user_uniq = models.UniqueIndex(
        "(user_id, company_id) WHERE user_id IS NOT NULL", "This user is linked to another practitioner already."
    )

    # === Computes === #

    @api.depends("partner_id")
    def _compute_phone(self):
        for practitioner in self:
            practitioner.phone = practitioner.phone or practitioner.partner_id.phone

    @api.depends("name", "licence_type_id.title", "specialty_id")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """The name; in lists to choose from, with the specialty."""
        detailed = self.env.context.get("formatted_display_name")
        for practitioner in self:
            name, specialty = practitioner.name or "", practitioner.specialty_id.name
            practitioner.display_name = f"{name} \t --{specialty}--" if detailed and specialty else name

    @api.onchange("user_id")
    def _onchange_user_id(self):
        if self.user_id and not self.partner_id:
            self.partner_id = self.user_id.partner_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        user = self.partner_id.user_ids[:1]
        if user and not user.share and not self.user_id:
            self.user_id = user

    # === Create === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_practitioner_vals(vals) for vals in vals_list])

    @api.model
    def _prepare_practitioner_vals(self, vals):
        """Return values with a contact: the one given, that of the user, or a new one of the name given."""
        vals = dict(vals)
        name = vals.pop("name", None)
        if not vals.get("partner_id") and vals.get("user_id"):
            vals["partner_id"] = self.env["res.users"].browse(vals["user_id"]).partner_id.id
        if not vals.get("partner_id"):
            if not name:
                raise UserError(self.env._("A practitioner has a name: choose a contact or create one."))
            vals["partner_id"] = self.env["res.partner"].create({"name": name}).id
        return vals

    def _prepare_resource_values(self, vals, tz):
        """Give the resource the name and the account of the practitioner: his absences are his own."""
        return {
            **super()._prepare_resource_values(vals, tz),
            "name": self.env["res.partner"].browse(vals["partner_id"]).name,
            "user_id": vals.get("user_id") or False,
        }

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self.resource_id.user_id = vals["user_id"]
        return result

    @api.model
    def name_create(self, name):
        """Create a practitioner, and his contact, from a name typed into a selection."""
        practitioner = self.create({"name": name})
        return practitioner.id, practitioner.display_name

    # === Business === #

    def action_open_absences(self):
        """Open the absences of the practitioner."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Absences of %(name)s", name=self.name),
            "res_model": "resource.calendar.leaves",
            "views": [(False, "list"), (False, "form")],
            "domain": [("resource_id", "=", self.resource_id.id)],
            "context": {
                "default_resource_id": self.resource_id.id,
                "default_calendar_id": self.resource_calendar_id.id,
            },
        }

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
