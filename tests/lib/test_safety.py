"""The safety engine: facts in, findings out."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.safety import engine
from ...lib.safety.facts import (
    KINDS,
    SEVERITIES,
    AllergyFact,
    Case,
    ConditionFact,
    CrossGroup,
    DrugFacts,
    EditionFact,
    InteractionFact,
    PatientFacts,
    RuleFacts,
    Settings,
    SubstanceFact,
)
from ...lib.safety.names import mentions
from ...lib.safety.strengths import parse_strength
from .common import PROPERTY

TODAY = date(2026, 3, 2)
SETTINGS = Settings(TODAY, country="CA")
EDITION = EditionFact("ANSM", "2025-09", TODAY - timedelta(days=90))
#: A man of 60 of whom everything was asked: nothing is found about himself.
MAN = PatientFacts(60 * 366, 60, "male", Decimal(80), allergies_status="none", treatments_status="none")
WOMAN = replace(MAN, sex="female", age_years=30, age_days=30 * 366, pregnant="no", pregnant_asked_on=TODAY)
PENICILLINS = CrossGroup("g1", "Penicillins", atc_prefixes=("J01C",), names=("penicillin",), severity="contraindicated")
BETA_LACTAMS = CrossGroup("g2", "Penicillins and cephalosporins", atc_prefixes=("J01C", "J01DB"), severity="precaution")


def drug(ref, name, key=None, atc="", amount=None, **values):
    """Return a drug of one substance, or of none without a key."""
    substances = (SubstanceFact(key, key.title(), amount=amount, unit="mg"),) if key else ()
    return DrugFacts(ref, name, substances, (atc,) if atc else (), from_register=bool(key), **values)


AMOXICILLIN = drug("line:1", "Novamoxin", "amoxicillin", "J01CA04")
CEFALEXIN = drug("line:1", "Keflex", "cefalexin", "J01DB01")
IBUPROFEN = drug("line:1", "Advil", "ibuprofen", "M01AE01")
NAPROXEN = drug("line:2", "Naprosyn", "naproxen", "M01AE02")
WARFARIN = drug("line:2", "Coumadin", "warfarin", "B01AA03")


def case(*lines, patient=MAN, editions=(EDITION,), settings=SETTINGS, **values):
    return Case(settings, patient, lines, editions=editions, **values)


def allergic(name, patient=MAN, **values):
    return replace(patient, allergies_status="some", allergies=(AllergyFact("a", name, **values),))


def found(a_case, kind=None):
    """Return ``[(severity, code)]`` of the findings, of one kind where it is given."""
    return [(item.severity, item.code) for item in engine.check(a_case) if kind in (None, item.kind)]


@tagged("post_install", "-at_install")
class TestSafetyAllergies(BaseCase):
    def test_nothing_to_say(self):
        self.assertEqual(found(case(AMOXICILLIN)), [])
        self.assertEqual(found(case()), [])

    def test_the_substance_itself_by_key_and_by_name(self):
        for allergy in (
            {"name": "Amoxicilline", "key": "amoxicillin"},
            {"name": "Amoxicilline (éruption)"},
            {"name": "allergic to NOVAMOXIN"},
        ):
            with self.subTest(allergy=allergy):
                findings = engine.check(case(AMOXICILLIN, patient=allergic(**allergy)))
                self.assertEqual((findings[0].kind, findings[0].severity), ("allergy", "contraindicated"))
                self.assertEqual(findings[0].refs, ("line:1",))
                self.assertTrue(engine.interrupts(findings[0]))

    def test_another_substance_is_not_meant(self):
        self.assertEqual(found(case(IBUPROFEN, patient=allergic("Amoxicilline", key="amoxicillin")), "allergy"), [])
        self.assertEqual(found(case(IBUPROFEN, patient=allergic("Peanuts", category="food"))), [])

    def test_what_is_no_longer_true_is_no_allergy(self):
        for status in ("resolved", "refuted"):
            patient = allergic("Amoxicillin", key="amoxicillin", status=status)
            self.assertEqual(found(case(AMOXICILLIN, patient=patient)), [])

    def test_grades_of_allergies_and_intolerances(self):
        table = [
            ({"criticality": "high"}, "contraindicated"),
            ({"criticality": "low"}, "avoid"),
            ({"type": "intolerance", "criticality": "high"}, "avoid"),
            ({"type": "intolerance"}, "precaution"),
            ({"type": "intolerance", "criticality": "low"}, "take_into_account"),
        ]
        for values, severity in table:
            patient = allergic("Amoxicillin", key="amoxicillin", **values)
            self.assertEqual(found(case(AMOXICILLIN, patient=patient), "allergy"), [(severity, "allergy_substance")])

    def test_relatives_by_atc_class_and_by_group(self):
        patient = allergic("Ampicillin", key="ampicillin", atc=("J01CA01",))
        self.assertEqual(found(case(AMOXICILLIN, patient=patient)), [("avoid", "allergy_class")])
        groups = (PENICILLINS, BETA_LACTAMS)
        self.assertEqual(
            found(case(AMOXICILLIN, patient=patient, cross_groups=groups)), [("contraindicated", "allergy_cross")]
        )
        self.assertEqual(
            found(case(CEFALEXIN, patient=patient, cross_groups=groups)), [("precaution", "allergy_cross")]
        )

    def test_an_allergy_in_words_may_name_a_whole_group(self):
        patient = allergic("Pénicillines")
        findings = found(case(AMOXICILLIN, patient=patient, cross_groups=(PENICILLINS,)))
        self.assertEqual(findings, [("contraindicated", "allergy_group")])
        # Nobody can say what the relatives of an unknown word are.
        patient = allergic("Zorglub")
        self.assertEqual(found(case(AMOXICILLIN, patient=patient)), [("information", "allergy_in_words")])

    def test_mixed_atc_classes_are_no_kinship(self):
        clopidogrel = drug("line:1", "Plavix", "clopidogrel", "B01AC04")
        patient = allergic("Aspirin", key="acetylsalicylic acid", atc=("B01AC06",))
        self.assertEqual(found(case(clopidogrel, patient=patient)), [])

    def test_a_line_in_words_is_compared_by_name_and_said_to_be_unchecked(self):
        line = drug("line:1", "Amoxicilline 500 mg comprimé")
        findings = found(case(line, patient=allergic("Amoxicillin", key="amoxicillin")))
        self.assertEqual(findings, [("contraindicated", "allergy_substance"), ("take_into_account", "free_text")])


@tagged("post_install", "-at_install")
class TestSafetyPairs(BaseCase):
    def _fact(self, a, b, severity="avoid", **values):
        return InteractionFact(a, b, severity, advice="Watch the INR.", source="ANSM", **values)

    def test_an_interaction_in_both_directions(self):
        one = found(case(IBUPROFEN, WARFARIN, interactions=(self._fact("line:1", "line:2"),)))
        self.assertEqual(one, [("avoid", "interaction")])
        prints = {
            engine.check(case(*lines, interactions=(self._fact(*refs),)))[0].fingerprint
            for lines in permutations((IBUPROFEN, WARFARIN))
            for refs in permutations(("line:1", "line:2"))
        }
        self.assertEqual(len(prints), 1)

    def test_with_a_treatment_under_way_but_not_between_two_of_them(self):
        warfarin = replace(WARFARIN, ref="treatment:9")
        facts = (self._fact("treatment:9", "line:1", "contraindicated"),)
        findings = engine.check(case(IBUPROFEN, treatments=(warfarin,), interactions=facts))
        self.assertEqual([item.code for item in findings], ["interaction"])
        self.assertEqual(findings[0].refs, ("line:1", "treatment:9"))
        self.assertTrue(findings[0].params["other_is_treatment"])
        treatments = (warfarin, replace(IBUPROFEN, ref="treatment:8"))
        facts = (self._fact("treatment:9", "treatment:8", "contraindicated"),)
        self.assertEqual(found(case(AMOXICILLIN, treatments=treatments, interactions=facts)), [])

    def test_the_gravest_of_several_sources_stands(self):
        facts = (self._fact("line:1", "line:2", "precaution"), self._fact("line:2", "line:1", "contraindicated"))
        self.assertEqual(found(case(IBUPROFEN, WARFARIN, interactions=facts)), [("contraindicated", "interaction")])

    def test_a_new_edition_that_says_the_same_is_the_same_finding(self):
        cases = [
            case(IBUPROFEN, WARFARIN, interactions=(self._fact("line:1", "line:2", edition=edition),))
            for edition in ("2024-09", "2025-09")
        ]
        old, new = (engine.check(item)[0] for item in cases)
        self.assertEqual(old.fingerprint, new.fingerprint)
        self.assertNotEqual(old.source, new.source)
        graver = case(IBUPROFEN, WARFARIN, interactions=(self._fact("line:1", "line:2", "contraindicated"),))
        self.assertNotEqual(engine.check(graver)[0].fingerprint, old.fingerprint)

    def test_duplicates_by_substance_and_by_class(self):
        again = replace(IBUPROFEN, ref="line:2", name="Motrin", record_id=2)
        self.assertEqual(found(case(IBUPROFEN, again)), [("precaution", "duplicate_substance")])
        self.assertEqual(found(case(IBUPROFEN, NAPROXEN)), [("take_into_account", "duplicate_class")])
        treatment = replace(again, ref="treatment:1")
        self.assertEqual(
            found(case(replace(IBUPROFEN, record_id=1), treatments=(treatment,))),
            [("precaution", "duplicate_substance")],
        )

    def test_going_on_with_a_treatment_is_no_duplicate(self):
        line = replace(IBUPROFEN, record_id=7)
        treatment = replace(line, ref="treatment:1")
        self.assertEqual(found(case(line, treatments=(treatment,))), [("information", "duplicate_renewal")])


@tagged("post_install", "-at_install")
class TestSafetyPerson(BaseCase):
    def _rule(self, kind, **values):
        return RuleFacts("r", kind, values.pop("severity", "avoid"), keys=("ibuprofen",), source="CPS", **values)

    def test_conditions_by_code_and_by_name(self):
        rule = self._rule("condition", condition_codes=("K25",), condition_names=("Peptic ulcer",))
        for condition, expected in (
            (ConditionFact("Ulcère gastrique", "K25.0", "icd10"), [("avoid", "rule_condition")]),
            (ConditionFact("old peptic ulcers"), [("avoid", "rule_condition")]),
            (ConditionFact("Peptic"), []),
            (ConditionFact("Asthma", "J45"), []),
        ):
            with self.subTest(condition=condition):
                patient = replace(MAN, conditions=(condition,))
                self.assertEqual(found(case(IBUPROFEN, patient=patient, rules=(rule,))), expected)
        self.assertEqual(found(case(AMOXICILLIN, patient=patient, rules=(rule,))), [])

    def test_pregnancy_yes_no_unknown_and_forgotten(self):
        rule = self._rule("pregnancy", severity="contraindicated")
        pregnant = replace(WOMAN, pregnant="yes")
        unknown = replace(WOMAN, pregnant="unknown", pregnant_asked_on=None)
        old = replace(WOMAN, pregnant_asked_on=TODAY - timedelta(days=200))
        matters = ("precaution", "pregnancy_matters")
        for patient, expected in (
            (WOMAN, []),
            (pregnant, [("contraindicated", "rule_pregnancy")]),
            (unknown, [matters, ("information", "pregnancy_never_asked")]),
            (old, [matters, ("information", "pregnancy_answer_old")]),
            (replace(unknown, age_years=70), []),
            (replace(unknown, age_years=8), []),
            (replace(MAN, age_years=30), []),
        ):
            with self.subTest(patient=patient):
                self.assertEqual(found(case(IBUPROFEN, patient=patient, rules=(rule,))), expected)

    def test_the_age_of_the_question_is_the_practices(self):
        unknown = replace(WOMAN, pregnant="unknown", age_years=57)
        self.assertEqual(found(case(IBUPROFEN, patient=unknown)), [])
        later = replace(SETTINGS, pregnancy_age_to=60)
        self.assertEqual(
            found(case(IBUPROFEN, patient=unknown, settings=later)), [("information", "pregnancy_never_asked")]
        )

    def test_breastfeeding_and_sex(self):
        rules = (self._rule("breastfeeding"), self._rule("sex", sex="male"))
        self.assertEqual(found(case(IBUPROFEN, patient=WOMAN, rules=rules)), [])
        patient = replace(WOMAN, breastfeeding="yes")
        self.assertEqual(found(case(IBUPROFEN, patient=patient, rules=rules)), [("avoid", "rule_breastfeeding")])
        self.assertEqual(found(case(IBUPROFEN, rules=rules)), [("avoid", "rule_sex")])

    def test_limits_of_age(self):
        rule = self._rule("age", age_below=Decimal(16), age_from=Decimal(75))
        for years, expected in ((15, 1), (16, 0), (74, 0), (75, 1)):
            patient = replace(MAN, age_years=years, age_days=years * 366)
            self.assertEqual(len(found(case(IBUPROFEN, patient=patient, rules=(rule,)))), expected, years)
        months = self._rule("age", age_below=Decimal("0.25"))
        for days, expected in ((91, 1), (92, 0)):
            patient = replace(MAN, age_years=0, age_days=days)
            self.assertEqual(len(found(case(IBUPROFEN, patient=patient, rules=(months,)))), expected, days)
        nobody = replace(MAN, age_years=None, age_days=None)
        self.assertEqual(found(case(IBUPROFEN, patient=nobody, rules=(rule,))), [("precaution", "age_unknown")])


@tagged("post_install", "-at_install")
class TestSafetyDoses(BaseCase):
    RULE = RuleFacts("r", "dose", "avoid", keys=("paracetamol",), max_daily=Decimal(4000), age_from=Decimal(18))

    def _paracetamol(self, ref="line:1", **values):
        values = {"dose": Decimal(2), "dose_unit": "tablet", "per_day": Decimal(4), "days": Decimal(5), **values}
        return drug(ref, f"Tylenol {ref}", "paracetamol", "N02BE01", Decimal(500), **values)

    def _codes(self, *lines, **values):
        values = {"rules": (self.RULE,), **values}
        return [code for __, code in found(case(*lines, **values)) if not code.startswith("duplicate")]

    def test_at_the_limit_and_above(self):
        self.assertEqual(self._codes(self._paracetamol()), [])
        self.assertEqual(self._codes(self._paracetamol(per_day=Decimal(5))), ["dose_daily"])
        self.assertEqual(self._codes(self._paracetamol(max_per_day=Decimal(9))), ["dose_daily"])

    def test_lines_and_treatments_add_up(self):
        treatment = self._paracetamol("treatment:1", dose=Decimal(1), per_day=Decimal(1), record_id=3)
        findings = engine.check(case(self._paracetamol(record_id=4), rules=(self.RULE,), treatments=(treatment,)))
        dose = next(item for item in findings if item.kind == "dose")
        self.assertEqual((dose.params["total"], dose.params["limit"]), (Decimal(4500), Decimal(4000)))
        self.assertEqual(dose.refs, ("line:1", "treatment:1"))
        # The line that goes on with a treatment takes its place.
        same = replace(treatment, record_id=4)
        self.assertEqual(self._codes(self._paracetamol(record_id=4), treatments=(same,)), [])

    def test_a_weekly_dose_counts_whole_on_its_day(self):
        rule = replace(self.RULE, max_daily=Decimal(900))
        weekly = self._paracetamol(per_day=Decimal(1) / 7)
        self.assertEqual(self._codes(weekly, rules=(rule,)), ["dose_daily"])

    def test_course_and_weight(self):
        total = replace(self.RULE, max_daily=None, max_total=Decimal(15000))
        self.assertEqual(self._codes(self._paracetamol(), rules=(total,)), ["dose_total"])
        self.assertEqual(self._codes(self._paracetamol(days=Decimal(3)), rules=(total,)), [])
        by_weight = replace(self.RULE, max_daily=Decimal(40), per_kg=True)
        self.assertEqual(self._codes(self._paracetamol(), rules=(by_weight,)), ["dose_daily"])
        light = replace(MAN, weight_kg=None)
        self.assertEqual(self._codes(self._paracetamol(), rules=(by_weight,), patient=light), ["weight_unknown"])

    def test_what_cannot_be_computed_is_said(self):
        for values in ({"dose": None}, {"per_day": None}, {"dose_unit": "drop"}, {"dose_unit": "application"}):
            with self.subTest(values=values):
                self.assertEqual(self._codes(self._paracetamol(**values)), ["dose_not_computable"])
        self.assertEqual(
            self._codes(self._paracetamol(dose=Decimal(1), dose_unit="g", per_day=Decimal(5))), ["dose_daily"]
        )

    def test_the_limit_of_an_adult_is_none_of_a_child(self):
        child = replace(MAN, age_years=5, age_days=5 * 366)
        self.assertEqual(self._codes(self._paracetamol(per_day=Decimal(9)), patient=child), [])

    def test_strengths_as_registers_write_them(self):
        table = {
            "500 mg": ("500", "mg", ""),
            "250 MG / 5 ML": ("50", "mg", "ml"),
            "80mg/0.8ml": ("100", "mg", "ml"),
            "0,5 g": ("500", "mg", ""),
            "1 000 mg": ("1000", "mg", ""),
            "100 UNIT/ML": ("100", "unit", "ml"),
            "2.4 g/100 mL": ("24", "mg", "ml"),
        }
        for text, (amount, unit, per) in table.items():
            with self.subTest(text=text):
                self.assertEqual(tuple(parse_strength(text)), (Decimal(amount), unit, per))
        for text in ("", None, "1 %", "25 mcg/h", "q.s.", "500", "mg", "1e9 mg", "10-20 mg", "٣ mg x", "9" * 500):
            self.assertIsNone(parse_strength(text), text)


@tagged("post_install", "-at_install")
class TestSafetyNarcotics(BaseCase):
    MORPHINE = drug("line:1", "Statex", "morphine", "N02AA01", narcotic_class="narcotic", quantity=Decimal(20))

    def _codes(self, country, **values):
        line = replace(self.MORPHINE, **values)
        return [code for __, code in found(case(line, settings=replace(SETTINGS, country=country)), None)]

    def test_canada(self):
        self.assertEqual(self._codes("CA"), [])
        self.assertEqual(self._codes("CA", quantity=None), ["narcotic_no_quantity"])
        self.assertEqual(self._codes("CA", texts=("Renouveler 2 fois",)), ["narcotic_refill"])

    def test_france(self):
        self.assertEqual(self._codes("FR", days=Decimal(28)), [])
        self.assertEqual(self._codes("FR", days=Decimal(29)), ["narcotic_days"])
        self.assertEqual(self._codes("FR"), ["narcotic_no_duration"])
        self.assertEqual(self._codes("FR", days=Decimal(7), texts=("1 comprimé",)), ["narcotic_letters"])
        self.assertEqual(self._codes("FR", days=Decimal(60), narcotic_class="controlled"), [])

    def test_a_country_without_profile_is_said_to_be_unchecked(self):
        self.assertEqual(self._codes("ZZ"), ["narcotic_no_profile"])


@tagged("post_install", "-at_install")
class TestSafetyUnchecked(BaseCase):
    def test_each_reason_is_named(self):
        table = [
            (case(drug("line:1", "Herbal tea")), "free_text"),
            (case(DrugFacts("line:1", "Empty")), "drug_without_substances"),
            (case(AMOXICILLIN, treatments=(drug("treatment:1", "Something"),)), "free_text"),
            (case(AMOXICILLIN, editions=()), "no_edition"),
            (case(AMOXICILLIN, editions=(EditionFact("ANSM", "x", TODAY - timedelta(days=366)),)), "edition_old"),
            (case(AMOXICILLIN, editions=(EditionFact("Local list"),)), "edition_undated"),
            (case(AMOXICILLIN, patient=replace(MAN, allergies_status="unknown")), "allergies_never_asked"),
            (case(AMOXICILLIN, patient=replace(MAN, treatments_status="unknown")), "treatments_never_asked"),
        ]
        for a_case, code in table:
            with self.subTest(code=code):
                findings = engine.check(a_case)
                self.assertEqual([(item.kind, item.code) for item in findings], [("not_checked", code)])
                self.assertFalse(engine.interrupts(findings[0]))

    def test_an_edition_of_a_year_is_not_old(self):
        edition = EditionFact("ANSM", "x", TODAY - timedelta(days=365))
        self.assertEqual(found(case(AMOXICILLIN, editions=(edition,))), [])

    def test_a_broken_check_interrupts_and_hides_nothing(self):
        def broken(_case):
            raise ZeroDivisionError("Marie Tremblay")

        findings = engine.check(case(drug("line:1", "Herbal tea")), (broken, *engine.CHECKS))
        self.assertEqual([item.code for item in findings], ["check_failed", "free_text"])
        self.assertTrue(engine.interrupts(findings[0]))
        self.assertNotIn("Tremblay", str(findings[0]))


WORDS = st.sampled_from(
    ["", "amoxicillin", "Pénicilline", "J01CA04", "J01", "mg", "tablet", "x" * 3000, "%_'\"\\\x00", "é"]
)
TEXTS = WORDS | st.text(max_size=12)
KEYS = st.sampled_from(["", "amoxicillin", "ibuprofen", "paracetamol"])
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-10, max_value=10**9)
CODES = st.lists(TEXTS, max_size=2).map(tuple)
SUBSTANCES = st.builds(SubstanceFact, KEYS, TEXTS, TEXTS, CODES, NUMBERS, st.sampled_from(["mg", "unit", ""]), TEXTS)
ORIGINS = st.sampled_from(["line:1", "line:2", "line:3", "treatment:1", "treatment:2", "new"])


@st.composite
def drugs(draw):
    return DrugFacts(
        draw(ORIGINS),
        draw(TEXTS),
        draw(st.lists(SUBSTANCES, max_size=3).map(tuple)),
        draw(CODES),
        narcotic_class=draw(st.sampled_from(["", "narcotic"])),
        dose=draw(NUMBERS),
        dose_unit=draw(st.sampled_from(["", "tablet", "mg", "ml", "unit"])),
        per_day=draw(NUMBERS),
        max_per_day=draw(NUMBERS),
        days=draw(NUMBERS),
        quantity=draw(NUMBERS),
        texts=draw(CODES),
        record_id=draw(st.none() | st.integers(1, 3)),
    )


@st.composite
def cases(draw):
    def many(strategy):
        return draw(st.lists(strategy, max_size=3).map(tuple))

    grade, kind = st.sampled_from(SEVERITIES), st.sampled_from(KINDS)
    patient = PatientFacts(
        draw(st.none() | st.integers(-5, 60_000)),
        draw(st.none() | st.integers(-5, 150)),
        draw(st.sampled_from(["", "female", "male", "other"])),
        draw(NUMBERS),
        draw(st.sampled_from(["yes", "no", "unknown"])),
        draw(st.none() | st.dates()),
        conditions=many(st.builds(ConditionFact, TEXTS, TEXTS)),
        allergies=many(st.builds(AllergyFact, TEXTS, TEXTS, KEYS, CODES)),
    )
    rules = st.builds(
        RuleFacts, TEXTS, kind, grade, st.lists(KEYS, max_size=2).map(tuple), CODES, CODES, CODES,
        age_from=NUMBERS, age_below=NUMBERS, max_daily=NUMBERS, max_total=NUMBERS, per_kg=st.booleans(), message=TEXTS,
    )  # fmt: skip
    return Case(
        Settings(draw(st.dates()), draw(st.sampled_from(["CA", "FR", "", "zz"]))),
        patient,
        many(drugs()),
        many(drugs()),
        many(st.builds(InteractionFact, ORIGINS, ORIGINS, grade, advice=TEXTS)),
        many(st.builds(EditionFact, TEXTS, TEXTS, st.none() | st.dates())),
        many(rules),
        many(st.builds(CrossGroup, TEXTS, TEXTS, st.lists(KEYS, max_size=2).map(tuple), CODES, CODES, grade)),
    )


@tagged("post_install", "-at_install")
class TestSafetyProperties(BaseCase):
    @PROPERTY
    @given(cases())
    def test_no_input_breaks_a_check_and_the_order_is_kept(self, a_case):
        findings = engine.check(a_case)
        self.assertNotIn("check_failed", [item.code for item in findings])
        ranks = [SEVERITIES.index(item.severity) for item in findings]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(engine.check(a_case), findings)
        prints = [item.fingerprint for item in findings]
        self.assertEqual(len(prints), len(set(prints)))

    @PROPERTY
    @given(cases())
    def test_the_order_of_what_is_given_changes_no_finding(self, a_case):
        turned = replace(
            a_case,
            lines=a_case.lines[::-1],
            treatments=a_case.treatments[::-1],
            interactions=tuple(replace(fact, a=fact.b, b=fact.a) for fact in a_case.interactions[::-1]),
            rules=a_case.rules[::-1],
            cross_groups=a_case.cross_groups[::-1],
        )
        graded = [{(item.kind, item.severity, item.code) for item in engine.check(one)} for one in (a_case, turned)]
        self.assertEqual(*graded)

    @PROPERTY
    @given(TEXTS, TEXTS)
    def test_a_name_mentions_itself_whatever_stands_around_it(self, text, around):
        text = text[:300]
        if mentions(text, text):
            self.assertTrue(mentions(f"{around[:300]}, {text} , {around}", text))
