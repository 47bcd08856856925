"""Shorthand: what is understood, in which of two languages, and what never is."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib import shorthand
from ...lib.shorthand import number, parse, split_entry
from ...lib.shorthand_words import WEEKDAYS, plain
from .common import PROPERTY

#: French, English, and what both say.
BOTH = [
    ("1 co bid", "1 tab bid", "1 2/day | tablet"),
    ("1 co tid x 10j", "1 tab tid x 10d", "1 3/day x10day | tablet"),
    ("1 co qid x 7 jours", "1 tab qid x 7 days", "1 4/day x7day | tablet"),
    ("2 co die", "2 tabs daily", "2 1/day | tablet"),
    ("½ co die", "½ tab daily", "0.5 1/day | tablet"),
    ("1/2 co par jour", "1/2 tab per day", "0.5 1/day | tablet"),
    ("un demi comprimé par jour", "half a tablet per day", "0.5 1/day | tablet"),
    ("1½ co die", "1½ tab daily", "1.5 1/day | tablet"),
    ("un comprimé et demi die", "one and a half tablets daily", "1.5 1/day | tablet"),
    ("0,5 co die", "0.5 tab daily", "0.5 1/day | tablet"),
    ("2,5 mg die", "2.5 mg daily", "2.5 1/day | mg"),
    ("500 mg po q6h prn", "500 mg by mouth every 6 hours as needed", "500 1/6hour | mg oral prn"),
    ("500 mg po q6h prn max 4 g/j", "500 mg po q6h prn max 4 g/day", "500 1/6hour | mg oral prn max4000"),
    ("1 co q4h prn max 8 co/24 h", "1 tab q4h prn max 8 tabs/24h", "1 1/4hour | tablet prn max8"),
    ("1 co aux 4 heures", "1 tab every 4 hours", "1 1/4hour | tablet"),
    ("1 co toutes les 8 heures", "1 tab every 8 hours", "1 1/8hour | tablet"),
    ("1 co q12h", "1 tab every 12 hrs", "1 1/12hour | tablet"),
    ("1 co q24h", "1 tab every 24 hours", "1 1/day | tablet"),
    ("1 co q4-6h prn", "1 tab every 4 to 6 hours prn", "1 1/4-6hour | tablet prn"),
    ("1 à 2 co q4h prn", "1 to 2 tabs q4h prn", "1-2 1/4hour | tablet prn"),
    ("1-2 co q4-6h au besoin", "1-2 tabs q4-6h if needed", "1-2 1/4-6hour | tablet prn"),
    ("2 bouffées q4h prn", "2 puffs q4h prn", "2 1/4hour | puff prn"),
    ("2 bff bid", "2 puffs twice a day", "2 2/day | puff"),
    ("1 gtt bid", "1 drop bid", "1 2/day | drop"),
    (
        "2 gouttes dans l'œil droit qid x 5 j",
        "2 drops in the right eye qid x 5 days",
        "2 4/day x5day | drop ophthalmic right",
    ),
    ("1 goutte œil gauche tid", "1 drop left eye tid", "1 3/day | drop ophthalmic left"),
    ("1 goutte dans chaque œil au coucher", "1 drop in each eye at bedtime", "1 1/day@bedtime | drop ophthalmic both"),
    ("3 gouttes oreille gauche bid x 7 j", "3 drops left ear bid x 7 d", "3 2/day x7day | drop otic left"),
    ("3 gouttes dans les deux oreilles bid", "3 drops in both ears bid", "3 2/day | drop otic both"),
    ("1 vap dans chaque narine die", "1 spray in each nostril daily", "1 1/day | spray nasal both"),
    ("1 app bid x 14 j", "1 application bid x 14 days", "1 2/day x14day | application"),
    ("appliquer sur la peau bid", "apply to the skin bid", "1 2/day | application topical"),
    ("10 mL q8h", "10 ml every 8 hours", "10 1/8hour | ml"),
    ("7,5 mL tid x 10 j", "7.5 mL tid x 10 days", "7.5 3/day x10day | ml"),
    ("1 c. à thé tid", "1 tsp tid", "5 3/day | ml"),
    ("1 c. à soupe au coucher", "1 tbsp at bedtime", "15 1/day@bedtime | ml"),
    ("15 unités s/c die", "15 units s/c daily", "15 1/day | unit subcutaneous"),
    ("10 unités sous-cutanée au coucher", "10 units subcutaneously at bedtime", "10 1/day@bedtime | unit subcutaneous"),
    ("1 supp ir prn", "1 suppository pr prn", "1 | suppository rectal prn"),
    ("1 ovule pv au coucher x 3 j", "1 ovule vaginally at bedtime x 3 days", "1 1/day@bedtime x3day | ovule vaginal"),
    ("1 timbre q72h", "1 patch every 3 days", "1 1/3day | patch"),
    ("1 timbre par semaine", "1 patch weekly", "1 1/week | patch"),
    ("1 inj im q3mois", "1 injection im every 3 months", "1 1/3month | injection intramuscular"),
    ("1000 mcg im 1 fois par mois", "1000 mcg im once a month", "1000 1/month | mcg intramuscular"),
    ("1 co sl prn", "1 tab under the tongue prn", "1 | tablet sublingual prn"),
    ("1 pastille q4h prn", "1 lozenge q4h prn", "1 1/4hour | lozenge prn"),
    ("1 sachet die", "1 sachet daily", "1 1/day | sachet"),
    ("1 gélule bid", "1 capsule bid", "1 2/day | capsule"),
    ("1 co le matin", "1 tab in the morning", "1 1/day@morning | tablet"),
    ("1 co le soir", "1 tab every evening", "1 1/day@evening | tablet"),
    ("1 co à midi", "1 tab at noon", "1 1/day@noon | tablet"),
    ("1 co au coucher", "1 tab at bedtime", "1 1/day@bedtime | tablet"),
    ("1 co matin et soir", "1 tab in the morning and evening", "1 2/day@morning@evening | tablet"),
    ("1 co matin, midi et soir", "1 tab morning, noon and evening", "1 3/day@morning@noon@evening | tablet"),
    ("1 co am et 1 co hs", "1 tab am and 1 tab hs", "1 2/day@morning@bedtime | tablet"),
    (
        "1 co le matin et 2 le soir",
        "1 tab in the morning and 2 in the evening",
        "1 1/day@morning; and 2 1/day@evening | tablet",
    ),
    ("1 co am + 2 co hs x 30 j", "1 tab am + 2 tabs hs x 30 d", "1 1/day@morning x30day; and 2 1/day@bedtime | tablet"),
    ("1-0-1 co x 10 j", "1-0-1 tab x 10 d", "1 2/day@morning@evening x10day | tablet"),
    ("1-1-2 co", "1-1-2 tab", "1 2/day@morning@noon; and 2 1/day@evening | tablet"),
    ("1 co avant les repas", "1 tab before meals", "1 3/day@before_meals | tablet"),
    ("1 co tid pc", "1 tab tid after meals", "1 3/day@after_meals | tablet"),
    ("1 co aux repas x 2 sem", "1 tab with meals x 2 weeks", "1 3/day@with_meals x2week | tablet"),
    ("1 co bid en mangeant", "1 tab bid with meals", "1 2/day@with_meals | tablet"),
    ("1 co un jour sur deux", "1 tab every other day", "1 1/2day | tablet"),
    ("1 co q2j", "1 tab q2d", "1 1/2day | tablet"),
    ("1 co tous les 3 jours", "1 tab every 3 days", "1 1/3day | tablet"),
    ("1 co aux 2 semaines", "1 tab every 2 weeks", "1 1/2week | tablet"),
    ("1 co 3 fois par semaine", "1 tab 3 times a week", "1 3/week | tablet"),
    ("1 co 3x/sem", "1 tab 3x/week", "1 3/week | tablet"),
    ("1 co hebdo", "1 tab weekly", "1 1/week | tablet"),
    ("1 co 2 fois par jour", "1 tab twice daily", "1 2/day | tablet"),
    ("1 co 3x/j", "1 tab 3x/d", "1 3/day | tablet"),
    ("1 co x 3/j", "1 tab x 3/day", "1 3/day | tablet"),
    ("1 co trois fois par jour", "1 tab three times a day", "1 3/day | tablet"),
    ("1 co 1 fois par jour au coucher", "1 tab once a day at bedtime", "1 1/day@bedtime | tablet"),
    ("1 co lun mer ven", "1 tab mon wed fri", "1 1/day mon+wed+fri | tablet"),
    ("1 co les lundis et jeudis", "1 tab every monday and thursday", "1 1/day mon+thu | tablet"),
    ("1 co 1 fois par semaine le dimanche", "1 tab once a week on sunday", "1 1/day sun | tablet"),
    ("1 co 3x/sem lun, mer, ven", "1 tab 3x/week mon, wed, fri", "1 1/day mon+wed+fri | tablet"),
    ("1 co die x 1 sem", "1 tab daily for one week", "1 1/day x1week | tablet"),
    ("1 co die pendant 3 mois", "1 tab daily for 3 months", "1 1/day x3month | tablet"),
    ("1 co die x 1 an", "1 tab daily for 1 year", "1 1/day x12month | tablet"),
    ("2 co stat", "2 tabs stat", "2 once | tablet"),
    ("1 co dose unique", "1 tab single dose", "1 once | tablet"),
    ("4 co une seule fois", "4 tabs once only", "4 once | tablet"),
    (
        "50 mg x 5j puis 40 mg x 5j puis cesser",
        "50 mg x 5d then 40 mg x 5d then stop",
        "50 x5day; then 40 x5day | mg stop",
    ),
    (
        "40 mg x 5 j, 30 x 5 j, 20 x 5 j",
        "40 mg x 5 d, 30 x 5 d, 20 x 5 d",
        "40 x5day; then 30 x5day; then 20 x5day | mg",
    ),
    ("1 co die x 7 j puis 2 co die", "1 tab daily x 7 d then 2 tabs daily", "1 1/day x7day; then 2 1/day | tablet"),
    (
        "1 co et ½ co en alternance un jour sur deux",
        "alternating 1 tab and ½ tab every other day",
        "1 1/2day; and 0.5 other | tablet",
    ),
    (
        "1 co lun mer ven et ½ co les autres jours",
        "1 tab mon wed fri and ½ tab the other days",
        "1 1/day mon+wed+fri; and 0.5 other | tablet",
    ),
    ("1 co bid prn nausée x 3 j", "1 tab bid prn nausée x 3 d", "1 2/day x3day | tablet prn for:nausée"),
    ("1 co tid pour la toux", "1 tab tid for the toux", "1 3/day | tablet for:toux"),
    ("1 co die #30", "1 tab daily #30", "1 1/day | tablet qty30"),
    ("1 co bid qté 60", "1 tab bid qty 60", "1 2/day | tablet qty60"),
    ("1 co die long terme", "1 tab daily long-term", "1 1/day | tablet long"),
    ("1 tid", "1 tid", "1 3/day | "),
    ("2 le soir", "2 in the evening", "2 1/day@evening | "),
    ("1 co BID X 10 J", "1 TAB BID X 10 D", "1 2/day x10day | tablet"),
    ("prendre 1 co die", "take 1 tab daily", "1 1/day | tablet"),
]

#: One writing: what it says, what is left unread, what is known to be misread.
ONE = [
    ("1 co od", "1 1/day | tablet", (), ("od",)),
    ("1 gtt od x 5 j", "1 x5day | drop", ("od",), ("eye",)),
    ("1 gtt OD qid x 5 j", "1 4/day x5day | drop ophthalmic right", (), ("eye",)),
    ("od bid", "2/day | ", ("od",), ("od",)),
    ("2.0 mg bid", "2 2/day | mg", (), ("trailing_zero",)),
    (".5 mg bid", "0.5 2/day | mg", (), ("naked_decimal",)),
    ("10 U sc die", "10 1/day | unit subcutaneous", (), ("u", "sc")),
    ("10 UI s/c die", "10 1/day | unit subcutaneous", (), ("iu", "sc")),
    ("50 µg die", "50 1/day | mcg", (), ("ug",)),
    ("5 cc tid", "5 3/day | ml", (), ("cc",)),
    ("1 co qd", "1 1/day | tablet", (), ("qd",)),
    ("1 co qod", "1 1/2day | tablet", (), ("qod",)),
    ("1 co hs", "1 1/day@bedtime | tablet", (), ("hs",)),
    ("1 co biw", "1 2/week | tablet", (), ("biw",)),
    ("1 500 mg bid", "2/day | ", ("1 500 mg",), ("thousands",)),
    ("1,000 mg bid", "2/day | ", ("1,000 mg",), ("thousands",)),
    ("250 mg/5 ml 10 ml bid", "10 2/day | ml", ("250 mg/5 ml",), ()),
    ("50 mg/kg/j", " | ", ("50 mg/kg/j",), ()),
    ("1 co tid ren x 3", "1 3/day | tablet", ("ren x 3",), ("refill",)),
    ("1 co die refill 2", "1 1/day | tablet", ("refill 2",), ("refill",)),
    ("1 co bid renouveler 3 fois", "1 2/day | tablet", ("renouveler 3 fois",), ("refill",)),
    ("tel que prescrit", " | ", ("tel que prescrit",), ()),
    ("usage connu", " | ", ("usage connu",), ()),
    ("1 co tid gargariser", "1 3/day | tablet", ("gargariser",), ()),
    ("ne pas prendre 1 co die", "1 1/day | tablet", ("ne pas",), ()),
    ("1 am et 1 pm", "2/day@morning@evening | ", ("1", "1"), ()),
    ("500 tid", "3/day | ", ("500",), ()),
    ("1 co 8h et 20h", "1 | tablet", ("8h", "20h"), ()),
    ("1 co à 8 h", "1 | tablet", ("à 8 h",), ()),
    ("1 co bid tid", "1 2/day | tablet", ("tid",), ()),
    ("1 co x 5 j et 2 co x 5 j", "1 x5day | tablet", ("2 co x 5 j",), ()),
    ("5 j", "x5day | ", (), ()),
    ("1 co 2 cap die", "1 1/day | tablet", ("2 cap",), ()),
    ("1 co au dîner", "1 | tablet", ("au dîner",), ()),
    ("1 co au déjeuner", "1 | tablet", ("au déjeuner",), ()),
    ("1 co x 7", "1 | tablet", ("x 7",), ()),
    ("1 co die max 4 g/j", "1 1/day | tablet", ("max 4 g/j",), ()),
    ("2-1 co bid", "2/day | ", ("2-1 co",), ()),
    ("1 co matin tid", "1 3/day | tablet", ("matin",), ()),
    ("20/7 bid", "2/day | ", ("20/7",), ()),
    ("chaque 3 lunes", " | ", ("chaque 3 lunes",), ()),
    ("co", " | ", ("co",), ()),
]

#: A line with its drug: the item, then the dosage.
ENTRIES = [
    ("amox 500 cap 1 co tid x 10j", "amox 500 cap", "1 co tid x 10j"),
    ("amox 500 mg tid x 10j", "amox", "500 mg tid x 10j"),
    ("ventolin 2 bouffées q4h prn", "ventolin", "2 bouffées q4h prn"),
    ("hydrocortisone 1 % 1 app bid", "hydrocortisone 1 %", "1 app bid"),
    ("vitamine b12 1000 mcg im q1m", "vitamine b12", "1000 mcg im q1m"),
    ("amoxicilline 250 mg/5 ml 10 ml tid x 10 j", "amoxicilline 250 mg/5 ml", "10 ml tid x 10 j"),
    ("sertraline 100 mg 1 co die", "sertraline 100 mg", "1 co die"),
    ("prednisone 50 mg x 5j puis 40 mg x 5j puis cesser", "prednisone", "50 mg x 5j puis 40 mg x 5j puis cesser"),
    ("physiothérapie 3x/sem x 4 sem", "physiothérapie", "3x/sem x 4 sem"),
    ("Marche 30 minutes par jour", "Marche 30 minutes", "par jour"),
    ("tylenol", "tylenol", ""),
    ("Bas de compression 20-30 mmHg", "Bas de compression 20-30 mmHg", ""),
    ("", "", ""),
]

PIECES = (
    *WEEKDAYS, "1", "½", "2,5", "co", "mg", "bid", "q4h", "prn", "x", "10j", "puis", "et", "od", "gtt", "max", "4",
    "/j", "-", "le matin", "cesser", "1-0-1", "jour", "sur", "2", "autres jours", "alterner", ",", "(", "#", "hs",
)  # fmt: skip


def brief(read):
    """Return what was read as one text: the parts, then what belongs to the whole line."""
    parts = []
    for part in read.parts:
        bits = [part.relation]
        if part.dose is not None:
            bits.append(str(part.dose) + (f"-{part.dose_max}" if part.dose_max else ""))
        bits += [part.timing.key if part.timing else "", "+".join(part.weekdays), "other" if part.other_days else ""]
        bits.append(f"x{part.duration}{part.duration_unit}" if part.duration else "")
        parts.append(" ".join(filter(None, bits)))
    more = [read.unit, read.route, read.side, "prn" if read.as_needed else ""]
    more += [f"max{read.max_per_day}" if read.max_per_day else "", f"qty{read.quantity}" if read.quantity else ""]
    more += [f"for:{read.indication}" if read.indication else "", "long" if read.long_term else ""]
    return "; ".join(parts) + " | " + " ".join(filter(None, [*more, "stop" if read.then_stop else ""]))


@tagged("post_install", "-at_install")
class TestShorthand(BaseCase):
    def test_both_languages_say_the_same(self):
        self.assertGreater(2 * len(BOTH) + len(ONE), 150)
        for french, english, expected in BOTH:
            for text in (french, english):
                with self.subTest(text=text):
                    read = parse(text)
                    self.assertEqual(brief(read), expected)
                    self.assertEqual(read.rest, ())

    def test_one_by_one(self):
        for text, expected, rest, cautions in ONE:
            with self.subTest(text=text):
                read = parse(text)
                self.assertEqual(brief(read), expected)
                self.assertEqual(read.rest, rest)
                self.assertEqual(tuple(caution.code for caution in read.cautions), cautions)

    def test_od_is_the_eye_or_once_a_day_as_the_drug_tells(self):
        self.assertEqual(parse("1 od", route="oral").rest, ("od",))
        eye = parse("1 gtt od bid", route="ophthalmic")
        self.assertEqual((eye.route, eye.side, eye.rest), ("ophthalmic", "right", ()))
        ear = parse("1 gtt od bid", route="otic")
        self.assertEqual((ear.side, ear.rest), ("", ("od",)))

    def test_words_of_the_practice(self):
        terms = {"au souper": 42, "déjeuner": 7}
        read = parse("1 co au souper x 5 j", terms=terms)
        self.assertEqual((read.parts[0].timing.term, read.rest), (42, ()))
        self.assertEqual(parse("1 co DEJEUNER", terms=terms).parts[0].timing.term, 7)
        self.assertEqual(parse("1 co bid", terms={"": 1, " ": 2}).rest, ())

    def test_an_entry_is_a_drug_and_its_dosage(self):
        for text, item, dosage in ENTRIES:
            with self.subTest(text=text):
                self.assertEqual(split_entry(text)[:2], (item, dosage))

    def test_numbers(self):
        for text, value in (("1,5", "1.5"), ("1 1/2", "1.5"), ("¾", "0.75"), ("10", "10"), ("1/3", "0.333")):
            self.assertEqual(number(text), Decimal(value))
        for text in ("", "1/0", "0", "abc", "1.2.3", "9" * 30):
            self.assertIsNone(number(text))

    def test_plain_text_knows_where_it_came_from(self):
        text = "Œdème à l’œil — ½ co"
        letters, places = plain(text)
        self.assertEqual(letters, "oedeme a l'oeil - ½ co")
        self.assertEqual(len(letters), len(places))
        self.assertEqual(text[places[letters.index("½")]], "½")

    # === Any input === #

    @PROPERTY
    @given(st.text(max_size=200))
    def test_no_text_breaks_it(self, text):
        self.assertEqual(parse(text), parse(text))
        item, _dosage, _read = split_entry(text)
        self.assertEqual(bool(item), bool(text.split()))

    @PROPERTY
    @given(st.lists(st.sampled_from(PIECES), max_size=25))
    def test_no_dose_is_lost(self, pieces):
        """A number is either in the result or in the rest."""
        text = " ".join(pieces)
        read = parse(text)
        for rest in read.rest:
            self.assertIn(rest, text)
        said = f"{brief(read)} {' '.join(read.rest)}"
        if "½" in pieces:
            self.assertRegex(said, r"½|\.5")

    @PROPERTY
    @given(st.text(alphabet="zyk", min_size=4, max_size=12), st.integers(0, len(BOTH) - 1))
    def test_what_is_not_understood_is_kept(self, word, index):
        french, _english, expected = BOTH[index]
        if "prn" in expected or "for:" in expected:
            return  # it is what the dose is for
        read = parse(f"{french} {word}")
        self.assertEqual((brief(read), read.rest), (expected, (word,)))

    def test_a_long_text_is_cut_and_kept(self):
        self.assertEqual(sum(map(len, parse("1 co bid " + "x" * 600).rest)), 600)
        for text in (
            "1 " * 250,
            "lun " * 125,
            "1/" * 250,
            "et " * 160,
            "demi " * 100,
            "(" * 500,
            "1 co x 1 j puis " * 31,
        ):
            self.assertLessEqual(len(parse(text).parts), shorthand.MAX_PARTS)

    def test_many_random_lines(self):
        dice = random.Random(7)
        letters = "0123456789½/.,-#()qbidtodxjh co mg puis et soirŒé²\x00漢"
        for _round in range(2000):
            text = "".join(dice.choice(letters) for _place in range(40))
            self.assertIsInstance(parse(text), shorthand.Shorthand)
