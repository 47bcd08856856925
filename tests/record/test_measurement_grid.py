"""The compact grid, flags, derived values, graphs and scores of a chart."""

import csv
import re
from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import MedicalCase
from ..lib.test_measures import UCUM

TODAY = "2026-03-02 15:00:00"


class MeasuresCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["medical.measurement.type"].search([])
        cls.kinds = {kind.code: kind for kind in kinds}

    def _measure(self, code, value, days_ago=0, patient=None, **values):
        return self.env["medical.measurement"].create(
            {
                "patient_id": (patient or self.patient).id,
                "type_id": self.kinds[code].id,
                "value": value,
                "date": fields.Datetime.now() - timedelta(days=days_ago),
                **values,
            }
        )

    def _visit(self, **values):
        vals = {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "type_id": False, "reason": "x"}
        return self.as_role("practitioner", self.env["medical.consultation"]).create({**vals, **values})

    def _type(self, code, text, visit=None, role="practitioner", patient=None):
        patient = self.as_role(role, patient or self.patient)
        return patient.save_measurement(self.kinds[code].id, text, visit.id if visit else False)

    def _grid(self, visit=None, role="practitioner"):
        grid = self.as_role(role, self.patient).get_measurement_grid(visit.id if visit else False)
        return grid, {row["code"]: row for row in grid["rows"]}


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMeasurementGrid(MeasuresCase):
    def test_last_days_beside_the_entry(self):
        self._measure("weight", 70, 40)
        self._measure("weight", 71, 10)
        self._measure("creatinine", 80, 10)
        grid, rows = self._grid()
        self.assertEqual([day["key"] for day in grid["days"]], ["2026-02-20", "2026-01-21"])
        self.assertEqual(
            {key: cell["text"] for key, cell in rows["weight"]["cells"].items()},
            {"2026-02-20": "71", "2026-01-21": "70"},
        )
        self.assertEqual(rows["creatinine"]["unit"], "µmol/L")
        self.assertNotIn("glucose", rows)
        self.assertIn(self.kinds["glucose"].id, [other["id"] for other in grid["others"]])
        self.assertNotIn("bmi", rows)

    def test_what_is_older_is_not_forgotten(self):
        self._measure("creatinine", 80, 700)
        for days in range(1, 8):
            self._measure("weight", 70, days)
        _grid, rows = self._grid()
        self.assertEqual((rows["creatinine"]["cells"], rows["creatinine"]["last"]["text"]), ({}, "80"))
        self.assertFalse(rows["weight"]["last"])

    def test_typed_on_the_chart(self):
        result = self._type("weight", "150 lb")
        self.assertFalse(result["error"])
        fact = self.patient.measurement_ids
        self.assertEqual((fact.value, fact.entered_as, fact.consultation_id.id), (68.0389, "150 lb", False))
        self.assertEqual(fact.practitioner_id, self.physician)
        entry = {row["code"]: row for row in result["grid"]["rows"]}["weight"]["entry"]
        self.assertEqual(entry["text"], "68")
        self.assertIn("68 kg = 150 lb", entry["tip"])
        self._type("weight", "69")
        self.assertEqual((fact.value, fact.entered_as), (69, False))

    def test_typed_in_a_visit(self):
        visit = self._visit()
        for code, text in (("height", "5'11\""), ("temperature", "98,6 F"), ("bp_systolic", "121/79")):
            self.assertFalse(self._type(code, text, visit)["error"])
        visit.invalidate_recordset()
        self.assertEqual(
            (visit.height, visit.temperature, visit.bp_systolic, visit.bp_diastolic), (180.34, 37, 121, 79)
        )
        self.assertFalse(self._type("height", "", visit)["error"])
        self.assertNotIn("height", visit.measurement_ids.type_id.mapped("code"))
        visit.action_sign()
        self.assertEqual(self._type("pulse", "70", visit)["error"], "This visit is signed and stays as it is.")
        self.assertFalse(self._grid(visit)[0]["editable"])

    def test_bad_values_say_what_to_do(self):
        for code, text, words in (
            ("weight", "seventy", "Body weight: “seventy” is no number."),
            ("weight", "70 furlongs", "“furlongs” is no unit of this measurement: type a number alone, or with kg."),
            ("weight", "7 8", "cannot be understood"),
            ("height", "1.75", "Body height: 1.75 cm cannot be right. It lies between 15 cm and 280 cm"),
            ("weight", "x" * 100, "too long"),
            ("weight", "<script>alert(1)</script>", "is no number"),
            ("bp_systolic", "80/120", "swapped"),
            ("bp_systolic", "120/", "both pressures"),
            ("bp_diastolic", "/80", "both pressures"),
            ("bmi", "22", "computed"),
        ):
            with self.subTest(text):
                self.assertIn(words, self._type(code, text)["error"] or "")
        self.assertFalse(self.patient.measurement_ids)

    def test_hostile_arguments(self):
        patient = self.as_role("practitioner", self.patient)
        for kind in (0, -1, 99999999, "1", None, [1]):
            with self.subTest(kind):
                self.assertTrue(patient.save_measurement(kind, "70")["error"])
        for text in (None, 70, ["70"], {"a": 1}):
            with self.subTest(text):
                self.assertFalse(patient.measurement_ids)
                patient.save_measurement(self.kinds["weight"].id, text)
                self.assertFalse(patient.measurement_ids)
        other = self._visit(patient_id=self.patient2.id)
        with self.assertRaisesRegex(UserError, "another patient"):
            patient.save_measurement(self.kinds["weight"].id, "70", other.id)

    def test_what_stands_in_a_chart_is_not_deleted(self):
        self._type("weight", "70")
        self.assertIn("not deleted", self._type("weight", "")["error"])
        self.assertEqual(self.patient.measurement_ids.value, 70)

    def test_each_writes_facts_of_his_own(self):
        self._type("weight", "70", role="assistant")
        self._type("weight", "71", role="practitioner")
        self.assertEqual(sorted(self.patient.measurement_ids.mapped("value")), [70, 71])
        _grid, rows = self._grid(role="assistant")
        self.assertEqual(rows["weight"]["entry"]["text"], "70")

    def test_imperial(self):
        user = self.users["practitioner"]
        user.with_user(user).write({"medical_unit_system": "imperial"})
        self._measure("height", 180.34, 10)
        self._type("weight", "150")
        fact = self.patient.measurement_ids.filtered(lambda row: row.type_id.code == "weight")
        self.assertEqual((fact.value, fact.entered_as), (68.0389, "150 lb"))
        _grid, rows = self._grid()
        self.assertEqual((rows["weight"]["unit"], rows["weight"]["entry"]["text"]), ("lb", "150"))
        self.assertIn("150 lb = 68 kg", rows["weight"]["entry"]["tip"])
        self.assertEqual(rows["height"]["cells"]["2026-02-20"]["text"], "5' 11\"")
        baby = self._create_patient("Bébé", "Né", "2026-02-28", sex="male")
        self._type("weight", "8 lb 6 oz", patient=baby)
        self.assertEqual(baby.measurement_ids.value, 3.7988)

    def test_rows_of_a_child(self):
        baby = self._create_patient("Bébé", "Né", "2025-02-28", sex="male")
        rows = self.as_role("practitioner", baby).get_measurement_grid()["rows"]
        self.assertLessEqual({"length", "head_circumference"}, {row["code"] for row in rows})
        self.assertNotIn("head_circumference", self._grid()[1])

    def test_roles_without_a_chart(self):
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            for method, args in (
                ("get_measurement_grid", ()),
                ("get_measurement_graph", ()),
                ("save_measurement", (self.kinds["weight"].id, "70")),
            ):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(self.as_role(role, self.patient), method)(*args)
        self.assertFalse(self.patient.measurement_ids)

    def test_a_constant_number_of_queries(self):
        patient = self.as_role("practitioner", self.patient)
        counts = []
        for start in (0, 40, 80):
            for days in range(start + 1, start + 41):
                self._measure("weight", 70, days)
                self._measure("pulse", 70, days)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            patient.get_measurement_grid()
            counts.append(self.env.cr.sql_log_count - before)
        # The first round fills the caches of the registry.
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[1], 30)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReferenceRanges(MeasuresCase):
    def test_shipped_ranges(self):
        for code, value, flag in (
            ("bp_systolic", 139, False),
            ("bp_systolic", 140, "high"),
            ("bp_systolic", 180, "critical_high"),
            ("bp_systolic", 90, "critical_low"),
            ("spo2", 91, "critical_low"),
            ("spo2", 95, "low"),
            ("spo2", 96, False),
            ("temperature", 38.1, "high"),
        ):
            with self.subTest(code=code, value=value):
                self.assertEqual(self._measure(code, value).flag, flag)

    def test_every_shipped_range_names_its_source(self):
        ranges = self.env["medical.measurement.range"].search([])
        self.assertGreater(len(ranges), 10)
        self.assertTrue(all(len(limits.source) > 10 for limits in ranges))

    def test_the_most_particular_range_counts(self):
        kind = self.env["medical.measurement.type"].create({"name": "Ferritin", "code": "ferritin_test"})
        self.kinds = {**self.kinds, "ferritin_test": kind}
        make = self.env["medical.measurement.range"].create
        make({"type_id": kind.id, "low": 10, "high": 200, "source": "for all"})
        make({"type_id": kind.id, "sex": "female", "low": 20, "high": 150, "age_from": 18, "source": "women"})
        make({"type_id": kind.id, "low": 5, "high": 50, "age_to": 18, "source": "children"})
        self.assertEqual(self._measure("ferritin_test", 160).flag, "high")
        self.assertFalse(self._measure("ferritin_test", 160, patient=self.patient2).flag)
        child = self._create_patient("A", "B", "2016-03-02", sex="female")
        self.assertEqual(self._measure("ferritin_test", 60, patient=child).flag, "high")
        # On the eighteenth birthday, and the day before
        young = self._create_patient("C", "D", "2008-03-02", sex="female")
        self.assertEqual(self._measure("ferritin_test", 60, patient=young).flag, False)
        self.assertEqual(self._measure("ferritin_test", 60, 1, patient=young).flag, "high")
        unborn = self._create_patient("E", "F", sex="unknown")
        self.assertEqual(self._measure("ferritin_test", 160, patient=unborn).flag, False)
        self.assertEqual(self._measure("ferritin_test", 201, patient=unborn).range_text, "10 – 200")

    def test_ranges_that_contradict_themselves(self):
        kind = self.kinds["weight"]
        for vals in (
            {"low": 10, "high": 5},
            {"age_from": 10, "age_to": 5, "low": 1},
            {"age_from": -1, "low": 1},
            {"low": 10, "critical_low": 11},
            {},
        ):
            with self.subTest(vals), self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.env["medical.measurement.range"].create({"type_id": kind.id, "source": "x", **vals})
                self.env.flush_all()

    def test_units_of_the_types_are_ucum(self):
        if not UCUM.is_file():
            self.skipTest(f"the examples of UCUM are not beside the checkout: {UCUM.name}")
        with UCUM.open(encoding="utf-8", newline="") as stream:
            known = {row[1] for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1}
        for kind in self.kinds.values():
            xml_id = kind.get_external_id()[kind.id]
            # An annotation in braces is a unit of its own: UCUM, section 2.1, paragraph 12
            if xml_id.startswith("medical_practice.") and not re.fullmatch(r"\{[!-z|~]+\}", kind.ucum_unit or ""):
                self.assertIn(kind.ucum_unit, known, kind.code)

    def test_types_of_the_library(self):
        """The formulas of ``lib`` have their types, and LOINC codes their check digit."""
        for code in ("bmi", "body_surface", "egfr", "creatinine_clearance", "pack_years"):
            self.assertTrue(self.kinds[code].formula, code)
        for kind in self.kinds.values():
            if kind.loinc_code:
                digits, check = kind.loinc_code.split("-")
                self.assertEqual(_mod10(digits), int(check), kind.loinc_code)


