from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

STATEMENT_TOPICS = [
    ("allergy", "Allergies"),
    ("treatment", "Long-term treatments"),
    ("pregnancy", "Pregnancy"),
    ("breastfeeding", "Breastfeeding"),
]
STATEMENT_KINDS = [
    ("no_known_allergy", "No known allergy"),
    ("no_long_term_treatment", "No long-term treatment"),
    ("pregnant", "Pregnant"),
    ("not_pregnant", "Not pregnant"),
    ("breastfeeding", "Breastfeeding"),
    ("not_breastfeeding", "Not breastfeeding"),
]
TOPICS = {
    "no_known_allergy": "allergy",
    "no_long_term_treatment": "treatment",
    "pregnant": "pregnancy",
    "not_pregnant": "pregnancy",
    "breastfeeding": "breastfeeding",
    "not_breastfeeding": "breastfeeding",
}

#: A pregnancy is asked about again when no birth can be awaited any more: three weeks past the due date, since 42
#: completed weeks (due date + 14 days) end the post-term period of WHO and a week is left to record the birth.
PREGNANCY_AFTER_DUE = relativedelta(weeks=3)
#: Where no due date was given: no pregnancy lasts longer from the day it was stated.
PREGNANCY_LONGEST = relativedelta(weeks=43)
#: Any other answer about pregnancy and breastfeeding is asked for again after a year.
ANSWER_HOLDS = relativedelta(years=1)


class MedicalChartStatement(models.Model):
    """What a patient was asked and answered: that there is no known allergy, no long-term treatment, no pregnancy.

    An empty list means *not asked*; a statement in force means *asked, on that day, by that person*. One is in force
    for each topic: a newer answer or a contrary fact ends the former (``ended_on``), it is never deleted. Answers
    about pregnancy and breastfeeding are worth something for a time (``valid_until``), then they are asked again.
    """

    _name = "medical.chart.statement"
    _description = "Chart Statement"
    _inherit = ["medical.chart.life"]
    _rec_name = "kind"

    kind = fields.Selection(STATEMENT_KINDS, required=True, index=True)
    topic = fields.Selection(STATEMENT_TOPICS, compute="_compute_topic", store=True, precompute=True)
    expected_on = fields.Date("Due Date", help="The expected day of birth.")
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        precompute=True,
        help="The last day this answer counts; then it is asked again. Empty: until something contradicts it.",
    )
    ended_on = fields.Datetime(readonly=True, copy=False, help="When a newer answer or a contrary fact replaced it.")

    _one_in_force = models.UniqueIndex(
        "(patient_id, topic) WHERE ended_on IS NULL AND entered_in_error IS NOT TRUE",
        "Somebody else recorded an answer to the same question just now. Look at it, then try again.",
    )

    # === Computed === #

    @api.depends("kind")
    def _compute_topic(self):
        for statement in self:
            statement.topic = TOPICS.get(statement.kind)

    @api.depends("kind", "expected_on", "date")
    def _compute_valid_until(self):
        for statement in self:
            statement.valid_until = statement._get_valid_until()

    def _get_valid_until(self):
        self.ensure_one()
        if self.topic not in ("pregnancy", "breastfeeding") or not self.date:
            return False
        if self.kind != "pregnant":
            return self.date.date() + ANSWER_HOLDS
        if self.expected_on:
            return self.expected_on + PREGNANCY_AFTER_DUE
        return self.date.date() + PREGNANCY_LONGEST

    # === Constraints === #

    @api.constrains("kind", "expected_on", "date")
    def _check_expected_on(self):
        for statement in self.filtered("expected_on"):
            if statement.kind != "pregnant":
                raise ValidationError(self.env._("A due date belongs to a pregnancy."))
            day = statement.date.date()
            if not day - PREGNANCY_AFTER_DUE <= statement.expected_on <= day + PREGNANCY_LONGEST:
                raise ValidationError(
                    self.env._("The due date lies within the 43 weeks that follow; check the year and the month.")
                )

    @api.constrains("kind", "ended_on", "patient_id")
    def _check_not_contradicted(self):
        in_force = self.filtered(lambda statement: not statement.ended_on and not statement.entered_in_error)
        by_kind = in_force.grouped("kind")
        for kind, find in (
            ("no_known_allergy", self.env["medical.allergy"]._find_active),
            ("no_long_term_treatment", self.env["medical.treatment"]._find_long_term),
        ):
            if (statements := by_kind.get(kind)) and (facts := find(statements.patient_id)):
                raise ValidationError(self._get_contradiction(kind, facts[0]))

    def _get_contradiction(self, kind, fact):
        name = fact.display_name
        if kind == "no_known_allergy":
            return self.env._(
                "This chart holds an active allergy: %(name)s. Mark it as resolved, refuted or entered in error first.",
                name=name,
            )
        return self.env._(
            "This chart holds a long-term treatment: %(name)s. Stop it or mark it as entered in error first.", name=name
        )

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        if any("ended_on" in vals for vals in vals_list):
            raise UserError(self.env._("A statement ends by a newer answer or a contrary fact."))
        default_patient = self.env.context.get("default_patient_id")
        topics = {}
        for vals in vals_list:
            if patient_id := vals.get("patient_id") or default_patient:
                topics.setdefault(TOPICS.get(vals.get("kind")), []).append(patient_id)
        for topic, patient_ids in topics.items():
            self._find_in_force(patient_ids, topic)._end()
        return super().create([{**vals, "ended_on": False} for vals in vals_list])

    def write(self, vals):
        if "ended_on" in vals:
            raise UserError(self.env._("A statement ends by a newer answer or a contrary fact."))
        return super().write(vals)

    def _get_life_fields(self):
        # Dating by ultrasound moves the due date.
        return super()._get_life_fields() | {"expected_on"}

    def _get_history_fields(self):
        return super()._get_history_fields() | {"ended_on"}

    @api.model
    def _find_in_force(self, patient_ids, topic):
        """Return the statements in force on a topic, whoever recorded them."""
        # One answer is in force for each patient, whoever may see it.
        return self.sudo().search(
            [
                ("patient_id", "in", list(patient_ids)),
                ("topic", "=", topic),
                ("ended_on", "=", False),
                ("entered_in_error", "=", False),
            ]
        )

    def _end(self):
        """End statements because a newer answer or a contrary fact is recorded; the index sees it at once."""
        if self:
            before = self._get_life_values()
            self._write_past_guard({"ended_on": fields.Datetime.now()})
            self._keep_changes(before)
            self.flush_recordset(["ended_on"])

    def _get_answer_text(self):
        """Return when and by whom it was asked: “22 Nov 2026, Alice Médecin”."""
        self.ensure_one()
        day = fields.Datetime.context_timestamp(self, self.date).date()
        author = self.practitioner_id.display_name or self.create_uid.name
        return f"{format_date(self.env, day)}, {author}"
