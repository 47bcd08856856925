"""The key of a substance: one for all its names, another one for other substances."""

import csv
import re
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.registers import substances
from ...lib.registers.substances import substance_key
from ...lib.text import fold
from .common import PROPERTY, SHARED_DATA

ANSM = SHARED_DATA / "ansm-interactions" / "dev"
DPD = SHARED_DATA / "dpd-canada" / "dev"
BDPM = SHARED_DATA / "bdpm-france" / "dev"

ONE_SUBSTANCE = (
    ("AMOXICILLIN (AMOXICILLIN TRIHYDRATE)", "Amoxicilline (Trihydrate d'amoxicilline)", "AMOXICILLINE TRIHYDRATÉE"),
    ("ACETAMINOPHEN", "Acétaminophène", "PARACÉTAMOL", "paracetamol"),
    ("SALBUTAMOL SULFATE", "albuterol", "Sulfate de salbutamol"),
    ("AMLODIPINE BESYLATE", "BÉSILATE D'AMLODIPINE", "Amlodipine (bésilate d')"),
    ("WARFARIN SODIUM", "Warfarine sodique", "warfarine"),
    ("VALPROIC ACID", "DIVALPROEX SODIUM", "VALPROATE DE SODIUM", "VALPROIQUE (ACIDE)", "acide valproïque"),
    ("POTASSIUM CHLORIDE", "CHLORURE DE POTASSIUM", "potassium"),
    ("SODIUM BICARBONATE", "sodium (bicarbonate de)", "BICARBONATE DE SODIUM"),
    ("IRON (FERROUS FUMARATE)", "FER (SULFATE FERREUX) SESQUIHYDRATÉ", "fer", "IRON SUCROSE"),
    ("LITHIUM CARBONATE", "GLUCONATE DE LITHIUM", "lithium"),
    ("EPINEPHRINE (EPINEPHRINE BITARTRATE)", "TARTRATE D'ADRÉNALINE", "adrénaline (voie bucco-dentaire)"),
    ("CYCLOSPORINE", "Ciclosporine"),
    ("CEPHALEXIN (CEPHALEXIN MONOHYDRATE)", "Céfalexine", "Monohydrate de céphalexine"),
    ("ALENDRONIC ACID (ALENDRONATE SODIUM)", "ALENDRONATE MONOSODIQUE TRIHYDRATÉ", "acide alendronique"),
    ("NITROGLYCERIN", "TRINITRINE", "glyceryl trinitrate"),
    ("PERINDOPRIL ERBUMINE", "PÉRINDOPRIL TERT-BUTYLAMINE", "PÉRINDOPRIL ARGININE"),
    ("VITAMIN B12 (CYANOCOBALAMIN)", "Cyanocobalamine"),
    ("ETHINYL ESTRADIOL", "ÉTHINYLESTRADIOL"),
    ("Phénytoïne (et, par extrapolation, fosphénytoïne)", "PHENYTOIN SODIUM"),
    ("GLYBURIDE", "glibenclamide"),
)
DIFFERENT = (
    ("SODIUM BICARBONATE", "SODIUM CHLORIDE"),
    ("VITAMIN A", "VITAMIN C"),
    ("VITAMIN D3", "VITAMIN D2"),
    ("ACICLOVIR", "VALACICLOVIR"),
    ("ISOSORBIDE DINITRATE", "ISOSORBIDE MONONITRATE"),
    ("PENICILLIN G", "PENICILLIN V"),
    ("FACTOR VIII", "FACTOR VII"),
    ("POLYMYXIN B", "POLYMYXIN E"),
    ("AMOXICILLIN", "AMPICILLIN"),
    ("PREDNISONE", "PREDNISOLONE"),
    ("OMEPRAZOLE", "ESOMEPRAZOLE"),
    ("PHENYTOIN", "FOSPHENYTOIN"),
    ("THEOPHYLLINE", "AMINOPHYLLINE"),
    ("NALTREXONE", "METHYLNALTREXONE"),
    ("LITHIUM CARBONATE", "LITHIUM CARBONICUM POUR PRÉPARATIONS HOMÉOPATHIQUES"),
)


