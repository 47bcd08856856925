from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CLINICAL = "medical_practice.group_assistant"
KNOWN_STATUSES = [("unknown", "Never asked"), ("none", "None known"), ("some", "Some")]
PREGNANCY_STATUSES = [("unknown", "Never asked"), ("pregnant", "Pregnant"), ("not_pregnant", "Not pregnant")]
BREASTFEEDING_STATUSES = [
    ("unknown", "Never asked"),
    ("breastfeeding", "Breastfeeding"),
    ("not_breastfeeding", "Not breastfeeding"),
]
#: The status of the patient that a statement stands for, by topic; ``some`` comes from the facts themselves.
STATUSES = {
    "allergy": {"no_known_allergy": "none"},
    "treatment": {"no_long_term_treatment": "none"},
    "pregnancy": {"pregnant": "pregnant", "not_pregnant": "not_pregnant"},
    "breastfeeding": {"breastfeeding": "breastfeeding", "not_breastfeeding": "not_breastfeeding"},
}


class MedicalPatient(models.Model):
    """What is known of a patient at a glance: what was asked, when and by whom, and what was never asked.

    *Unknown* is never *none*: an empty list says nothing, and an answer that has grown old is asked for again. The
    statuses of any number of patients take three queries.
    """

    _name = "medical.patient"
    _inherit = "medical.patient"

    # === Allergies === #
    allergy_status = fields.Selection(
        KNOWN_STATUSES, compute="_compute_fact_statuses", search="_search_allergy_status", groups=CLINICAL
    )
    allergy_statement_id = fields.Many2one(
        "medical.chart.statement", "No Known Allergy", compute="_compute_fact_statuses", groups=CLINICAL
    )
    allergy_answer = fields.Char("Allergies: Asked", compute="_compute_fact_statuses", groups=CLINICAL)

    # === Treatments === #
    treatment_status = fields.Selection(
        KNOWN_STATUSES, compute="_compute_fact_statuses", search="_search_treatment_status", groups=CLINICAL
    )
    treatment_statement_id = fields.Many2one(
        "medical.chart.statement", "No Long-term Treatment", compute="_compute_fact_statuses", groups=CLINICAL
    )
    treatment_answer = fields.Char("Treatments: Asked", compute="_compute_fact_statuses", groups=CLINICAL)

    # === Pregnancy, breastfeeding === #
    pregnancy_status = fields.Selection(
        PREGNANCY_STATUSES, compute="_compute_fact_statuses", search="_search_pregnancy_status", groups=CLINICAL
    )
    pregnancy_statement_id = fields.Many2one(
        "medical.chart.statement", "Pregnancy", compute="_compute_fact_statuses", groups=CLINICAL
    )
    pregnancy_answer = fields.Char("Pregnancy: Asked", compute="_compute_fact_statuses", groups=CLINICAL)
    breastfeeding_status = fields.Selection(
        BREASTFEEDING_STATUSES,
        compute="_compute_fact_statuses",
        search="_search_breastfeeding_status",
        groups=CLINICAL,
    )
    breastfeeding_statement_id = fields.Many2one(
        "medical.chart.statement", "Breastfeeding", compute="_compute_fact_statuses", groups=CLINICAL
    )
    breastfeeding_answer = fields.Char("Breastfeeding: Asked", compute="_compute_fact_statuses", groups=CLINICAL)

    # === Computed === #

    @api.depends(
        "allergy_ids.status",
        "allergy_ids.entered_in_error",
        "treatment_ids.status",
        "treatment_ids.long_term",
        "treatment_ids.entered_in_error",
        "statement_ids.kind",
        "statement_ids.ended_on",
        "statement_ids.expected_on",
        "statement_ids.entered_in_error",
    )
    @api.depends_context("lang", "tz")
    def _compute_fact_statuses(self):
        facts = {
            "allergy": set(self.env["medical.allergy"]._find_active(self).patient_id.ids),
            "treatment": set(self.env["medical.treatment"]._find_long_term(self).patient_id.ids),
        }
        statements = self._get_statements_in_force()
        for patient in self:
            for topic, statuses in STATUSES.items():
                statement = statements.get((patient._origin.id, topic), self.env["medical.chart.statement"])
                status = statuses.get(statement.kind, "unknown")
                if patient._origin.id in facts.get(topic, ()):
                    status = "some"
                patient[f"{topic}_status"] = status
                patient[f"{topic}_statement_id"] = statement
                patient[f"{topic}_answer"] = statement._get_answer_text() if statement else False

    def _get_statements_in_force(self):
        """Return ``{(patient id, topic): statement}`` of the answers that count today."""
        today = fields.Date.context_today(self)
        statements = self.env["medical.chart.statement"].search(
            Domain("patient_id", "in", self.ids) & self._get_in_force_domain(today)
        )
        return {(statement.patient_id.id, statement.topic): statement for statement in statements}

    @api.model
    def _get_in_force_domain(self, today):
        return (
            Domain("ended_on", "=", False)
            & Domain("entered_in_error", "=", False)
            & (Domain("valid_until", "=", False) | Domain("valid_until", ">=", today))
        )

    # === Search === #

    def _search_allergy_status(self, operator, value):
        domain = Domain("status", "=", "active") & Domain("entered_in_error", "=", False)
        return self._search_fact_status("allergy", operator, value, Domain("allergy_ids", "any", domain))

    def _search_treatment_status(self, operator, value):
        domain = self.env["medical.treatment"]._get_long_term_domain()
        return self._search_fact_status("treatment", operator, value, Domain("treatment_ids", "any", domain))

    def _search_pregnancy_status(self, operator, value):
        return self._search_fact_status("pregnancy", operator, value)

    def _search_breastfeeding_status(self, operator, value):
        return self._search_fact_status("breastfeeding", operator, value)

    @api.model
    def _search_fact_status(self, topic, operator, value, some=Domain.FALSE):
        """Return the domain of patients whose status on a topic is one of the values.

        :param some: the domain of patients who have such facts, which count before any statement.
        """
        if operator != "in":
            return NotImplemented
        in_force = self._get_in_force_domain(fields.Date.context_today(self))
        stated = {
            status: Domain("statement_ids", "any", in_force & Domain("kind", "=", kind))
            for kind, status in STATUSES[topic].items()
        }
        domains = {status: domain & ~some for status, domain in stated.items()}
        domains |= {"some": some, "unknown": ~Domain.OR([some, *stated.values()])}
        return Domain.OR(domains[status] for status in value if status in domains)

    # === Answers in one click === #

    def action_no_known_allergy(self):
        """Record that the patient was asked and knows of no allergy."""
        return self._record_statement("no_known_allergy")

    def action_no_long_term_treatment(self):
        """Record that the patient was asked and takes nothing regularly."""
        return self._record_statement("no_long_term_treatment")

    def action_not_pregnant(self):
        """Record that the patient was asked and is not pregnant."""
        return self._record_statement("not_pregnant")

    def action_pregnant(self):
        """Ask for the due date of a pregnancy, and record it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pregnancy"),
            "res_model": "medical.chart.statement",
            "views": [(self.env.ref("medical_practice.medical_chart_statement_view_form_pregnancy").id, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id, "default_kind": "pregnant"},
        }

    def action_breastfeeding(self):
        """Record that the patient breastfeeds."""
        return self._record_statement("breastfeeding")

    def action_not_breastfeeding(self):
        """Record that the patient was asked and does not breastfeed."""
        return self._record_statement("not_breastfeeding")

    def _record_statement(self, kind):
        """Record an answer today; the same answer, asked again, is a new one with its own date and author.

        :raises ValidationError: if the chart holds the contrary.
        """
        # Asked first: who may not read this chart must not learn from a refusal what it holds.
        self.check_access("read")
        self.env["medical.chart.statement"].create([{"patient_id": patient.id, "kind": kind} for patient in self])
        return True

    # === Prescribing again === #

    def action_renew_treatments(self):
        """Put all long-term treatments on a draft prescription, and open it.

        :raises UserError: if there is none.
        """
        self.ensure_one()
        treatments = self.env["medical.treatment"]._find_long_term(self)
        if not treatments:
            raise UserError(self.env._("%(name)s takes no long-term treatment.", name=self.name))
        return treatments.action_renew()

    # === Ways to the facts === #

    def action_open_conditions(self):
        """Open the problems and the history of the patient."""
        return self._get_facts_action("medical.condition", self.env._("Problems and History"))

    def action_open_allergies(self):
        """Open the allergies of the patient."""
        return self._get_facts_action("medical.allergy", self.env._("Allergies"))

    def action_open_treatments(self):
        """Open the treatments of the patient."""
        return self._get_facts_action("medical.treatment", self.env._("Treatments"))

    def action_open_statements(self):
        """Open what the patient was asked and answered."""
        return self._get_facts_action("medical.chart.statement", self.env._("Questions Asked"))

    def action_open_changes(self):
        """Open the history of the facts of the chart."""
        return self._get_facts_action("medical.chart.change", self.env._("History of Changes"))

    def _get_facts_action(self, model, title):
        action = self._get_documents_action(model, title, "patient_id")
        return {**action, "context": {**action["context"], "search_default_valid": 1}}
