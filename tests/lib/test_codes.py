"""The parsers of code systems: ClaML with its modifiers, tables, and files made to do harm."""

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ...lib.registers import RegisterError, read_edition
from .common import FILES
from .test_interactions import FilesCase

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ClaML SYSTEM "ClaML.dtd">\n'
TITLE = (
    '<Meta name="lang" value="{lang}"/><Identifier authority="WHO" uid="icd10_2019"/>'
    '<Title date="2019-01-01" name="{name}" version="2019">Classification of diseases</Title>'
)
#: Diabetes as the WHO has it: a chapter, a block, a category that a modifier divides, one that stands divided.
BODY = """
<Modifier code="S04E10_4"><SubClass code=".0"/><SubClass code=".1"/></Modifier>
<ModifierClass code=".0" modifier="S04E10_4"><SuperClass code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">With coma</Label></Rubric></ModifierClass>
<ModifierClass code=".1" modifier="S04E10_4"><SuperClass code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">With ketoacidosis</Label></Rubric></ModifierClass>
<ModifierClass code="0" modifier="S13_5"><Rubric kind="preferred"><Label>Multiple sites</Label></Rubric></ModifierClass>
<ModifierClass code="1" modifier="S13_5"><Rubric kind="preferred"><Label>Shoulder</Label></Rubric></ModifierClass>
<ModifierClass code="2" modifier="S13_5"><Rubric kind="preferred"><Label>Hand</Label></Rubric></ModifierClass>
<Class code="IV" kind="chapter"><SubClass code="E10-E14"/>
  <Rubric kind="preferred"><Label xml:lang="en">Endocrine diseases</Label></Rubric></Class>
<Class code="E10-E14" kind="block"><SuperClass code="IV"/><SubClass code="E10"/>
  <Rubric kind="preferred"><Label xml:lang="en">Diabetes mellitus</Label></Rubric></Class>
<Class code="E10" kind="category"><SuperClass code="E10-E14"/><ModifiedBy code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Type 1
     diabetes <Term class="italics">mellitus</Term> <Reference class="in brackets" code="E14">E14</Reference></Label>
     </Rubric>
  <Rubric kind="preferredLong"><Label xml:lang="en">Type 1 diabetes mellitus [insulin-dependent]</Label></Rubric>
  <Rubric kind="inclusion"><Label xml:lang="en"><Fragment type="item">brittle</Fragment>
     <Fragment type="item">diabetes</Fragment></Label></Rubric>
  <Rubric kind="inclusion"><Label xml:lang="en">juvenile onset</Label></Rubric>
  <Rubric kind="exclusion"><Label xml:lang="en">neonatal <Reference code="P70.2">P70.2</Reference></Label></Rubric>
  <Rubric kind="coding-hint"><Label xml:lang="en">Use an additional code.</Label></Rubric></Class>
<Class code="E10.1" kind="category"><SuperClass code="E10"/>
  <Rubric kind="preferred"><Label xml:lang="en">Written out</Label></Rubric></Class>
<Class code="E11" kind="category"><SuperClass code="E10-E14"/><ModifiedBy code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Type 2 diabetes mellitus</Label></Rubric></Class>
<Class code="M00" kind="category"><ModifiedBy code="S13_5" all="false"><ValidModifierClass code="0"/>
  <ValidModifierClass code="2"/></ModifiedBy><SubClass code="M00.0"/><SubClass code="M00.9"/>
  <Rubric kind="preferred"><Label xml:lang="en">Arthritis</Label></Rubric></Class>
<Class code="M00.0" kind="category"><SuperClass code="M00"/>
  <Rubric kind="preferred"><Label xml:lang="en">Staphylococcal</Label></Rubric></Class>
<Class code="M00.9" kind="category"><SuperClass code="M00"/><ExcludeModifier code="S13_5"/>
  <Rubric kind="preferred"><Label xml:lang="en">Unspecified</Label></Rubric></Class>
<Class code="M45" kind="category"><ModifiedBy code="S13_5"/>
  <Rubric kind="preferred"><Label xml:lang="en">Spondylitis</Label></Rubric></Class>
"""


def claml(body=BODY, lang="en", name="ICD-10-EN-2019", head=HEAD, root='ClaML version="2.0.0"'):
    return f"{head}<{root}>{TITLE.format(lang=lang, name=name)}{body}</{root.split()[0]}>"