@tagged("post_install", "-at_install")
class TestSubstanceKey(BaseCase):
    def test_one_key_for_all_names(self):
        for names in ONE_SUBSTANCE:
            self.assertEqual(len({substance_key(name) for name in names}), 1, [(n, substance_key(n)) for n in names])

    def test_other_substances_have_other_keys(self):
        for one, other in DIFFERENT:
            self.assertNotEqual(substance_key(one), substance_key(other), (one, other))
        keys = [substance_key(names[0]) for names in ONE_SUBSTANCE]
        self.assertEqual(len(set(keys)), len(keys))

    def test_no_name(self):
        for name in ("", " ", "-", "()", "(-)"):
            self.assertEqual(substance_key(name), "", name)
        self.assertEqual(substance_key("sodium"), "sodium", "a mineral alone stays")

    def test_every_other_name_is_one(self):
        """No line of the table is idle, and none contradicts another."""
        kept = [line.partition(":")[0] for line in substances._SAME_SUBSTANCE.strip().splitlines()]
        self.assertEqual(kept, sorted(set(kept)))
        for line in substances._SAME_SUBSTANCE.strip().splitlines():
            name, _colon, others = line.partition(":")
            for other in others.split(","):
                self.assertEqual(substance_key(other), substance_key(name), line)

    @given(st.text(max_size=80))
    @PROPERTY
    def test_any_text(self, text):
        key = substance_key(text)
        self.assertEqual(key, " ".join(key.split()))
        self.assertEqual(bool(key), bool(fold(text)))
        self.assertEqual(substance_key(text), substance_key(text.upper().lower()) if text.isascii() else key)

    @given(st.lists(st.sampled_from([names[0] for names in ONE_SUBSTANCE]), min_size=1, max_size=3))
    @PROPERTY
    def test_case_and_accents_do_not_matter(self, names):
        name = " ".join(names)
        self.assertEqual(substance_key(name), substance_key(name.title()))
        self.assertEqual(substance_key(name), substance_key(f"  {name.lower()} "))

    def test_a_key_is_its_own_key(self):
        names = [name for group in ONE_SUBSTANCE for name in group] + [name for pair in DIFFERENT for name in pair]
        for name in names:
            self.assertEqual(substance_key(substance_key(name)), substance_key(name), name)

    def test_endless_names(self):
        self.assertLess(len(substance_key("amoxicillin " * 1_000_000)), 600)
        self.assertEqual(substance_key("(" * 100_000 + "a"), "")
        self.assertLess(len(substance_key("(a" * 100_000)), 600)


@tagged("post_install", "-at_install")
class TestRealNames(BaseCase):
    """The names of the real registers: Canadian and French ones find the molecules of the ANSM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not (ANSM.is_dir() and DPD.is_dir() and BDPM.is_dir()):
            cls.skipTest(cls, "the real registers are not beside the checkout")
        lines = (ANSM / "moleculesAout2016.txt").read_text(encoding="utf-8").splitlines()
        cls.molecules = {substance_key(line): line for line in lines if line.strip()}
        cls.count = len({line for line in lines if line.strip()})
        with (DPD / "ingred_ap.txt").open(encoding="utf-8", newline="") as stream:
            cls.canadian = {(row["INGREDIENT"], row["INGREDIENT_F"]) for row in csv.DictReader(stream)}
        with (BDPM / "CIS_COMPO_bdpm.txt").open(encoding="utf-8", newline="") as stream:
            names = {line.split("\t")[3] for line in stream}
        cls.french = {name for name in names if "HOMÉOPATHIQUE" not in name}

    def test_english_and_french_meet(self):
        """Of the Canadian names, given in both languages, nine in ten pairs have one key; the rest are no molecules."""
        apart = {pair for pair in self.canadian if substance_key(pair[0]) != substance_key(pair[1])}
        self.assertLess(len(apart), 0.1 * len(self.canadian))
        molecules = {pair for pair in apart if substance_key(pair[0]) in self.molecules}
        self.assertFalse(
            {pair for pair in molecules if "amphetamine" not in pair[1] and "Rantidine" not in pair[1]}
            - {pair for pair in molecules if re.search(r"TOXIN|OIL|ALCOHOL|CALCITONIN|SALTS", pair[0])}
        )

    def test_registers_find_the_molecules(self):
        canadian = {english for english, _french in self.canadian if substance_key(english) in self.molecules}
        self.assertGreater(len(canadian), 400)
        french = {name for name in self.french if substance_key(name) in self.molecules}
        self.assertGreater(len(french), 680)

    def test_molecules_stay_apart(self):
        """The molecules of the ANSM keep keys of their own, but for insulins, salts of one acid and the like."""
        self.assertGreater(len(self.molecules), self.count - 35)

    def test_names_that_share_a_key_share_a_word(self):
        """No two names of one key look like different molecules, unless the table of other names says so."""
        lines = substances._SAME_SUBSTANCE.splitlines()
        listed = {substances._normal(name) for line in lines for name in re.split("[:,]", line)}
        groups = defaultdict(set)
        for name in [*self.french, *(english for english, _french in self.canadian)]:
            groups[substance_key(name)].add(name)
        for key, names in groups.items():
            if listed.isdisjoint([key, *map(substances._normal, names)]):
                words = [set(substances._as_salt(substances._tokens(name))) for name in names]
                self.assertTrue(all(set(key.split()) & found for found in words), (key, names))
