import contextlib
import errno
import io
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from runtime import locks, odoo, places, postgres, processes
from runtime.errors import Trouble, guard

RELEASE = "version_info = ({}, FINAL, 0, '')\n"


class TestOwnOdoo(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "odoo").mkdir()

    def release(self, version):
        (self.folder / "odoo" / "release.py").write_text(RELEASE.format(version))

    def test_a_clone_and_its_package(self):
        self.release("19, 0, 0")
        self.assertEqual(odoo.own(self.folder).path, self.folder)
        self.assertEqual(odoo.own(self.folder / "odoo").path, self.folder)

    def test_another_series_is_refused(self):
        self.release("18, 0, 0")
        with self.assertRaisesRegex(Trouble, "18.0"):
            odoo.own(self.folder)

    def test_a_folder_without_odoo_is_refused(self):
        with self.assertRaisesRegex(Trouble, "holds no Odoo"):
            odoo.own(self.folder)

    def test_series(self):
        self.assertEqual(odoo.read_series(RELEASE.format("19, 0, 0")), "19.0")
        self.assertEqual(odoo.read_series(RELEASE.format("'saas~19', 2, 0")), "19.2")


class TestPlaces(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_digest_of_code_changes_with_the_code_only(self):
        (self.folder / "models").mkdir()
        (self.folder / "models" / "a.py").write_text("x = 1")
        before = places.code_digest(self.folder)
        for name in ("dev", ".run", "__pycache__"):
            (self.folder / name).mkdir()
            (self.folder / name / "b.py").write_text("y = 1")
        self.assertEqual(places.code_digest(self.folder), before)
        (self.folder / "models" / "a.py").write_text("x = 2")
        self.assertNotEqual(places.code_digest(self.folder), before)

    def test_built_appears_whole_or_not_at_all(self):
        target = self.folder / "thing"
        with self.assertRaises(Trouble), places.built(target) as building:
            (building / "file").touch()
            raise Trouble("The disk is full.")
        self.assertEqual(list(self.folder.iterdir()), [])
        (self.folder / "thing.building-killed").mkdir()
        with places.built(target) as building:
            (building / "file").touch()
            self.assertFalse(target.exists())
        self.assertEqual([path.name for path in self.folder.iterdir()], ["thing"])

    def test_cache_follows_xdg_when_it_is_absolute(self):
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.folder)}):
            self.assertEqual(places.cache(), self.folder / "medical-practice")
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": "relative", "HOME": str(self.folder)}):
            self.assertEqual(places.cache(), self.folder / ".cache" / "medical-practice")

    def test_too_small_a_disk(self):
        with self.assertRaisesRegex(Trouble, "needs about 1e"):
            places.require_space(self.folder, 1e9, "Everything")


class TestLocks(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name, "lock")

    def test_last_one_out_knows(self):
        first, second = locks.SharedLock(self.path), locks.SharedLock(self.path)
        first.join()
        second.join()
        self.assertFalse(first.leave())
        self.assertTrue(second.leave())

    def test_sole(self):
        with locks.sole(self.path) as free:
            self.assertTrue(free)
            with locks.sole(self.path) as again:
                self.assertFalse(again)


class TestErrors(unittest.TestCase):
    def said(self, error):
        def fail():
            raise error

        with contextlib.redirect_stderr(io.StringIO()) as stream:
            code = guard(fail)
        return code, stream.getvalue()

    def test_trouble_is_its_sentence(self):
        self.assertEqual(self.said(Trouble("Do this.")), (1, "\nDo this.\n"))

    def test_full_disk(self):
        code, text = self.said(OSError(errno.ENOSPC, "No space left on device"))
        self.assertEqual(code, 1)
        self.assertIn("disk is full", text)

    def test_unknown_error_names_a_file_and_shows_no_traceback(self):
        code, text = self.said(RuntimeError("surprise"))
        self.assertEqual(code, 1)
        self.assertNotIn("Traceback", text)
        path = Path(text.rsplit(" ", 1)[1].strip().rstrip("."))
        self.addCleanup(path.unlink)
        self.assertIn("RuntimeError: surprise", path.read_text())


class TestProcesses(unittest.TestCase):
    def test_programs_side_by_side(self):
        lines = []
        jobs = [
            processes.Job(["sh", "-c", f"echo {word}; exit {code}"], lines.append)
            for word, code in (("a", 0), ("b", 3))
        ]
        self.assertEqual(processes.follow_together(jobs), [0, 3])
        self.assertEqual(sorted(lines), ["a", "b"])

    def test_failure_names_the_log(self):
        for command in (["sh", "-c", "echo why; exit 1"], ["no-such-program-anywhere"]):
            with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"XDG_CACHE_HOME": folder}):
                log = Path(folder, "medical-practice", "setup.log")
                with self.assertRaisesRegex(Trouble, f"^It failed .*{log}"):
                    processes.checked(command, "It failed")
                self.assertTrue(log.read_text())


class TestPostgres(unittest.TestCase):
    def test_own_server(self):
        self.assertIsNone(self.own_server(None, None, None, {}))
        connection = self.own_server(None, "5433", None, {"PGHOST": "db.example"})
        self.assertEqual(connection.options(), ["--db_host=db.example", "--db_port=5433"])
        self.assertEqual(
            self.own_server(None, None, "odoo", {}).dsn("x"), {"host": "localhost", "user": "odoo", "dbname": "x"}
        )

    @staticmethod
    def own_server(host, port, user, environment):
        with mock.patch.dict(os.environ, environment, clear=True):
            return postgres.own_server(host, port, user)

    def test_quoting(self):
        self.assertEqual(postgres.quoted('a"b'), '"a""b"')


class TestPythonFinder(unittest.TestCase):
    def find(self, *words):
        script = '. "$0"; echo "$python"'
        return subprocess.run(
            ["sh", "-c", script, str(Path(__file__).parents[1] / "python.sh"), *words],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_finds_one(self):
        self.assertTrue(self.find().stdout.strip())

    def test_a_wrong_one_is_refused_in_one_sentence(self):
        for words in (["--python", "/bin/false"], ["--port", "1", "--python=/bin/false"]):
            result = self.find(*words)
            self.assertEqual(result.returncode, 1)
            self.assertEqual(len(result.stderr.splitlines()), 1)
            self.assertIn("'/bin/false' is not a Python from 3.10 to 3.13", result.stderr)