def a_class(code, label="Label", **attributes):
    """Return a class with its label; ``parent`` is its super class."""
    above = f'<SuperClass code="{attributes["parent"]}"/>' if attributes.get("parent") else ""
    lang = attributes.get("lang", "en")
    rubric = f'<Rubric kind="preferred"><Label xml:lang="{lang}">{label}</Label></Rubric>'
    return f'<Class code="{code}" kind="category">{above}{rubric}</Class>'


class CodesCase(FilesCase):
    def codes(self, kind, path):
        edition = read_edition(kind, path)
        return edition, {row.code: row for row in edition.rows()}

    def claml(self, content, name="file__xml"):
        return self.codes("claml", self.folder(**{name: content}))


@tagged("post_install", "-at_install")
class TestClaml(CodesCase):
    def test_what_the_file_says_of_itself(self):
        edition, _codes = self.claml(claml())
        self.assertEqual(
            edition.info,
            {
                "system": "icd10",
                "name": "Classification of diseases",
                "version": "2019",
                "uri": "http://hl7.org/fhir/sid/icd-10",
            },
        )
        self.assertEqual((edition.date, edition.refused), (date(2019, 1, 1), []))

    def test_classes_and_their_rubrics(self):
        _edition, codes = self.claml(claml())
        self.assertEqual(
            (codes["IV"].selectable, codes["E10-E14"].selectable, codes["E10"].selectable), (False, False, True)
        )
        self.assertEqual((codes["IV"].parent, codes["E10-E14"].parent, codes["E10"].parent), ("", "IV", "E10-E14"))
        diabetes = codes["E10"]
        self.assertEqual(diabetes.labels, {"en": "Type 1 diabetes mellitus [insulin-dependent]"})
        self.assertEqual(
            diabetes.synonyms["en"].splitlines(), ["Type 1 diabetes mellitus", "brittle diabetes", "juvenile onset"]
        )
        self.assertEqual(diabetes.notes["en"].splitlines(), ["Excludes: neonatal (P70.2)", "Use an additional code."])

    def test_modifiers(self):
        _edition, codes = self.claml(claml())
        made = {
            code: (row.parent, row.labels["en"]) for code, row in codes.items() if row.parent in ("E11", "M00.0", "M45")
        }
        self.assertEqual(
            made,
            {
                "E11.0": ("E11", "Type 2 diabetes mellitus: With coma"),
                "E11.1": ("E11", "Type 2 diabetes mellitus: With ketoacidosis"),
                # Only the valid ones, below the classes that are divided no further, none where it is excluded.
                "M00.00": ("M00.0", "Staphylococcal: Multiple sites"),
                "M00.02": ("M00.0", "Staphylococcal: Hand"),
                "M45.X0": ("M45", "Spondylitis: Multiple sites"),
                "M45.X1": ("M45", "Spondylitis: Shoulder"),
                "M45.X2": ("M45", "Spondylitis: Hand"),
            },
        )
        self.assertEqual(codes["E10.1"].labels["en"], "Written out")
        self.assertNotIn("E10.0", codes)  # E10 is divided in the file itself
        self.assertNotIn("M00.90", codes)

    def test_languages(self):
        labels = '<Label xml:lang="fr-CA">Choléra</Label><Label xml:lang="en">Cholera</Label>'
        _edition, codes = self.claml(claml(f'<Class code="A00"><Rubric kind="preferred">{labels}</Rubric></Class>'))
        self.assertEqual(codes["A00"].labels, {"fr_CA": "Choléra", "en": "Cholera"})
        bare = '<Class code="A00"><Rubric kind="preferred"><Label>Choléra</Label></Rubric></Class>'
        for name, lang, expected in (("CIM-10 FR 2025", "", "en"), ("x", "fr", "fr")):
            _edition, codes = self.claml(
                claml(bare, lang=lang, name=name) if lang else claml(bare, lang="en", name=name)
            )
            self.assertEqual(list(codes["A00"].labels), [expected])
        content = (
            f'<ClaML><Identifier authority="ATIH" uid="2025"/><Title name="CIM10">Classification</Title>{bare}</ClaML>'
        )
        edition, codes = self.claml(content)
        self.assertEqual((list(codes["A00"].labels), edition.info["system"]), (["fr"], "icd10"))

    def test_which_system(self):
        for name, expected in (
            ("CIM-10 FR 2025", "icd10"),
            ("ICD-10-GM-2023", "icd10gm"),
            ("ICPC-2-FR", "icpc2"),
            ("OPS 2024", "ops"),
        ):
            edition, _codes = self.claml(claml(a_class("A"), name=name))
            self.assertEqual(edition.info["system"], expected)

    def test_namespace_and_version_three(self):
        content = claml(
            a_class("A00", "Cholera"), head="", root='ClaML xmlns="http://www.example.org/claml" version="3.0.0"'
        )
        _edition, codes = self.claml(content)
        self.assertEqual(codes["A00"].labels, {"en": "Cholera"})

    def test_lines_that_cannot_be_taken(self):
        body = (
            a_class("A") + a_class("A") + a_class("") + a_class("B", "") + a_class("C" * 80) + a_class("D", "x" * 2000)
        )
        edition, codes = self.claml(claml(body))
        self.assertEqual(list(codes), ["A"])
        self.assertEqual(
            self.reasons(edition), ["duplicate_code", "code_missing", "label_missing", "too_long", "too_long"]
        )

    def test_bombs_and_external_entities_are_refused(self):
        secret = self.folder(secret__txt="SECRET") / "secret.txt"
        lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
        for subset in (
            f'<!ENTITY l0 "lol">{lol}',
            f'<!ENTITY x SYSTEM "file://{secret}">',
            '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
            '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
            '<!ENTITY x "quiet">',
        ):
            used = "&l9;" if "l9" in subset else "&x;" if "ENTITY x" in subset else ""
            content = f"<!DOCTYPE ClaML [{subset}]>" + claml(a_class("A00", used), head="")
            for encoding in ("utf-8", "utf-16"):
                with self.subTest(subset=subset[:30], encoding=encoding), self.assertRaises(RegisterError) as caught:
                    self.claml(content.encode(encoding))
                self.assertEqual(caught.exception.code, "xml_entities")

    def test_an_external_dtd_is_not_read(self):
        folder = self.folder(evil__dtd='<!ENTITY x "READ">', file__xml="")
        content = f'<!DOCTYPE ClaML SYSTEM "file://{folder}/evil.dtd">' + claml(a_class("A00", "&amp;x"), head="")
        (folder / "file.xml").write_text(content)
        _edition, codes = self.codes("claml", folder)
        self.assertEqual(codes["A00"].labels["en"], "&x")
        (folder / "file.xml").write_text(content.replace("&amp;x", "&x;"))
        edition = read_edition("claml", folder)
        self.assertEqual([row.labels for row in edition.rows()], [])
        self.assertEqual(self.reasons(edition), ["label_missing"])

    def test_what_is_no_claml(self):
        for content, code in (
            ("<html><body>Not found</body></html>", "no_claml"),
            ("code;label\n", "bad_xml"),
            ("", "bad_xml"),
            (claml()[:-200], "bad_xml"),
            (b"\xff\xfe\x00\x00" * 100, "bad_xml"),
            ("<ClaML>" + "<a>" * 5000 + "</a>" * 5000 + "</ClaML>", "bad_xml"),
        ):
            with self.subTest(content=content[:30]), self.assertRaises(RegisterError) as caught:
                self.claml(content)
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(RegisterError) as caught:
            read_edition("claml", self.folder(a__csv="x"))
        self.assertEqual(caught.exception.code, "no_file")

    def test_ten_million_characters_in_a_label(self):
        huge = "x" * 10_000_001
        content = claml(a_class("A00") + a_class("B00", huge)).encode()
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with self.assertRaises(RegisterError):
            self.claml(content)
        edition, codes = self.claml(content.replace(b"x" * 5_000_000, b"", 1))
        self.assertEqual((list(codes), self.reasons(edition)), (["A00"], ["too_long"]))
        self.assertLess(tracemalloc.get_traced_memory()[1], 60_000_000)

    def test_modifiers_that_would_never_end(self):
        """A hundred characters at each of ten places: only the first thousands of codes are made."""
        rubric = '<Rubric kind="preferred"><Label>x</Label></Rubric>'
        modifiers = "".join(
            f'<ModifierClass code="{code}" modifier="M{place}">{rubric}</ModifierClass>'
            for place in range(10)
            for code in range(100)
        )
        uses = "".join(f'<ModifiedBy code="M{place}" position="{place}"/>' for place in range(10))
        _edition, codes = self.claml(claml(f'{modifiers}<Class code="A00">{uses}{rubric}</Class>'))
        self.assertLess(len(codes), 2500)

    def test_classes_above_themselves(self):
        _edition, codes = self.claml(claml(a_class("A", parent="B") + a_class("B", parent="A")))
        self.assertEqual({code: row.parent for code, row in codes.items()}, {"A": "B", "B": "A"})

    def test_from_a_zip_file_beside_its_dtd(self):
        archive = self.folder() / "icd.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr("ClaML.dtd", "<!ELEMENT ClaML ANY>")
            zipped.writestr("icd/notes.xml", "<notes/>")
            zipped.writestr("icd/icd10.xml", claml())
        _edition, codes = self.codes("claml", archive)
        self.assertIn("E11.0", codes)

    @FILES
    @given(data=st.binary(max_size=60), place=st.integers(0, 4000), cut=st.integers(0, 6000))
    def test_damaged_files_never_break_the_parser(self, data, place, cut):
        good = claml().encode()
        try:
            edition, codes = self.claml((good[:place] + data + good[place:])[: cut or None])
        except RegisterError:
            return
        for code, row in codes.items():
            self.assertTrue(code and row.labels, edition)


