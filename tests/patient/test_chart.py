"""The chart on one page: banner, cover sheet, timeline; who sees them, and what they cost."""

import base64
from datetime import date, datetime, timedelta

from odoo.addons.medical_practice.tests.common import MedicalCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

NOW = datetime(2026, 3, 2, 15)
PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF").decode()


class ChartCase(MedicalCase):
    """A patient with one fact of each kind, seen by the practitioner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.doctor = cls.users["practitioner"]
        cls.vaccine = cls.env["medical.vaccine"].create({"name": "Influenza (test)"})
        cls.weight = cls._get_kind("weight", "Weight", "kg")

    @classmethod
    def _get_kind(cls, code, name, unit):
        kinds = cls.env["medical.measurement.type"]
        return kinds._get_by_code([code]).get(code) or kinds.create(
            {"name": name, "code": code, "ucum_unit": unit, "unit_display": unit}
        )

    def _add(self, model, patient=None, **values):
        values = {"patient_id": (patient or self.patient).id, "practitioner_id": self.physician.id, **values}
        return self.env[model].with_user(self.doctor).create(values)

    def _add_one_of_each(self, patient=None):
        add = lambda model, **values: self._add(model, patient, **values)  # noqa: E731
        visit = add("medical.consultation", date_start=NOW - timedelta(days=40), reason="Cough", plan="<p>Rest</p>")
        prescription = add("medical.prescription", date=date(2026, 1, 21))
        self.env["medical.prescription.line"].with_user(self.doctor).create(
            {"prescription_id": prescription.id, "name": "Saltwater"}
        )
        return {
            "consultation": visit,
            "prescription": prescription,
            "problem": add("medical.condition", name="Asthma", onset="2019"),
            "history": add("medical.condition", name="Appendectomy", category="surgical_history", onset="childhood"),
            "allergy": add("medical.allergy", name="Latex", criticality="high", reaction="hives"),
            "treatment": add("medical.treatment", name="Salbutamol", long_term=True, date_start="2024-05-01"),
            "measurement": add("medical.measurement", type_id=self.weight.id, value=70),
            "document": add("medical.document", name="Spirometry", kind="result", direction="incoming", content=PDF),
            "immunization": add("medical.immunization", vaccine_id=self.vaccine.id, given_on="2025-10-20"),
            "appointment": self._book(NOW + timedelta(days=3), patient),
        }

    def _book(self, start, patient=None):
        return self.env["calendar.event"].create(
            {
                "patient_id": (patient or self.patient).id,
                "practitioner_id": self.physician.id,
                "start": start,
                "stop": start + timedelta(minutes=20),
                "overbooked": True,
            }
        )

    def _as(self, role, patient=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_role(role, patient or self.patient)

    def _count_queries(self, function):
        function()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestBanner(ChartCase):
    def test_allergies_never_asked(self):
        banner = self._as("practitioner").banner
        self.assertEqual(banner["name"], "Marie Tremblay")
        self.assertEqual((banner["birthdate"], banner["age"], banner["sex"]), ("1985-05-12", "40 years", "Female"))
        self.assertEqual((banner["allergy_status"], banner["allergies"]), ("not_asked", []))

    def test_no_known_allergy_has_a_day_and_an_author(self):
        self._as("practitioner").action_state("no_known_allergy")
        banner = self._as("assistant").banner
        self.assertEqual(banner["allergy_status"], "none")
        self.assertEqual(banner["no_known_allergy"]["by"], "Alice Médecin")
        self.assertTrue(banner["no_known_allergy"]["on"].startswith("2026-03-02"))

    def test_allergies_the_dangerous_first(self):
        self._add("medical.allergy", name="Apple", criticality="low")
        self._add("medical.allergy", name="Penicillin", criticality="high", reaction="anaphylaxis")
        self._add("medical.allergy", name="Dust", status="refuted")
        banner = self._as("practitioner").banner
        self.assertEqual(banner["allergy_status"], "allergic")
        self.assertEqual([allergy["name"] for allergy in banner["allergies"]], ["Penicillin", "Apple"])

    def test_an_error_drops_out(self):
        allergy = self._add("medical.allergy", name="Penicillin")
        allergy.action_enter_in_error("another patient")
        self.assertEqual(self._as("practitioner").banner["allergy_status"], "not_asked")

    def test_pregnancy_ends_with_the_newer_answer(self):
        patient = self._as("practitioner")
        patient.action_state("pregnant")
        self.assertTrue(self._as("practitioner").banner["pregnancy"])
        with freeze_time(NOW + timedelta(days=1)):
            patient.action_state("not_pregnant")
            self.assertFalse(self._as("practitioner").banner["pregnancy"])

    def test_a_kind_that_is_none_is_refused(self):
        with self.assertRaises(UserError):
            self._as("practitioner").action_state("immortal")

    def test_the_reception_sees_the_person_only(self):
        self._add("medical.allergy", name="Penicillin")
        self.patient.alert = "HIV"
        self._book(NOW + timedelta(days=3))
        banner = self._as("reception").banner
        self.assertEqual((banner["name"], banner["phone"]), ("Marie Tremblay", "+1 514 555 0101"))
        self.assertEqual(banner["next_appointment"], "2026-03-05 15:00:00")
        self.assertFalse(banner["clinical"])
        self.assertFalse({"alert", "allergies", "allergy_status", "pregnancy"} & banner.keys())
        with self.assertRaises(AccessError):
            self._as("reception").action_state("no_known_allergy")

    def test_the_same_on_each_document(self):
        facts = self._add_one_of_each()
        banner = self._as("practitioner").banner
        for kind in ("consultation", "prescription", "document"):
            self.assertEqual(facts[kind].with_user(self.doctor).patient_banner, banner, kind)
        prescription = facts["prescription"].with_user(self.users["reception"])
        self.assertFalse(prescription.sudo().patient_banner["clinical"], "sudo is not a right to read charts")

    def test_a_document_not_saved_yet(self):
        draft = self.env["medical.consultation"].with_user(self.doctor).new({"patient_id": self.patient.id})
        self.assertEqual(draft.patient_banner["name"], "Marie Tremblay")
        self.assertFalse(self.env["medical.patient"].new({"first_name": "X"}).banner)

    def test_one_query_beside_the_patients(self):
        few, many = self.patient, self.patient + self.patient2
        for patients in (few, many):
            self._add_one_of_each(patients[-1])
        cost = lambda patients: self._count_queries(  # noqa: E731
            lambda: patients.with_user(self.doctor).mapped("banner")
        )
        self.assertEqual(cost(few), cost(many))
        self.assertLessEqual(cost(many), 3)


@tagged("post_install", "-at_install")
class TestOverview(ChartCase):
    def _titles(self, overview, box):
        return [item["title"] for item in overview[box]["items"]]

    def test_boxes(self):
        facts = self._add_one_of_each()
        overview = self._as("assistant").get_chart_overview()
        self.assertEqual(self._titles(overview, "problems"), ["Asthma"])
        self.assertEqual(self._titles(overview, "history"), ["Appendectomy"])
        self.assertEqual(self._titles(overview, "allergies"), ["Latex"])
        self.assertEqual(self._titles(overview, "treatments"), ["Salbutamol"])
        self.assertEqual(self._titles(overview, "documents"), ["Spirometry"])
        self.assertEqual(self._titles(overview, "immunizations"), ["Influenza (test)"])
        self.assertEqual(self._titles(overview, "consultations"), ["Cough"])
        self.assertEqual(self._titles(overview, "prescriptions"), ["Saltwater"])
        self.assertEqual(overview["appointments"]["items"][0]["date"], "2026-03-05 15:00:00")
        self.assertEqual(overview["measurements"]["items"][0]["value"], "70 kg")
        problem = overview["problems"]["items"][0]
        self.assertEqual((problem["model"], problem["id"]), ("medical.condition", facts["problem"].id))

    def test_papers_to_review_come_first(self):
        for name, abnormal in (("Old", True), ("Calm", False), ("Bad", True)):
            document = self._add("medical.document", name=name, direction="incoming", abnormal=abnormal, content=PDF)
            if name == "Old":
                document.action_acknowledge()
        self._add("medical.document", name="Letter")
        documents = self._as("practitioner").get_chart_overview()["documents"]
        self.assertEqual([item["title"] for item in documents["items"]][:2], ["Bad", "Calm"])
        self.assertEqual([item["level"] for item in documents["items"]][:2], ["danger", "warning"])

    def test_the_last_value_of_each_type_and_pressure_in_one_line(self):
        for days, value in ((30, 80), (1, 72)):
            self._add("medical.measurement", type_id=self.weight.id, value=value, date=NOW - timedelta(days=days))
        for code, value in (("bp_systolic", 121), ("bp_diastolic", 79)):
            kind = self._get_kind(code, code, "mmHg")
            self._add("medical.measurement", type_id=kind.id, value=value, date=NOW - timedelta(hours=1))
        wrong = self._add("medical.measurement", type_id=self.weight.id, value=7.2)
        wrong.action_enter_in_error("a digit too few")
        rows = self._as("practitioner").get_chart_overview()["measurements"]["items"]
        self.assertEqual(
            [(row["value"], row["date"][:10]) for row in rows],
            [(row["value"], row["date"][:10]) for row in sorted(rows, key=lambda row: row["value"], reverse=True)],
        )
        values = {row["title"]: row["value"] for row in rows}
        self.assertEqual(values["Blood pressure"], "121/79 mmHg")
        self.assertEqual(values[self.weight.name], "72 kg")
        self.assertEqual(len(rows), 2)

    def test_not_asked_asked_and_contradicted(self):
        overview = self._as("practitioner").get_chart_overview()
        self.assertFalse(overview["treatments"]["statement"])
        self._as("practitioner").action_state("no_long_term_treatment")
        overview = self._as("practitioner").get_chart_overview()
        self.assertEqual(overview["treatments"]["statement"]["by"], "Alice Médecin")

    def test_adding_in_place(self):
        patient = self._as("assistant")
        system = self.env["medical.code.system"].create({"name": "Own", "code": "own_test"})
        code = self.env["medical.code"].create({"system_id": system.id, "code": "J45", "display": "Asthma"})
        patient.add_chart_fact("problem", "Asthma", code.id)
        patient.add_chart_fact("history", "  Broken   arm ")
        patient.add_chart_fact("allergy", "Peanut")
        patient.add_chart_fact("treatment", "Vitamin D 1000 units")
        overview = self._as("practitioner").get_chart_overview()
        self.assertEqual(self._titles(overview, "problems"), ["Asthma"])
        self.assertIn("J45", overview["problems"]["items"][0]["detail"])
        self.assertEqual(self._titles(overview, "history"), ["Broken arm"])
        self.assertEqual(self._titles(overview, "allergies"), ["Peanut"])
        self.assertEqual(self._titles(overview, "treatments"), ["Vitamin D 1000 units"])
        for kind, words in (("problem", "   "), ("invoice", "x")):
            with self.assertRaises(UserError):
                patient.add_chart_fact(kind, words)

    def test_the_author_is_the_practitioner_who_adds(self):
        fact_id = self._as("practitioner").add_chart_fact("problem", "Gout")
        self.assertEqual(self.env["medical.condition"].browse(fact_id).practitioner_id, self.physician)

    def test_a_constant_number_of_queries(self):
        patient = self._as("practitioner")
        self._add_one_of_each()
        one = self._count_queries(patient.get_chart_overview)
        for _round in range(4):
            self._add_one_of_each(self.patient)
        self.assertLessEqual(self._count_queries(patient.get_chart_overview), one)
        # Seven of them are those of the preventions: the rules, what satisfies them, what was decided.
        self.assertLessEqual(one, 17)


@tagged("post_install", "-at_install")
class TestTimeline(ChartCase):
    def _kinds(self, **filters):
        timeline = self._as("practitioner").get_chart_timeline(**filters)
        return [entry["kind"] for entry in timeline["entries"]]

    def test_everything_newest_first(self):
        self._add_one_of_each()
        timeline = self._as("practitioner").get_chart_timeline()
        kinds = [entry["kind"] for entry in timeline["entries"]]
        self.assertEqual(kinds[0], "appointment")
        self.assertEqual(kinds[-1], "condition", "an onset of 2019 stands in 2019")
        self.assertEqual(
            set(kinds),
            {
                "consultation", "prescription", "measurement", "condition", "allergy", "treatment", "document",
                "immunization", "appointment",
            },
        )  # fmt: skip
        moments = [entry["moment"] for entry in timeline["entries"]]
        self.assertEqual(moments, sorted(moments, reverse=True))
        self.assertFalse(timeline["next"])
        visit = next(entry for entry in timeline["entries"] if entry["kind"] == "consultation")
        self.assertEqual((visit["title"], visit["excerpt"]), ("Cough", "Rest"))

    def test_measurements_of_a_day_of_the_user_stand_together(self):
        height = self._get_kind("height", "Height", "cm")
        # 01:00 UTC is the evening before in Montréal.
        for kind, value, moment in (
            (self.weight, 70, datetime(2026, 2, 10, 20)),
            (height, 170, datetime(2026, 2, 11, 1)),
            (self.weight, 71, datetime(2026, 2, 11, 20)),
        ):
            self._add("medical.measurement", type_id=kind.id, value=value, date=moment)
        patient = self._as("practitioner").with_context(tz="America/Toronto")
        entries = patient.get_chart_timeline(kinds=["measurement"])["entries"]
        self.assertEqual(len(entries), 2)
        self.assertIn("71 kg", entries[0]["detail"])
        self.assertIn("70 kg", entries[1]["detail"])
        self.assertIn("170 cm", entries[1]["detail"])

    def test_filters(self):
        self._add_one_of_each()
        other = self._add("medical.consultation", reason="Knee", practitioner_id=self.physician2.id)
        self.assertEqual(self._kinds(kinds=["allergy"]), ["allergy"])
        self.assertEqual(self._kinds(text="saltw"), ["prescription"])
        self.assertEqual(self._kinds(text="cough rest"), ["consultation"])
        self.assertEqual(set(self._kinds(date_to="2019-12-31")), {"condition"})
        self.assertEqual(self._kinds(date_from="2026-03-03"), ["appointment"])
        entries = self._as("practitioner").get_chart_timeline(practitioner_id=self.physician2.id)["entries"]
        self.assertEqual([(entry["model"], entry["id"]) for entry in entries], [("medical.consultation", other.id)])

    def test_a_treatment_whose_last_day_is_past(self):
        self._add("medical.treatment", name="Amoxicillin", date_start="2026-01-05", date_end="2026-01-12")
        entries = self._as("practitioner").get_chart_timeline(kinds=["treatment"])["entries"]
        self.assertEqual([entry["badge"] for entry in entries], ["Completed", "Started"])

    def test_errors_only_on_request(self):
        allergy = self._add("medical.allergy", name="Penicillin")
        allergy.action_enter_in_error("another patient")
        self.assertEqual(self._kinds(), [])
        [entry] = self._as("practitioner").get_chart_timeline(errors=True)["entries"]
        self.assertTrue(entry["error"])

    def test_pages_meet_without_gap_or_repeat(self):
        for days in range(30):
            moment = NOW - timedelta(days=days // 3)  # three at each moment: the order must still be one
            self._add("medical.consultation", date_start=moment, reason=f"Visit {days}")
        patient = self._as("practitioner")
        whole = [entry["id"] for entry in patient.get_chart_timeline(limit=200)["entries"]]
        seen, after = [], None
        while True:
            page = patient.get_chart_timeline(after=after, limit=7)
            seen += [entry["id"] for entry in page["entries"]]
            after = page["next"]
            if not after:
                break
        self.assertEqual(len(whole), 30)
        self.assertEqual(seen, whole)

    def test_what_is_no_place_or_no_day_is_refused(self):
        patient = self._as("practitioner")
        for arguments in ({"after": ["x", "y"]}, {"after": ["x", "y", "z"]}, {"date_from": "soon"}):
            with self.assertRaises(UserError):
                patient.get_chart_timeline(**arguments)

    def test_five_hundred_visits(self):
        """As many queries as with five, and a page in well under a second, whatever else the machine does."""
        patient = self._as("practitioner")
        self._make_visits(5)
        few = self._count_queries(patient.get_chart_timeline)
        self._make_visits(495)
        many = self._count_queries(patient.get_chart_timeline)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 8)
        timeline = patient.get_chart_timeline()
        self.assertEqual(len(timeline["entries"]), 40)
        self.assertTrue(timeline["next"])

    def _make_visits(self, count):
        self.env["medical.consultation"].with_user(self.doctor).create(
            [
                {
                    "patient_id": self.patient.id,
                    "practitioner_id": self.physician.id,
                    "date_start": NOW - timedelta(days=number, minutes=count),
                    "reason": "Follow-up",
                    "weight": 70,
                }
                for number in range(count)
            ]
        )


@tagged("post_install", "-at_install")
class TestChartAccess(ChartCase):
    """Nobody gets a chart through the methods of the cover sheet who could not read it otherwise."""

    def _refuse(self, user, patient):
        patient = patient.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        for call in (
            patient.get_chart_overview,
            patient.get_chart_timeline,
            lambda: patient.action_state("no_known_allergy"),
            lambda: patient.add_chart_fact("problem", "Gout"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_roles(self):
        self._add_one_of_each()
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            self._refuse(self.users[role], self.patient)
        for role in ("assistant", "practitioner"):
            self.assertEqual(len(self._as(role).get_chart_overview()["problems"]["items"]), 1)

    def test_another_practice(self):
        self._add_one_of_each()
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = new_test_user(
            self.env,
            login="test_stranger",
            groups="base.group_user,medical_practice.group_practitioner",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self._refuse(stranger, self.patient)

    def test_figures_tell_what_one_may_read(self):
        self._add_one_of_each()
        practitioner, reception = self._as("practitioner"), self._as("reception")
        self.assertEqual(practitioner.chart_figures["consultations"], 1)
        self.assertEqual(practitioner.chart_figures["measurements"], 1)
        reception = self._as("reception")
        self.assertEqual(reception.chart_figures.keys() & {"consultations", "measurements", "conditions"}, set())
        self.assertEqual(reception.chart_figures["appointments"], 1)
