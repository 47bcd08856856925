"""Health and person identifiers: what a number says, whether it can exist, whether it fits its bearer.

An *error* means that no such number is ever issued: the entry is refused. A *warning* means that number and person
disagree; real cards do (married names, changed sex, corrected birthdates), so a person decides.

Sources: RAMQ numbers have the composition which the Régie de l'assurance maladie du Québec prints on its card: three
letters of the last name at birth, the first letter of the first name, year, month (+50 for women) and day of birth,
two digits of its own. Their last digit is said to be a check digit, but the Régie publishes no rule for it and only
unofficial implementations are known; it is therefore **not checked**. All other kinds are checked by python-stdnum.

>>> check("ramq", "trem 8555-1234", last_name="Tremblay", first_name="Marie", sex="female").display
'TREM 8555 1234'
>>> [issue.code for issue in check("ramq", "TREM 8513 1234").errors]
['ramq_date']
"""

import importlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType, ModuleType

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from .text import fold

MAX_LENGTH = 64
_MAX_NAME = 200
_MAX_NAME_PARTS = 8


@dataclass(frozen=True)
class Issue:
    """One finding: ``code`` names it, ``params`` holds what a message about it needs (plain texts and numbers).

    Errors: ``empty``, ``unknown_kind``, ``length``, ``format``, ``component``, ``checksum``, ``ramq_format``,
    ``ramq_date``. Warnings: ``name_mismatch``, ``birthdate_mismatch``, ``sex_mismatch``, ``unchecked`` (the
    installed python-stdnum lacks the kind).
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """What is known of an identifier: ``value`` to store and compare, ``display`` as printed on the card."""

    value: str
    display: str
    errors: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()
    birthdate: date | None = None
    sex: str | None = None

    @property
    def ok(self) -> bool:
        """Whether such a number can exist."""
        return not self.errors


@dataclass(frozen=True)
class Bearer:
    """The person an identifier is compared with; unknown facts stay empty."""

    last_name: str = ""
    first_name: str = ""
    birthdate: date | None = None
    sex: str | None = None


@dataclass(frozen=True)
class Scheme:
    """A kind of number that python-stdnum checks: modules tried in turn, and what narrows them to persons."""

    modules: tuple[str, ...]
    pattern: str = ""


_SCHEMES: dict[str, Scheme] = {
    "nir": Scheme(("fr.nir",), r"[123478]"),
    "ca_bc_phn": Scheme(("ca.bc_phn",)),
    "be_nn": Scheme(("be.nn", "be.bis")),
    "ch_ssn": Scheme(("ch.ssn",)),
    "gb_nhs": Scheme(("gb.nhs",)),
    "at_vnr": Scheme(("at.vnr",)),
    "bg_egn": Scheme(("bg.egn",)),
    "br_cpf": Scheme(("br.cpf",)),
    "cz_rc": Scheme(("cz.rc",)),
    "dk_cpr": Scheme(("dk.cpr",)),
    "ee_ik": Scheme(("ee.ik",)),
    "es_nif": Scheme(("es.nif",), r"[0-9KLMXYZ]"),
    "fi_hetu": Scheme(("fi.hetu",)),
    "gr_amka": Scheme(("gr.amka",)),
    "hr_oib": Scheme(("hr.oib",)),
    "ie_pps": Scheme(("ie.pps",)),
    "il_idnr": Scheme(("il.idnr",)),
    "is_kennitala": Scheme(("is_.kennitala",), r"[0-7]"),
    "it_cf": Scheme(("it.codicefiscale",), r"[A-Z]"),
    "lt_asmens": Scheme(("lt.asmens",)),
    "mx_curp": Scheme(("mx.curp",)),
    "nl_bsn": Scheme(("nl.bsn",)),
    "no_fnr": Scheme(("no.fodselsnummer",)),
    "pl_pesel": Scheme(("pl.pesel",)),
    "pt_cc": Scheme(("pt.cc",)),
    "ro_cnp": Scheme(("ro.cnp",)),
    "se_pnr": Scheme(("se.personnummer",)),
    "si_emso": Scheme(("si.emso",)),
    "sk_rc": Scheme(("sk.rc",)),
    "tr_tckn": Scheme(("tr.tckimlik",)),
    "us_ssn": Scheme(("us.ssn",)),
    "za_id": Scheme(("za.idnr",)),
}


def _lt(text: str) -> str:
    """Mark a text for the export of translations: whoever shows it translates it."""
    return text


_LABELS = {
    "ramq": _lt("Québec health insurance (RAMQ)"),
    "nir": _lt("France social security (NIR)"),
    "ca_bc_phn": _lt("British Columbia health number (PHN)"),
    "be_nn": _lt("Belgium national register (NN, BIS)"),
    "ch_ssn": _lt("Switzerland insurance number (AVS/AHV)"),
    "gb_nhs": _lt("United Kingdom NHS number"),
    "at_vnr": _lt("Austria social insurance (VNR)"),
    "bg_egn": _lt("Bulgaria citizen number (EGN)"),
    "br_cpf": _lt("Brazil person number (CPF)"),
    "cz_rc": _lt("Czechia birth number (RČ)"),
    "dk_cpr": _lt("Denmark person number (CPR)"),
    "ee_ik": _lt("Estonia person number (IK)"),
    "es_nif": _lt("Spain person number (DNI, NIE)"),
    "fi_hetu": _lt("Finland person number (HETU)"),
    "gr_amka": _lt("Greece social security (AMKA)"),
    "hr_oib": _lt("Croatia person number (OIB)"),
    "ie_pps": _lt("Ireland public service number (PPS)"),
    "il_idnr": _lt("Israel identity number"),
    "is_kennitala": _lt("Iceland person number (kennitala)"),
    "it_cf": _lt("Italy fiscal code (CF)"),
    "lt_asmens": _lt("Lithuania person number"),
    "mx_curp": _lt("Mexico population register (CURP)"),
    "nl_bsn": _lt("Netherlands citizen number (BSN)"),
    "no_fnr": _lt("Norway birth number"),
    "pl_pesel": _lt("Poland person number (PESEL)"),
    "pt_cc": _lt("Portugal citizen card"),
    "ro_cnp": _lt("Romania person number (CNP)"),
    "se_pnr": _lt("Sweden person number"),
    "si_emso": _lt("Slovenia person number (EMŠO)"),
    "sk_rc": _lt("Slovakia birth number (RČ)"),
    "tr_tckn": _lt("Türkiye identity number"),
    "us_ssn": _lt("United States social security (SSN)"),
    "za_id": _lt("South Africa identity number"),
    "other": _lt("Other (not checked)"),
}

KINDS: MappingProxyType[str, str] = MappingProxyType(_LABELS)
"""Kinds of identifiers and their English names, in the order to offer them."""

_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidChecksum, "checksum"),
    (InvalidLength, "length"),
    (InvalidComponent, "component"),
    (InvalidFormat, "format"),
)
_SEXES = {"m": "male", "male": "male", "f": "female", "female": "female"}
_RAMQ = re.compile(r"[A-Z]{4}[0-9]{8}")


def check(
    kind: str,
    value: object,
    *,
    last_name: str | None = "",
    first_name: str | None = "",
    birthdate: date | None = None,
    sex: str | None = None,
) -> Check:
    """Check ``value`` as a number of ``kind`` (see :data:`KINDS`), borne by the person given.

    ``sex`` counts when it is male or female (also m, f); any other value is not compared. Never raises: whatever is
    wrong, also a wrong type, is an error in the result.
    """
    text, problem = _clean(value)
    if problem:
        return Check(text, text, (problem,))
    bearer = Bearer(_str(last_name), _str(first_name), _day(birthdate), _SEXES.get(_str(sex).lower()))
    if kind == "ramq":
        return _check_ramq(text, bearer)
    if kind == "other":
        return _check_other(text)
    scheme = _SCHEMES.get(kind) if isinstance(kind, str) else None
    if scheme is None:
        return Check(text, text, (Issue("unknown_kind", {"kind": str(kind)[:MAX_LENGTH]}),))
    result = _check_scheme(scheme, text)
    if kind == "nir":
        return _check_nir_person(result, bearer)
    return _with_person_warnings(result, bearer)


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _clean(value: object) -> tuple[str, Issue | None]:
    """Return the number in capitals with plain digits and dashes, and what makes it unreadable."""
    if value is None or value is False or value == "":
        return "", Issue("empty")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "", Issue("format")
    try:
        text = str(value)
    except ValueError:  # Python refuses to write integers of thousands of digits
        return "", Issue("length", {"maximum": MAX_LENGTH})
    if len(text) > MAX_LENGTH:
        return text[:MAX_LENGTH].strip(), Issue("length", {"found": len(text), "maximum": MAX_LENGTH})
    text = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return (text, None) if text else ("", Issue("empty"))


def _check_other(text: str) -> Check:
    if not all(char.isalnum() or char in " -./#:+*'" for char in text) or not any(map(str.isalnum, text)):
        return Check(text, text, (Issue("format"),))
    return Check(text, text)


# --- RAMQ --------------------------------------------------------------------------------------------------------


def _letters(name: str) -> str:
    """Return the capital letters A to Z of a name as the card writes it."""
    return re.sub(r"[^A-Z]", "", fold(name).upper())


def ramq_letters(last_name: str, first_name: str) -> str:
    """Return the four letters a RAMQ number starts with, '' where a name is missing.

    Accents, hyphens, apostrophes and spaces do not count. A last name of one or two letters is filled with X, as
    implementations in use in Québec do it.

    >>> ramq_letters("D'Amours", "Élise"), ramq_letters("Ng", "Thi")
    ('DAME', 'NGXT')
    """
    last, first = _letters(last_name[:_MAX_NAME]), _letters(first_name[:_MAX_NAME])
    return last[:3].ljust(3, "X") + first[:1] if last and first else ""


def _ramq_letter_choices(last_name: str, first_name: str) -> set[str]:
    """Return the beginnings that agree with a name: whole, each part of a compound name, each first name."""
    last_parts = fold(last_name[:_MAX_NAME]).split()[:_MAX_NAME_PARTS]
    first_parts = fold(first_name[:_MAX_NAME]).split()[:_MAX_NAME_PARTS]
    # A part may begin the name that the card shows: "La Tour" for "De La Tour".
    lasts = {" ".join(last_parts[start:]) for start in range(len(last_parts))} | set(last_parts)
    firsts = {" ".join(first_parts), *first_parts}
    return {ramq_letters(last, first) for last in lasts for first in firsts} - {""}


def ramq_birthdates(value: str, today: date | None = None) -> list[date]:
    """Return the birthdates a compact RAMQ number can stand for, latest first: the card has no century.

    Dates after ``today`` (now, if not given) and those of people over 125 are no birthdates of a card.

    >>> ramq_birthdates("TREM85551234", date(2026, 1, 1)), ramq_birthdates("ROYA10010112", date(2026, 1, 1))
    ([datetime.date(1985, 5, 12)], [datetime.date(2010, 1, 1), datetime.date(1910, 1, 1)])
    """
    today = today or date.today()
    year, month, day = int(value[4:6]), int(value[6:8]), int(value[8:10])
    found = []
    for century in (2000, 1900, 1800):
        try:
            birthdate = date(century + year, month - 50 if month > 50 else month, day)
        except ValueError:
            continue
        if birthdate <= today and today.year - birthdate.year <= 125:
            found.append(birthdate)
    return found


def _check_ramq(text: str, bearer: Bearer) -> Check:
    value = re.sub(r"[\s\-.]", "", text)
    if not _RAMQ.fullmatch(value):
        return Check(value, text, (Issue("ramq_format"),))
    display = f"{value[:4]} {value[4:8]} {value[8:]}"
    dates = ramq_birthdates(value)
    if not dates:
        return Check(value, display, (Issue("ramq_date", {"found": value[4:10]}),))
    sex = "female" if int(value[6:8]) > 50 else "male"
    warnings = []
    choices = _ramq_letter_choices(bearer.last_name, bearer.first_name)
    if choices and value[:4] not in choices:
        expected = ramq_letters(bearer.last_name, bearer.first_name)
        warnings.append(Issue("name_mismatch", {"expected": expected, "found": value[:4]}))
    if bearer.birthdate and bearer.birthdate not in dates:
        warnings.append(_birthdate_issue(bearer.birthdate, dates[0]))
    birthdate = bearer.birthdate if bearer.birthdate in dates else dates[0] if len(dates) == 1 else None
    result = Check(value, display, (), tuple(warnings), birthdate, sex)
    return _with_sex_warning(result, bearer)


# --- numbers of python-stdnum ------------------------------------------------------------------------------------


def _check_scheme(scheme: Scheme, text: str) -> Check:
    """Check by the first module that accepts the number; the errors are those of the first one."""
    failed: Check | None = None
    for name in scheme.modules:
        try:
            module = importlib.import_module(f"stdnum.{name}")
        except ImportError:
            continue
        result = _check_module(module, text)
        if result.ok and scheme.pattern and not re.match(scheme.pattern, result.value):
            result = replace(result, errors=(Issue("component"),))
        if result.ok:
            return result
        failed = failed or result
    return failed or replace(_check_other(text), warnings=(Issue("unchecked"),))


def _check_module(module: ModuleType, text: str) -> Check:
    try:
        value = module.validate(text)
    except ValidationError as error:
        code = next((code for kind, code in _ERRORS if isinstance(error, kind)), "format")
        return Check(text, text, (Issue(code),))
    except (ValueError, IndexError, KeyError, TypeError):  # texts its authors did not think of
        return Check(text, text, (Issue("format"),))
    display = module.format(value) if hasattr(module, "format") else value
    birthdate = _ask(module, "get_birth_date", value)
    sex = _SEXES.get(str(_ask(module, "get_gender", value)).lower())
    return Check(value, display, birthdate=birthdate if isinstance(birthdate, date) else None, sex=sex)


def _ask(module: ModuleType, question: str, value: str) -> object:
    """Return what a number says of its bearer, None where it says nothing."""
    if not hasattr(module, question):
        return None
    try:
        answer: object = getattr(module, question)(value)
    except (ValueError, IndexError, KeyError, TypeError):
        return None
    return answer


def _check_nir_person(result: Check, bearer: Bearer) -> Check:
    """Compare sex, year and month of birth, the only ones a NIR holds.

    Months above 12 stand for births whose month is not known.
    """
    if result.errors:
        return result
    sex = "male" if int(result.value[0]) % 2 else "female"
    result = replace(result, sex=sex)
    year, month = int(result.value[1:3]), int(result.value[3:5])
    known = bearer.birthdate
    if known and (known.year % 100 != year or (1 <= month <= 12 and known.month != month)):
        params = {"expected": known.strftime("%y%m"), "found": result.value[1:5]}
        result = replace(result, warnings=(*result.warnings, Issue("birthdate_mismatch", params)))
    return _with_sex_warning(result, bearer)


# --- number and person -------------------------------------------------------------------------------------------


def _birthdate_issue(known: date, found: date) -> Issue:
    return Issue("birthdate_mismatch", {"expected": known.isoformat(), "found": found.isoformat()})


def _with_sex_warning(result: Check, bearer: Bearer) -> Check:
    if result.errors or not result.sex or not bearer.sex or result.sex == bearer.sex:
        return result
    issue = Issue("sex_mismatch", {"expected": bearer.sex, "found": result.sex})
    return replace(result, warnings=(*result.warnings, issue))


def _with_person_warnings(result: Check, bearer: Bearer) -> Check:
    """Compare birthdate and sex; the century is not compared, because many numbers do not hold it."""
    said, known = result.birthdate, bearer.birthdate
    if not result.errors and said and known:
        if (said.year % 100, said.month, said.day) == (known.year % 100, known.month, known.day):
            result = replace(result, birthdate=known)
        else:
            result = replace(result, warnings=(*result.warnings, _birthdate_issue(known, said)))
    return _with_sex_warning(result, bearer)
