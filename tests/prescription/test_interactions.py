"""Interactions: the real thesaurus loaded and asked, editions following each other, tables of one's own."""

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...lib.registers.substances import substance_key
from ...lib.safety.facts import DrugFacts, SubstanceFact
from ..common import MedicalCase
from ..lib.test_interactions import REAL

#: What the file says of pairs every prescriber knows: two names as the Canadian register or a French box writes them,
#: the grade, and through which two terms of the file.
KNOWN = [
    ("Simvastatin", "Clarithromycin", "contraindicated", "Simvastatine", "Clarithromycine"),
    ("Simvastatine", "Itraconazole", "contraindicated", "Simvastatine", "Itraconazole"),
    ("Warfarin sodium", "Miconazole nitrate", "contraindicated", "Antivitamines K", "Miconazole"),
    ("Warfarine", "Ibuprofène", "avoid", "Anticoagulants oraux", "Anti-inflammatoires non stéroïdiens"),
    ("Apixaban", "Naproxen sodium", "avoid", "Anticoagulants oraux", "Anti-inflammatoires non stéroïdiens"),
    ("Warfarin", "Acetaminophen", "precaution", "Antivitamines K", "Paracetamol"),
    ("Acenocoumarol", "Fluconazole", "precaution", "Antivitamines K", "Fluconazole"),
    ("Methotrexate", "Trimethoprim", "contraindicated", "Methotrexate", "Trimethoprime"),
    ("Sildenafil citrate", "Nitroglycerin", "contraindicated", None, None),
    ("Tadalafil", "Isosorbide dinitrate", "contraindicated", None, None),
    ("Moclobemide", "Meperidine hydrochloride", "contraindicated", None, "Pethidine"),
    ("Selegiline hydrochloride", "Bupropion hydrochloride", "contraindicated", "IMAO-B", "Bupropion"),
    ("Lithium carbonate", "Ibuprofen", "avoid", "Lithium", "Anti-inflammatoires non stéroïdiens"),
    ("Lithium", "Hydrochlorothiazide", "avoid", "Lithium", "Diurétiques thiazidiques et apparentés"),
    ("Carbonate de lithium", "Périndopril arginine", "avoid", "Lithium", "Inhibiteurs de l'enzyme de conversion"),
    ("Digoxin", "Clarithromycin", "precaution", "Digoxine", "Clarithromycine"),
    ("Digoxine", "Amiodarone (chlorhydrate d')", "precaution", "Digoxine", "Amiodarone"),
    ("Amiodarone hydrochloride", "Sotalol hydrochloride", "contraindicated", "Antiarythmiques", "Antiarythmiques"),
    ("Escitalopram oxalate", "Domperidone maleate", "contraindicated", None, None),
    ("Ergotamine tartrate", "Sumatriptan succinate", "contraindicated", None, "Triptans"),
    ("Allopurinol", "Azathioprine", "contraindicated", "Inhibiteurs de la xanthine oxydase", "Antipurines"),
    ("Spironolactone", "Ramipril", "avoid", None, "Inhibiteurs de l'enzyme de conversion"),
    ("Spironolactone", "Potassium chloride", "contraindicated", None, "Potassium"),
    ("Verapamil hydrochloride", "Propranolol hydrochloride", "avoid", "Verapamil", "Bêta-bloquants (sauf esmolol)"),
    ("Isotretinoin", "Doxycycline hyclate", "contraindicated", "Rétinoïdes", "Cyclines"),
    ("Levothyroxine sodium", "Ferrous sulfate", "precaution", "Hormones thyroïdiennes", "Fer"),
    ("Lévothyroxine sodique", "Calcium carbonate", "precaution", "Hormones thyroïdiennes", "Calcium"),
    ("Ciprofloxacin hydrochloride", "Theophylline", "precaution", None, "Ciprofloxacine"),
    ("Doxycycline", "Ferrous fumarate", "precaution", "Cyclines", "Fer"),
    ("Carbamazepine", "Erythromycin", "avoid", "Carbamazepine", "Erythromycine"),
    ("Ethinyl estradiol", "Carbamazépine", "avoid", "Estroprogestatifs contraceptifs", "Inducteurs enzymatiques"),
    ("Valproic acid", "Lamotrigine", "avoid", None, "Lamotrigine"),
    ("Divalproex sodium", "Meropenem", "avoid", None, "Pénems"),
    ("Repaglinide", "Gemfibrozil", "contraindicated", "Repaglinide", "Gemfibrozil"),
    ("Cyclosporine", "Rosuvastatin calcium", "contraindicated", "Ciclosporine", "Rosuvastatine"),
    ("Ivabradine", "Diltiazem hydrochloride", "contraindicated", "Ivabradine", "Diltiazem"),
    ("Quetiapine fumarate", "Clarithromycin", "contraindicated", "Quetiapine", "Inhibiteurs puissants du CYP3A4"),
    ("Levodopa", "Metoclopramide hydrochloride", "contraindicated", "Levodopa", "Neuroleptiques antiémétiques"),
    ("Glyburide", "Miconazole", "contraindicated", "Sulfamides hypoglycémiants", "Miconazole"),
    ("Gentamicin sulfate", "Tobramycin", "contraindicated", "Aminosides", "Aminosides"),
    ("Tamoxifen citrate", "Paroxetine hydrochloride", "avoid", "Tamoxifene", "Paroxetine"),
    ("Agomelatine", "Fluvoxamine maleate", "contraindicated", "Agomelatine", "Fluvoxamine"),
    ("Fluoxetine hydrochloride", "Lithium carbonate", "precaution", None, "Lithium"),
    ("Oxycodone hydrochloride", "Lorazepam", "take_into_account", "Médicaments sédatifs", "Médicaments sédatifs"),
    ("Morphine sulfate", "Buprenorphine", "contraindicated", None, "Morphiniques agonistes-antagonistes"),
]

