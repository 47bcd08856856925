"""The parser of growth tables: its formats, WHO's whole tables, and broken files."""

import csv
import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from odoo.tests import BaseCase, tagged

from ...lib.growth import LMS
from ...lib.registers import growth_lms
from ...lib.registers.base import RegisterError
from ...lib.registers.growth_lms import GrowthRow
from .common import FILES, SHARED_DATA

REAL = SHARED_DATA / "who-growth" / "dev" / "who_lms.csv"


class GrowthFileCase(BaseCase):
    def _write(self, name, content):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def _rows(self, name, content):
        edition = growth_lms.read_edition(self._write(name, content))
        return edition, list(edition.rows())


@tagged("post_install", "-at_install")
class TestGrowthFormats(GrowthFileCase):
    def test_the_documented_table(self):
        edition, rows = self._rows(
            "growth.csv",
            "indicator,sex,x_unit,x,l,m,s\n"
            "weight_age,female,day,30,0.2,4.1,0.13\n"
            "bmi_age,M,month,60,-1,15.4,0.08\n"
            "weight_length,F,cm,60.5,-0.35,6,0.09\n",
        )
        self.assertEqual(
            rows,
            [
                GrowthRow("weight_age", "female", 30, LMS(0.2, 4.1, 0.13)),
                GrowthRow("bmi_age", "male", 1826.25, LMS(-1, 15.4, 0.08)),
                GrowthRow("weight_length", "female", 60.5, LMS(-0.35, 6, 0.09)),
            ],
        )
        self.assertEqual(edition.counts, {"taken": 3, "skipped": 0, "refused": 0})

    def test_a_measure_and_what_it_is_plotted_against(self):
        _edition, rows = self._rows(
            "lms.csv",
            "age_group,sex,measurement_type,x_var_type,x,l,m,s\n"
            "0-2,M,weight,stature,60,-0.35,6,0.09\n"
            "2-5,M,weight,stature,70,-0.35,8,0.09\n"
            "0-2,M,stature,age,10,1,52,0.04\n"
            "0-2,F,head_circumference,age,10,1,35,0.04\n",
        )
        indicators = [row.indicator for row in rows]
        self.assertEqual(indicators, ["weight_length", "weight_height", "length_age", "head_age"])

    def test_tables_of_whos_programs(self):
        _edition, [row] = self._rows("weianthro.txt", "sex\tage\tl\tm\ts\n2\t0\t0.3809\t3.2322\t0.14171\n")
        self.assertEqual(row, GrowthRow("weight_age", "female", 0, LMS(0.3809, 3.2322, 0.14171)))
        _edition, [row] = self._rows("wflanthro.txt", "sex\tlength\tl\tm\ts\tlorh\n1\t45\t-0.35\t2.441\t0.09\tL\n")
        self.assertEqual((row.indicator, row.sex, row.x), ("weight_length", "male", 45))
        _edition, [row] = self._rows("bfawho2007.txt", "sex\tage\tl\tm\ts\n1\t61\t-0.7\t15.26\t0.083\n")
        self.assertEqual((row.indicator, row.x), ("bmi_age", 1856.6875))

    def test_tables_of_whos_site(self):
        text = "Day\tL\tM\tS\tSD4neg\tSD0\n0\t0.3487\t3.3464\t0.14602\t1.7\t3.3\n"
        _edition, [row] = self._rows("wfa_boys_z_exp.txt", text)
        self.assertEqual((row.indicator, row.sex, row.x), ("weight_age", "male", 0))
        _edition, [row] = self._rows("lhfa-girls-zscore-expanded-tables.txt", "Day,L,M,S\n1,1,49.3,0.037\n")
        self.assertEqual((row.indicator, row.sex), ("length_age", "female"))

    def test_excel(self):
        book = Workbook()
        book.active.append(["Length", "L", "M", "S", "SD0"])
        book.active.append([45, -0.3521, 2.441, 0.09182, 2.4])
        stream = io.BytesIO()
        book.save(stream)
        _edition, rows = self._rows("wfl-boys-zscore-expanded-table.xlsx", stream.getvalue())
        self.assertEqual(rows, [GrowthRow("weight_length", "male", 45, LMS(-0.3521, 2.441, 0.09182))])

    def test_tables_of_the_cdc(self):
        _edition, [row] = self._rows("wtageinf.csv", "Sex,Agemos,L,M,S,P3\n1,0.5,-0.16,4,0.15,2.8\n")
        self.assertEqual((row.indicator, row.sex, row.x), ("weight_age", "male", 15.2188))

    def test_decimal_commas_and_semicolons(self):
        _edition, [row] = self._rows("poids.csv", "mesure;indicator;sexe;x;l;m;s\n;poids;fille;3;0,3;3,2;0,14\n")
        self.assertEqual(row, GrowthRow("weight_age", "female", 3, LMS(0.3, 3.2, 0.14)))

    def test_a_zip_file_and_a_folder(self):
        path = self._write("all.zip", b"")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("who/weianthro.txt", "sex\tage\tl\tm\ts\n2\t0\t0.38\t3.2\t0.14\n")
            archive.writestr("who/acanthro.txt", "sex\tage\tl\tm\ts\n2\t91\t0.38\t13\t0.07\n")
            archive.writestr("who/readme.pdf", "x")
        edition = growth_lms.read_edition(path)
        self.assertEqual(len(list(edition.rows())), 1)
        self.assertEqual(edition.counts, {"taken": 1, "skipped": 1, "refused": 0})
        folder = path.parent
        path.unlink()
        (folder / "hcanthro.txt").write_text("sex\tage\tl\tm\ts\n1\t0\t1\t34.5\t0.037\n", encoding="utf-8")
        [row] = growth_lms.read_edition(folder).rows()
        self.assertEqual(row.indicator, "head_age")

    def test_walking_twice_gives_the_same(self):
        edition, rows = self._rows("weianthro.txt", "sex\tage\tl\tm\ts\n2\t0\t0.38\t3.2\t0.14\n2\tx\t1\t3\t0.1\n")
        self.assertEqual(list(edition.rows()), rows)
        self.assertEqual((edition.taken, edition.refused_count), (1, 1))


