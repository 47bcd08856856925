"""Prescribing shorthand, typed in French or English, as a structured dosage.

Nothing is guessed and nothing is lost: what is not understood, or could mean two things, comes back word for word in
``rest``, and abbreviations known to cause errors are named in ``cautions`` (ISMP, *List of Error-Prone Abbreviations*).

>>> read = parse("1 co bid x 10j")
>>> read.parts[0].dose, read.unit, read.parts[0].timing.key, read.parts[0].duration, read.rest
(Decimal('1'), 'tablet', '2/day', Decimal('10'), ())
>>> parse("2 bouffées q4h prn").as_needed, parse("1 co bid gargariser").rest
(True, ('gargariser',))
>>> [(str(part.dose), part.relation) for part in parse("50 mg x 5j puis 40 mg x 5j puis cesser").parts]
[('50', ''), ('40', 'then')]
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from . import shorthand_words as words

MAX_TEXT = 500
MAX_PARTS = 20
_MAX_VALUE = 100_000
_DECIMALS = Decimal("0.001")
#: A number without unit above this is no count of tablets: 500 may be milligrams.
_MAX_BARE = 20
_DAY_MOMENTS = tuple(words.MOMENTS)


@dataclass(frozen=True)
class Timing:
    """How often: ``times`` in each ``per`` units, between ``per`` and ``until`` where both are given, or once.

    ``moments`` are those of the day or the meals; ``term`` is what the practice's own word stands for; ``text`` is
    the writing of the author.
    """

    times: int = 1
    per: int = 1
    unit: str = "day"
    until: int = 0
    moments: tuple[str, ...] = ()
    once: bool = False
    term: Any = None
    text: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """One text for one timing, such as ``2/day``, ``1/8hour``, ``1/day@bedtime``."""
        if self.once:
            return "once"
        per = "" if self.per == 1 and not self.until else str(self.per)
        until = f"-{self.until}" if self.until else ""
        return f"{self.times}/{per}{until}{self.unit}" + "".join(f"@{moment}" for moment in self.moments)


@dataclass(frozen=True)
class Part:
    """A dose with its times: one of several where the dose changes in the day, in the week or from stage to stage.

    ``relation`` is '' for the first, 'and' for a dose that goes with the one before, 'then' for one that follows it.
    Without a timing of its own a part keeps that of the first. ``other_days``: on the days the ones before leave free.
    """

    dose: Decimal | None = None
    dose_max: Decimal | None = None
    timing: Timing | None = None
    weekdays: tuple[str, ...] = ()
    other_days: bool = False
    duration: Decimal | None = None
    duration_unit: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Caution:
    """An abbreviation known to cause errors: its code (such as ``u``, ``trailing_zero``) and the text that has it."""

    code: str
    text: str


@dataclass(frozen=True)
class Shorthand:
    """What a line of shorthand says. ``rest`` is what was not understood, in the writing of the author."""

    parts: tuple[Part, ...] = ()
    unit: str = ""
    route: str = ""
    side: str = ""
    as_needed: bool = False
    max_per_day: Decimal | None = None
    quantity: Decimal | None = None
    quantity_unit: str = ""
    indication: str = ""
    long_term: bool = False
    then_stop: bool = False
    rest: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything at all was understood."""
        return replace(self, rest=(), cautions=()) != Shorthand()


# --- numbers -----------------------------------------------------------------------------------------------------


def number(text: str) -> Decimal | None:
    """Return the number that a plain text writes, None where it is none of human size.

    >>> number("1,5"), number("1/2"), number("2½"), number("un demi"), number("une et demie"), number("1/0")
    (Decimal('1.5'), Decimal('0.5'), Decimal('2.5'), Decimal('0.5'), Decimal('1.5'), None)
    """
    text = text.strip()
    more = Fraction(0)
    if found := re.search(rf"{words.AND_HALF}$", text):
        text, more = text[: found.start()], Fraction(1, 2)
    value = _simple_number(text.strip())
    if value is None or not 0 < value + more <= _MAX_VALUE:
        return None
    total = value + more
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    return exact.quantize(_DECIMALS).normalize() + 0 if exact.as_tuple().exponent < -3 else exact.normalize() + 0


