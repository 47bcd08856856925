import tempfile
import unittest
from pathlib import Path

from runtime.selection import Selection, TestClass, by_text, discover

PATIENT = TestClass(
    "medical_practice", "tests/patient/test_patient.py", "TestPatient", ("test_age", "test_name"), False
)
TOUR = TestClass("medical_practice", "tests/agenda/test_tours.py", "TestDayTour", ("test_day",), True)
PLUGIN = TestClass("medical_practice_podiatry", "tests/test_foot.py", "TestFoot", ("test_foot",), False)
CLASSES = (PATIENT, TOUR, PLUGIN)


class TestSelection(unittest.TestCase):
    def test_text_in_a_class_takes_all_of_it(self):
        self.assertEqual(by_text(CLASSES, "testpat", []), ["/medical_practice:TestPatient"])

    def test_text_in_a_method_takes_the_method(self):
        self.assertEqual(by_text(CLASSES, "_age", []), ["/medical_practice:TestPatient.test_age"])

    def test_text_in_a_file(self):
        self.assertEqual(by_text(CLASSES, "agenda/", []), ["/medical_practice:TestDayTour"])

    def test_nothing_is_called_like_that(self):
        self.assertEqual(by_text(CLASSES, "nowhere", []), [])

    def test_files_and_folders(self):
        self.assertEqual(by_text(CLASSES, "", ["tests/test_foot.py"]), ["/medical_practice_podiatry:TestFoot"])
        self.assertEqual(by_text(CLASSES, "", ["tests/agenda"]), ["/medical_practice:TestDayTour"])

    def test_halves_leave_nothing_out(self):
        selection = Selection(("/medical_practice",), (PATIENT, TOUR))
        first, second = selection.split({"TestPatient": 5, "TestDayTour": 30})
        self.assertEqual(first, "/medical_practice,-/medical_practice:TestPatient")
        self.assertEqual(second, "/medical_practice:TestPatient")

    def test_one_class_is_not_split(self):
        self.assertEqual(Selection(("/medical_practice",), (TOUR,)).split({}), ["/medical_practice"])

    def test_discovery(self):
        source = (
            "class TestThing(HttpCase):\n    def test_it(self):\n        pass\n\n    def helper(self):\n        pass\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            tests = Path(folder, "tests", "room")
            tests.mkdir(parents=True)
            (tests / "test_thing.py").write_text(source)
            (tests / "common.py").write_text(source)
            (tests / "test_broken.py").write_text("def (")
            found = discover("medical_practice", Path(folder))
        expected = TestClass("medical_practice", "tests/room/test_thing.py", "TestThing", ("test_it",), True)
        self.assertEqual(found, [expected])