#: Pairs of one family rule whose grade the text gives by naming substances.
NAMED_IN_THE_TEXT = [
    ("Colchicine", "Clarithromycin", "contraindicated"),
    ("Colchicine", "Itraconazole", "avoid"),
    ("Gemfibrozil", "Simvastatin", "contraindicated"),
    ("Fenofibrate", "Atorvastatin", "avoid"),
    ("Fenofibrate", "Simvastatin", "avoid"),
    ("Carbamazepine", "Voriconazole", "contraindicated"),
    ("Phenytoin", "Voriconazole", "avoid"),
    ("Amiodarone", "Haloperidol", "avoid"),
    ("Citalopram", "Haloperidol", "contraindicated"),
    ("Everolimus", "Voriconazole", "avoid"),
    ("Sodium oxybate", "Lorazepam", "avoid"),
    ("Nimodipine", "Rifampin", "avoid"),
    ("Felodipine", "Rifampin", "precaution"),
]

#: Pairs of which the file says nothing.
UNRELATED = [
    ("Acetaminophen", "Amoxicillin"),
    ("Amoxicillin", "Salbutamol"),
    ("Amoxicillin", "Levothyroxine"),
    ("Metformin", "Amoxicillin"),
    ("Metformin", "Atorvastatin"),
    ("Metformin", "Levothyroxine"),
    ("Metformin", "Omeprazole"),
    ("Metformin", "Salbutamol"),
    ("Atorvastatin", "Levothyroxine"),
    ("Atorvastatin", "Omeprazole"),
    ("Atorvastatin", "Ramipril"),
    ("Atorvastatin", "Metoprolol"),
    ("Rosuvastatin", "Amlodipine"),
    ("Ramipril", "Levothyroxine"),
    ("Ramipril", "Omeprazole"),
    ("Ramipril", "Acetaminophen"),
    ("Amlodipine", "Metformin"),
    ("Amlodipine", "Omeprazole"),
    ("Amlodipine", "Acetaminophen"),
    ("Bisoprolol", "Atorvastatin"),
    ("Bisoprolol", "Acetaminophen"),
    ("Sertraline", "Metformin"),
    ("Sertraline", "Levothyroxine"),
    ("Sertraline", "Atorvastatin"),
    ("Sertraline", "Amoxicillin"),
    ("Escitalopram", "Acetaminophen"),
    ("Fluoxetine", "Levothyroxine"),
    ("Gabapentin", "Atorvastatin"),
    ("Gabapentin", "Metformin"),
    ("Pantoprazole", "Amlodipine"),
    ("Pantoprazole", "Metformin"),
    ("Omeprazole", "Acetaminophen"),
    ("Tamsulosin", "Metformin"),
    ("Finasteride", "Tamsulosin"),
    ("Finasteride", "Warfarin"),
    ("Montelukast", "Salbutamol"),
    ("Fluticasone propionate", "Amoxicillin"),
    ("Salbutamol", "Acetaminophen"),
    ("Cephalexin", "Acetaminophen"),
    ("Cephalexin", "Metformin"),
    ("Nitrofurantoin", "Levothyroxine"),
    ("Valacyclovir", "Levothyroxine"),
    ("Loratadine", "Acetaminophen"),
    ("Allopurinol", "Amlodipine"),
    ("Allopurinol", "Metformin"),
    ("Folic acid", "Metformin"),
    ("Alendronic acid", "Atorvastatin"),
    ("Mirtazapine", "Metformin"),
    ("Latanoprost", "Amoxicillin"),
    ("Gliclazide", "Atorvastatin"),
    ("Insulin glargine", "Atorvastatin"),
    ("Clopidogrel", "Metformin"),
    ("Candesartan cilexetil", "Rosuvastatin"),
    ("Ursodiol", "Acetaminophen"),
]

