"""Finding and reading the files of a register, whatever somebody put into the zip file."""

import tempfile
import zipfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.registers import READERS, files, read_edition
from ...lib.registers.base import Edition, RegisterError
from ...lib.registers.files import RegisterFile, clean, clean_text, find_files, read_rows
from .common import FILES, PROPERTY


def is_text(name):
    return name.endswith(".txt")


class FilesCase(BaseCase):
    def setUp(self):
        super().setUp()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def packed(self, members, name="packed.zip"):
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    def text(self, content, name="table.txt"):
        path = self.folder / name
        path.write_bytes(content)
        return RegisterFile(name, path, "", len(content))

    def assert_error(self, code, path, wanted=is_text):
        with self.assertRaises(RegisterError) as caught:
            find_files(path, wanted)
        self.assertEqual(caught.exception.code, code)


@tagged("post_install", "-at_install")
class TestFindFiles(FilesCase):
    def test_everywhere(self):
        (self.folder / "a.txt").write_text("plain")
        self.packed({"deep/in/b.txt": "packed", "c.pdf": "no"})
        found = {file.name: file.open for file in find_files(self.folder, is_text)}
        self.assertEqual(set(found), {"a.txt", "b.txt"})
        with found["b.txt"]() as stream:
            self.assertEqual(stream.read(), b"packed")
        self.assertEqual([file.name for file in find_files(self.folder / "a.txt", is_text)], ["a.txt"])

    def test_a_zip_file_under_another_name(self):
        path = self.packed({"b.txt": "packed"}, "upload.txt")
        self.assertEqual([file.name for file in find_files(path, is_text)], ["b.txt"])

    def test_members_that_point_elsewhere_stay_inside(self):
        """Nothing is written to disk, and what is kept of a member is its name alone."""
        names = ("../../../etc/passwd.txt", "/etc/shadow.txt", "C:\\windows\\x.txt", "a/../../y.txt")
        path = self.packed(dict.fromkeys(names, "content"))
        before = set(self.folder.rglob("*"))
        found = find_files(path, is_text)
        self.assertEqual({file.name for file in found}, {"passwd.txt", "shadow.txt", "x.txt", "y.txt"})
        for file in found:
            with file.open() as stream:
                self.assertEqual(stream.read(), b"content")
        self.assertEqual(set(self.folder.rglob("*")), before)

    def test_what_a_macintosh_adds(self):
        path = self.packed({"b.txt": "x", "__MACOSX/._b.txt": "resource fork"})
        self.assertEqual([file.member for file in find_files(path, is_text)], ["b.txt"])

    def test_too_much(self):
        self.patch(files, "MAX_FILE", 100)
        self.assert_error("too_big", self.packed({"b.txt": "x" * 101}))
        self.patch(files, "MAX_TOTAL", 150)
        self.assert_error("too_big", self.packed({"b.txt": "x" * 90, "c.txt": "x" * 90}))
        self.patch(files, "MAX_MEMBERS", 3)
        self.assert_error("bad_zip", self.packed({f"{number}.pdf": "" for number in range(4)}))

    def test_a_member_larger_than_it_says(self):
        """The size in the directory is what was checked; no more than that is unpacked."""
        path = self.packed({"b.txt": "x" * 100_000})
        content = bytearray(path.read_bytes())
        place = content.rindex(b"PK\x01\x02") + 24  # uncompressed size in the central directory
        content[place : place + 4] = (50).to_bytes(4, "little")
        path.write_bytes(content)
        [file] = find_files(path, is_text)
        with self.assertRaises(RegisterError), file.open() as stream:
            self.assertLessEqual(len(stream.read()), 50)

    def test_no_zip_file(self):
        for content in (b"", b"PK", b"PK\x03\x04 broken", b"\x00" * 100, b"<html></html>"):
            path = self.folder / "x.zip"
            path.write_bytes(content)
            self.assert_error("bad_zip", path)
        self.assert_error("no_folder", self.folder / "nowhere")


@tagged("post_install", "-at_install")
class TestReadRows(FilesCase):
    def read_rows(self, content, **options):
        edition = Edition("test", date(2026, 1, 1), (), (), lambda _edition: iter(()))
        rows = [row for _line, row in read_rows(self.text(content), edition, **options)]
        return rows, [refused.reason_code for refused in edition.refused]

    def test_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            self.assertEqual(self.read_rows("é;œ\n".encode(encoding), delimiter=";")[0], [["é", "œ"]], encoding)

    def test_nul_bytes_and_endless_lines(self):
        rows, _refused = self.read_rows(b"a,b\x00c\n" + b"x" * 10_000_000 + b"\nd,e\n")
        self.assertEqual((rows[0][0], rows[-1]), ("a", ["d", "e"]))
        self.assertLessEqual(max(len(value) for row in rows for value in row), files.MAX_LINE)

    def test_a_quote_that_is_never_closed(self):
        """It costs the rows it swallows, not the rest of the table."""
        rows, refused = self.read_rows(b'a,"b\n' + b"c,d\n" * 200_000)
        self.assertEqual(refused, ["unreadable"])
        self.assertGreater(rows.count(["c", "d"]), 160_000)

    @given(st.binary(max_size=2000))
    @FILES
    def test_any_bytes(self, content):
        rows, _refused = self.read_rows(content)
        for row in rows:
            for value in map(clean, row):
                self.assertTrue(value.isprintable())

    @given(st.text(max_size=200))
    @PROPERTY
    def test_clean_text(self, text):
        cleaned = clean_text(text)
        self.assertEqual(clean_text(cleaned), cleaned)
        self.assertNotIn("\x00", cleaned)
        self.assertNotIn("\n\n\n", cleaned)


@tagged("post_install", "-at_install")
class TestAllReaders(FilesCase):
    """Each kind of register meets the same rubbish: a sentence, never a traceback, never a row."""

    RUBBISH = (b"", b"\x00" * 5000, b"\xff\xfe", b"<html><body>Session expired</body></html>", b"%PDF-1.7\n\xe2\xe3")

    def test_rubbish(self):
        for kind in READERS:
            for number, content in enumerate(self.RUBBISH):
                for name in ("register.zip", "register.csv", "register.txt", "register.xml"):
                    with self.subTest(kind=kind, rubbish=number, name=name):
                        self.assertEqual(self.rows(kind, name, content), [])

    def test_empty_folder(self):
        for kind in READERS:
            with self.subTest(kind=kind), self.assertRaises(RegisterError):
                read_edition(kind, self.folder)

    def rows(self, kind, name, content):
        path = self.folder / name
        path.write_bytes(content)
        try:
            return list(read_edition(kind, path).rows())
        except RegisterError:
            return []