def _simple_number(text: str) -> Fraction | None:
    if re.fullmatch(words.HALF, text):
        return Fraction(1, 2)
    if text in words.NUMBER_WORDS:
        return Fraction(words.NUMBER_WORDS[text])
    for sign, fraction in words.FRACTIONS.items():
        text = text.replace(sign, f" {fraction}")
    total = Fraction(0)
    try:
        for piece in text.replace(",", ".").split():
            total += Fraction(piece if piece[0] != "." else f"0{piece}")
    except (ValueError, ZeroDivisionError):
        return None
    return total


# --- reading: what each stretch of the text is -------------------------------------------------------------------


@dataclass(frozen=True)
class _Token:
    kind: str
    start: int
    end: int
    text: str = ""
    groups: tuple[Any, ...] = ()
    value: Any = None


#: What says how often a dose is taken, besides the days of the week.
_TIMING_KINDS = ("periodic", "every", "rate", "moment", "meals", "other_day", "once", "term")


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern of a whole word: "co" is no part of "cough"."""
    return re.compile(rf"(?:{pattern})(?![a-z0-9])")


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, re.Pattern[str], Any], ...]:
    """Return ``(kind, pattern, value)``: at one place the longest match counts, then the first of this list."""
    w, rules = words, []
    rules += [("unread", w.AMBIGUOUS_NUMBER, "thousands"), ("unread", w.CONCENTRATION, ""), ("unread", w.CLOCK, "")]
    rules += [("refill", w.REFILL, "refill"), ("scheme", rf"{w.DAY_SCHEME}(?: ?({w.UNIT}))?", None)]
    rules += [
        (
            "maximum",
            rf"{w.MAXIMUM} ?({w.NUMBER}) ?({w.UNIT})?(?: ?/ ?| (?:par|per|in|en|dans|a) | )(?:les )?{w.PER_DAY}",
            None,
        )
    ]
    rules += [("quantity", rf"{w.QUANTITY} ?({w.NUMBER})(?: ?({w.UNIT}))?", None)]
    rules += [
        ("duration", rf"(?:(?:x|pendant|durant|pdt|pour|for|during|sur|over) ?)?({w.NUMBER}) ?({w.LENGTH})", None)
    ]
    rules += [
        (
            "every",
            rf"(?:q\.? ?|aux |toutes les |tous les |chaque |every )(\d+)(?: ?(?:-|a|to) ?(\d+))? ?({w.PERIOD}|m)",
            None,
        )
    ]
    rules += [("every", rf"(?:q\.? ?|toutes les |chaque |every |aux )()()({w.HOUR})", None)]
    times = rf"(\d+|{'|'.join([*w.TIMES_WORDS, *w.NUMBER_WORDS])})"
    joined = rf"(?: ?(?:x|fois|times) ?(?:{w.PER} ?)?|{w.PER} ?)"
    rules += [("rate", rf"(?:x ?)?{times}{joined}({w.PER_DAY}|{w.WEEK}|{w.MONTH})", None)]
    rules += [("rate", rf"{times} (?:(?:x|fois|times) )?(daily|weekly|monthly|die|quotidiennement)", None)]
    rules += [("other_day", w.EVERY_OTHER_DAY, None), ("other_days", w.OTHER_DAYS, None)]
    rules += [("periodic", pattern, value) for pattern, value in w.PERIODIC]
    rules += [("weekdays", w.WEEKDAY_LIST, None)]
    rules += [("moment", pattern, key) for key, pattern in w.MOMENTS.items()]
    rules += [("meals", pattern, key) for key, pattern in w.MEALS.items()]
    rules += [("once", w.ONCE, None), ("as_needed", w.AS_NEEDED, None), ("long_term", w.LONG_TERM, None)]
    rules += [("side", pattern, (route, side)) for route, side, pattern in w.SIDES]
    rules += [("side_code", pattern, value) for pattern, value in w.SIDE_CODES.items()]
    rules += [("route", pattern, key) for key, pattern in w.ROUTES.items()]
    rules += [("dose", rf"{w.RANGE} ?(?:de )?({w.UNIT})({w.AND_HALF})?", None), ("number", w.RANGE, None)]
    rules += [
        ("stop", rf"(?:{w.THEN})? ?{w.STOP}", None),
        ("alternate", rf"(?:{w.ALTERNATE})(?: (?:avec|with))?", None),
    ]
    rules += [("then", w.THEN, None), ("and", w.AND, None), ("reason", w.REASON, None)]
    rules += [("apply", w.APPLYING, None), ("inhale", w.INHALING, None), ("filling", w.FILLING, None)]
    signs = (("then", w.THEN_SIGN), ("and", w.AND_SIGN), ("filling", w.PUNCTUATION))
    compiled = [(kind, _compiled(pattern), value) for kind, pattern, value in rules]
    return tuple(compiled + [(kind, re.compile(pattern), None) for kind, pattern in signs])


@lru_cache(maxsize=16)
def _term_rule(terms: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, re.Pattern[str], Any], ...]:
    """Return the rules of the practice's own words for a frequency."""
    rules = []
    for term, value in terms:
        letters = words.plain(term.strip())[0]
        if letters:
            rules.append(("term", _compiled(re.escape(letters).replace(r"\ ", " ")), value))
    return tuple(rules)


