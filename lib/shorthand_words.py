"""The words of prescribing shorthand, in French and in English: one table for each part of a dosage.

Patterns are matched on text in small letters without accents (see :func:`plain`). Both languages are always read:
prescribers of Québec mix them in one line. Words whose meaning depends on the country ("dîner" is noon in Québec and
evening in France) are left out on purpose: the practice names them among its own frequencies, or they stay unread.
"""

import re
import unicodedata
from types import MappingProxyType

_SPELLED = {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "×": "x", "μ": "u", "µ": "u", "⁄": "/", "→": ">"}
#: The dashes that phones and word processors type.
_SPELLED |= dict.fromkeys("–—−‐‑", "-")
FRACTIONS = MappingProxyType({"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"})


def plain(text: str) -> tuple[str, list[int]]:
    """Return a text in small letters without accents, and for each of its characters the place it came from.

    >>> plain("Œil ×2")[0], plain("½ co")[0]
    ('oeil x2', '½ co')
    """
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char in FRACTIONS:
            simple = char
        elif char.isspace():
            simple = " "
        else:
            small = _SPELLED.get(char) or _SPELLED.get(char.lower()) or char.lower()
            simple = "".join(one for one in unicodedata.normalize("NFD", small) if unicodedata.category(one) != "Mn")
        letters += simple
        places += [place] * len(simple)
    return "".join(letters), places


# --- numbers -----------------------------------------------------------------------------------------------------

