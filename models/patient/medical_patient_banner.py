from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .chart_part import ChartPart, union

CLINICAL = "medical_practice.group_assistant"
#: The statements that the banner tells; each pair excludes one another, the newer answer counts.
PREGNANCY = ("pregnant", "not_pregnant")
BREASTFEEDING = ("breastfeeding", "not_breastfeeding")


class MedicalPatient(models.Model):
    """Who this is, and what must never be overlooked: the banner above the chart and above each of its documents."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    banner = fields.Json(compute="_compute_banner", help="What the banner shows, by the rights of the user.")

    @api.depends(
        "first_name",
        "last_name",
        "birthdate",
        "deceased_on",
        "sex",
        "identifier",
        "health_number",
        "alert",
        "practitioner_id",
        "allergy_ids.status",
        "allergy_ids.entered_in_error",
        "statement_ids.ended_on",
        "statement_ids.entered_in_error",
    )
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_banner(self):
        banners = self._get_banner()
        for patient in self:
            patient.banner = banners.get(patient._origin.id, False)

    def _get_banner(self):
        """Return ``{patient id: what the banner shows}``; clinical facts only for those who may read the chart.

        Costs one query beside the patients themselves, whatever their number.
        """
        patients = self._origin
        if not patients:
            return {}
        rows = {patient.id: {} for patient in patients}
        for kind, patient_id, data in self.env.execute_query(union(self._get_banner_parts(patients))):
            rows[patient_id].setdefault(kind, []).append(data)
        clinical = self.env.user.has_group(CLINICAL)
        sexes = dict(self._fields["sex"]._description_selection(self.env))
        return {
            patient.id: {
                **patient._prepare_banner_identity(rows[patient.id], sexes),
                **(patient._prepare_banner_facts(rows[patient.id]) if clinical else {"clinical": False}),
            }
            for patient in patients
        }

    @api.model
    def _get_banner_parts(self, patients):
        """Return the selects ``(kind, patient id, data)`` of everything the banner needs beside the patients."""
        contact = ChartPart(self.with_context(active_test=False), "contact", [("id", "in", patients.ids)])
        selects = [
            self._select_banner(
                contact,
                contact.column("id"),
                phone="partner_id.phone",
                practitioner="practitioner_id.name",
                changed="partner_id.write_date",
            )
        ]
        if self.env["calendar.event"].has_access("read") and self.env.user.has_group(
            "medical_practice.group_reception"
        ):
            selects.append(self._select_next_appointment(patients))
        if self.env.user.has_group(CLINICAL):
            selects += self._get_banner_clinical_parts(patients)
        return selects

    @api.model
    def _select_next_appointment(self, patients):
        domain = [
            ("patient_id", "in", patients.ids),
            ("start", ">=", fields.Datetime.now()),
            ("appointment_state", "not in", ("cancelled", "no_show")),
        ]
        part = ChartPart(self.env["calendar.event"], "appointment", domain)
        patient = part.column("patient_id")
        part.query.groupby = patient
        return self._select_banner(part, patient, start=SQL("MIN(%s)", part.column("start")))

    @api.model
    def _get_banner_clinical_parts(self, patients):
        about = [("patient_id", "in", patients.ids), ("entered_in_error", "=", False)]
        allergy = ChartPart(self.env["medical.allergy"], "allergy", [*about, ("status", "=", "active")])
        kinds = Domain("kind", "in", ("no_known_allergy", *PREGNANCY, *BREASTFEEDING))
        in_force = self._get_in_force_domain(fields.Date.context_today(self))
        stated = ChartPart(
            self.env["medical.chart.statement"],
            "statement",
            Domain("patient_id", "in", patients.ids) & kinds & in_force,
        )
        return [
            self._select_banner(
                allergy,
                allergy.column("patient_id"),
                id="id",
                name="name",
                criticality="criticality",
                reaction="reaction",
                type="type",
            ),
            self._select_banner(
                stated,
                stated.column("patient_id"),
                kind="kind",
                date="date",
                expected="expected_on",
                author="practitioner_id.name",
                user="create_uid.partner_id.name",
            ),
        ]

    @api.model
    def _select_banner(self, part, patient, **data):
        pairs = [
            SQL("%s::text, %s", key, part.column(value) if isinstance(value, str) else value)
            for key, value in data.items()
        ]
        return part.query.select(
            SQL("%s::text", part.kind), patient, SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))
        )

    def _prepare_banner_identity(self, rows, sexes):
        """Return who the patient is, as everybody in the practice may know."""
        self.ensure_one()
        contact = (rows.get("contact") or [{}])[0]
        appointment = (rows.get("appointment") or [{}])[0]
        return {
            "id": self.id,
            "name": self._format_name(self.first_name, self.last_name),
            "birthdate": fields.Date.to_string(self.birthdate) or False,
            "age": self.age_display or False,
            "sex": sexes.get(self.sex, "") if self.sex != "unknown" else False,
            "gender": self.gender_identity or False,
            "identifier": self.identifier or False,
            "health_number": self.health_number_display or False,
            "deceased_on": fields.Date.to_string(self.deceased_on) or False,
            "archived": not self.active,
            "phone": contact.get("phone") or False,
            "practitioner": contact.get("practitioner") or False,
            "changed": contact.get("changed") or False,
            "next_appointment": self._to_client_datetime(appointment.get("start")),
        }

    @api.model
    def _to_client_datetime(self, text):
        """Return a moment as the client reads it, from the writing of PostgreSQL's JSON."""
        return text.replace("T", " ")[:19] if text else False

    def _prepare_banner_facts(self, rows):
        """Return what must never be overlooked, with whom was asked when; an empty list alone says nothing."""
        self.ensure_one()
        allergies = sorted(
            rows.get("allergy", []), key=lambda allergy: (allergy["criticality"] != "high", allergy["name"] or "")
        )
        stated = {}
        for statement in sorted(rows.get("statement", []), key=lambda statement: statement["date"]):
            stated[statement["kind"]] = {
                "on": self._to_client_datetime(statement["date"]),
                "by": statement["author"] or statement["user"] or False,
                "expected": statement["expected"] or False,
            }
        no_allergy = stated.get("no_known_allergy")
        return {
            "clinical": True,
            "alert": self.alert or False,
            "allergies": allergies,
            "allergy_status": "allergic" if allergies else "none" if no_allergy else "not_asked",
            "no_known_allergy": no_allergy or False,
            "pregnancy": self._get_stated(stated, *PREGNANCY),
            "breastfeeding": self._get_stated(stated, *BREASTFEEDING),
        }

    @api.model
    def _get_stated(self, stated, affirmed, denied):
        """Return the statement that says yes, unless a newer one says no."""
        yes, no = stated.get(affirmed), stated.get(denied)
        return yes if yes and (not no or no["on"] <= yes["on"]) else False

    # === Statements, in one click === #

    def action_state(self, kind):
        """Record what the patient answered when asked, such as that there is no known allergy.

        :param str kind: a kind of ``medical.chart.statement``.
        :raises UserError: for a kind that is none.
        """
        self.ensure_one()
        if kind not in dict(self.env["medical.chart.statement"]._fields["kind"].selection):
            raise UserError(self.env._("This is no answer that a chart keeps."))
        # Before anything is said of the chart: a refusal would name what contradicts the answer.
        self._check_chart_access()
        return self._record_statement(kind)
