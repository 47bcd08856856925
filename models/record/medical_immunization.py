from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATUSES = [("completed", "Given"), ("reported", "Given elsewhere"), ("refused", "Refused")]
SITES = [
    ("left_deltoid", "Left deltoid"),
    ("right_deltoid", "Right deltoid"),
    ("left_arm", "Left arm, back"),
    ("right_arm", "Right arm, back"),
    ("left_thigh", "Left thigh"),
    ("right_thigh", "Right thigh"),
    ("left_gluteal", "Left gluteal"),
    ("right_gluteal", "Right gluteal"),
    ("nose", "Nose"),
    ("mouth", "Mouth"),
]
ROUTES = [
    ("intramuscular", "Intramuscular"),
    ("subcutaneous", "Subcutaneous"),
    ("intradermal", "Intradermal"),
    ("oral", "Oral"),
    ("nasal", "Nasal"),
]


class MedicalImmunization(models.Model):
    """A dose of a vaccine given, reported, or refused (FHIR ``Immunization``).

    The number of the dose is counted from those before it, the next date proposed by the schedule of the vaccine; both
    may be corrected. A refusal keeps its reason and is no dose.
    """

    _name = "medical.immunization"
    _description = "Immunization"
    _inherit = ["medical.chart.entry"]
    _order = "given_on desc, id desc"

    practitioner_id = fields.Many2one(default=lambda self: self.env["medical.practitioner"]._get_current())
    vaccine_id = fields.Many2one("medical.vaccine", required=True, index=True, ondelete="restrict")
    status = fields.Selection(STATUSES, default="completed", required=True)
    given_on = fields.Date("Day", required=True, default=fields.Date.context_today)
    lot = fields.Char("Lot Number")
    expires_on = fields.Date("Lot Expires on")
    is_lot_expired = fields.Boolean("Lot Expired", compute="_compute_is_lot_expired")
    site = fields.Selection(SITES)
    route = fields.Selection(ROUTES, compute="_compute_route", store=True, readonly=False, precompute=True, copy=True)
    dose_number = fields.Integer(
        "Dose", compute="_compute_dose_number", store=True, readonly=False, precompute=True, copy=False
    )
    next_due_on = fields.Date(
        "Next Due", compute="_compute_next_due_on", store=True, readonly=False, precompute=True, copy=False
    )
    refusal_reason = fields.Char(help="In the words of the patient.")
    note = fields.Text()

    _refusal_explained = models.Constraint(
        "CHECK (status <> 'refused' OR btrim(coalesce(refusal_reason, '')) <> '')", "Say why it was refused."
    )
    _dose_positive = models.Constraint("CHECK (dose_number >= 0)", "Doses are counted from 1.")
    _last_idx = models.Index("(patient_id, vaccine_id, given_on DESC) WHERE entered_in_error IS NOT TRUE")

    # === Computes === #

    @api.depends("vaccine_id", "given_on", "status")
    def _compute_display_name(self):
        for dose in self:
            dose.display_name = f"{dose.vaccine_id.name or ''} · {fields.Date.to_string(dose.given_on) or ''}"

    @api.depends("expires_on", "given_on", "status")
    def _compute_is_lot_expired(self):
        for dose in self:
            dated = dose.status == "completed" and dose.expires_on and dose.given_on
            dose.is_lot_expired = bool(dated and dose.expires_on < dose.given_on)

    @api.depends("vaccine_id")
    def _compute_route(self):
        for dose in self:
            dose.route = dose.route or dose.vaccine_id.route

    @api.depends("patient_id", "vaccine_id", "given_on", "status")
    def _compute_dose_number(self):
        """Count the doses of the same vaccine before each one; those of one day in the order they were recorded."""
        earlier = self._read_earlier_doses()
        for dose in self:
            if dose.status == "refused":
                dose.dose_number = 0
                continue
            days = earlier.get((dose.patient_id._origin.id, dose.vaccine_id._origin.id), [])
            day = dose.given_on or fields.Date.context_today(dose)
            own = dose._origin.id or float("inf")
            dose.dose_number = 1 + sum((given_on, id_) < (day, own) for given_on, id_ in days if id_ != own)

    def _read_earlier_doses(self):
        """Return ``{(patient id, vaccine id): [(day, id), ...]}`` of the valid doses, in one query."""
        domain = [
            ("patient_id", "in", self.patient_id._origin.ids),
            ("vaccine_id", "in", self.vaccine_id._origin.ids),
            ("status", "!=", "refused"),
            ("entered_in_error", "=", False),
        ]
        found = {}
        for dose in self.search_fetch(domain, ["patient_id", "vaccine_id", "given_on"]):
            found.setdefault((dose.patient_id.id, dose.vaccine_id.id), []).append((dose.given_on, dose.id))
        return found

    @api.depends("vaccine_id", "dose_number", "given_on", "status")
    def _compute_next_due_on(self):
        for dose in self:
            given = dose.status != "refused" and dose.vaccine_id
            dose.next_due_on = dose.vaccine_id._get_next_due(dose.dose_number, dose.given_on) if given else False

    # === Paper === #

    def _prepare_paper_row(self):
        """Return a dose as the immunization record prints it, in the language of the context."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("status", "site", "route")
        }
        # The contact of whoever gave it is his business address.
        author = self.practitioner_id.sudo()
        return {
            "date": self.env["medical.document"]._format_day(self.given_on),
            "vaccine": self.vaccine_id.name,
            "target": self.vaccine_id.target or "",
            "dose": self.dose_number or "",
            "lot": self.lot or "",
            "how": ", ".join(labels[name][self[name]] for name in ("route", "site") if self[name]),
            "who": author._get_printed_name()
            if author and self.status == "completed"
            else labels["status"][self.status],
            "reason": self.refusal_reason or "",
        }

    # === Guards === #

    @api.constrains("given_on", "status")
    def _check_given_on(self):
        today = fields.Date.context_today(self)
        if any(dose.given_on > today for dose in self):
            raise ValidationError(self.env._("A vaccine is recorded on the day it is given, not before."))

    @api.constrains("given_on", "patient_id")
    def _check_born(self):
        for dose in self:
            birthdate = dose.patient_id.birthdate
            if birthdate and dose.given_on < birthdate:
                raise ValidationError(self.env._("This date lies before the birth of the patient."))

    @api.onchange("expires_on", "given_on")
    def _onchange_expires_on(self):
        """Warn at once: an expired dose is not given."""
        if self.is_lot_expired:
            return {
                "warning": {
                    "title": self.env._("The lot has expired"),
                    "message": self.env._("Check the date on the vial before you give it."),
                }
            }
        return None
