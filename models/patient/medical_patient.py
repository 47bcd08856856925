from odoo import api, fields, models

from odoo.addons.medical_practice.lib import identifiers

SEXES = [("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")]
BLOOD_GROUPS = [(group, group) for group in ("O-", "O+", "A-", "A+", "B-", "B+", "AB-", "AB+")]


class MedicalPatient(models.Model):
    """A patient of the practice.

    The contact behind it (``partner_id``) keeps name, address, phone and e-mail; what is clinical stays here, because
    every employee of an ERP can read contacts. The contact of a patient is hidden from whoever is neither in the
    practice nor in billing (see ``res.partner.is_patient``).
    """

    _name = "medical.patient"
    _description = "Patient"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _inherits = {"res.partner": "partner_id"}
    _order = "last_name, first_name, id"
    _check_company_auto = True

    # === Identity === #
    partner_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True, string="Contact of the Patient")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, string="Practice"
    )
    active = fields.Boolean(default=True)
    identifier = fields.Char("Chart Number", readonly=True, copy=False, index=True)
    first_name = fields.Char(required=True)
    last_name = fields.Char(required=True)
    birthdate = fields.Date(index=True)
    age = fields.Integer(compute="_compute_age", search="_search_age", help="Age in completed years.")
    age_display = fields.Char("Age (text)", compute="_compute_age")
    sex = fields.Selection(SEXES, default="unknown", required=True, help="Administrative sex, as on the health card.")
    gender_identity = fields.Char()
    deceased_on = fields.Date()
    health_number = fields.Char(copy=False, index=True)
    health_number_type = fields.Selection(selection="_selection_health_number_type", default="ramq")
    search_key = fields.Char(compute="_compute_search_key", store=True)

    # === People around === #
    practitioner_id = fields.Many2one(
        "medical.practitioner", "Usual Practitioner", index="btree_not_null", check_company=True
    )
    care_team_ids = fields.Many2many("medical.practitioner", string="Care Team", check_company=True)
    relation_ids = fields.One2many("medical.patient.relation", "patient_id", "Relations")

    # === Chart (hidden from the reception) === #
    alert = fields.Char(
        groups="medical_practice.group_assistant", help="Short text always in view when the chart is open."
    )
    blood_group = fields.Selection(BLOOD_GROUPS, groups="medical_practice.group_assistant")
    consultation_ids = fields.One2many(
        "medical.consultation", "patient_id", groups="medical_practice.group_assistant", string="Consultations"
    )
    prescription_ids = fields.One2many("medical.prescription", "patient_id", string="Prescriptions")
    measurement_ids = fields.One2many(
        "medical.measurement", "patient_id", groups="medical_practice.group_assistant", string="Measurements"
    )

    # === Agenda and billing === #
    appointment_ids = fields.One2many("calendar.event", "patient_id", string="Appointments")
    act_ids = fields.One2many("medical.act", "patient_id", string="Acts")
    coverage_ids = fields.One2many("medical.coverage", "patient_id", string="Coverages")

    _partner_uniq = models.UniqueIndex("(partner_id)", "This contact is a patient already.")
    _identifier_uniq = models.UniqueIndex("(identifier, company_id)", "This chart number is taken.")
    _search_key_idx = models.Index("USING gin (search_key gin_trgm_ops)")

    @api.model
    def _selection_health_number_type(self):
        return list(identifiers.KINDS.items())

    @api.depends("birthdate", "deceased_on")
    def _compute_age(self):
        self.age = 0
        self.age_display = False

    def _search_age(self, operator, value):
        return NotImplemented

    @api.depends("first_name", "last_name", "identifier", "health_number", "birthdate", "partner_id.phone")
    def _compute_search_key(self):
        self.search_key = False
