import logging
from decimal import Decimal, InvalidOperation

import psycopg2

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import ages, dosage
from odoo.addons.medical_practice.lib.safety import engine
from odoo.addons.medical_practice.lib.safety.facts import (
    AllergyFact,
    Case,
    ConditionFact,
    DrugFacts,
    PatientFacts,
    Settings,
    SubstanceFact,
)
from odoo.addons.medical_practice.lib.safety.names import text_keys
from odoo.addons.medical_practice.lib.safety.strengths import parse_strength

_logger = logging.getLogger(__name__)

WEIGHT = "weight"
#: What is read of the practice, which is a long row.
SETTINGS = ["medical_pregnancy_age_from", "medical_pregnancy_age_to", "medical_pregnancy_answer_days", "partner_id"]


class MedicalSafetyCheck(models.AbstractModel):
    """Brings the facts of the chart to the safety engine (``lib.safety``) and runs it.

    The whole chart is looked at, whatever the person who prescribes may read of it: a check that saw less would let
    through more. What goes in is one :class:`Case`, made in a constant number of queries by ``_prepare_case``; an addon
    adds facts by extending the ``_get_…`` method concerned, and a check of its own by ``_get_checks``.
    """

    _name = "medical.safety.check"
    _description = "Safety Check"

    @api.model
    def _check(self, prescription):
        """Return the findings about a prescription, saved or not, the gravest first. Never raises.

        A check that cannot be done is a finding that interrupts; the log says so by ids and kinds only.
        """
        try:
            # The check is the practice's own; see the class. Nothing of it is written with these rights.
            checker = self.sudo()
            findings = engine.check(checker._prepare_case(prescription.sudo()), checker._get_checks())
        except psycopg2.Error:
            # The transaction is lost, and with it the signature: the server tries again or says so.
            raise
        except Exception as error:
            findings = (engine.failure("facts", error),)
        for finding in findings:
            if finding.code == "check_failed":
                _logger.error(
                    "Safety check of prescription %s could not be done: %s in %s",
                    prescription._origin.id or "(new)",
                    finding.params["error"],
                    finding.params["check"],
                )
        return findings

    @api.model
    def _get_checks(self):
        """Return the checks to run: functions of a ``Case`` that yield ``Finding``s."""
        return engine.CHECKS

    @api.model
    def _prepare_case(self, prescription):
        """Return everything the engine looks at."""
        lines = self._get_lines(prescription)
        if not lines:
            return Case(self._get_settings(prescription))
        patient, treatments = prescription.patient_id._origin, self._get_treatments(prescription)
        allergies = self._get_allergies(patient)
        known = self._get_known_substances(lines.drug_id._origin | treatments.drug_id, allergies)
        line_facts = tuple(self._prepare_line(line, known) for line in lines)
        treatment_facts = tuple(self._prepare_treatment(treatment, known) for treatment in treatments)
        return Case(
            self._get_settings(prescription),
            self._prepare_patient(patient, allergies, treatments, known),
            line_facts,
            treatment_facts,
            tuple(self._get_interactions(line_facts, treatment_facts)),
            tuple(self._get_editions()),
            self.env["medical.safety.rule"]._get_facts(prescription.company_id.id, self.env.lang),
            self.env["medical.cross.sensitivity"]._get_facts(prescription.company_id.id, self.env.lang),
        )

    @api.model
    def _get_settings(self, prescription):
        company = prescription.company_id or self.env.company
        company.fetch(SETTINGS)
        return Settings(
            today=fields.Date.context_today(self),
            country=company.partner_id.country_id.code or "",
            pregnancy_age_from=company.medical_pregnancy_age_from,
            pregnancy_age_to=company.medical_pregnancy_age_to,
            pregnancy_answer_days=company.medical_pregnancy_answer_days,
        )

    # === Drugs === #

    @api.model
    def _get_lines(self, prescription):
        """Return the lines that are checked: those of a drug prescription that name something."""
        if prescription.kind != "drug":
            return prescription.line_ids.browse()
        return prescription.line_ids.filtered(lambda line: line.drug_id or (line.name or "").strip())

    @api.model
    def _get_known_substances(self, drugs, allergies):
        """Return ``{key: substances}`` of all registers for what the drugs hold and the allergies name.

        One register knows the ATC code of a substance that another one only names.
        """
        substances = self._get_substance_links(drugs).substance_id
        keys = set(filter(None, substances.mapped("key"))).union(
            *(text_keys(allergy.name or "") for allergy in allergies if not allergy.substance_id)
        )
        if not keys:
            return {}
        model = self.env["medical.substance"].with_context(active_test=False)
        return model.search([("key", "in", list(keys))]).grouped("key")

    @api.model
    def _get_line_ref(self, line):
        """Return the name of a line towards the engine and the screen: its id, or what the client calls it."""
        return f"line:{line._origin.id or getattr(line.id, 'ref', None) or id(line)}"

    @api.model
    def _prepare_line(self, line, known):
        written = [line.sig if line.sig != line.sig_generated else "", line.indication]
        return self._prepare_drug(self._get_line_ref(line), line, known, written)

    @api.model
    def _prepare_treatment(self, treatment, known):
        return self._prepare_drug(f"treatment:{treatment.id}", treatment, known, [])

    @api.model
    def _prepare_drug(self, ref, item, known, texts):
        """Return the facts of an item with a dosage: a line, a treatment.

        :param dict known: the substances of all registers, by key.
        :param list texts: what was written by hand.
        """
        drug = item.drug_id._origin
        return DrugFacts(
            ref=ref,
            name=(item.name or drug.display_name or "").strip(),
            substances=tuple(self._prepare_substance(link, known) for link in self._get_substance_links(drug)),
            atc=tuple(filter(None, [drug.atc_code])),
            narcotic_class=drug.narcotic_class or "",
            from_register=bool(drug),
            **self._prepare_dosage(item),
            dose_unit=item.dose_unit or "",
            as_needed=item.as_needed,
            single_dose=item.frequency_id.single_dose,
            quantity=self._positive(item.quantity),
            quantity_unit=item.quantity_unit or "",
            route=item.route or "",
            long_term=item.long_term,
            texts=tuple(filter(None, texts)),
            record_id=drug.id or None,
        )

    @api.model
    def _prepare_dosage(self, item):
        """Return the facts of the dosage; of a course whose dose changes the greatest day and the whole length."""
        frequency = item.frequency_id._get_frequency()
        facts = {
            "dose": self._positive(item.dose),
            "per_day": dosage.daily_administrations(frequency) if frequency else None,
        }
        if item.dose_max or not item._is_simple_course():
            return facts | {
                "max_per_day": self._positive(item._get_greatest_day()),
                "days": self._positive(item._get_total_days()),
            }
        length = dosage.duration_days(item.duration, item.duration_unit) if item.duration else None
        return facts | {"max_per_day": self._positive(item.max_per_day), "days": length}

    @api.model
    def _get_substance_links(self, drugs):
        """Return what the drugs hold, withdrawn substances included."""
        return drugs.with_context(active_test=False).substance_ids

    @api.model
    def _get_atc(self, substances):
        """Return the ATC codes of a substance as its registers give them."""
        return tuple(sorted(set(filter(None, substances.mapped("atc_code")))))

    @api.model
    def _prepare_substance(self, link, known):
        substance = link.substance_id
        strength = parse_strength(link.strength)
        return SubstanceFact(
            key=self._get_key(substance),
            name=substance.name or "",
            code=substance.register_code or "",
            atc=self._get_atc(substance | known.get(substance.key, substance)),
            amount=strength and strength.amount,
            unit=strength.unit if strength else "",
            per=strength.per if strength else "",
        )

    @api.model
    def _get_key(self, substance):
        """Return the key under which the substance meets those of other registers."""
        return substance.key or ""

    @api.model
    def _positive(self, number):
        """Return a number as the engine counts, None for an empty one."""
        try:
            decimal = Decimal(str(number or 0))
        except InvalidOperation:
            return None
        return decimal if decimal.is_finite() and decimal > 0 else None

    # === Treatments === #

    @api.model
    def _get_treatments(self, prescription):
        """Return what the patient takes now."""
        today = fields.Date.context_today(self)
        return self.env["medical.treatment"].search(
            [
                ("patient_id", "=", prescription.patient_id._origin.id),
                ("status", "=", "active"),
                ("entered_in_error", "=", False),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ],
            order="id",
        )

    # === The patient === #

    @api.model
    def _prepare_patient(self, patient, allergies, treatments, known):
        today = fields.Date.context_today(self)
        birthdate = patient.birthdate if patient.birthdate and patient.birthdate <= today else None
        answers = self._get_answers(patient)
        return PatientFacts(
            age_days=(today - birthdate).days if birthdate else None,
            age_years=ages.age_years(birthdate, today) if birthdate else None,
            sex=patient.sex if patient.sex in ("female", "male", "other") else "",
            weight_kg=self._get_weight(patient),
            conditions=tuple(self._prepare_condition(condition) for condition in self._get_conditions(patient)),
            allergies=tuple(self._prepare_allergy(allergy, known) for allergy in allergies),
            allergies_status="some" if allergies else "none" if "no_known_allergy" in answers else "unknown",
            treatments_status="some" if treatments else "none" if "no_long_term_treatment" in answers else "unknown",
            **self._get_pregnancy(answers),
        )

    @api.model
    def _get_answers(self, patient):
        """Return ``{kind: day}`` of the statements in force, the newest of each kind."""
        statements = self.env["medical.chart.statement"].search(
            [("patient_id", "=", patient.id), ("ended_on", "=", False), ("entered_in_error", "=", False)],
            order="date, id",
        )
        return {statement.kind: statement.date.date() for statement in statements}

    @api.model
    def _get_pregnancy(self, answers):
        """Return the facts about pregnancy and breastfeeding; of two answers in force the newer one counts."""
        facts = {}
        for name, yes, no in (
            ("pregnant", "pregnant", "not_pregnant"),
            ("breastfeeding", "breastfeeding", "not_breastfeeding"),
        ):
            if yes in answers and answers[yes] >= answers.get(no, answers[yes]):
                facts[name], asked_on = "yes", answers[yes]
            elif no in answers:
                facts[name], asked_on = "no", answers[no]
            else:
                facts[name], asked_on = "unknown", None
            if name == "pregnant":
                facts["pregnant_asked_on"] = asked_on
        return facts

    @api.model
    def _get_allergies(self, patient):
        """Return the allergies and intolerances in force."""
        return self.env["medical.allergy"].search(
            [("patient_id", "=", patient.id), ("status", "=", "active"), ("entered_in_error", "=", False)], order="id"
        )

    @api.model
    def _prepare_allergy(self, allergy, known):
        """Return an allergy as the engine knows it; typed freely, it is the substance of a register that it names."""
        if allergy.substance_id:
            substances = allergy.substance_id | known.get(allergy.substance_id.key, allergy.substance_id)
        else:
            named = text_keys(allergy.name or "") & known.keys()
            substances = self.env["medical.substance"].union(*(known[key] for key in named))
        keys = set(filter(None, map(self._get_key, substances)))
        return AllergyFact(
            ref=f"allergy:{allergy.id}",
            name=allergy.name or substances[:1].name or "",
            key=keys.pop() if len(keys) == 1 else "",
            atc=self._get_atc(substances),
            category=allergy.category,
            type=allergy.type,
            criticality=allergy.criticality or "unknown",
            status=allergy.status,
            reaction=allergy.reaction or "",
        )

    @api.model
    def _get_conditions(self, patient):
        """Return the problems and the history that still hold; another person's conditions are not the patient's."""
        return self.env["medical.condition"].search(
            [
                ("patient_id", "=", patient.id),
                ("clinical_status", "!=", "resolved"),
                ("category", "!=", "family_history"),
                ("entered_in_error", "=", False),
            ],
            order="id",
        )

    @api.model
    def _prepare_condition(self, condition):
        return ConditionFact(condition.name or "", condition.code_id.code or "", condition.code_id.system_id.code or "")

    @api.model
    def _get_weight(self, patient):
        """Return the last weight in kilograms, None where it was never measured."""
        last = self.env["medical.measurement"].search(
            [("patient_id", "=", patient.id), ("type_id.code", "=", WEIGHT), ("entered_in_error", "=", False)],
            order="date desc, id desc",
            limit=1,
        )
        return self._positive(last.value)

    # === Interactions === #

    @api.model
    def _get_interactions(self, lines, treatments):
        """Return what the loaded editions say about all pairs of the drugs."""
        return self.env["medical.interaction"]._find_between(lines, treatments)

    @api.model
    def _get_editions(self):
        """Return the editions of interactions that are loaded."""
        return self.env["medical.interaction"]._get_edition_info()
