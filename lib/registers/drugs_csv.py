"""Drugs as a table that anybody can make: the register of another country, a hospital's list, the practice's own.

One table, or several in one folder or zip file, with at least the columns ``code``, ``name`` and ``substances``; see
``doc/formats.md`` for all of them. Comma, semicolon, tab and bar separate; UTF-8, UTF-16 and Windows-1252 are read; the
order of the columns does not matter. A column that is not known is told, a column that is not there says nothing: what
the practice knows stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from ..dosage import DOSE_UNITS, dose_unit_of_form, dose_unit_of_french_form, route_of_register
from ..text import fold
from .base import DrugRow, Edition, GenericRow, PackageRow, RegisterError, RowError, SubstanceRow, to_decimal
from .dates import date_in_name
from .dpd import strength_text
from .files import clean, clean_text, find_files
from .tables import Table, open_table

KIND = "drugs_csv"

NEEDED = ("code", "name", "substances")
"""Columns without which a table is no table of drugs."""

# Other columns, with the columns of drugs they fill: those are silent where the column is not there.
_COLUMNS = MappingProxyType(
    {
        "form": ("form", "dose_unit"),
        "strength": (),
        "route": ("route", "route_code"),
        "company": ("company_name",),
        "atc": ("atc_code",),
        "atc_name": ("atc_name",),
        "schedule": ("schedule",),
        "narcotic_class": ("narcotic_class",),
        "conditions": ("conditions",),
        "packages": ("packages",),
        "max_daily_dose": ("max_daily_dose", "max_daily_unit"),
        "generic_group": ("generic_type",),
        "marketed": (),
        "list": (),
    }
)
_TRANSLATED = frozenset(("name", "form", "substances"))
_SUFFIXES = (".csv", ".tsv", ".txt")
_NARCOTIC_CLASSES = ("narcotic", "targeted", "controlled")
_YES = frozenset(("", "1", "yes", "y", "true", "oui", "o", "vrai", "x", "marketed"))
_NO = frozenset(("0", "no", "n", "false", "non", "faux", "withdrawn"))
_ATC = re.compile(r"[A-Z]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?")
_STRENGTH = re.compile(
    r"(\d[\d ]*(?:[.,]\d+)?|[.,]\d+) *([^\W\d_][^\s/\d]{0,20}|%)(?: */ *(\d+(?:[.,]\d+)?)? *([^\W\d_][^\s/\d]{0,20}))?"
)
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?) *([^\W\d_]\w{0,20})?")
_LONG = ("conditions", "packages", "substances")
_MAX, _MAX_TEXT = 500, 10_000


@dataclass
class _Walk:
    """One walk over the edition: the codes seen so far."""

    edition: Edition[DrugRow]
    codes: set[str] = field(default_factory=set)

    def rows(self, table: Table) -> Iterator[DrugRow]:
        for column in table.columns:
            if column and not _is_known(column):
                self.edition.refuse(table.file.name, 1, "unknown_column", found=column[:40])
        for line, row in table.rows(self.edition):
            try:
                drug = self.drug({name: clean(value[:_MAX]) for name, value in row.items()} | _texts(row))
            except RowError as bad:
                self.edition.refuse(table.file.name, line, bad.code, **bad.params)
                continue
            yield drug

    def drug(self, row: Mapping[str, str]) -> DrugRow:
        """Return the drug of a line; raises RowError."""
        code = row["code"][:100]
        if not code:
            raise RowError("code_missing")
        if code in self.codes:
            raise RowError("duplicate_code", named=code[:40])
        if not row["name"]:
            raise RowError("name_missing", din=code[:40])
        drug = _drug_row(code, row)
        self.codes.add(code)
        return drug


def _texts(row: Mapping[str, str]) -> dict[str, str]:
    """Return the cells that may be long; the items of a list stand on lines of their own as well."""
    texts = {name: clean_text(value[:_MAX_TEXT]) for name, value in row.items() if name.startswith(_LONG)}
    return {name: text if name == "conditions" else text.replace("\n", ";") for name, text in texts.items()}


def _is_known(column: str) -> bool:
    base, _mark, language = column.rpartition("_")
    return column in NEEDED or column in _COLUMNS or (base in _TRANSLATED and language.isalpha() and len(language) == 2)


def _in_languages(row: Mapping[str, str], column: str) -> tuple[tuple[str, str], ...]:
    """Return the texts of a column in other languages than English and French."""
    found = ((name.removeprefix(f"{column}_"), text) for name, text in row.items() if name.startswith(f"{column}_"))
    return tuple((language, text) for language, text in found if text and language not in ("en", "fr"))


# --- cells -------------------------------------------------------------------------------------------------------


def _list(text: str) -> list[list[str]]:
    """Return the items of a cell, each with its parts: ``a|1; b|2``."""
    return [[part.strip() for part in item.split("|")] for item in text.split(";") if item.strip()]


def _substances(row: Mapping[str, str]) -> tuple[SubstanceRow, ...]:
    """Return the substances of a cell such as ``amoxicillin|500 mg; clavulanic acid|125 mg``.

    >>> [one] = _substances({"substances": "amoxicillin | 250 mg/5 mL", "substances_fr": "amoxicilline"})
    >>> one.name, one.name_fr, one.strength, one.unit, one.per_value, one.per_unit
    ('Amoxicillin', 'Amoxicilline', Decimal('250'), 'mg', Decimal('5'), 'mL')
    """
    french = [item[0] for item in _list(row.get("substances_fr", ""))]
    found = []
    for place, (name, *rest) in enumerate(_list(row["substances"])):
        if not name:
            raise RowError("ingredient_missing")
        name_fr = french[place] if place < len(french) and french[place] else name
        found.append(_substance(_sentence(name), _sentence(name_fr), rest[0] if rest else ""))
    return tuple(dict.fromkeys(found))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _substance(name: str, name_fr: str, strength: str) -> SubstanceRow:
    match = _STRENGTH.fullmatch(strength)
    if strength and not match:
        raise RowError("strength", found=strength[:40])
    if not match:
        return SubstanceRow("", name, name_fr, None, "", None, "")
    amount, unit, per, per_unit = match.groups()
    value = to_decimal(amount.replace(" ", ""))
    return SubstanceRow("", name, name_fr, value, unit, to_decimal(per) if per else None, per_unit or "")


def _packages(row: Mapping[str, str]) -> tuple[PackageRow, ...]:
    """Return the packages of a cell such as ``3400930000001|box of 30|30 tablet|12.50 EUR``."""
    found = []
    for item in _list(row.get("packages", "")):
        code, label, content, price = (*item, "", "", "", "")[:4]
        quantity, unit = _amount(content)
        cost, currency = _amount(price)
        if unit and unit not in DOSE_UNITS and unit != "g":
            raise RowError("bad_unit", found=unit[:40])
        label = label or content or code
        found.append(PackageRow(code, label[:200], quantity, unit, True, cost, currency.upper()[:3]))
    return tuple(dict.fromkeys(found))


def _amount(text: str) -> tuple[Decimal | None, str]:
    match = _AMOUNT.fullmatch(text)
    if text and not match:
        raise RowError("bad_number", found=text[:40])
    return (to_decimal(match[1]), match[2] or "") if match else (None, "")


def _choice(text: str, choices: tuple[str, ...]) -> str | None:
    folded = fold(text)
    if folded and folded not in choices:
        raise RowError("bad_choice", found=text[:40], choices=", ".join(choices))
    return folded or None


def _is_marketed(text: str) -> bool:
    folded = fold(text)
    if folded not in _YES | _NO:
        raise RowError("bad_choice", found=text[:40], choices="yes, no")
    return folded in _YES


def _atc(text: str) -> str:
    code = text.upper().replace(" ", "")
    if code and not _ATC.fullmatch(code):
        raise RowError("bad_atc", found=text[:40])
    return code


def _drug_row(code: str, row: Mapping[str, str]) -> DrugRow:
    name, form, route = row["name"], row.get("form", ""), row.get("route", "")
    form_fr, group = row.get("form_fr", "") or form, row.get("generic_group", "")
    substances, (max_daily, max_unit) = _substances(row), _amount(row.get("max_daily_dose", ""))
    routes = tuple(part.strip() for part in route.split(";") if part.strip())
    return DrugRow(
        register_code=code,
        drug_code=code,
        name=name,
        name_fr=row.get("name_fr", "") or name,
        brand=name,
        descriptor="",
        form=form,
        form_fr=form_fr,
        forms=(form,) if form else (),
        strength=row.get("strength", "") or strength_text(substances),
        routes=routes,
        routes_fr=(),
        schedules=tuple(filter(None, [row.get("schedule", "")])),
        narcotic_class=_choice(row.get("narcotic_class", ""), _NARCOTIC_CLASSES),
        atc=_atc(row.get("atc", "")),
        atc_name=row.get("atc_name", ""),
        company=row.get("company", ""),
        status="marketed" if _is_marketed(row.get("marketed", "")) else "dormant",
        status_date=None,
        updated_on=None,
        packages=_packages(row),
        substances=substances,
        generic=GenericRow(fold(group), group, "") if fold(group) else None,
        own_groups="generic_group" in row,
        conditions=tuple(filter(None, row.get("conditions", "").split("\n"))),
        dose_unit=dose_unit_of_form(form) or dose_unit_of_french_form(form_fr) or "",
        route_code=next(filter(None, map(route_of_register, routes)), None),
        max_daily=max_daily,
        max_daily_unit=max_unit,
        names=_in_languages(row, "name"),
        forms_in=_in_languages(row, "form"),
        part=row.get("list", "")[:100],
    )


# --- edition -----------------------------------------------------------------------------------------------------


def read_edition(path: str | Path) -> Edition[DrugRow]:
    """Open the tables at ``path``: a folder, a zip file, or one table; raises RegisterError where there is none."""
    files = find_files(Path(path), lambda name: name.lower().endswith(_SUFFIXES))
    tables = [table for file in files if (table := open_table(file, NEEDED))]
    if not tables:
        raise RegisterError("no_columns", {"columns": ", ".join(NEEDED)})
    columns = {column for table in tables for column in table.columns}
    languages = {name.rpartition("_")[2] for name in columns if name.rpartition("_")[0] in _TRANSLATED}
    parts = {clean(row["list"][:100]) for table in tables if "list" in table.columns for _line, row in table.rows(None)}

    def walk(edition: Edition[DrugRow]) -> Iterator[DrugRow]:
        state = _Walk(edition)
        for table in tables:
            yield from state.rows(table)

    return Edition(
        kind=KIND,
        date=max(filter(None, (date_in_name(table.file.name) for table in tables)), default=None),
        sources=tuple(table.file.source for table in tables),
        missing=(),
        walk=walk,
        parts=tuple(sorted(parts)) or ("",),
        info={"languages": ",".join(sorted(languages))},
        silent=tuple(name for column, names in _COLUMNS.items() if column not in columns for name in names),
    )