def _tokens(text: str, rules: tuple[tuple[str, re.Pattern[str], Any], ...]) -> list[_Token]:
    """Return the stretches of a plain text that a rule reads, and words as kind ``word``."""
    tokens, place = [], 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        token = _token_at(text, place, rules)
        tokens.append(token)
        place = token.end
    return tokens


def _token_at(text: str, place: int, rules: tuple[tuple[str, re.Pattern[str], Any], ...]) -> _Token:
    best: _Token | None = None
    for kind, pattern, value in rules:
        found = pattern.match(text, place)
        if found and found.end() > place and (best is None or found.end() > best.end):
            best = _Token(kind, place, found.end(), found.group(), found.groups(), value)
    return best if best is not None else _Token("word", place, place + len(_WORD.findall(text, place)[0]))


#: Anything up to the next blank or punctuation; at least one character.
_WORD = re.compile(r"[^ ][^ ,;()]*")


# --- understanding -----------------------------------------------------------------------------------------------


@dataclass
class _Stage:
    """A part while it is being read."""

    relation: str = ""
    dose: Decimal | None = None
    dose_max: Decimal | None = None
    dose_tokens: list[_Token] = field(default_factory=list)
    rate: tuple[int, int, str, int] | None = None
    rate_token: _Token | None = None
    moments: dict[str, _Token] = field(default_factory=dict)
    meals: tuple[str, _Token] | None = None
    once: bool = False
    term: Any = None
    weekdays: tuple[str, ...] = ()
    weekdays_token: _Token | None = None
    other_days: bool = False
    alternate: bool = False
    duration: Decimal | None = None
    duration_unit: str = ""
    timing_tokens: list[_Token] = field(default_factory=list)

    @property
    def timed(self) -> bool:
        return bool(
            self.rate or self.moments or self.meals or self.once or self.term or self.weekdays or self.other_days
        )