@tagged("post_install", "-at_install")
class TestCodesCsv(CodesCase):
    def table(
        self, *lines, header="system;code;parent;label_en;label_fr;synonyms;synonyms_fr;selectable", name="t__csv"
    ):
        return self.codes("codes_csv", self.folder(**{name: "".join(f"{line}\n" for line in (header, *lines))}))

    def test_columns(self):
        edition, codes = self.table(
            "ICPC-2;A;;General;Général;;;no", "ICPC-2;A03;A;Fever;Fièvre;pyrexia| high temperature;température|;oui"
        )
        self.assertEqual((edition.refused, edition.info["system"]), ([], "icpc2"))
        fever = codes["A03"]
        self.assertEqual((fever.labels, fever.parent, fever.selectable), ({"en": "Fever", "fr": "Fièvre"}, "A", True))
        self.assertEqual(fever.synonyms, {"und": "pyrexia\nhigh temperature", "fr": "température"})
        self.assertFalse(codes["A"].selectable)

    def test_the_system_is_that_of_the_name_where_no_column_says_it(self):
        edition, codes = self.table("R1;Renewal", header="Code;Label", name="Reasons-2026-03-01__csv")
        self.assertEqual((edition.info["system"], str(edition.date)), ("reasons", "2026-03-01"))
        self.assertEqual(codes["R1"].labels, {"und": "Renewal"})

    def test_lines_that_cannot_be_taken(self):
        edition, codes = self.table(
            "x;;;No code;;;;",
            "x;A;;;;;;",
            "x;A;A;Own;;;;",
            "x;A;;First;;;;",
            "x;A;;Second;;;;",
            f"x;{'B' * 80};;Long;;;;",
            f"x;C;;{'y' * 2000};;;;",
            "x;D;;a;b;c;d;1;too;many",
            "x",
        )
        self.assertEqual([row.labels["en"] for row in codes.values()], ["First"])
        self.assertEqual(
            self.reasons(edition),
            [
                "code_missing",
                "label_missing",
                "own_parent",
                "duplicate_code",
                "too_long",
                "too_long",
                "columns",
                "columns",
            ],
        )

    def test_ten_million_characters_in_a_cell(self):
        edition, codes = self.table("x;A;;First;;;;", f"x;B;;{'y' * 10_000_000};;;;", f'x;C;;"{"y" * 1_000_000}')
        self.assertEqual(list(codes), ["A"])
        self.assertTrue(edition.refused_count)

    def test_what_is_no_table_of_codes(self):
        for content in ("a;b\n1;2\n", "code\nA\n", "label\nA\n", "", b"\x00\xff" * 500):
            with self.subTest(content=content[:10]), self.assertRaises(RegisterError) as caught:
                read_edition("codes_csv", self.folder(t__csv=content))
            self.assertEqual(caught.exception.code, "no_columns")

    @FILES
    @given(data=st.binary(max_size=200), place=st.integers(0, 200), cut=st.integers(0, 400))
    def test_damaged_files_never_break_the_parser(self, data, place, cut):
        good = "code,label_fr,parent,synonyms\nA,Fièvre,,x|y\nB,Toux,A,\n".encode()
        folder = self.folder(t__csv=(good[:place] + data + good[place:])[: cut or None])
        try:
            _edition, codes = self.codes("codes_csv", folder)
        except RegisterError as error:
            self.assertIn(error.code, ("no_columns", "bad_zip"))
            return
        self.assertFalse([row for row in codes.values() if not row.labels])

    def test_several_files_are_one_edition(self):
        folder = self.folder(a__csv="system,code,label\nx,A,One\n", b__csv="system,code,label\ny,A,Two\n")
        edition = read_edition("codes_csv", Path(folder))
        self.assertEqual([(row.system, row.labels["und"]) for row in edition.rows()], [("x", "One"), ("y", "Two")])