#: What somebody with everything takes, and is prescribed.
TREATED = (
    "warfarin amiodarone simvastatin clarithromycin furosemide ramipril spironolactone digoxin citalopram tramadol "
    "metformin ibuprofen lithium carbamazepine omeprazole levothyroxine alprazolam quetiapine methotrexate prednisone "
    "bisoprolol diltiazem allopurinol fluconazole sertraline gabapentin hydrochlorothiazide rosuvastatin clopidogrel "
    "acetaminophen"
)


def drug(ref, *names, atc=()):
    """Return the facts of a drug with these substances."""
    substances = tuple(SubstanceFact(substance_key(name), name) for name in names)
    return DrugFacts(ref, names[0] if names else ref, substances, atc=tuple(atc))


class InteractionCase(MedicalCase):
    """Finds what is said of two drugs. Whatever the database holds of interactions is out of the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["medical.interaction"].with_context(active_test=False).search([]).unlink()
        cls.env["medical.interaction.term"].with_context(active_test=False).search([]).unlink()

    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    @property
    def interactions(self):
        return self.env["medical.interaction"].with_user(self.users["practitioner"])

    def between(self, one, two, **atc):
        """Return what is said of two substances, each asked as the line and as the treatment: both must agree."""
        found = [
            self.interactions._find_between([drug("line:1", a)], [drug("treatment:1", b)])
            for a, b in ((one, two), (two, one))
        ]
        said = [sorted((fact.severity, fact.a_term, fact.b_term, fact.record_id) for fact in facts) for facts in found]
        self.assertEqual(*said, f"{one} and {two} depend on who comes first")
        return found[0]

    def load(self, kind, **files):
        """Load an edition made of these files; ``__`` in a name is a dot."""
        folder = Path(self.folder, f"edition{len(list(self.folder.iterdir()))}")
        folder.mkdir()
        for name, content in files.items():
            (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
        return self.env["medical.register"].load_edition(kind, folder)

    def counts(self, report):
        return tuple(report[name] for name in ("taken", "changed", "withdrawn", "refused"))


@tagged("post_install", "-at_install")
@skipUnless(REAL.is_dir(), "the shared folder with the real thesaurus is not here")
class TestThesaurus(InteractionCase):
    """The real thesaurus of the ANSM, asked with names of two countries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["medical.register"].load_edition("ansm", REAL)

    def test_loaded_whole_and_again(self):
        self.assertEqual(self.report["refused"], 0)
        self.assertEqual(self.report["edition"], "2016-08-01")
        # Two pairs of lines name one substance under two salts.
        self.assertEqual(self.report["taken"], 1461)
        self.assertEqual(self.env["medical.interaction"].search_count([("source", "=", "ANSM")]), 1461)
        again = self.env["medical.register"].load_edition("ansm", REAL)
        self.assertEqual(self.counts(again), (0, 0, 0, 0))

    def test_known_pairs(self):
        self.assertGreaterEqual(len(KNOWN), 25)
        for one, two, severity, one_term, two_term in KNOWN:
            with self.subTest(one=one, two=two):
                facts = self.between(one, two)
                self.assertTrue(facts, "nothing is said")
                gravest = [fact for fact in facts if fact.severity == facts[0].severity]
                self.assertEqual(gravest[0].severity, severity)
                wanted = {term for term in (one_term, two_term) if term}
                self.assertTrue(any(wanted <= {fact.a_term, fact.b_term} for fact in gravest), gravest)
                for fact in gravest:
                    self.assertEqual((fact.source, fact.edition), ("ANSM", "August 2016"))

    def test_grades_limited_by_the_text(self):
        for one, two, severity in NAMED_IN_THE_TEXT:
            with self.subTest(one=one, two=two):
                self.assertEqual(self.between(one, two)[0].severity, severity)

    def test_unrelated_pairs(self):
        self.assertGreaterEqual(len(UNRELATED), 40)
        for one, two in UNRELATED:
            with self.subTest(one=one, two=two):
                self.assertEqual(self.between(one, two), [])

    def test_each_rule_keeps_its_text(self):
        facts = self.between("Simvastatin", "Clarithromycin")
        self.assertEqual([fact.severity for fact in facts], ["contraindicated", "take_into_account"])
        self.assertIn("rhabdomyolyse", facts[0].mechanism)
        self.assertNotEqual(facts[0].mechanism, facts[1].mechanism)

    def test_a_drug_with_itself(self):
        for name in ("Amiodarone", "Gentamicin", "Lorazepam"):
            self.assertEqual(self.between(name, f"{name} hydrochloride"), [])
        both = [drug("line:1", "Ramipril", "Hydrochlorothiazide")]
        self.assertEqual(self.interactions._find_between(both, [drug("treatment:1", "Ramipril")]), [])
        self.assertTrue(self.interactions._find_between(both, [drug("treatment:1", "Lithium")]))

    def test_pairs_among_the_lines_and_none_among_the_treatments(self):
        lines = [drug("line:1", "Simvastatin"), drug("line:2", "Clarithromycin")]
        treatments = [drug("treatment:1", "Warfarin"), drug("treatment:2", "Ibuprofen")]
        pairs = {frozenset((fact.a, fact.b)) for fact in self.interactions._find_between(lines, treatments)}
        self.assertIn(frozenset(("line:1", "line:2")), pairs)
        self.assertNotIn(frozenset(("treatment:1", "treatment:2")), pairs)

    def test_what_is_not_known_says_nothing(self):
        self.assertEqual(self.interactions._find_between([]), [])
        self.assertEqual(self.interactions._find_between([drug("line:1")], [drug("treatment:1", "Warfarin")]), [])

    def test_a_prescription_of_ten_lines_against_twenty_treatments(self):
        names = TREATED.split()
        lines = [drug(f"line:{number}", name) for number, name in enumerate(names[:10])]
        treatments = [drug(f"treatment:{number}", name) for number, name in enumerate(names[10:])]
        interactions = self.interactions
        interactions._find_between(lines, treatments)
        with self.assertQueryCount(2):
            facts = interactions._find_between(lines, treatments)
        self.assertGreater(len(facts), 50)
        durations = []
        for _round in range(5):
            start = time.perf_counter()
            interactions._find_between(lines, treatments)
            durations.append(time.perf_counter() - start)
        self.assertLess(min(durations), 0.05)

    def test_edition(self):
        [edition] = self.interactions._get_edition_info()
        self.assertEqual(
            (edition.source, edition.edition, str(edition.published_on)), ("ANSM", "August 2016", "2016-08-01")
        )

    def test_older_file_does_not_come_back(self):
        shutil.copy(REAL / "thesaurusAout2016.csv", self.folder / "thesaurus012015.csv")
        with self.assertRaisesRegex(UserError, "08/01/2016"):
            self.env["medical.register"].load_edition("ansm", self.folder)

    def test_search_finds_by_family_and_member(self):
        model = self.interactions
        for typed in ("statines", "simvastatine", "antivitamines"):
            self.assertTrue(model.name_search(typed), typed)
        self.assertFalse(model.name_search("zzzz"))
        term = self.env["medical.interaction.term"].search([("name", "=", "Antivitamines K")])
        self.assertIn("Warfarine", term.member_ids.mapped("name"))
        self.assertEqual(term.member_count, len(term.member_ids))
        self.assertTrue(term.interaction_ids)