NUMBER_WORDS = MappingProxyType(
    {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5,
     "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "dix": 10, "ten": 10}
)  # fmt: skip
HALF = r"(?:(?:une? )?demi-?e?|(?:one |a )?half(?: of)?(?: an?)?)(?![a-z])"
AND_HALF = r"(?: et demie?| and (?:a|one) half)(?![a-z])"
_WORD = "|".join(NUMBER_WORDS)
_SIGN = "".join(FRACTIONS)
NUMBER = (
    rf"(?:{HALF}|(?:\d+ ?[{_SIGN}]|[{_SIGN}]|\d+ \d/\d|\d/\d(?![\d/])|\d*[.,]?\d+|(?:{_WORD})(?![a-z]))"
    rf"(?:{AND_HALF})?)(?![.,/]?\d)"
)
RANGE = rf"({NUMBER})(?: ?(?:-|a|to|ou|or) ?({NUMBER}))?"

# --- units of a dose ---------------------------------------------------------------------------------------------

UNITS = MappingProxyType(
    {
        "tablet": r"co|cos|cp|cps|cpr|comp|comps|comprimes?|tabs?|tabl|tablets?|caplets?|cachets?",
        "capsule": r"caps?|capsules?|gelules?",
        "ml": r"ml|millilit(?:re|er)s?|cc",
        "drop": r"gttes?|gtts?|gtes?|gouttes?|drops?",
        "puff": r"bouffees?|bouff|bff|puffs?|inh|inhalations?",
        "spray": r"vap|vaporisations?|sprays?|jets?|pulv|pulverisations?",
        "application": r"app|appl|applications?",
        "patch": r"patchs?|patches|timbres?",
        "suppository": r"supp?|suppos?|suppositoires?|suppositor(?:y|ies)",
        "ovule": r"ovules?|pessar(?:y|ies)",
        "sachet": r"sachets?|sach",
        "ampoule": r"amp|ampoules?",
        "vial": r"vials?|fioles?",
        "unit": r"u|ui|iu|unites?|units?|unites? internationales?|international units?",
        "injection": r"inj|injections?",
        "mg": r"mg|milligrammes?|milligrams?",
        "g": r"g|gm|grammes?|grams?",
        "mcg": r"mcg|ug|microgrammes?|micrograms?",
        "lozenge": r"pastilles?|lozenges?",
        "gum": r"gommes?|gums?|pieces? of gum",
        "film": r"films?",
        "dose": r"doses?",
        "teaspoon": r"c\.? ?a\.? ?(?:the|cafe)|cuilleres? a (?:the|cafe)|tsp|teaspoons?",
        "tablespoon": r"c\.? ?a\.? ?soupe|cuilleres? a soupe|tbsp|tablespoons?",
    }
)
UNIT = "(?:" + "|".join(UNITS.values()) + r")(?![a-z])\.?"
_UNIT_PATTERNS = tuple((key, re.compile(rf"(?:{words})\.?")) for key, words in UNITS.items())
#: Household measures, in millilitres as Canadian and French pharmacists count them.
SPOONS = MappingProxyType({"teaspoon": 5, "tablespoon": 15})


def unit_key(word: str) -> str | None:
    """Return the unit that a word means.

    >>> unit_key("comprimes"), unit_key("gtts"), unit_key("cheval")
    ('tablet', 'drop', None)
    """
    return next((key for key, pattern in _UNIT_PATTERNS if pattern.fullmatch(word)), None)


# --- time --------------------------------------------------------------------------------------------------------

HOUR = r"(?:h|hr|hrs|hours?|heures?)"
DAY = r"(?:j|jr|jrs|jours?|d|days?)"
WEEK = r"(?:sem|semaines?|w|wk|wks|weeks?)"
MONTH = r"(?:mois|months?|mth|mths)"
YEAR = r"(?:ans?|annees?|years?|yrs?)"
PERIODS = ((HOUR, "hour"), (DAY, "day"), (WEEK, "week"), (MONTH, "month"), (YEAR, "year"))
PERIOD = f"(?:{HOUR}|{DAY}|{WEEK}|{MONTH})"
LENGTH = f"(?:{DAY}|{WEEK}|{MONTH}|{YEAR})"
PER_DAY = r"(?:24 ?(?:h|hr|hrs|heures|hours)|jour|jr|j|day|d)"
PER = r"(?: ?/ ?| ?(?:par|per|a|an|each|every|chaque) )"


def period_key(word: str) -> str | None:
    """Return the unit of time that a word means.

    >>> period_key("sem"), period_key("hrs"), period_key("24 heures"), period_key("lune")
    ('week', 'hour', 'day', None)
    """
    if re.fullmatch(PER_DAY, word):
        return "day"
    return next((key for pattern, key in PERIODS if re.fullmatch(pattern, word)), None)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_WORDS = (
    r"lundis?|lun|mondays?|mon",
    r"mardis?|mar|tuesdays?|tues?",
    r"mercredis?|mer|wednesdays?|wed",
    r"jeudis?|jeu|thursdays?|thurs?|thu",
    r"vendredis?|ven|fridays?|fri",
    r"samedis?|sam|saturdays?|sat",
    r"dimanches?|dim|sundays?|sun",
)
_ONE_DAY = "(?:" + "|".join(_WEEKDAY_WORDS) + r")(?![a-z])\.?"
WEEKDAY_LIST = (
    rf"(?:(?:tous )?les |le |on |every |each |chaque )?{_ONE_DAY}"
    rf"(?: ?(?:,|/|-|&|et|and|et le|and on)? ?(?:le )?{_ONE_DAY})*"
)
_WEEKDAY_PATTERNS = tuple(
    (key, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for key, words in zip(WEEKDAYS, _WEEKDAY_WORDS, strict=True)
)


def weekdays_in(text: str) -> tuple[str, ...]:
    """Return the days of the week that a text names, from Monday on.

    >>> weekdays_in("ven, lun et mercredi")
    ('mon', 'wed', 'fri')
    """
    return tuple(key for key, pattern in _WEEKDAY_PATTERNS if pattern.search(text))


#: Moments of a day: several of one day may be combined.
MOMENTS = MappingProxyType(
    {
        "morning": r"q ?am|am|a\.m\.|(?:le |chaque |tous les )?matins?|(?:in the |every |each )?mornings?|mane",
        "noon": r"(?:le |a )?midi|(?:at )?noon",
        "evening": r"q ?pm|pm|p\.m\.|(?:le |chaque |tous les )?soirs?|(?:in the |every |each )?evenings?",
        "bedtime": r"q ?hs|hs|h\.s\.|nocte|(?:au |a l'heure du )?coucher|(?:at )?bedtime",
    }
)
#: How a dose stands to meals; alone it means the three meals.
MEALS = MappingProxyType(
    {
        "before_meals": r"a\.?c\.?|avant (?:les |le |chaque )?repas|before (?:the )?meals?",
        "after_meals": r"p\.?c\.?|apres (?:les |le |chaque )?repas|after (?:the )?meals?",
        "with_meals": r"c\.?c\.?|(?:aux|avec les|pendant les) repas|en mangeant|with (?:the )?meals",
    }
)

# --- route, side -------------------------------------------------------------------------------------------------

ROUTES = MappingProxyType(
    {
        "oral": r"p\.?o\.?|per os|by mouth|orally|oral|par (?:la )?(?:bouche|voie orale)",
        "sublingual": r"s\.?l\.?|sublingual(?:e|ly)?|sous la langue|under the tongue",
        "buccal": r"buccal(?:e|ly)?|between the cheek and the gum|entre la joue et la gencive",
        "topical": r"top|topical(?:ly)?|topique|(?:to|on) the skin|sur la peau",
        "transdermal": r"transderm(?:al|ique)",
        "ophthalmic": r"opht|ophthalmic|ophtalmique|(?:in|to) the eye|dans l'oeil",
        "otic": r"otic|otique|in the ear|dans l'oreille",
        "nasal": r"nasal(?:e)?|intranasal(?:e)?|in the nostril|dans la narine|par le nez",
        "rectal": r"p\.?r\.?|i\.?r\.?|rectal(?:e|ly)?|par voie rectale|intra-?rectal",
        "vaginal": r"p\.?v\.?|vaginal(?:e|ly)?|par voie vaginale|vag",
        "subcutaneous": r"s/c|sc|s\.c\.|sq|sub ?q|sub-?cut|sous-?cut|subcutaneous(?:ly)?"
        r"|(?:par voie )?sous-?cutanee",
        "intramuscular": r"i\.?m\.?|intramuscular(?:ly)?|(?:par voie )?intra-?musculaire",
        "intravenous": r"i\.?v\.?|intravenous(?:ly)?|(?:par voie )?intra-?veineuse",
        "intradermal": r"intradermal(?:ly)?|(?:par voie )?intra-?dermique",
        "dental": r"(?:to|on) the teeth|sur les dents",
    }
)
_ORGANS = (
    ("ophthalmic", r"(?:oeil|yeux|eyes?)"),
    ("otic", r"(?:oreilles?|ears?)"),
    ("nasal", r"(?:narines?|nostrils?)"),
)
_EACH = r"(?:chaque|each|both|les deux|les 2|the two)"
_IN = r"(?:(?:dans|in|to|into|a) (?:l'|la |le |the )?)?"
#: ``(route, side, pattern)``: an organ with its side says the route too.
SIDES = tuple(
    entry
    for route, organ in _ORGANS
    for entry in (
        (route, "right", rf"{_IN}(?:{organ} droite?|right {organ})"),
        (route, "left", rf"{_IN}(?:{organ} gauche|left {organ})"),
        (route, "both", rf"{_IN}{_EACH} {organ}|{organ} droite? et gauche"),
    )
)
#: Abbreviations of eyes and ears; "od" alone may also mean once a day.
SIDE_CODES = MappingProxyType(
    {
        r"o\.?d\.?": ("ophthalmic", "right"),
        r"o\.?s\.?": ("ophthalmic", "left"),
        r"o\.?g\.?": ("ophthalmic", "left"),
        r"o\.?u\.?": ("ophthalmic", "both"),
        "odg": ("ophthalmic", "both"),
        r"a\.?d\.?": ("otic", "right"),
        r"a\.?s\.?": ("otic", "left"),
        r"a\.?u\.?": ("otic", "both"),
    }
)

# --- the rest ----------------------------------------------------------------------------------------------------

AS_NEEDED = r"p\.?r\.?n\.?|(?:au|si|selon le) besoin|as needed|if needed|when needed|pro re nata"
THEN = r",? ?(?:et |and )?(?:puis|ensuite|then|par la suite)"
THEN_SIGN = r";|-?>"
STOP = r"(?:cesser|arreter|arret|stop|discontinue|cess|fin)"
AND = r"et|and"
AND_SIGN = r"[+&,/]"
ALTERNATE = r"en alternance|en alternant|alternating|alternately|alternat?ivement|alterner|alternate"
OTHER_DAYS = r"(?:les |the |tous les |all )?(?:autres jours|other days)|le reste de la semaine|the rest of the week"
EVERY_OTHER_DAY = (
    r"every (?:other|second) day|q ?other day|(?:un|1) jour sur (?:deux|2)|jours alternes|alternate days"
    r"|qod|q\.o\.d\.|eod"
)
MAXIMUM = (
    r"(?:max(?:imum|i)?\.?|ne pas depasser|sans depasser|do not exceed|not more than|not to exceed"
    r"|(?:jusqu'a|up to) (?:un |a )?max(?:imum)? (?:de|of))(?: ?:| de| of)?"
)
QUANTITY = r"(?:#|(?:qte|qty|quantite|quantity|disp|dispense|dispenser|mitte)\.? ?:?)"
LONG_TERM = r"long[- ]term|(?:a |au )?long (?:terme|cours)"
ONCE = (
    r"stat|(?:en )?(?:une seule |1 seule )(?:dose|fois)|dose unique|single dose|x ?1(?: dose)?"
    r"|(?:1|une) fois seulement|once only|once"
)
_EVERY_ONE = r"(?:every|each|per|a)"
PERIODIC = (
    (r"b\.?i\.?d\.?", (2, "day")),
    (r"t\.?i\.?d\.?", (3, "day")),
    (r"q\.?i\.?d\.?", (4, "day")),
    (
        r"die|q\.?d\.?|daily|quotidien(?:nement)?|(?:par|chaque|tous les) jours?"
        rf"|{_EVERY_ONE} day|/ ?(?:jour|j|day|d)",
        (1, "day"),
    ),
    (
        r"q ?(?:w|wk|sem|week)|weekly|hebdo(?:madaire)?|(?:par|chaque|toutes les) semaines?"
        rf"|{_EVERY_ONE} week|/ ?(?:sem|semaine|wk|week)",
        (1, "week"),
    ),
    (
        rf"monthly|mensuel(?:lement)?|(?:par|chaque|tous les) mois|{_EVERY_ONE} month|/ ?(?:mois|month)",
        (1, "month"),
    ),
    (r"biw", (2, "week")),
    (r"tiw", (3, "week")),
)
TIMES_WORDS = MappingProxyType({"once": 1, "twice": 2, "thrice": 3})

#: A refill is no part of a dosage; the treatment's length says how long (Québec, RXQ-05).
REFILL = (
    r"(?:refills?|ren|renouv(?:eler|ellements?|elable)?|renouveler|renew(?:als?|able)?|repeats?|rep|r)"
    r"\.? ?(?:x|:)? ?\d+(?: (?:fois|times))?"
    r"|refills?|renouv(?:eler|ellements?|elable)|renewals?|repeats?"
)
#: A strength or a dose by weight, which is no dose: kept unread as one piece.
CONCENTRATION = (
    rf"{NUMBER} ?(?:%|(?:mg|mcg|ug|g|u|ui|iu|meq|mmol|ml|unites?|units?)(?: ?/ ?)(?:{NUMBER} ?)?"
    r"(?:kg|m2|ml|l|g|mg|dose|puff|bouffee|h|hr|min|cp|co|tab)(?:(?: ?/ ?)(?:jour|j|day|d|dose|h))?(?![a-z]))"
)
_AT = r"(?:a|at|vers)"
CLOCK = rf"(?:{_AT} )?\d{{1,2}} ?h(?: ?[0-5]\d)?(?![a-z])|(?:{_AT} )?\d{{1,2}}:[0-5]\d|{_AT} \d{{1,2}} ?[ap]m"
#: Written "1 500", "1,000" or "1.500": a thousand and a half, one of 500, or one and a half?
AMBIGUOUS_NUMBER = rf"[1-9]\d{{0,2}}(?:[ ,.]\d{{3}})+(?!\d)(?: ?{UNIT})?"
DAY_SCHEME = r"(?<![\d/-])(\d[½]?|½|0)-(\d[½]?|½)-(\d[½]?|½)(?:-(\d[½]?|½))?(?![\d/-])"
#: Words that carry nothing: verbs of giving, articles, punctuation.
FILLING = (
    r"prendre|take|donner|give|instiller|instill?|mettre|put|injecter|inject|administrer|administer|inserer|insert|placer"
    r"|place|dissoudre|dissolve|de|du|des|le|la|les|the|of|a|an|un|une|each|dose de"
)
PUNCTUATION = r"[,.;:()]+"
APPLYING = r"appliquer|apply"
INHALING = r"inhaler|inhale"
#: What follows one of these is what the dose is for.
REASON = r"pour(?: la| le| les)?|for(?: the)?|contre(?: la| le| les)?|si|if|en cas de|in case of"
