"""The parsers of interaction registers: the real thesaurus, its variants, tables of one's own, and broken files."""

import csv
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from unittest import skipUnless

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.registers import RegisterError, read_edition
from ...lib.registers.base import RowError
from ...lib.registers.dates import date_in_name
from ...lib.registers.interactions import Grade, InteractionRow, MemberRow, atc, family, substance
from .common import FILES, SHARED_DATA

REAL = SHARED_DATA / "ansm-interactions" / "dev"
PAIRS = "thesaurusAout2016.csv"
INDEX = "moleculesfamillesAout2016.csv"
HEADER = "protagoniste1\tprotagoniste2\tdescription_interaction\tdescription_medoc\tmecanisme\tCI\tAD\tPE\tPC"
INDEX_LINES = "molecule\tfamille\nWARFARINE\tANTIVITAMINES K\nACENOCOUMAROL\tANTIVITAMINES K\nMICONAZOLE\t\n"


class FilesCase(BaseCase):
    def folder(self, **files):
        """Write files into a new folder: text, or bytes as they stand; ``__`` in a name is a dot."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("__", ".")).write_bytes(data)
        return folder

    def parse(self, kind, path):
        edition = read_edition(kind, path)
        rows = list(edition.rows())
        pairs = [row for row in rows if isinstance(row, InteractionRow)]
        return edition, pairs, [row for row in rows if isinstance(row, MemberRow)]

    def reasons(self, edition):
        return [refused.reason_code for refused in edition.refused]


def line(*values):
    return "\t".join([*values, *[""] * (9 - len(values))]) + "\n"


@tagged("post_install", "-at_install")
class TestAnsm(FilesCase):
    def read_lines(self, *lines, index=INDEX_LINES):
        files = {"thesaurusAout2016__csv": HEADER + "\n" + "".join(lines)}
        if index:
            files["index__csv"] = index
        return self.parse("ansm", self.folder(**files))

    def test_grades_of_columns_and_descriptions(self):
        edition, pairs, members = self.read_lines(
            line("ALFA", "BETAX", "CONTRE-INDICATION ", "", "Because.", " "),
            line("ALFA", "CETIX", "Association DECONSEILLEE Because of", "", "Because of it."),
            line("ALFA", "DELTOX", "", "", "Why.", "", "", "Watch."),
            line("ALFA", "EPSIL", "Précaution d'emploi Surveiller. ", "", "Pourquoi."),
            line(
                "ALFA",
                "ANTIVITAMINES K",
                "A prendre en compte More.",
                "",
                "More. Thesaurus des interactions medicamenteuses",
            ),
        )
        self.assertEqual(edition.refused, [])
        said = [(row.severity, row.advice.get("fr"), row.mechanism.get("fr")) for row in pairs]
        self.assertEqual(
            said,
            [
                ("contraindicated", None, "Because."),
                ("avoid", None, "Because of it."),
                ("precaution", "Watch.", "Why."),
                ("precaution", "Surveiller.", "Pourquoi."),
                ("take_into_account", None, "More."),
            ],
        )
        self.assertEqual([row.b.kind for row in pairs], ["substance"] * 4 + ["family"])
        self.assertEqual(
            {(row.family.name, row.member.key) for row in members},
            {
                ("Antivitamines K", substance("warfarine").key),
                ("Antivitamines K", substance("acenocoumarol").key),
            },
        )

    def test_several_grades_are_put_together_again(self):
        _edition, [row], _members = self.read_lines(
            line(
                "ANTIVITAMINES K",
                "MICONAZOLE",
                "CI - PE Contre-indication : - avec la warfarine ",
                "",
                " : - avec les autres antivitamines K Surveiller l'INR.",
                "CI - PE Contre-indication : - avec la warfarine ",
                "",
                "CI - PE Contre-indication : - avec la warfarine ",
            )
        )
        self.assertEqual(row.severity, "contraindicated")
        self.assertEqual(
            row.advice["fr"],
            "Contre-indication :\n- avec la warfarine\nPrécaution d'emploi :\n"
            "- avec les autres antivitamines K Surveiller l'INR.",
        )
        warfarin = (substance("warfarine").key,)
        self.assertEqual(row.grades, (Grade("contraindicated", (warfarin,), certain=True), Grade("precaution")))

    def test_a_condition_or_an_unknown_word_limits_nothing_for_sure(self):
        for said, expected in (
            ("- avec la warfarine en cas d'insuffisance renale", Grade("contraindicated", (("varfarin",),))),
            ("- avec la warfarine et certains produits", None),
            ("- en cas d'insuffisance renale", None),
            ("- avec le miconazole", None),  # one of the two sides: that is every pair
        ):
            with self.subTest(said=said):
                _edition, [row], _members = self.read_lines(
                    line(
                        "ANTIVITAMINES K",
                        "MICONAZOLE",
                        f"CI - PE Contre-indication : {said}",
                        "",
                        "Precaution d'emploi : - dans les autres cas",
                        "x",
                        "",
                        "x",
                    )
                )
                self.assertEqual(row.severity, "contraindicated")
                self.assertEqual(row.grades[:1], (expected,) if expected else ())

    def test_whole_text_in_the_columns_of_the_grades(self):
        """The copies of January 2016: semicolons, quotes, a number of page, no description."""
        text = (
            '"protagoniste1";"protagoniste2";"page";"CI";"AD";"PE";"PC";"couple"\n'
            '"ABATACEPT";"ANTI-TNF ALPHA";1;;"Association DECONSEILLEE Majoration.  /226";;;"A;B"\n'
            '"WARFARINE";"MICONAZOLE";1;"CI - PE Contre-indication : - IV";;"CI - PE Contre-indication : - IV";;""\n'
        )
        edition, pairs, _members = self.parse("ansm", self.folder(thesaurus012016__csv=text))
        self.assertEqual((str(edition.date), edition.missing, edition.refused), ("2016-01-01", ("index",), []))
        self.assertEqual(
            [(row.severity, row.advice["fr"]) for row in pairs],
            [
                ("avoid", "Majoration."),
                ("contraindicated", "Contre-indication :\n- IV"),
            ],
        )

    def test_lines_that_cannot_be_taken(self):
        edition, pairs, _members = self.read_lines(
            line("ALFA", "BETAX", "Nothing known."),
            line("ALFA", "", "CONTRE-INDICATION "),
            line("ALFA" * 400, "BETAX", "CONTRE-INDICATION "),
            line("ALFA", "CETIX", "CONTRE-INDICATION "),
            line("CETIX", "alfa", "CONTRE-INDICATION "),
            "ALFA\n",
        )
        self.assertEqual(len(pairs), 1)
        self.assertEqual(
            self.reasons(edition), ["severity_missing", "term_missing", "too_long", "duplicate_pair", "columns"]
        )

    def test_members_out_of_the_description_where_there_is_no_index(self):
        _edition, [row], members = self.read_lines(
            line("FIBRATES", "X", "CONTRE-INDICATION ", "Texte.(bezafibrate, di(a) b, fenofibrate)", "Why."), index=""
        )
        self.assertEqual(row.a.kind, "family")
        self.assertEqual([member.member.name for member in members], ["Bezafibrate", "Di(a) b", "Fenofibrate"])

    def test_encodings_and_separators_give_the_same(self):
        index = "molecule\tfamille\nacénocoumarol\tantivitamines K\n"
        content = HEADER + "\n" + line("ANTIVITAMINES K", "Cétirizine", "Précaution d'emploi Contrôler.", "", "Élevé.")
        expected = None
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            for separator in "\t;,":
                with self.subTest(encoding=encoding, separator=separator):
                    folder = self.folder(
                        pairs__csv=content.replace("\t", separator).encode(encoding),
                        index__csv=index.replace("\t", separator).encode(encoding),
                    )
                    _edition, pairs, members = self.parse("ansm", folder)
                    expected = expected or (pairs, members)
                    self.assertEqual((pairs, members), expected)
                    self.assertEqual(pairs[0].advice["fr"], "Contrôler.")

    def test_what_is_no_thesaurus(self):
        for files in (
            {"a__csv": "x;y\n1;2\n"},
            {"a__csv": ""},
            {"a__csv": b"\x00" * 1000},
            {"index__csv": INDEX_LINES},
        ):
            with self.subTest(files=files), self.assertRaises(RegisterError) as caught:
                read_edition("ansm", self.folder(**files))
            self.assertEqual(caught.exception.code, "no_columns")

    def test_ten_million_characters_in_a_cell(self):
        huge = "x" * 10_000_000
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        for broken in (line("ALFA", "CETIX", huge), line(huge, "CETIX", "CONTRE-INDICATION "), f'"{huge}'):
            tracemalloc.reset_peak()
            edition, pairs, _members = self.read_lines(line("ALFA", "BETAX", "CONTRE-INDICATION "), broken)
            self.assertEqual([(row.a.name, row.b.name) for row in pairs], [("Alfa", "Betax")])
            self.assertTrue(edition.refused_count)
            # The line itself is 10 MB where the test writes it; the parser holds pieces.
            self.assertLess(tracemalloc.get_traced_memory()[1], 60_000_000)

    @FILES
    @given(data=st.binary(max_size=400), cut=st.integers(0, 2000), place=st.integers(0, 2000))
    def test_damaged_files_never_break_the_parser(self, data, cut, place):
        good = (HEADER + "\n" + line("ALFA", "BETAX", "CONTRE-INDICATION ", "", "Why é.") * 3).encode()
        content = (good[:place] + data + good[place:])[: max(cut, 1)]
        folder = self.folder(p__csv=content, i__csv=INDEX_LINES.encode()[:cut])
        try:
            edition, pairs, _members = self.parse("ansm", folder)
        except RegisterError:
            return
        self.assertLessEqual(len(pairs), 3 + content.count(b"\n") + content.count(b"\r"))
        self.assertEqual(edition.refused_count, len(edition.refused))


@tagged("post_install", "-at_install")
@skipUnless(REAL.is_dir(), "the shared folder with the real thesaurus is not here")
class TestRealAnsm(FilesCase):
    """The real thesaurus, whole."""

    def test_every_pair_is_taken(self):
        edition, pairs, members = self.parse("ansm", REAL)
        lines = (REAL / PAIRS).read_text(encoding="utf-8").splitlines()[1:]
        self.assertEqual(len(pairs), len(lines))
        self.assertGreater(len(lines), 1400)
        self.assertEqual((edition.refused, edition.missing, str(edition.date)), ([], (), "2016-08-01"))
        index = (REAL / INDEX).read_text(encoding="utf-8").splitlines()[1:]
        families = {family(group.split("\t")[1]).key for group in index}
        self.assertEqual({row.family.key for row in members} & families, families)
        sides = [side for row in pairs for side in (row.a, row.b)]
        used = {side.key for side in sides if side.kind == "family"}
        self.assertEqual(
            used - {row.family.key for row in members},
            {
                family(name).key
                for name in (
                    "Medicaments administres par voie orale",
                    "Medicaments agissant sur l'hemostase",
                    "Medicaments utilises par voie vaginale",
                )
            },
        )

    def test_the_grade_is_the_one_the_line_names(self):
        """Read the first words of each description by other means than the parser's."""
        named = {
            "CONTRE-INDICATION": "contraindicated",
            "CI -": "contraindicated",
            "Association DECONSEILLEE": "avoid",
            "ASDEC -": "avoid",
            "Precaution d'emploi": "precaution",
            "A prendre en compte": "take_into_account",
        }
        _edition, pairs, _members = self.parse("ansm", REAL)
        with (REAL / PAIRS).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        for row, parsed in zip(rows, pairs, strict=True):
            text = row["description_interaction"]
            expected = {grade for start, grade in named.items() if text.startswith(start)}
            self.assertEqual({parsed.severity}, expected, text[:60])
            self.assertTrue(parsed.mechanism or parsed.advice or not row["mecanisme"].strip(), text)

    def test_either_index_will_do(self):
        plain = (REAL / PAIRS).read_bytes()
        counts = []
        for name in (INDEX, "index_substances092019.csv", "mol_famille_thesaurus092019.csv"):
            folder = self.folder(thesaurusAout2016__csv=plain, index__csv=(REAL / name).read_bytes())
            edition, pairs, members = self.parse("ansm", folder)
            self.assertEqual((len(pairs), edition.refused), (1463, []))
            counts.append(len({row.family.key for row in members}))
        self.assertGreaterEqual(min(counts), 155)

    def test_from_a_zip_file(self):
        archive = self.folder() / "thesaurus.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for name in (PAIRS, INDEX):
                zipped.write(REAL / name, f"ansm/{name}")
        _edition, pairs, members = self.parse("ansm", archive)
        self.assertEqual((len(pairs), len(members) > 1700), (1463, True))