@tagged("post_install", "-at_install")
class TestEditions(InteractionCase):
    """Editions that follow each other, of one source and of several."""

    HEADER = "term1,kind1,term2,kind2,severity,mechanism,advice,advice_fr,source\n"
    FAMILIES = "family,member,member_kind,source\nStatins,Atorvastatin,,{0}\nStatins,Simvastatin,,{0}\n"

    def edition(self, *lines, families="", name="local"):
        files = {f"{name}__csv": self.HEADER + "".join(f"{line}\n" for line in lines)}
        if families:
            files["families__csv"] = families
        return self.load("interactions_csv", **files)

    def test_nothing_loaded(self):
        self.assertEqual(self.interactions._get_edition_info(), ())
        self.assertEqual(self.between("Warfarin", "Ibuprofen"), [])

    def test_by_class_of_the_atc(self):
        self.edition("C09,atc,N05AN01,atc,avoid,,,,", "M01A,atc,Lithium,,precaution,,,,")
        ramipril, lithium = drug("line:1", "Ramipril", atc=["C09AA05"]), drug("line:2", "Lithium", atc=["N05AN01"])
        ibuprofen, unknown = drug("line:3", "Ibuprofen", atc=["M01AE01"]), drug("line:4", atc=["M01AB05"])
        found = self.interactions._find_between([ramipril, lithium, ibuprofen, unknown])
        self.assertEqual(
            [(fact.severity, {fact.a, fact.b}) for fact in found],
            [
                ("avoid", {"line:1", "line:2"}),
                ("precaution", {"line:2", "line:3"}),
                ("precaution", {"line:2", "line:4"}),
            ],
        )

    def test_the_class_of_a_drug_is_no_other_drug(self):
        """A drug known by name here and by class there does not interact with itself."""
        self.edition("M01A,atc,M01A,atc,avoid,,,,")
        named, coded = drug("line:1", "Ibuprofen", atc=["M01AE01"]), drug("line:2", "Ibuprofen", atc=["M01AE01"])
        self.assertEqual(self.interactions._find_between([named, coded]), [])
        self.assertEqual(self.interactions._find_between([named, drug("line:2", atc=["M01AE01"])]), [])
        self.assertTrue(self.interactions._find_between([named, drug("line:2", "Naproxen", atc=["M01AE02"])]))

    def test_new_edition_changes_and_retires(self):
        families = self.FAMILIES.format("")
        first = self.edition(
            "Warfarin,,Statins,family,avoid,Why,Do,Faire,", "Warfarin,,Aspirin,,avoid,,,,", families=families
        )
        self.assertEqual(self.counts(first), (2, 0, 0, 0))
        again = self.edition(
            "Statins,family,Warfarin,,avoid,Why,Do,Faire,", "Warfarin,,Aspirin,,avoid,,,,", families=families
        )
        self.assertEqual(self.counts(again), (0, 0, 0, 0))
        second = self.edition("Warfarin,,Statins,family,precaution,Why,Do,Faire,", families=families)
        self.assertEqual(self.counts(second), (0, 1, 1, 0))
        self.assertEqual(self.between("Warfarin", "Aspirin"), [])
        self.assertEqual([fact.severity for fact in self.between("Warfarin", "Simvastatin")], ["precaution"])
        third = self.edition(
            "Warfarin,,Statins,family,precaution,Why,Do,Faire,", families=families.replace("Simva", "Prava")
        )
        self.assertEqual(self.counts(third), (0, 1, 0, 0))
        self.assertEqual(self.between("Warfarin", "Simvastatin"), [])
        back = self.edition(
            "Warfarin,,Statins,family,precaution,Why,Do,Faire,", "Warfarin,,Aspirin,,avoid,,,,", families=families
        )
        self.assertEqual(self.counts(back), (0, 2, 0, 0))
        self.assertTrue(self.between("Warfarin", "Aspirin"))

    def test_sources_do_not_touch_each_other(self):
        self.edition("Warfarin,,Aspirin,,avoid,,,,One")
        self.edition("Warfarin,,Aspirin,,contraindicated,,,,Two", name="other2026")
        found = self.between("Warfarin", "Aspirin")
        self.assertEqual(
            [(fact.severity, fact.source) for fact in found], [("contraindicated", "Two"), ("avoid", "One")]
        )
        self.edition("Warfarin,,Ibuprofen,,avoid,,,,One")
        self.assertEqual([fact.source for fact in self.between("Warfarin", "Aspirin")], ["Two"])
        self.assertEqual([edition.source for edition in self.interactions._get_edition_info()], ["One", "Two"])

    def test_texts_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.edition("Warfarin,,Aspirin,,avoid,Why,Do,Faire,")
        facts = [drug("line:1", "Warfarin"), drug("line:2", "Aspirin")]
        [english] = self.interactions._find_between(facts)
        [french] = self.interactions.with_context(lang="fr_CA")._find_between(facts)
        self.assertEqual((english.advice, french.advice, french.mechanism), ("Do", "Faire", "Why"))

    def test_wrong_files(self):
        for files, message in (
            ({"a__csv": "x,y\n1,2\n"}, "term1, term2, severity"),
            ({"a__csv": "term1,term2,severity\n"}, "holds no interaction"),
            ({"a__csv": "term1,term2,severity\n" + "<html>\n" * 50}, "most of its lines"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.load("interactions_csv", **files)

    def test_reasons_are_told(self):
        report = self.edition("Warfarin,,Aspirin,,avoid,,,,", "Aspirin,,Warfarin,,avoid,,,,", "a,,b,,worse,,,,")
        self.assertEqual(
            [detail["reason"] for detail in report["details"]],
            [
                "Aspirin and Warfarin appear together twice; the first line was taken.",
                "“worse” is no grade: contraindicated, avoid, precaution or take_into_account.",
            ],
        )

    def test_who_may_read_and_load(self):
        self.edition("Warfarin,,Aspirin,,avoid,,,,")
        for role in ("assistant", "practitioner", "manager"):
            self.assertTrue(self.env["medical.interaction"].with_user(self.users[role]).search([]))
        for role in ("reception", "billing", "employee"):
            with self.assertRaises(AccessError):
                self.env["medical.interaction"].with_user(self.users[role]).search([])
        for role in ("practitioner", "assistant"):
            with self.assertRaises(AccessError):
                self.env["medical.register"].with_user(self.users[role]).load_edition("ansm", self.folder)