@tagged("post_install", "-at_install")
class TestBrokenGrowthFiles(GrowthFileCase):
    def _refusals(self, line, header="indicator,sex,x,l,m,s"):
        edition, rows = self._rows("growth.csv", f"{header}\n{line}\n")
        self.assertEqual(rows, [])
        return [refused.reason_code for refused in edition.refused]

    def test_lines_that_are_none(self):
        for line, reason in (
            ("weight_age,F,ten,0.2,4,0.1", "growth_number"),
            ("weight_age,F,nan,0.2,4,0.1", "growth_number"),
            ("weight_age,F,1e999,0.2,4,0.1", "growth_number"),
            ("weight_age,F,-4,0.2,4,0.1", "growth_number"),
            ("weight_age,X,4,0.2,4,0.1", "growth_sex"),
            ("weight_age,,4,0.2,4,0.1", "growth_sex"),
            ("happiness,F,4,0.2,4,0.1", "growth_indicator"),
            ("weight_age,F,4,0.2,-4,0.1", "growth_distribution"),
            ("weight_age,F,4,0.2,4,0", "growth_distribution"),
            ("weight_age,F,4,9,4,0.9", "growth_distribution"),
            ("weight_age,F", "growth_number"),
            ("x" * 70_000, "growth_indicator"),
        ):
            with self.subTest(line[:40]):
                self.assertEqual(self._refusals(line), [reason])

    def test_no_table_at_all(self):
        for content in ("", "a,b\n1,2\n", "<html><body>sign in</body></html>", "x" * 10_000_000):
            edition, rows = self._rows("growth.csv", content)
            self.assertEqual(rows, [])
            self.assertEqual([refused.reason_code for refused in edition.refused], ["growth_header"])

    def test_a_huge_cell_stops_nothing(self):
        edition, rows = self._rows(
            "growth.csv",
            "indicator,sex,x,l,m,s\nweight_age,F,1,0.2," + "9" * 10_000_000 + ",0.1\nweight_age,F,2,0.2,4,0.1\n",
        )
        self.assertEqual([row.x for row in rows], [2])
        self.assertEqual(edition.refused_count, 1)

    def test_damaged_archives(self):
        for name, content in (("x.zip", b"PK\x03\x04broken"), ("x.xlsx", b"PK\x03\x04broken")):
            with self.subTest(name), self.assertRaises(RegisterError) as raised:
                list(growth_lms.read_edition(self._write(name, content)).rows())
            self.assertEqual(raised.exception.code, "bad_zip")
        with self.assertRaises(RegisterError) as raised:
            growth_lms.read_edition(self._write("here.csv", "x").parent / "absent")
        self.assertEqual(raised.exception.code, "no_folder")

    def test_a_workbook_that_unfolds(self):
        path = self._write("bomb.xlsx", b"")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (growth_lms._MAX_TOTAL + 1))
        with self.assertRaises(RegisterError) as raised:
            list(growth_lms.read_edition(path).rows())
        self.assertEqual(raised.exception.code, "too_big")

    @given(st.binary(max_size=400), st.integers(0, 60))
    @FILES
    def test_noise(self, noise, cut):
        table = b"indicator,sex,x,l,m,s\nweight_age,F,1,0.2,4,0.1\nweight_age,M,1,0.2,4,0.1\n"
        for content in (noise, table[:cut] + noise + table[cut:], table[:cut]):
            path = self._write("growth.csv", content)
            try:
                rows = list(growth_lms.read_edition(path).rows())
            except RegisterError:
                continue
            self.assertLessEqual({row.indicator for row in rows}, set(growth_lms.INDICATORS))


@tagged("post_install", "-at_install")
class TestRealGrowthTables(BaseCase):
    def test_all_of_who(self):
        if not REAL.is_file():
            self.skipTest(f"WHO's tables are not beside the checkout: {REAL.name}")
        edition = growth_lms.read_edition(REAL)
        rows = list(edition.rows())
        with REAL.open(encoding="utf-8", newline="") as stream:
            self.assertEqual(len(rows), sum(1 for _row in csv.DictReader(stream)))
        self.assertEqual(edition.counts["refused"], 0)
        keys = {(row.indicator, row.sex, row.x) for row in rows}
        self.assertEqual(len(keys), len(rows))
        self.assertEqual({row.indicator for row in rows}, set(growth_lms.INDICATORS))