@tagged("post_install", "-at_install")
class TestInteractionsCsv(FilesCase):
    FAMILIES = "Family;Member;Member kind\nStatins;Atorvastatin;\nStatins;c10aa;ATC\n"

    def test_pairs_families_and_classes(self):
        table = (
            "term1,kind1,term2,kind2,severity,mechanism,advice_fr,advice_en,source\n"
            "Warfarin,,statins,,avoid,INR rises,Surveiller,Watch,\n"
            "C09A,atc,Lithium,substance,Contre-indication,,,,Practice\n"
        )
        folder = self.folder(**{"swiss-2026-03-01__csv": table, "families__csv": self.FAMILIES})
        edition, [first, second], members = self.parse("interactions_csv", folder)
        self.assertEqual((str(edition.date), edition.refused), ("2026-03-01", []))
        self.assertEqual((first.b.kind, first.severity, first.source), ("family", "avoid", "swiss"))
        self.assertEqual(
            (dict(first.mechanism), dict(first.advice)), ({"": "INR rises"}, {"fr": "Surveiller", "en": "Watch"})
        )
        self.assertEqual((second.a, second.severity, second.source), (atc("C09A"), "contraindicated", "Practice"))
        self.assertEqual([row.member.key for row in members], [substance("atorvastatin").key, "C10AA"])

    def test_lines_that_cannot_be_taken(self):
        table = (
            "term1;kind1;term2;kind2;severity;advice\n;;b;;avoid;\na;;b;;bad;\na;;b;;;\na;drug;b;;avoid;\n"
            "12;atc;b;;avoid;\na;;b;;avoid;\nb;;A;;precaution;\na;;c\na;;d;;avoid;x;y;z\n"
            f"a;;e;;avoid;{'x' * 30000}\n"
        )
        edition, pairs, _members = self.parse("interactions_csv", self.folder(t__csv=table))
        self.assertEqual([(row.a.name, row.b.name) for row in pairs], [("a", "b")])
        self.assertEqual(
            self.reasons(edition),
            [
                "term_missing",
                "bad_severity",
                "severity_missing",
                "bad_kind",
                "bad_atc",
                "duplicate_pair",
                "columns",
                "columns",
                "too_long",
            ],
        )

    def test_date_of_the_edition(self):
        table = "term1,term2,severity,edition\na,b,avoid,2025-11-30\n"
        self.assertEqual(str(read_edition("interactions_csv", self.folder(t2020__csv=table)).date), "2025-11-30")
        bare = "term1,term2,severity\na,b,avoid\n"
        self.assertIsNone(read_edition("interactions_csv", self.folder(t__csv=bare)).date)

    @FILES
    @given(data=st.binary(max_size=300), cut=st.integers(0, 400), place=st.integers(0, 200))
    def test_damaged_files_never_break_the_parser(self, data, cut, place):
        good = b"term1,term2,severity,advice\na,b,avoid,x\nc,d,precaution,y\n"
        folder = self.folder(t__csv=(good[:place] + data + good[place:])[:cut], f__csv=self.FAMILIES.encode()[:cut])
        try:
            _edition, pairs, _members = self.parse("interactions_csv", folder)
        except RegisterError as error:
            self.assertIn(error.code, ("no_columns", "bad_zip"))
            return
        for row in pairs:
            self.assertTrue(row.a.key and row.b.key)


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    def test_terms_without_a_key_are_none(self):
        for make, text in ((substance, ""), (substance, "---"), (family, " "), (atc, "C9"), (atc, "c09aa0"), (atc, "")):
            with self.subTest(text=text), self.assertRaises(RowError):
                make(text)

    def test_dates_in_names(self):
        for name, expected in (
            ("thesaurusAout2016.csv", "2016-08-01"),
            ("index_substances82016.csv", "2016-08-01"),
            ("Thesaurus 29 03 2012.csv", "2012-03-29"),
            ("index_des_classes_18_mai_2018_.csv", "2018-05-18"),
            ("icd102019en.xml", "2019-01-01"),
            ("CIM-10 FR 2025.xml", "2025-01-01"),
            ("99999999.csv", "None"),
            ("margarine.csv", "None"),
        ):
            self.assertEqual(str(date_in_name(name)), expected, name)