class _Reader:
    """Goes through the tokens from left to right; each kind has its method, which says whether it took the token."""

    def __init__(self, text: str, places: list[int], origin: str, route: str | None) -> None:
        self.text, self.places, self.origin = text, places, origin
        self.known_route = route or ""
        self.stages = [_Stage()]
        self.values: dict[str, Any] = {}
        self.unread: list[_Token] = []
        self.cautions: list[Caution] = []
        self.reason_tokens: list[_Token] = []
        self.in_reason = False
        self.pending: _Token | None = None
        self.closed = False

    @property
    def stage(self) -> _Stage:
        return self.stages[-1]

    def written(self, start: int, end: int) -> str:
        """Return a stretch as the author wrote it."""
        if start >= end:
            return ""
        return self.origin[self.places[start] : self.places[end - 1] + 1].strip()

    def caution(self, code: str, token: _Token) -> None:
        caution = Caution(code, self.written(token.start, token.end))
        if caution not in self.cautions:
            self.cautions.append(caution)

    def read(self, tokens: list[_Token]) -> None:  # pylint: disable=method-required-super
        for index, token in enumerate(tokens):
            following = next((one for one in tokens[index + 1 :] if one.kind != "filling"), None)
            self._take(token, following)
        if self.pending:
            self.unread.append(self.pending)

    def _take(self, token: _Token, following: _Token | None) -> None:
        if self.in_reason and token.kind in ("word", "filling"):
            self._take_reason(token)
            return
        if token.kind == "word":
            self.unread.append(token)
            return
        self.in_reason = False
        if self.pending and token.kind not in ("dose", "number", "alternate", "filling", "apply"):
            self.pending = None  # "et" between two moments joins nothing new
        if not getattr(self, f"_{token.kind}")(token, following):
            self.unread.append(token)
        elif token.kind in _TIMING_KINDS:
            self.stage.timing_tokens.append(token)

    def _take_reason(self, token: _Token) -> None:
        """Keep a word of what the dose is for; a comma or a bracket ends it."""
        if token.kind == "word" or (self.reason_tokens and re.search("[a-z]", token.text)):
            self.reason_tokens.append(token)
        else:
            self.in_reason = not self.reason_tokens

    def _set(self, name: str, value: Any) -> bool:
        """Keep a value of the whole line; a second one that differs is not understood."""
        if value is None or self.values.get(name, value) != value:
            return False
        self.values[name] = value
        return True

    # --- words that carry nothing, words that are refused

    def _filling(self, token: _Token, following: _Token | None) -> bool:
        return True

    def _unread(self, token: _Token, following: _Token | None) -> bool:
        if token.value:
            self.caution(token.value, token)
        return False

    def _refill(self, token: _Token, following: _Token | None) -> bool:
        self.caution("refill", token)
        return False

    # --- dose

    def _dose(self, token: _Token, following: _Token | None) -> bool:
        first, second, unit_word, half = token.groups
        dose, most = number(first), number(second) if second else None
        if half and dose is not None and most is None:
            dose += Decimal("0.5")
        unit = words.unit_key(unit_word.rstrip(".")) or words.unit_key(unit_word)
        if dose is None or (second and (most is None or most <= dose)) or unit is None:
            return False
        if unit in words.SPOONS:
            self.caution("spoon", token)
            factor, unit = words.SPOONS[unit], "ml"
            dose, most = dose * factor, most and most * factor
        if self.values.get("unit", unit) != unit or not self._begin_dose(token):
            return False
        self.values["unit"] = unit
        self._check_writing(token, unit_word)
        self.stage.dose, self.stage.dose_max = dose, most
        self.stage.dose_tokens.append(token)
        return True

    def _number(self, token: _Token, following: _Token | None) -> bool:
        first, second = token.groups
        dose, most = number(first), number(second) if second else None
        known = "unit" in self.values
        if following is None or (second and (most is None or most <= (dose or 0))):
            return False
        clock = following.kind == "moment" and following.text in ("am", "pm")
        if dose is None or (not known and (dose > _MAX_BARE or clock)):
            return False
        allowed = ("periodic", "every", "rate", "moment", "meals", "route", "side", "as_needed", "weekdays", "duration")
        if following.kind not in (*allowed, "other_days", "other_day", "once", "term", "side_code", "alternate", "and"):
            return False
        if not self._begin_dose(token):
            return False
        self._check_writing(token, "")
        self.stage.dose, self.stage.dose_max = dose, most
        self.stage.dose_tokens.append(token)
        return True

    def _begin_dose(self, token: _Token) -> bool:
        """Make room for a dose: in this stage, or in a new one that says how it stands to the one before."""
        joined, self.pending = self.pending, None
        if self.stage.dose is None:
            return True
        if self.closed or len(self.stages) >= MAX_PARTS:
            return False
        has_length = self.stage.duration is not None
        if joined is not None and joined.text.strip() not in (",", "/"):
            if has_length:
                return False  # "x 5 j et 2 co": at the same time, or afterwards?
            relation = "and"
        elif has_length:
            relation = "then"
        elif self.stage.timed or self.stage.alternate:
            relation = "and"
        else:
            return False
        self.stages.append(_Stage(relation, alternate=self.stage.alternate and relation == "and"))
        return True

    def _check_writing(self, token: _Token, unit_word: str) -> None:
        """Name what is known to be misread in the number and the unit of a dose."""
        written = token.text
        if re.search(r"\d[.,]0+(?!\d)", written):
            self.caution("trailing_zero", token)
        if re.search(r"(?<!\d)[.,]\d", written):
            self.caution("naked_decimal", token)
        code = {"u": "u", "ui": "iu", "iu": "iu", "ug": "ug", "cc": "cc"}.get(unit_word.rstrip("."))
        if code:
            self.caution(code, token)

    def _scheme(self, token: _Token, following: _Token | None) -> bool:
        """Read "1-0-1": morning, noon, evening, and bedtime."""
        *counts, unit_word = token.groups
        unit = words.unit_key(unit_word.rstrip(".")) if unit_word else None
        if unit and self.values.get("unit", unit) != unit:
            return False
        doses = [(number(count), moment) for count, moment in zip(counts, _DAY_MOMENTS, strict=True) if count]
        doses = [(dose, moment) for dose, moment in doses if dose is not None]
        if not doses or self.stage.timed or self.stage.dose not in (None, Decimal(1)):
            return False
        if unit:
            self.values["unit"] = unit
        for dose, moment in doses:
            if self.stage.moments:
                self.stages.append(_Stage("and"))
            self.stage.dose = dose
            self.stage.moments[moment] = token
        return True

    # --- when

    def _set_rate(self, token: _Token, rate: tuple[int, int, str, int]) -> bool:
        stage = self.stage
        if stage.rate not in (None, rate) or stage.once or stage.term:
            return False
        stage.rate, stage.rate_token = rate, token
        return True

    def _every(self, token: _Token, following: _Token | None) -> bool:
        first, second, unit_word = token.groups
        per, until = int(first or 1), int(second or 0)
        unit = "month" if unit_word == "m" else words.period_key(unit_word)
        if unit is None or not 0 < per <= 365 or (until and not per < until <= 365):
            return False
        if unit == "hour" and not until and per % 24 == 0:
            per, unit = per // 24, "day"
        return self._set_rate(token, (1, per, unit, until))

    def _rate(self, token: _Token, following: _Token | None) -> bool:
        count, unit_word = token.groups
        times = words.TIMES_WORDS.get(count) or words.NUMBER_WORDS.get(count) or (int(count) if count.isdigit() else 0)
        adverbs = {"daily": "day", "die": "day", "quotidiennement": "day", "weekly": "week", "monthly": "month"}
        unit = adverbs.get(unit_word) or words.period_key(unit_word)
        return bool(unit and 0 < times <= 24) and self._set_rate(token, (times, 1, unit or "day", 0))

    def _periodic(self, token: _Token, following: _Token | None) -> bool:
        times, unit = token.value
        taken = self._set_rate(token, (times, 1, unit, 0))
        code = {"qd": "qd", "q.d.": "qd", "biw": "biw", "tiw": "biw"}.get(token.text)
        if taken and code:
            self.caution(code, token)
        return taken

    def _other_day(self, token: _Token, following: _Token | None) -> bool:
        if token.text in ("qod", "q.o.d.", "eod"):
            self.caution("qod", token)
        return self._set_rate(token, (1, 2, "day", 0))

    def _moment(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.once or self.stage.term or token.value in self.stage.moments:
            return False
        self.stage.moments[token.value] = token
        if token.text.replace(" ", "") in ("hs", "qhs", "h.s."):
            self.caution("hs", token)
        return True

    def _meals(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.meals or self.stage.once or self.stage.term:
            return False
        self.stage.meals = (token.value, token)
        return True

    def _once(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.timed:
            return False
        self.stage.once = True
        return True

    def _term(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.timed:
            return False
        self.stage.term = token.value
        return True

    def _weekdays(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.weekdays or self.stage.once:
            return False
        self.stage.weekdays, self.stage.weekdays_token = words.weekdays_in(token.text), token
        return bool(self.stage.weekdays)

    def _other_days(self, token: _Token, following: _Token | None) -> bool:
        if len(self.stages) < 2 or self.stage.relation != "and" or self.stage.timed:
            return False
        self.stage.other_days = True
        return True

    def _alternate(self, token: _Token, following: _Token | None) -> bool:
        self.stage.alternate = True
        return True

    def _duration(self, token: _Token, following: _Token | None) -> bool:
        length, unit_word = token.groups
        value, unit = number(length), words.period_key(unit_word)
        if value is None or unit in (None, "hour") or self.stage.duration is not None:
            return False
        if unit == "year":
            value, unit = value * 12, "month"
        self.stage.duration, self.stage.duration_unit = value, unit or ""
        return True

    # --- the whole line

    def _as_needed(self, token: _Token, following: _Token | None) -> bool:
        self.values["as_needed"] = True
        self.in_reason = True
        return True

    def _reason(self, token: _Token, following: _Token | None) -> bool:
        if self.reason_tokens or following is None or following.kind not in ("word", "filling"):
            return False
        self.in_reason = True
        return True

    def _maximum(self, token: _Token, following: _Token | None) -> bool:
        value, unit_word = token.groups
        most = number(value)
        unit = words.unit_key(unit_word.rstrip(".")) or words.unit_key(unit_word) if unit_word else None
        if most is None or "maximum" in self.values:
            return False
        self.values["maximum"] = (most, unit, token)
        self._check_writing(token, unit_word or "")
        return True

    def _quantity(self, token: _Token, following: _Token | None) -> bool:
        value, unit_word = token.groups
        unit = words.unit_key(unit_word.rstrip(".")) if unit_word else ""
        if number(value) is None or unit in words.SPOONS or "quantity" in self.values:
            return False
        self.values["quantity"], self.values["quantity_unit"] = number(value), unit or ""
        return True

    def _long_term(self, token: _Token, following: _Token | None) -> bool:
        self.values["long_term"] = True
        return True

    def _route(self, token: _Token, following: _Token | None) -> bool:
        route = token.value
        if route == "oral" and (self.values.get("unit") == "puff" or self.values.get("inhaled")):
            route = "inhalation"  # "par la bouche" of a puff
        taken = self._set("route", route)
        if taken and token.text in ("sc", "s/c", "s.c.", "sq", "subq", "sub q"):
            self.caution("sc", token)
        return taken

    def _side(self, token: _Token, following: _Token | None) -> bool:
        route, side = token.value
        if self.values.get("route", route) != route or self.values.get("side", side) != side:
            return False
        self.values.update(route=route, side=side)
        return True

    def _side_code(self, token: _Token, following: _Token | None) -> bool:
        """Read OD, OS, AU and the like; OD is the right eye, or once a day, and where it may be both it is neither."""
        code = re.sub("[^a-z]", "", token.text)
        if code in ("ad", "as", "au", "ou") and not self.written(token.start, token.end).isupper():
            return False  # French words, written small
        if code == "od" and not self._may_be_eye():
            self.caution("od", token)
            counted = self.values.get("unit") not in (None, "drop", "application")
            return counted and self._set_rate(token, (1, 1, "day", 0))
        self.caution("eye", token)
        if code == "od" and not self._is_eye(following):
            return False
        return self._side(token, following)

    def _may_be_eye(self) -> bool:
        route = self.values.get("route") or self.known_route
        return route == "ophthalmic" or (not route and self.values.get("unit") in ("drop", "application"))

    def _is_eye(self, following: _Token | None) -> bool:
        """Tell whether a frequency stands elsewhere, so that OD can only be the eye."""
        stated = self.stage.rate or self.stage.moments or self.stage.once or self.stage.term
        return bool(stated) or (following is not None and following.kind in (*_TIMING_KINDS, "weekdays"))

    def _apply(self, token: _Token, following: _Token | None) -> bool:
        self.values["applied"] = True
        return True

    def _inhale(self, token: _Token, following: _Token | None) -> bool:
        self.values["inhaled"] = True
        return True

    # --- between parts

    def _then(self, token: _Token, following: _Token | None) -> bool:
        if following is None or following.kind not in ("dose", "number", "stop"):
            return False
        if following.kind != "stop":
            if self.stage.dose is None or len(self.stages) >= MAX_PARTS:
                return False
            self.stages.append(_Stage("then"))
        return True

    def _stop(self, token: _Token, following: _Token | None) -> bool:
        if self.stage.duration is None:
            return False
        self.values["then_stop"] = self.closed = True
        return True

    def _and(self, token: _Token, following: _Token | None) -> bool:
        self.pending = token if following is not None and following.kind in ("dose", "number", "alternate") else None
        return True


# --- putting together --------------------------------------------------------------------------------------------


def _timing(stage: _Stage, reader: _Reader) -> Timing | None:
    """Return the timing of a stage; a word that does not agree with the others is not understood."""
    text = " ".join(reader.written(token.start, token.end) for token in stage.timing_tokens)
    if stage.once or stage.term is not None:
        return Timing(once=stage.once, term=stage.term, text=text)
    rate = stage.rate
    if stage.weekdays and rate and rate[2] == "week":
        rate = _per_weekday(stage, reader, rate)
    moments = tuple(moment for moment in _DAY_MOMENTS if moment in stage.moments)
    # "once a day at bedtime", "every 2 days in the morning" agree; "3 times a day in the morning" does not.
    agree = rate is None or rate[:3] == (len(moments), 1, "day") or (len(moments) == 1 == rate[0] and rate[2] != "hour")
    if moments and not agree:
        reader.unread += stage.moments.values()
        moments = ()
    if rate is None:
        times = len(moments) or (3 if stage.meals else 1 if stage.weekdays else 0)
        rate = (times, 1, "day", 0) if times else None
    if rate is None:
        return None
    if stage.meals:
        moments += (stage.meals[0],)
    return Timing(*rate, moments, text=text)


def _per_weekday(stage: _Stage, reader: _Reader, rate: tuple[int, int, str, int]) -> tuple[int, int, str, int]:
    """Return the rate of a dose whose days are named: "3 fois par semaine, lun mer ven" is once on each of them."""
    if rate[0] == len(stage.weekdays) and rate[1] == 1:
        return (1, 1, "day", 0)
    if stage.weekdays_token:
        reader.unread.append(stage.weekdays_token)
    stage.weekdays = ()
    return rate


def _alternated(stages: list[_Stage]) -> None:
    """Give two doses in alternation their days: one every 2 days, the other on the days between."""
    for first, second in itertools.pairwise(stages):
        if not (second.relation == "and" and (first.alternate or second.alternate)) or second.other_days:
            continue
        every_other = (1, 2, "day", 0)
        if {first.rate, second.rate} <= {None, every_other, (1, 1, "day", 0)} and not (first.moments or second.moments):
            first.rate, second.rate, second.other_days = every_other, None, True


def _merged(stages: list[_Stage]) -> list[_Stage]:
    """Join doses of one day that are equal: 1 in the morning and 1 in the evening."""
    merged: list[_Stage] = []
    for stage in stages:
        last = merged[-1] if merged else None
        plain_stage = stage.moments and not (stage.rate or stage.weekdays or stage.meals or stage.other_days)
        if (
            last is not None
            and stage.relation == "and"
            and plain_stage
            and last.moments
            and not (last.rate or last.weekdays or last.meals or last.other_days)
            and (last.dose, last.dose_max) == (stage.dose, stage.dose_max)
            and not last.moments.keys() & stage.moments.keys()
        ):
            last.moments.update(stage.moments)
            last.timing_tokens += stage.timing_tokens
            last.duration = last.duration if last.duration is not None else stage.duration
            last.duration_unit = last.duration_unit or stage.duration_unit
            continue
        merged.append(stage)
    return merged


def _spread_durations(stages: list[_Stage]) -> None:
    """A length said after the last of several doses of one day is that of them all."""
    for index in range(len(stages) - 1, 0, -1):
        if stages[index].relation == "and" and stages[index - 1].duration is None:
            stages[index - 1].duration = stages[index].duration
            stages[index - 1].duration_unit = stages[index].duration_unit
            stages[index].duration, stages[index].duration_unit = None, ""


def _maximum(reader: _Reader, unit: str) -> Decimal | None:
    """Return the most of a day in the unit of the dose; in another unit that does not convert it is not understood."""
    if "maximum" not in reader.values:
        return None
    most, stated, token = reader.values["maximum"]
    mass = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
    if stated in (None, unit):
        return most
    if stated in mass and unit in mass:
        return (most * mass[stated] / mass[unit]).normalize() + 0
    reader.unread.append(token)
    return None


def _rest(reader: _Reader) -> tuple[str, ...]:
    """Return what was not understood, in the author's writing, neighbours in one piece."""
    pieces: list[list[int]] = []
    for token in sorted(reader.unread, key=lambda token: token.start):
        if pieces and not reader.text[pieces[-1][1] : token.start].strip():
            pieces[-1][1] = max(pieces[-1][1], token.end)
        else:
            pieces.append([token.start, token.end])
    return tuple(filter(None, (reader.written(start, end) for start, end in pieces)))


def parse(text: str | None, *, terms: Mapping[str, Any] | None = None, route: str | None = None) -> Shorthand:
    """Read a line of shorthand.

    :param text: what was typed, up to 500 characters; what lies beyond is in ``rest``.
    :param terms: the practice's own words for a frequency, and what each stands for (``Timing.term``).
    :param route: the route of the drug, which tells the right eye from once a day.
    """
    origin = str(text or "")
    beyond = origin[MAX_TEXT:].strip()
    origin = origin[:MAX_TEXT]
    letters, places = words.plain(origin)
    rules = _rules() + _term_rule(tuple((terms or {}).items()))
    reader = _Reader(letters, places, origin, route)
    reader.read(_tokens(letters, rules))
    return _result(reader, (beyond,) if beyond else ())


def _result(reader: _Reader, beyond: tuple[str, ...]) -> Shorthand:
    _alternated(reader.stages)
    stages = _merged(reader.stages)
    _spread_durations(stages)
    values = reader.values
    if values.get("applied") and stages[0].dose is None and "unit" not in values and stages[0].timed:
        stages[0].dose, values["unit"] = Decimal(1), "application"
    if values.get("inhaled"):
        values.setdefault("route", "inhalation")
    parts = tuple(
        Part(
            stage.dose,
            stage.dose_max,
            _timing(stage, reader),
            stage.weekdays,
            stage.other_days,
            stage.duration,
            stage.duration_unit,
            stage.relation,
        )
        for stage in stages
    )
    unit = values.get("unit", "")
    maximum = _maximum(reader, unit)
    reason = reader.reason_tokens
    return Shorthand(
        parts=() if parts == (Part(),) else parts,
        unit=unit,
        route=values.get("route", ""),
        side=values.get("side", ""),
        as_needed=values.get("as_needed", False),
        max_per_day=maximum,
        quantity=values.get("quantity"),
        quantity_unit=values.get("quantity_unit", ""),
        indication=reader.written(reason[0].start, reason[-1].end).rstrip(".,;") if reason else "",
        long_term=values.get("long_term", False),
        then_stop=values.get("then_stop", False),
        rest=_rest(reader) + beyond,
        cautions=tuple(reader.cautions),
    )


# --- an entry: a drug and its dosage in one line -----------------------------------------------------------------


def split_entry(
    text: str | None, *, terms: Mapping[str, Any] | None = None, most_words: int = 40
) -> tuple[str, str, Shorthand]:
    """Return the item, the dosage as written and the dosage read, of a line such as "amox 500 cap 1 co tid x 10j".

    The dosage is the longest end of the line that is understood best and says something; the item is never empty.

    >>> split_entry("amox 500 cap 1 co tid x 10j")[:2]
    ('amox 500 cap', '1 co tid x 10j')
    >>> split_entry("Marche quotidienne")[:2]
    ('Marche quotidienne', '')
    """
    line = " ".join(str(text or "")[:MAX_TEXT].split())
    pieces = line.split(" ")
    best: tuple[int, str, str, Shorthand] | None = None
    for index in range(1, min(len(pieces), most_words)):
        dosage = " ".join(pieces[index:])
        if not _may_begin(dosage):
            continue
        read = parse(dosage, terms=terms)
        if not read.says_something or not _tells_when_or_how_much(read):
            continue
        unread = sum(len(piece.split()) for piece in read.rest)
        if best is None or unread < best[0]:
            best = (unread, " ".join(pieces[:index]), dosage, read)
    if best is None:
        return line, "", Shorthand()
    return best[1:]


def _may_begin(text: str) -> bool:
    """Tell whether a dosage can begin as a text does; a bare unit or filling belongs to the item before it."""
    letters = words.plain(text)[0].lstrip()
    if not letters:
        return False
    token = _token_at(letters, 0, _rules())
    return token.kind not in ("word", "filling", "and", "then", "route", "unread")


def _tells_when_or_how_much(read: Shorthand) -> bool:
    first = read.parts[0] if read.parts else Part()
    return bool(first.timing or first.duration or read.as_needed or (first.dose and read.unit))
