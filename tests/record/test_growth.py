"""Growth tables loaded as a register, and the charts of children on screen and paper."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...lib import growth
from ..common import MedicalCase
from ..lib.common import SHARED_DATA

REAL = SHARED_DATA / "who-growth" / "dev" / "who_lms.csv"
TODAY = "2026-03-02 12:00:00"


def table(rows, indicator="weight_age", sex="female"):
    return "indicator,sex,x,l,m,s\n" + "".join(f"{indicator},{sex},{x},1,{m},0.1\n" for x, m in rows)


class GrowthCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever tables the database holds: these tests bring their own.
        cls.env["medical.growth.reference"].with_context(active_test=False).search([]).unlink()
        cls.env.registry.clear_cache()
        cls.child = cls._create_patient("Léa", "Petite", "2025-03-02", sex="female")
        cls.kinds = cls.env["medical.measurement.type"]._get_by_code(growth_kinds())

    @classmethod
    def _load(cls, text, name="growth.csv"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_text(text, encoding="utf-8")
            return cls.env["medical.register"].load_edition("growth_lms", path)

    def _measure(self, code, value, days, patient=None):
        patient = patient or self.child
        moment = datetime.combine(patient.birthdate, datetime.min.time()) + timedelta(days=days, hours=17)
        return self.env["medical.measurement"].create(
            {"patient_id": patient.id, "type_id": self.kinds[code].id, "value": value, "date": moment}
        )

    def _counts(self, report):
        return tuple(report[name] for name in ("taken", "changed", "withdrawn", "refused"))


def growth_kinds():
    return ("weight", "height", "length", "head_circumference")


@tagged("post_install", "-at_install")
class TestGrowthLoad(GrowthCase):
    def test_an_edition_and_the_next(self):
        report = self._load(table([(0, 3), (10, 4), (20, 5)]))
        self.assertEqual(self._counts(report), (3, 0, 0, 0))
        again = self._load(table([(0, 3), (10, 4), (20, 5)]))
        self.assertEqual(self._counts(again), (0, 0, 0, 0))
        newer = self._load(table([(0, 3), (20, 5.5), (30, 6)]))
        self.assertEqual(self._counts(newer), (1, 1, 1, 0))
        rows = self.env["medical.growth.reference"].search([("sex", "=", "female"), ("indicator", "=", "weight_age")])
        self.assertEqual(rows.mapped("x"), [0, 20, 30])
        self.assertEqual(rows[1].m, 5.5)
        self.assertEqual(rows[1].register_id.id, newer["register_id"])

    def test_what_an_edition_does_not_speak_of_stays(self):
        self._load(table([(0, 3), (10, 4)]) + table([(0, 3), (10, 4)], sex="male").partition("\n")[2])
        report = self._load(table([(2000, 20), (2100, 21)]))
        self.assertEqual(self._counts(report), (2, 0, 0, 0))
        curve = self.env["medical.growth.reference"]._get_table("weight_age", "female")
        self.assertEqual(curve.xs, [0, 10, 2000, 2100])
        self.assertEqual(len(self.env["medical.growth.reference"]._get_table("weight_age", "male").xs), 2)

    def test_the_table_follows_the_load(self):
        self._load(table([(0, 3)]))
        model = self.env["medical.growth.reference"]
        self.assertEqual(model._get_table("weight_age", "female").at(0).m, 3)
        self._load(table([(0, 3.5)]))
        self.assertEqual(model._get_table("weight_age", "female").at(0).m, 3.5)

    def test_refused_lines_say_why(self):
        report = self._load(table([(0, 3), (1, -4)]) + "weight_age,girl,2,1,x,0.1\nmood,girl,2,1,3,0.1\n")
        self.assertEqual(self._counts(report), (1, 0, 0, 3))
        reasons = [detail["reason"] for detail in report["details"]]
        self.assertEqual(
            reasons[1:], ["Column M: “x” is no number that can stand there.", "“mood” is no indicator of growth."]
        )

    def test_a_file_without_a_table_changes_nothing(self):
        self._load(table([(0, 3)]))
        with self.assertRaises(UserError):
            self._load("a,b\n1,2\n")
        self.assertTrue(self.env["medical.growth.reference"]._get_table("weight_age", "female"))

    def test_only_the_manager_loads(self):
        register = self.as_role("practitioner", self.env["medical.register"])
        with self.assertRaises(AccessError):
            register.load_edition("growth_lms", "growth.csv")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestGrowthChart(GrowthCase):
    def _chart(self, patient=None, role="practitioner", **kwargs):
        return self.as_role(role, patient or self.child).get_growth_chart(**kwargs)

    def test_what_is_missing_is_said(self):
        self.assertIn("Load the WHO tables", self._chart()["missing"][0])
        unknown = self._create_patient("X", "Y", sex="unknown")
        self.assertEqual(len(self._chart(unknown)["missing"]), 2)
        with self.assertRaisesRegex(UserError, "Load the WHO tables"):
            self.as_role("practitioner", self.child).action_print_growth()

    def test_points(self):
        self._load(table([(0, 3), (400, 10)]) + table([(0, 50), (400, 75)], "length_age").partition("\n")[2])
        self._measure("weight", 5, 100)
        self._measure("weight", 99, 200).action_enter_in_error("x")
        self._measure("height", 60, 100)
        chart = self._chart(indicator="weight_age")
        [point] = chart["points"]
        # median 4.75, standard deviation 0.475
        self.assertEqual((point["x"], point["y"], point["z"]), (100, 5, round(0.25 / 0.475, 4)))
        self.assertEqual((point["value_text"], point["z_text"], point["percentile_text"]), ("5 kg", "+0.53", "70.1"))
        self.assertEqual(point["age_text"], "3 months")
        self.assertEqual([item["code"] for item in chart["indicators"]], ["weight_age", "length_age"])
        lengths = self._chart(indicator="length_age")
        self.assertEqual([point["y"] for point in lengths["points"]], [60])
        self.assertEqual([line["label"] for line in lengths["percentiles"]], ["3", "15", "50", "85", "97"])
        self.assertEqual([line["label"] for line in lengths["z_scores"]], ["−3", "−2", "−1", "0", "+1", "+2", "+3"])

    def test_ways_of_measuring_a_length(self):
        self._load(table([(0, 50), (1856, 110)], "length_age"))
        patient = self._create_patient("Zoé", "Debout", "2024-01-01", sex="female")
        for code, days in (("length", 700), ("length", 740), ("height", 745)):
            self._measure(code, 80, days, patient)
        self.assertEqual([point["y"] for point in self._chart(patient, span="0-5")["points"]], [80, 79.3, 80])

    def test_a_weight_takes_the_length_of_its_day(self):
        facts = [
            growth.Fact(datetime(2025, 4, 1).date(), "weight", 5, 1),
            growth.Fact(datetime(2025, 4, 1).date(), "height", 50, 0),
            growth.Fact(datetime(2025, 5, 1).date(), "weight", 6, 2),
        ]
        points = growth.points_of(self.child.birthdate, facts)
        self.assertEqual([point.value for point in points if point.indicator == "bmi_age"], [20])

    def test_unknown_words_fall_back(self):
        self._load(table([(0, 3), (400, 10)]))
        chart = self._chart(indicator="'; DROP TABLE", span="9-99")
        self.assertEqual((chart["indicator"], chart["span"]), ("weight_age", "0-2"))

    def test_a_constant_number_of_queries(self):
        self._load(table([(0, 3), (400, 10)]))
        child = self.as_role("practitioner", self.child)
        counts = []
        for _round in range(3):
            for days in range(10, 60):
                self._measure("weight", 4 + days / 100, days + _round)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            child.get_growth_chart()
            counts.append(self.env.cr.sql_log_count - before)
        # The first round fills the caches of the registry.
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[1], 15)

    def test_who_may_not_read_the_chart(self):
        self._load(table([(0, 3), (400, 10)]))
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._chart(role=role)
            with self.subTest(role), self.assertRaises(AccessError):
                report = self.as_role(role, self.env["report.medical_practice.medical_growth_document"])
                report._get_report_values(self.child.ids)

    def test_paper_in_the_language_of_the_patient(self):
        self._load(table([(0, 3), (400, 10)]))
        self._measure("weight", 5, 100)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.child.lang = "fr_FR"
        action = self.as_role("practitioner", self.child).action_print_growth("weight_age", "0-2", "z_scores")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.users["practitioner"])
            ._render_qweb_html("medical_practice.medical_growth_document", None, data=action["data"])[0]
            .decode()
        )
        self.assertIn("Petite", html)
        self.assertIn("juin 2025", html.replace("\xa0", " "))
        self.assertEqual(html.count("<svg"), 1)
        svg = html[html.index("<svg") : html.index("</svg>") + 6]
        texts = etree.fromstring(svg).xpath("//*[local-name()='text']/text()")
        self.assertLess({"−2", "0", "+3", "kg"}, set(texts))

    def test_reads_and_prints_are_logged(self):
        self._load(table([(0, 3), (400, 10)]))
        child = self.as_role("practitioner", self.child)
        log = self.env["medical.access.log"]
        data = child.action_print_growth("weight_age")["data"]
        report = self.as_role("practitioner", self.env["ir.actions.report"])
        for action, gesture in (
            ("read", child.get_growth_chart),
            ("read", child.get_measurement_grid),
            ("read", child.get_measurement_graph),
            (
                "print",
                lambda: report._render_qweb_html("medical_practice.medical_growth_document", None, data=data),
            ),
        ):
            log._flush_pending()
            last = log.search([], order="id desc", limit=1).id
            gesture()
            log._flush_pending()
            rows = log.search([("id", ">", last)])
            self.assertIn(action, rows.mapped("action"))
            self.assertEqual((rows.patient_id, rows.user_id), (self.child, self.users["practitioner"]))

    def test_a_hostile_name_on_paper(self):
        self._load(table([(0, 3), (400, 10)]))
        self._measure("weight", 5, 100)
        self.child.last_name = '<script>alert("x")</script>'
        html = self.env["ir.actions.report"]._render_qweb_html(
            "medical_practice.medical_growth_document", self.child.ids
        )[0]
        self.assertNotIn(b"<script>alert", html)

    def test_the_whole_of_who(self):
        if not REAL.is_file():
            self.skipTest(f"WHO's tables are not beside the checkout: {REAL.name}")
        report = self.env["medical.register"].load_edition("growth_lms", REAL)
        self.assertEqual(report["refused"], 0)
        self.assertEqual(
            self.env["medical.growth.reference"].search_count([("register_id", "=", report["register_id"])]), 18052
        )
        # WHO, girls, weight for age: median of day 0 is 3.2 kg, of 12 months 8.9 kg
        for days, median in ((0, 3.2), (365, 8.9)):
            row = self.env["medical.growth.reference"]._get_table("weight_age", "female").at(days)
            self.assertEqual(round(row.m, 1), median)
        self._measure("weight", 8.9481, 365)
        [point] = self._chart(indicator="weight_age", span="0-2")["points"]
        self.assertLess(abs(point["z"]), 0.01)
