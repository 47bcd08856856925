from odoo import api, fields, models
from odoo.addons.medical_practice.lib import preventions
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .medical_patient import CLINICAL


class MedicalPatient(models.Model):
    """What each patient is due for: in the chart, and as a filter over all of them."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    prevention_ids = fields.One2many("medical.prevention", "patient_id", "Preventions", groups=CLINICAL)
    prevention_due = fields.Boolean(
        compute="_compute_prevention_due",
        search="_search_prevention_due",
        groups=CLINICAL,
        help="A prevention of the practice's rules is due for this patient.",
    )

    def _compute_prevention_due(self):
        due = self._get_due_preventions_batch()
        for patient in self:
            patient.prevention_due = any(item["status"] == "due" for item in due[patient.id])

    def _search_prevention_due(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        rules = self.env["medical.prevention.rule"]._get_active_rules(self.env.companies)
        found = Domain.OR(rule._get_due_domain() for rule in rules) if rules else Domain.FALSE
        return found if True in value else ~found

    # === What is due === #

    def _get_due_preventions(self):
        """Return what the patient is due for, as plain dicts in the order of the rules.

        Each has ``rule_id``, ``name``, ``advice``, ``source``, ``source_url``, ``status`` (due, soon), ``due_on``,
        ``last_on`` (dates or False) and ``satisfied_by``.
        """
        self.ensure_one()
        return self._get_due_preventions_batch()[self.id]

    def _get_due_preventions_batch(self):
        """Return ``{patient id: list}`` as ``_get_due_preventions``, in as many queries for one as for a thousand."""
        rules = self.env["medical.prevention.rule"]._get_active_rules(self.company_id)
        last_done = rules._get_last_done(self)
        answers = self._read_prevention_answers(rules)
        today = fields.Date.context_today(self)
        plain = {rule: (rule._get_rule(), rule._prepare_due_vals()) for rule in rules}
        result = {}
        for patient in self:
            person = preventions.Person(patient.birthdate or None, patient.sex or "", bool(patient.deceased_on))
            result[patient.id] = [
                {**vals, "status": due.status, "due_on": due.due_on, "last_on": due.last_on or False}
                for rule, (known, vals) in plain.items()
                if rule.company_id in (patient.company_id, rule.company_id.browse())
                and (due := self._get_due(patient, rule, known, person, today, last_done, answers))
            ]
        return result

    @api.model
    def _get_due(self, patient, rule, known, person, today, last_done, answers):
        key = (rule.id, patient.id)
        record = answers.get(key, preventions.Record())
        days = [day for day in (record.last_done, last_done.get(key)) if day]
        return preventions.due(known, person, today, record._replace(last_done=max(days, default=None)))

    def _read_prevention_answers(self, rules):
        """Return ``{(rule id, patient id): Record}`` of what was done, declined or put off by hand, in one query."""
        domain = [("rule_id", "in", rules.ids), ("patient_id", "in", self.ids), ("entered_in_error", "=", False)]
        names = ["rule_id", "patient_id", "status", "done_on", "until"]
        records = {}
        for fact in self.env["medical.prevention"].search_fetch(domain, names):
            key = (fact.rule_id.id, fact.patient_id.id)
            records[key] = self._add_prevention_answer(records.get(key, preventions.Record()), fact)
        return records

    @api.model
    def _add_prevention_answer(self, record, fact):
        if fact.status == "done":
            days = [day for day in (record.last_done, fact.done_on) if day]
            return record._replace(last_done=max(days, default=None))
        if not fact.until:
            return record._replace(declined=True)
        days = [day for day in (record.postponed_until, fact.until) if day]
        return record._replace(postponed_until=max(days))

    def _get_overview_preventions(self):
        """Return the items of the box of the chart: what is due, and what is due soon with its day."""
        return [self._prepare_prevention_item(due) for due in self._get_due_preventions()]

    def _prepare_prevention_item(self, due):
        """Return an item whose id is that of the rule: opened, it asks what was decided."""
        last = due["last_on"] and format_date(self.env, due["last_on"])
        known = self.env._("last on %(date)s", date=last) if last else self.env._("none recorded")
        soon = due["status"] == "soon"
        return self._prepare_item(
            "medical.prevention",
            due["rule_id"],
            due["name"],
            known,
            date=fields.Date.to_string(due["due_on"]) if soon else False,
            badge="" if soon else self.env._("Due"),
            level="" if soon else "warning",
        )

    # === One click === #

    def action_prevention_done(self, rule_id):
        """Record that a prevention was done today.

        :param int rule_id: the ``medical.prevention.rule``.
        """
        self._create_prevention(rule_id, "done")
        return True

    def action_prevention_decline(self, rule_id, reason):
        """Record that the patient declines a prevention.

        :param str reason: why, in the words of the patient.
        """
        self._create_prevention(rule_id, "declined", reason=reason)
        return True

    def action_prevention_postpone(self, rule_id, until, reason=None):
        """Put a prevention off.

        :param until: the day from which it is offered again.
        """
        self._create_prevention(rule_id, "postponed", until=fields.Date.to_date(until), reason=reason)
        return True

    def _create_prevention(self, rule_id, status, **values):
        self.ensure_one()
        rule = self.env["medical.prevention.rule"].browse(rule_id).exists()
        if not rule:
            raise UserError(self.env._("This prevention is no longer on the list."))
        rule.check_access("read")
        vals = {"patient_id": self.id, "rule_id": rule.id, "status": status, **values}
        practitioner = self.env["medical.practitioner"]._get_current()
        return self.env["medical.prevention"].create({**vals, "practitioner_id": practitioner.id})

    def action_open_prevention(self, rule_id=None):
        """Open the dialog that records what was decided about a prevention."""
        self.ensure_one()
        context = {"default_patient_id": self.id, "default_rule_id": rule_id or self.env.context.get("rule_id")}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prevention"),
            "res_model": "medical.prevention",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_new_immunization(self):
        """Open the dialog that records a dose."""
        self.ensure_one()
        action = self._get_new_document_action("medical.immunization")
        return {**action, "name": self.env._("New Immunization"), "target": "new"}

    def action_open_immunizations(self):
        """Open the immunizations of the patient."""
        return self._get_documents_action("medical.immunization", self.env._("Immunizations"), "patient_id")

    def action_print_immunizations(self):
        """Return the immunization record on paper, in the patient's language."""
        self.check_access("read")
        return self.env.ref("medical_practice.action_report_immunization_record").report_action(self, config=False)

    # === Paper === #

    def _get_record_lang(self):
        """Return the language of papers about the patient: his own where it is installed."""
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        return self.lang if self.lang in installed else self.env.lang or "en_US"

    def _prepare_immunization_record(self):
        """Return what the immunization record prints: letterhead, patient, doses by date, refusals."""
        self.ensure_one()
        patient = self.with_context(lang=self._get_record_lang())
        doses = patient.env["medical.immunization"].search(
            [("patient_id", "=", patient.id), ("entered_in_error", "=", False)], order="given_on, id"
        )
        refused = doses.filtered(lambda dose: dose.status == "refused")
        return {
            "doses": [dose._prepare_paper_row() for dose in doses - refused],
            "refused": [dose._prepare_paper_row() for dose in refused],
            "today": patient._format_paper_day(fields.Date.context_today(patient)),
            "due": sorted({(dose.next_due_on, dose.vaccine_id.name) for dose in patient._get_due_doses(doses)}),
        }

    @api.model
    def _get_due_doses(self, doses):
        """Return the last dose of each vaccine that says when the next one is due."""
        last = {dose.vaccine_id: dose for dose in doses if dose.status != "refused"}
        return [dose for dose in last.values() if dose.next_due_on]

    def _get_paper_frame(self):
        """Return what stands on every page of the immunization record."""
        self.ensure_one()
        patient = self.with_context(lang=self._get_record_lang())
        born = patient.birthdate and patient.env._("born %(date)s", date=patient._format_paper_day(patient.birthdate))
        chart = patient.env._("chart %(number)s", number=patient.identifier)
        head = [patient.company_id.sudo().name, patient.env._("Immunization record")]
        return {
            "lang": patient.env.lang,
            "foot": " · ".join(filter(None, [patient.name, born, chart])),
            "head": " · ".join(filter(None, head)),
            "stamp": "",
        }

    def _format_paper_day(self, day):
        return self.env["medical.document"]._format_day(day)