def _mod10(digits):
    """The check digit of LOINC (Mod 10 of the user's guide, appendix C)."""
    odd = str(int(digits[::-1][::2][::-1]) * 2)
    even = digits[::-1][1::2][::-1]
    return -sum(map(int, even + odd)) % 10


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDerived(MeasuresCase):
    def _derived(self, patient=None):
        found = self.as_role("practitioner", patient or self.patient).get_measurement_grid()["derived"]
        return {item["code"]: item for item in found}

    def test_from_the_latest_facts(self):
        self.assertEqual(self._derived(), {})
        self._measure("weight", 60, 100)
        self._measure("weight", 70, 10)
        self._measure("height", 170, 900)
        self._measure("creatinine", 88.4, 20)
        self._measure("cigarettes_day", 10)
        self._measure("smoking_years", 20)
        derived = self._derived()
        self.assertEqual(
            {code: item["value"] for code, item in derived.items()},
            {
                "bmi": 24.2,
                "body_surface": 1.82,
                # a woman of 40
                "egfr": 73,
                "creatinine_clearance": 83,
                "pack_years": 10,
            },
        )
        self.assertEqual(derived["bmi"]["date"], "2026-02-20")
        self.assertEqual(len(derived["creatinine_clearance"]["inputs"]), 2)
        self.assertIn("Inker", derived["egfr"]["formula"])
        self.assertNotIn("egfr", self.patient.measurement_ids.type_id.mapped("code"))

    def test_what_does_not_apply(self):
        child = self._create_patient("A", "B", "2016-03-02", sex="female")
        self._measure("weight", 30, 1, child)
        self._measure("height", 130, 90, child)
        self._measure("creatinine", 40, 1, child)
        self.assertEqual(self._derived(child), {})
        self._measure("height", 132, 5, child)
        self.assertEqual(set(self._derived(child)), {"bmi", "body_surface"})
        nobody = self._create_patient("C", "D", sex="unknown")
        self._measure("creatinine", 80, 1, nobody)
        self.assertEqual(self._derived(nobody), {})

    def test_an_error_counts_no_more(self):
        self._measure("weight", 70, 10)
        self._measure("height", 170, 10)
        self._measure("weight", 700 / 2, 1).action_enter_in_error("x")
        self.assertEqual(self._derived()["bmi"]["value"], 24.2)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMeasurementGraph(MeasuresCase):
    def _graph(self, code=None):
        return self.as_role("practitioner", self.patient).get_measurement_graph(code)

    def test_nothing_yet(self):
        graph = self._graph()
        self.assertEqual((graph["options"], graph["series"], graph["treatments"]), ([], [], []))

    def test_pressures_are_one_graph(self):
        for days, systolic, diastolic in ((30, 150, 95), (1, 130, 80)):
            self._measure("bp_systolic", systolic, days)
            self._measure("bp_diastolic", diastolic, days)
        self._measure("weight", 70, 5)
        graph = self._graph()
        self.assertEqual([option["code"] for option in graph["options"]], ["bp", "weight"])
        self.assertEqual((graph["code"], graph["unit"]), ("bp", "mmHg"))
        systolic, diastolic = graph["series"]
        self.assertEqual([point["y"] for point in systolic["points"]], [150, 130])
        self.assertEqual([point["flag"] for point in systolic["points"]], ["high", ""])
        self.assertEqual(systolic["band"]["high"], 139)
        self.assertEqual([point["y"] for point in diastolic["points"]], [95, 80])
        self.assertLess(systolic["points"][0]["t"], systolic["points"][1]["t"])
        self.assertEqual(self._graph("weight")["code"], "weight")
        self.assertEqual(self._graph("'; --")["code"], "bp")

    def test_treatments_of_the_time(self):
        self._measure("weight", 70, 300)
        self._measure("weight", 72, 1)
        day = fields.Date.today()
        for name, start, end in (
            ("Ramipril", day - timedelta(days=200), False),
            ("Amoxicillin", day - timedelta(days=100), day - timedelta(days=90)),
            ("Long ago", day - timedelta(days=4000), day - timedelta(days=3000)),
        ):
            self.env["medical.treatment"].create(
                {"patient_id": self.patient.id, "name": name, "date_start": start, "date_end": end}
            )
        bars = self._graph("weight")["treatments"]
        self.assertEqual(
            [(bar["name"], bool(bar["end"])) for bar in bars], [("Ramipril", False), ("Amoxicillin", True)]
        )

    def test_in_the_units_of_the_user(self):
        self.users["practitioner"].medical_unit_system = "imperial"
        self._measure("temperature", 37, 1)
        [series] = self._graph("temperature")["series"]
        self.assertEqual((series["points"][0]["y"], series["points"][0]["text"]), (98.6, "98.6 °F"))
        self.assertEqual(series["band"]["high"], 100.4)

    def test_the_action_opens_the_widgets(self):
        action = self.as_role("practitioner", self.patient).action_open_measurement_graph()
        arch = self.env["medical.patient"].get_view(action["views"][0][0], "form")["arch"]
        for widget in ("medical_measurement_grid", "medical_measurement_graph", "medical_growth_chart"):
            self.assertIn(widget, arch)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestScoreEntry(MeasuresCase):
    def _entry(self, **values):
        model = self.as_role("practitioner", self.env["medical.score.entry"])
        return model.create({"patient_id": self.patient.id, **values})

    def test_phq9(self):
        visit = self._visit()
        answers = [3, 2, 1, 0, 1, 2, 0, 0, 1]
        values = {f"phq_{number}": str(answer) for number, answer in enumerate(answers, 1)}
        entry = self._entry(score="phq9", consultation_id=visit.id, **values)
        self.assertEqual(entry.result, "10 (moderate)")
        entry.action_save()
        fact = visit.measurement_ids
        self.assertEqual((fact.type_id.code, fact.value, fact.answers, fact.flag), ("phq9", 10, answers, "high"))
        entry.phq_1 = "0"
        entry.action_save()
        self.assertEqual(visit.measurement_ids.value, 7)

    def test_questions_left(self):
        entry = self._entry(score="gad7", gad_1="1")
        self.assertEqual(entry.result, "6 questions left")
        with self.assertRaisesRegex(UserError, "6 are left"):
            entry.action_save()

    def test_stroke_in_atrial_fibrillation(self):
        entry = self._entry(score="cha2ds2_vasc", hypertension=True)
        self.assertEqual(entry.result, "2")
        nobody = self._create_patient("C", "D", sex="unknown")
        entry = self._entry(score="cha2ds2_vasc", patient_id=nobody.id)
        with self.assertRaisesRegex(UserError, "birthdate"):
            entry.action_save()

    def test_a_signed_visit_stays_as_it_is(self):
        visit = self._visit()
        visit.action_sign()
        entry = self._entry(score="cha2ds2_vasc", consultation_id=visit.id)
        with self.assertRaisesRegex(UserError, "signed"):
            entry.action_save()

    def test_the_form(self):
        model = self.as_role("practitioner", self.env["medical.score.entry"])
        with Form(model.with_context(default_patient_id=self.patient.id)) as form:
            form.score = "cha2ds2_vasc"
            form.diabetes = True
            self.assertEqual(form.result, "2")

    def test_who_may_not(self):
        with self.assertRaises(AccessError):
            self.as_role("reception", self.env["medical.score.entry"]).create({"patient_id": self.patient.id})


@tagged("post_install", "-at_install")
class TestMeasurementTypes(MeasuresCase):
    def test_typed_values(self):
        weight = self.kinds["weight"]
        self.assertEqual(weight._read_typed("150 lb"), (68.0389, "150 lb"))
        self.assertEqual(weight._read_typed("150", "imperial"), (68.0389, "150 lb"))
        self.assertEqual(weight._read_typed("68 kg", "imperial"), (68, False))
        self.assertEqual(self.kinds["creatinine"]._read_typed("1 mg/dL"), (88.4017, "1 mg/dL"))
        with self.assertRaises(ValidationError):
            weight._read_typed("150 lb lb")

    def test_shown_without_the_digits_of_a_conversion(self):
        self.assertEqual(self.kinds["weight"]._format_rounded(68.0389), "68 kg")
        self.assertEqual(self.kinds["weight"]._format_rounded(3.7988), "3.799 kg")
        self.assertEqual(self.kinds["height"]._format_imperial(180.34), "5' 11\"")
        self.assertEqual(self.kinds["head_circumference"]._format_imperial(35.56), "14 in")
