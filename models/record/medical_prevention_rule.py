from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import preventions
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .medical_document_template import DOCUMENT_KINDS

SATISFIED_BY = [
    ("manual", "A click"),
    ("vaccine", "A vaccine"),
    ("measurement", "A measurement"),
    ("document", "A document"),
    ("consultation", "A consultation"),
]
#: What each kind of rule needs to know.
NEEDS = {
    "vaccine": "vaccine_ids",
    "measurement": "measurement_type_id",
    "document": "document_kind",
    "consultation": "consultation_type_id",
}


class MedicalPreventionRule(models.Model):
    """A prevention that the practice offers: to whom, how often, and what in the chart shows that it was done.

    The rules that come with the addon are examples with their source: the practice edits them, and answers for them.
    What a patient is due for is computed by ``lib.preventions``; ``_get_due_domain`` says the same to the database.
    """

    _name = "medical.prevention.rule"
    _description = "Prevention Rule"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    advice = fields.Text(translate=True, help="What to do and to say, in a sentence or two.")
    source = fields.Char(help="Who recommends it, and in which edition.")
    source_url = fields.Char("Address of the Source")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Practice", index="btree_not_null")

    # === For whom, how often === #
    sex = fields.Selection([("female", "Women"), ("male", "Men")], help="Administrative sex; empty: everybody.")
    age_min = fields.Integer("From Age", help="Completed years, included.")
    age_max = fields.Integer("To Age", help="Completed years, included; 0: no limit.")
    interval_months = fields.Integer("Every (Months)", help="0: once in a life.")

    # === Done by === #
    satisfied_by = fields.Selection(SATISFIED_BY, required=True, default="manual")
    vaccine_ids = fields.Many2many("medical.vaccine", string="Vaccines")
    measurement_type_id = fields.Many2one("medical.measurement.type", ondelete="restrict")
    document_kind = fields.Selection(DOCUMENT_KINDS)
    document_name = fields.Char("Title Contains", help="Only documents whose title holds this text.")
    consultation_type_id = fields.Many2one("medical.consultation.type", ondelete="restrict")

    _ages_order = models.Constraint(
        "CHECK (age_min >= 0 AND (age_max = 0 OR age_max >= age_min))", "The lower age lies below the upper one."
    )
    _interval_positive = models.Constraint("CHECK (interval_months >= 0)", "An interval is not negative.")

    @api.constrains("satisfied_by", "vaccine_ids", "measurement_type_id", "document_kind", "consultation_type_id")
    def _check_needs(self):
        for rule in self:
            needed = NEEDS.get(rule.satisfied_by)
            if needed and not rule[needed]:
                label = rule._fields[needed]._description_string(self.env)
                raise ValidationError(
                    self.env._("%(rule)s: choose what shows that it was done (%(field)s).", rule=rule.name, field=label)
                )

    # === The rule as the library knows it === #

    def _get_rule(self):
        self.ensure_one()
        return preventions.Rule(self.sex or "", self.age_min, self.age_max, self.interval_months)

    def _prepare_due_vals(self):
        """Return what the chart shows of a prevention that is due."""
        self.ensure_one()
        return {
            "rule_id": self.id,
            "name": self.name,
            "advice": self.advice or "",
            "source": self.source or "",
            "source_url": self.source_url or "",
            "satisfied_by": self.satisfied_by,
        }

    @api.model
    def _get_active_rules(self, companies):
        """Return the rules in force in the practices of some patients."""
        return self.search([("company_id", "in", [False, *companies.ids])])

    # === What was done === #

    def _get_last_done(self, patients):
        """Return ``{(rule id, patient id): day}`` from the charts, in one query a kind of fact.

        :param patients: ``medical.patient`` records
        """
        last = {}
        for kind, rules in self.grouped("satisfied_by").items():
            reader = getattr(self, f"_read_{kind}s", None)
            for key, days in reader(rules, patients).items() if reader else ():
                last[key] = max(days)
        return last

    @api.model
    def _collect(self, rules, rows, matches):
        """Return ``{(rule id, patient id): [day, ...]}`` of rows ``(patient, thing, day)``."""
        found = {}
        for patient, thing, moment in rows:
            day = self._get_day(moment)
            for rule in rules:
                if day and matches(rule, thing):
                    found.setdefault((rule.id, patient.id), []).append(day)
        return found

    @api.model
    def _get_day(self, moment):
        return fields.Datetime.context_timestamp(self, moment).date() if isinstance(moment, datetime) else moment

    @api.model
    def _read_vaccines(self, rules, patients):
        domain = Domain(self._get_vaccine_domain(rules.vaccine_ids)) & Domain("patient_id", "in", patients.ids)
        rows = self.env["medical.immunization"]._read_group(domain, ["patient_id", "vaccine_id"], ["given_on:max"])
        return self._collect(rules, rows, lambda rule, vaccine: vaccine in rule.vaccine_ids)

    @api.model
    def _read_measurements(self, rules, patients):
        domain = Domain(self._get_measurement_domain(rules.measurement_type_id))
        domain &= Domain("patient_id", "in", patients.ids)
        rows = self.env["medical.measurement"]._read_group(domain, ["patient_id", "type_id"], ["date:max"])
        return self._collect(rules, rows, lambda rule, kind: kind == rule.measurement_type_id)

    @api.model
    def _read_consultations(self, rules, patients):
        domain = Domain(self._get_consultation_domain(rules.consultation_type_id))
        domain &= Domain("patient_id", "in", patients.ids)
        rows = self.env["medical.consultation"]._read_group(domain, ["patient_id", "type_id"], ["date_start:max"])
        return self._collect(rules, rows, lambda rule, kind: kind == rule.consultation_type_id)

    @api.model
    def _read_documents(self, rules, patients):
        domain = Domain("kind", "in", rules.mapped("document_kind")) & Domain("patient_id", "in", patients.ids)
        documents = self.env["medical.document"].search_fetch(
            domain & Domain(self._get_valid_document_domain()), ["patient_id", "kind", "name", "date"]
        )
        rows = [(document.patient_id, document, document.date) for document in documents]
        return self._collect(rules, rows, lambda rule, document: rule._is_document(document))

    def _is_document(self, document):
        self.ensure_one()
        wanted = (self.document_name or "").strip().lower()
        return document.kind == self.document_kind and wanted in (document.name or "").lower()

    @api.model
    def _get_vaccine_domain(self, vaccines):
        return [
            ("vaccine_id", "in", vaccines.ids),
            ("status", "!=", "refused"),
            ("entered_in_error", "=", False),
        ]

    @api.model
    def _get_measurement_domain(self, kinds):
        return [("type_id", "in", kinds.ids), ("entered_in_error", "=", False)]

    @api.model
    def _get_consultation_domain(self, kinds):
        return [("type_id", "in", kinds.ids), ("state", "!=", "cancelled")]

    @api.model
    def _get_valid_document_domain(self):
        return [("state", "!=", "cancelled"), ("entered_in_error", "=", False)]

    # === Whom it is due for === #

    def _get_due_domain(self):
        """Return the patients for whom the rule is due today, for the database: as ``lib.preventions.due`` says."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        domain = Domain("deceased_on", "=", False) & self._get_person_domain(today)
        refused = Domain("rule_id", "=", self.id) & Domain("entered_in_error", "=", False)
        answers = Domain("status", "!=", "done") & (Domain("until", "=", False) | Domain("until", ">", today))
        facts = refused & (answers | self._get_done_domain("done_on", today))
        domain &= Domain("prevention_ids", "not any", facts)
        if source := self._get_source_domain(today):
            domain &= Domain(source[0], "not any", source[1])
        return domain & (Domain("company_id", "=", self.company_id.id) if self.company_id else Domain.TRUE)

    def _get_person_domain(self, today):
        domain = Domain("sex", "=", self.sex) if self.sex else Domain.TRUE
        if self.age_min or self.age_max:
            domain &= Domain("age", ">=", self.age_min) & Domain("birthdate", "!=", False)
        return domain & (Domain("age", "<=", self.age_max) if self.age_max else Domain.TRUE)

    def _get_done_domain(self, field, today):
        """Return the facts that still count: any where it is done once, else those within the interval."""
        done = Domain("status", "=", "done") if field == "done_on" else Domain.TRUE
        return done & self._get_since_domain(field, today)

    def _get_since_domain(self, field, today, is_moment=False):
        if not self.interval_months:
            return Domain.TRUE
        last_expired = preventions.last_expired(today, self.interval_months)
        if not is_moment:
            return Domain(field, ">", last_expired)
        # A moment counts for its day where the user stands, as in _get_day.
        midnight = self.env.tz.localize(datetime.combine(fields.Date.add(last_expired, days=1), time.min))
        return Domain(field, ">=", midnight.astimezone(pytz.utc).replace(tzinfo=None))

    def _get_source_domain(self, today):
        """Return ``(one2many of the patient, facts that satisfy the rule)``, or None for a rule done by a click."""
        sources = {
            "vaccine": ("immunization_ids", self._get_vaccine_domain(self.vaccine_ids), "given_on", False),
            "measurement": ("measurement_ids", self._get_measurement_domain(self.measurement_type_id), "date", True),
            "document": ("document_ids", self._get_document_domain(), "date", True),
            "consultation": (
                "consultation_ids",
                self._get_consultation_domain(self.consultation_type_id),
                "date_start",
                True,
            ),
        }
        if self.satisfied_by not in sources:
            return None
        name, domain, field, is_moment = sources[self.satisfied_by]
        return name, Domain(domain) & self._get_since_domain(field, today, is_moment)

    def _get_document_domain(self):
        domain = [("kind", "=", self.document_kind), *self._get_valid_document_domain()]
        name = (self.document_name or "").strip()
        return [*domain, ("name", "ilike", name)] if name else domain

    def action_open_due_patients(self):
        """Open the patients for whom the prevention is due."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "medical.patient",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._get_due_domain()),
        }
