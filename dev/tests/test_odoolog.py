import unittest

from runtime.odoolog import Reader

PREFIX = "2026-01-05 10:00:{:02d},123 4242 {} mptest_run_1_1 {}: {}"
TESTS = "odoo.addons.medical_practice.tests.patient.test_medical_patient"


def read(*records, **options):
    """The result of a log of ``(level, logger, text)`` records, and what was reported meanwhile."""
    reported = []
    reader = Reader(reported.append, **options)
    for second, (level, logger, text) in enumerate(records):
        for line in PREFIX.format(second, level, logger, text).splitlines():
            reader.feed(line)
    reader.close()
    return reader.result, reported


def started(name):
    return ("INFO", TESTS, f"Starting {name} ...")


class TestReader(unittest.TestCase):
    def test_passed(self):
        result, reported = read(started("TestA.test_x"), started("TestA.test_y"))
        self.assertEqual((result.passed, result.problems, reported), (2, 0, []))

    def test_failure_is_reported_whole(self):
        text = "FAIL: TestA.test_x\nTraceback (most recent call last):\nAssertionError: 1 != 2"
        result, reported = read(started("TestA.test_x"), ("ERROR", TESTS, text), started("TestA.test_y"))
        self.assertEqual((result.passed, result.problems), (1, 1))
        self.assertEqual(reported, [text])

    def test_subtests_of_one_test_are_one_failure(self):
        failures = [("ERROR", TESTS, f"FAIL: Subtest TestA.test_x (role={role!r})\nTraceback") for role in "ab"]
        result, _reported = read(started("TestA.test_x"), *failures)
        self.assertEqual((result.passed, result.problems), (0, 1))

    def test_failing_class_set_up_counts(self):
        text = f"ERROR: setUpClass ({TESTS}.TestA)\nTraceback"
        result, _reported = read(("ERROR", TESTS, text))
        self.assertEqual((result.passed, result.problems), (0, 1))

    def test_skipped_test_is_a_problem(self):
        skipped = ("INFO", TESTS, "skipped TestA.test_tour : Chrome executable not found")
        result, reported = read(started("TestA.test_tour"), skipped)
        self.assertEqual((result.passed, result.problems), (0, 1))
        self.assertEqual(reported, ["SKIPPED TestA.test_tour: Chrome executable not found"])

    def test_skips_of_other_addons_count_only_for_the_browser(self):
        plain = ("INFO", TESTS, "skipped TestA.test_x : needs demo data")
        browser = ("INFO", TESTS, "skipped TestA.test_y : websocket-client module is not installed")
        result, _reported = read(plain, browser, every_skip_counts=False)
        self.assertEqual(set(result.skipped), {"TestA.test_y"})

    def test_log_line_of_ours_is_a_finding(self):
        result, _reported = read(("WARNING", "odoo.addons.medical_practice.models.patient", "odd"))
        self.assertEqual(result.problems, 1)

    def test_log_line_that_names_a_model_of_ours_is_a_finding(self):
        result, _reported = read(
            ("WARNING", "odoo.modules.loading", "The models ['medical.room'] have no access rules")
        )
        self.assertEqual(result.findings, ["The models ['medical.room'] have no access rules"])

    def test_traceback_that_names_a_file_of_ours_is_a_finding(self):
        text = 'Exception during request\n  File "/x/medical_practice/controllers/portal.py", line 3'
        result, _reported = read(("ERROR", "odoo.http", text))
        self.assertEqual(result.problems, 1)

    def test_log_line_of_others_is_none(self):
        result, _reported = read(
            ("WARNING", "odoo.addons.base.models.ir_mail_server", "no mail server"),
            ("INFO", "odoo.addons.medical_practice.models.patient", "fine"),
        )
        self.assertEqual(result.problems, 0)

    def test_critical_is_always_a_finding(self):
        result, _reported = read(("CRITICAL", "odoo.service.server", "Failed to initialize database `x`."))
        self.assertEqual(result.problems, 1)

    def test_summary_of_odoo_is_no_finding(self):
        summary = "1 failed, 0 error(s) of 1 tests when loading database 'medical_practice'"
        failed = ("ERROR", TESTS, "FAIL: TestA.test_x\nTraceback")
        result, _reported = read(started("TestA.test_x"), failed, ("ERROR", "odoo.tests.result", summary))
        self.assertEqual(result.problems, 1)

    def test_seconds_of_a_class(self):
        result, _reported = read(started("TestA.test_x"), started("TestA.test_y"), started("TestB.test_z"))
        self.assertEqual(result.seconds, {"TestA": 2.0, "TestB": 1.0})

    def test_results_of_two_processes_add_up(self):
        first, _reported = read(started("TestA.test_x"))
        second, _reported = read(started("TestB.test_x"), ("ERROR", TESTS, "FAIL: TestB.test_x\nTraceback"))
        first.add(second)
        self.assertEqual((first.passed, first.problems), (1, 1))
