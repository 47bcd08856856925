from datetime import date, timedelta

from odoo.tests import tagged

from ..common import MedicalCase
from .view_specification import get_specification

FIRST_NAMES = ("Zacharie", "Yolande", "Xavier", "Wilhelmine", "Ursule", "Théodore", "Ségolène")
LAST_NAMES = ("Abitibi", "Bellechasse", "Charlevoix", "Drummond", "Frontenac", "Gaspé", "Iberville", "Joliette")


@tagged("post_install", "-at_install")
class TestMedicalPatientSearch(MedicalCase):
    """A patient is found by whatever the person at the counter says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.health_number = "TREM85551234"
        cls.reception = cls.env["medical.patient"].with_user(cls.users["reception"])

    def _find(self, query):
        return self.reception.search([("display_name", "ilike", query)])

    def test_names(self):
        found = (
            "ecuyer",
            "L'Écuyer",
            "lecuyer",
            "L ECUYER",
            "jean noel",
            "jeannoel",
            "ÉCUYER jean",
            "noe ecu",
            "Jean-Noël L’Écuyer",
        )
        for query in found:
            self.assertEqual(self._find(query), self.patient2, query)
        for query in ("ecuyer marie", "tremblay jean", "zzz"):
            self.assertFalse(self._find(query), query)

    def test_numbers(self):
        for query in ("TREM 8555 1234", "trem85551234", "TREM-8555-1234", "8555 12", self.patient.identifier.lower()):
            self.assertIn(self.patient, self._find(query), query)
            self.assertNotIn(self.patient2, self._find(query), query)

    def test_phones(self):
        for query in ("+1 514 555 0101", "514-555-0101", "(514) 555.0101", "5145550101", "555 0101", "1 514 555-0101"):
            self.assertEqual(self._find(query), self.patient, query)

    def test_birthdates(self):
        for query in ("1985-05-12", "12/05/1985", "19850512", "12.5.1985", "tremblay 1985"):
            self.assertEqual(self._find(query), self.patient, query)

    def test_same_from_every_box(self):
        self.assertEqual(self.reception.name_search("ecuyer jean"), [(self.patient2.id, "Jean-Noël L'Écuyer")])
        consultations = self.env["medical.consultation"].with_user(self.users["practitioner"])
        consultation = consultations.create({"patient_id": self.patient2.id, "practitioner_id": self.physician.id})
        self.assertEqual(consultations.search([("patient_id", "ilike", "ecuyer jean")]), consultation)
        self.assertEqual(self.reception.name_search("Jean-Noël L'Écuyer", operator="=")[0][0], self.patient2.id)
        self.assertNotIn(self.patient2, self.reception.search([("display_name", "not ilike", "ecuyer")]))
        self.assertIn(self.patient, self.reception.search([("display_name", "not ilike", "ecuyer")]))

    def test_choice_tells_namesakes_apart(self):
        label = self.patient.with_context(formatted_display_name=True).display_name
        self.assertIn("1985-05-12", label)
        self.assertIn(self.patient.identifier, label)

    def test_key_follows_the_contact(self):
        self.patient.partner_id.phone = "418 555 0188"
        self.assertEqual(self._find("4185550188"), self.patient)
        self.assertFalse(self._find("5145550101"))

    def test_trigram_index_answers(self):
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute("EXPLAIN SELECT id FROM medical_patient WHERE search_key LIKE '%ecuyer%'")
        self.assertIn("search_key_idx", " ".join(line for (line,) in self.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestMedicalPatientDuplicates(MedicalCase):
    """Who is registered already is shown before he is registered again."""

    def _new(self, first_name, last_name, birthdate=None, **vals):
        vals = {"first_name": first_name, "last_name": last_name, "birthdate": birthdate, **vals}
        return self.env["medical.patient"].with_user(self.users["reception"]).new(vals)

    def test_likely(self):
        for person in (
            ("Marie", "Tremblay", "1985-05-12"),
            ("MARIE", "Tremblai", "1985-05-12", "female"),
            ("Tremblay", "Marie", "1985-05-12"),
            ("Marie", "Tremblay", "1985-12-05", "female"),
            ("Marie", "Tremblay", "1985-05-13", "female"),
        ):
            new = self._new(*person[:3], **({"sex": person[3]} if len(person) > 3 else {}))
            self.assertEqual(new.duplicate_ids._origin, self.patient, person)
            self.assertIn(f"/odoo/patients/{self.patient.id}", new.duplicate_summary)

    def test_unlikely(self):
        for person in (("Marie", "Tremblay", "1950-01-01"), ("Luc", "Roy", "1985-05-12"), ("Marie", ""), ("", "")):
            self.assertFalse(self._new(*person).duplicate_ids, person)

    def test_same_health_number(self):
        self.patient.health_number = "TREM85551234"
        self.assertEqual(self._new("Mary", "Smith", health_number="trem 8555 1234").duplicate_ids._origin, self.patient)

    def test_archived_and_other_practices(self):
        other = self.env["res.company"].create({"name": "Other practice"})
        elsewhere = self._create_patient("Marie", "Tremblay", "1985-05-12", company_id=other.id)
        self.patient.active = False
        duplicates = self._new("Marie", "Tremblay", "1985-05-12").duplicate_ids._origin
        self.assertEqual(duplicates, self.patient)
        self.assertNotIn(elsewhere, duplicates)

    def test_chart_at_rest_is_not_compared(self):
        twin = self._create_patient("Marie", "Tremblay", "1985-05-12")
        self.assertFalse(twin.duplicate_ids)
        self.assertEqual(twin._find_duplicates()[twin], self.patient)

    def test_one_query_for_many(self):
        people = self.patient | self.patient2
        people |= self.env["medical.patient"].create(
            [{"first_name": f"Zoé {index}", "last_name": "Roy", "birthdate": "1990-01-01"} for index in range(10)]
        )
        people._find_duplicates()

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records._find_duplicates()
            return self.cr.sql_log_count - before

        count(people)
        self.assertLessEqual(count(people), count(people[:3]))


@tagged("post_install", "-at_install")
class TestMedicalPatientQueries(MedicalCase):
    """Lists and charts cost the same number of queries, however many rows they show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        start = date(1940, 1, 1)
        cls.many = cls.env["medical.patient"].create(
            [
                {
                    "first_name": FIRST_NAMES[index % len(FIRST_NAMES)],
                    "last_name": LAST_NAMES[index % len(LAST_NAMES)],
                    "birthdate": start + timedelta(days=index * 300),
                    "phone": f"+1 514 555 {index:04d}",
                    "practitioner_id": (cls.physician if index % 2 else cls.physician2).id,
                }
                for index in range(80)
            ]
        )

    def _count_queries(self, function):
        function()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before

    def test_list(self):
        for role in ("reception", "practitioner"):
            patients = self.env["medical.patient"].with_user(self.users[role])
            specification = get_specification(patients, "list")

            def read(limit, patients=patients, specification=specification):
                result = patients.web_search_read([("id", "in", self.many.ids)], specification, limit=limit)
                self.assertEqual(len(result["records"]), limit)

            few, many = self._count_queries(lambda: read(5)), self._count_queries(lambda: read(80))
            self.assertLessEqual(many, few, role)
            self.assertLessEqual(many, 20, role)

    def test_name_search(self):
        patients = self.env["medical.patient"].with_user(self.users["reception"])
        self.assertEqual(len(patients.name_search("charlevoix", limit=8)), 8)
        self.assertLessEqual(self._count_queries(lambda: patients.name_search("charlevoix", limit=8)), 4)

    def test_chart(self):
        patient = self.as_role("practitioner", self.many[0])
        specification = get_specification(patient, "form")
        # The lists behind the tabs are read when their tab is opened.
        self.assertFalse({"consultation_ids", "prescription_ids", "measurement_ids", "act_ids"} & specification.keys())

        def open_chart():
            patient.web_read(specification)
            return patient.get_chart_overview()

        self._add_facts(patient, 1)
        one = self._count_queries(open_chart)
        self._add_facts(patient, 15)
        many = self._count_queries(open_chart)
        self.assertLessEqual(many, one)
        self.assertLessEqual(many, 26)
        [chart] = patient.web_read(specification)
        self.assertEqual(chart["chart_figures"]["consultations"], 16)

    def _add_facts(self, patient, count):
        kind = self.env["medical.measurement.type"].search([("code", "=", "weight")], limit=1)
        kind = kind or kind.create({"name": "Weight", "code": "weight"})
        patient = patient.sudo()
        for _index in range(count):
            consultation = {"patient_id": patient.id, "practitioner_id": self.physician.id}
            self.env["medical.consultation"].create(consultation)
            self.env["medical.prescription"].create({"patient_id": patient.id, "practitioner_id": self.physician.id})
            self.env["medical.measurement"].create({"patient_id": patient.id, "type_id": kind.id, "value": 70})
