from odoo import api, fields, models
from odoo.addons.medical_practice.lib.text import fold
from odoo.exceptions import ValidationError
from odoo.fields import Command

CONDITION_CATEGORIES = [
    ("problem", "Problem"),
    ("medical_history", "Medical history"),
    ("surgical_history", "Surgical history"),
    ("family_history", "Family history"),
    ("lifestyle", "Lifestyle"),
]
CLINICAL_STATUSES = [("active", "Active"), ("resolved", "Resolved"), ("suspected", "Suspected")]
RELATIONSHIPS = [
    ("mother", "Mother"),
    ("father", "Father"),
    ("sister", "Sister"),
    ("brother", "Brother"),
    ("daughter", "Daughter"),
    ("son", "Son"),
    ("maternal_grandmother", "Maternal grandmother"),
    ("maternal_grandfather", "Maternal grandfather"),
    ("paternal_grandmother", "Paternal grandmother"),
    ("paternal_grandfather", "Paternal grandfather"),
    ("maternal_side", "Mother's side"),
    ("paternal_side", "Father's side"),
    ("other", "Other relative"),
]
LATERALITIES = [("right", "Right"), ("left", "Left"), ("both", "Both sides")]


class MedicalCondition(models.Model):
    """A problem or an item of history of a patient, coded or in words (FHIR ``Condition``).

    What was recorded (code, name, onset, note) is held as any fact of a chart; its status and its resolution live on,
    with their history. A problem is active once: the same code is refused while it stands among the active problems.
    """

    _name = "medical.condition"
    _description = "Condition"
    _inherit = ["medical.fuzzy.dates", "medical.chart.life"]
    _order = "clinical_status, onset_date desc, id desc"
    _rec_names_search = ("name", "code_id.code")
    _fuzzy_dates = {
        "onset": ("onset_date", "onset_display"),
        "resolved": ("resolved_date", "resolved_display"),
    }

    # === What === #
    code_id = fields.Many2one(
        "medical.code", index="btree_not_null", ondelete="restrict", domain="[('selectable', '=', True)]"
    )
    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="The label of the code, or words of one's own.",
    )
    category = fields.Selection(CONDITION_CATEGORIES, default="problem", required=True, index=True)
    relationship = fields.Selection(RELATIONSHIPS, help="Whose illness it is, in a family history.")
    laterality = fields.Selection(LATERALITIES, "Side")
    note = fields.Text()

    # === Its life === #
    clinical_status = fields.Selection(CLINICAL_STATUSES, default="active", required=True)
    onset = fields.Char(help="As precise as it is known: 2019, 03/2021, 2021-03-14, childhood, age 12.")
    onset_date = fields.Date(
        "Onset (Sorting)",
        compute="_compute_fuzzy_dates",
        store=True,
        help="The first day the onset can mean, for sorting; empty where it is no date.",
    )
    onset_display = fields.Char("Onset (Text)", compute="_compute_fuzzy_displays")
    resolved = fields.Char("Resolved on", help="As precise as it is known.")
    resolved_date = fields.Date("Resolved (Sorting)", compute="_compute_fuzzy_dates", store=True)
    resolved_display = fields.Char("Resolved (Text)", compute="_compute_fuzzy_displays")

    consultation_ids = fields.Many2many(
        "medical.consultation",
        "medical_condition_medical_consultation_rel",
        "medical_condition_id",
        "medical_consultation_id",
        string="Addressed in",
        copy=False,
    )

    _name_given = models.Constraint("CHECK (name ~ '\\S')", "Say what it is, in words or by a code.")
    _active_problem_uniq = models.UniqueIndex(
        "(patient_id, code_id, coalesce(laterality, '')) "
        "WHERE category = 'problem' AND clinical_status = 'active' AND entered_in_error IS NOT TRUE",
        "This code stands among the active problems of the patient already.",
    )

    # === Computed === #

    @api.depends("code_id")
    def _compute_name(self):
        """Write the label of the code, in the user's language; words typed by hand stay where there is no code."""
        for condition in self:
            condition.name = condition.code_id.display or condition.name

    @api.depends("name", "code_id.code", "laterality", "relationship")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """“Asthma (J45)”, “Osteoarthritis of the knee, left”, “Diabetes, mother”."""
        sides = dict(self._fields["laterality"]._description_selection(self.env))
        relatives = dict(self._fields["relationship"]._description_selection(self.env))
        for condition in self:
            words = [
                condition.name or "",
                sides.get(condition.laterality, ""),
                relatives.get(condition.relationship, ""),
            ]
            code = f" ({condition.code_id.code})" if condition.code_id else ""
            condition.display_name = ", ".join([words[0], *(word.lower() for word in words[1:] if word)]) + code

    # === Constraints === #

    @api.constrains("onset", "resolved", "category")
    def _check_dates(self):
        for condition in self:
            if condition.category != "family_history":
                condition._check_fuzzy_date_past("onset")
                condition._check_fuzzy_date_past("resolved")
            condition._check_order_of_dates()

    def _check_order_of_dates(self):
        self.ensure_one()
        onset, resolved = self._read_fuzzy_date("onset"), self._read_fuzzy_date("resolved")
        if onset and onset.first and resolved and resolved.last and resolved.last < onset.first:
            raise ValidationError(
                self.env._(
                    "%(name)s: it began (%(onset)s) after it was resolved (%(resolved)s).",
                    name=self.name,
                    onset=self.onset_display,
                    resolved=self.resolved_display,
                )
            )

    @api.constrains("consultation_ids", "patient_id")
    def _check_visits(self):
        for condition in self:
            if condition.consultation_ids.patient_id - condition.patient_id:
                raise ValidationError(self.env._("A visit addresses problems of its own patient."))

    @api.constrains("relationship", "category")
    def _check_relationship(self):
        for condition in self:
            if condition.relationship and condition.category != "family_history":
                raise ValidationError(self.env._("A relative belongs to the family history."))

    # === Onchanges === #

    @api.onchange("onset", "resolved")
    def _onchange_dates(self):
        return self._onchange_fuzzy_dates()

    @api.onchange("name", "code_id", "category")
    def _onchange_name(self):
        """Tell when the chart holds the problem already, in the same words or under the same code."""
        if not self.name or not self.patient_id or self.category != "problem":
            return None
        others = self.search([*self._get_active_problem_domain(self.patient_id), ("id", "!=", self._origin.id)])
        same = others.filtered(
            lambda other: (self.code_id and other.code_id == self.code_id) or fold(other.name) == fold(self.name)
        )
        if not same:
            return None
        message = self.env._("The chart holds this problem already: %(name)s.", name=same[0].display_name)
        return {"warning": {"title": self.env._("Known Problem"), "message": message, "type": "notification"}}

    @api.model
    def _get_active_problem_domain(self, patients):
        return [
            ("patient_id", "in", patients.ids),
            ("category", "=", "problem"),
            ("clinical_status", "=", "active"),
            ("entered_in_error", "=", False),
        ]

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_visits_open(set(), self._get_command_ids(vals.get("consultation_ids")))
        # A problem resolved a moment ago makes room for the same one: the index has to know.
        self.flush_model(["clinical_status", "entered_in_error"])
        return super().create(vals_list)

    def write(self, vals):
        if "consultation_ids" not in vals:
            return super().write(vals)
        # Which visits addressed a problem is a fact, whoever may see them.
        before = {condition: set(condition.sudo().consultation_ids.ids) for condition in self}
        result = super().write(vals)
        for condition, ids in before.items():
            self._check_visits_open(ids, set(condition.sudo().consultation_ids.ids))
        return result

    @api.model
    def _get_command_ids(self, commands):
        """Return the ids that commands of a many2many link."""
        ids = set()
        for command in commands or []:
            if isinstance(command, int):
                ids.add(command)
            elif command[0] == Command.LINK:
                ids.add(command[1])
            elif command[0] == Command.SET:
                ids.update(command[2])
        return ids

    @api.model
    def _check_visits_open(self, before, after):
        """Refuse to say of a signed visit that it did or did not address a problem."""
        if changed := before ^ after:
            self._check_consultations_open(sorted(changed))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_addressed(self):
        # A signed visit keeps the problems it addressed, whoever may see it.
        self._check_consultations_open(self.sudo().consultation_ids.ids)

    def _get_life_fields(self):
        return super()._get_life_fields() | {"clinical_status", "resolved"}

    def _get_fields_writable_after_signing(self):
        # Another visit may address the same problem; whether that visit is still a draft is checked in ``write``.
        return super()._get_fields_writable_after_signing() | {"consultation_ids"}

    @api.model
    def name_create(self, name):
        """Record a problem from the words typed into a tag, for the patient and the visit of the context."""
        condition = self.create({"name": name})
        return condition.id, condition.display_name

    # === Actions === #

    def action_resolve(self):
        """The problem is over, today unless the chart says when."""
        today = fields.Date.to_string(fields.Date.context_today(self))
        self.filtered(lambda condition: not condition.resolved).write(
            {"clinical_status": "resolved", "resolved": today}
        )
        self.filtered(lambda condition: condition.clinical_status != "resolved").clinical_status = "resolved"
        return True

    def action_reactivate(self):
        """The problem is there again, or it was never over."""
        self.write({"clinical_status": "active", "resolved": False})
        return True

    def action_confirm(self):
        """What was suspected is true."""
        self.clinical_status = "active"
        return True
