"""France's Base de données publique des médicaments (BDPM).

What it is: tab separated files without header row and without quotes, joined by the CIS code: ``CIS_bdpm.txt``
(specialties), ``CIS_COMPO_bdpm.txt`` (composition), ``CIS_CIP_bdpm.txt`` (presentations), ``CIS_GENER_bdpm.txt``
(generic groups) and ``CIS_CPD_bdpm.txt`` (conditions of prescription and delivery). UTF-8 today, Windows-1252 for
years; decimal comma, dates ``dd/mm/yyyy``, blanks before company names, tabs at the end of lines.

What is taken: every specialty. A substance that is stated both as the salt in it and as the therapeutic part of that
salt (``SA`` and ``FT`` with one number) is taken as the latter, which is what doses are said in. Codes that no
specialty has (hundreds of generics that are no longer authorised) are counted, not refused.

How it works: the specialties are held in memory with what belongs to them and then given one by one.

Format: ANSM, HAS and UNCAM, "Contenu et format des fichiers téléchargeables dans la BDPM".
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from ..dosage import dose_unit_of_french_form, route_of_register
from ..text import fold
from .base import (
    DrugRow,
    Edition,
    GenericRow,
    PackageRow,
    RegisterError,
    RowError,
    SubstanceRow,
    to_decimal,
)
from .dpd import strength_text
from .files import RegisterFile, clean, find_files, read_rows
from .naming import readable_name, substance_name

KIND = "bdpm"

# Tables with the least and the usual number of columns; a tab at the end of a line makes one more.
_TABLES = MappingProxyType({"": (11, 12), "compo": (8, 8), "cip": (7, 12), "gener": (4, 5), "cpd": (2, 2)})
_FILE_NAME = re.compile(
    r"^(?:cis(?:[_ -]?(?P<table>cip|compo|gener|cpd))?|(?P<alone>cip|compo|gener|cpd))(?:[_ -]?bdpm)?"
    r"(?:[_ -]*\(?\d{0,8}\)?)\.txt$",
    re.IGNORECASE,
)
_CIS = re.compile(r"[0-9]{8}")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)

# What an edition says nothing about where a table is missing.
_SILENT = MappingProxyType(
    {
        "gener": ("generic_group_id", "generic_type"),
        "cpd": ("schedule", "narcotic_class", "conditions"),
        "cip": ("packages",),
    }
)
_GENERIC_TYPES = MappingProxyType({"0": "reference", "1": "generic", "2": "complementary", "4": "substitutable"})
# Conditions that put a drug under the law of narcotics, wholly or in part (Code de la santé publique, R5132-5).
_NARCOTIC = "stupefiant"
_SECURE = "ordonnance securisee"
_LISTS = MappingProxyType({"liste i": "Liste I", "liste ii": "Liste II", "stupefiants": "Stupéfiants"})

_NUMBER = r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?"
_AMOUNT = re.compile(rf"({_NUMBER}) *([^\d\s(;][^\d(;]{{0,30}})", re.ASCII)
_REFERENCE = re.compile(rf"({_NUMBER}) *(ml|l|g|mg|cm2|cm²|dose|doses)\b", re.ASCII | re.IGNORECASE)
_CONTAINERS = ("flacon", "ampoule", "seringue", "stylo", "cartouche", "poche", "dose", "bouffée", "pulvérisation")
_UNITS = MappingProxyType(
    {
        "microgramme": "µg",
        "microgrammes": "µg",
        "milligramme": "mg",
        "milligrammes": "mg",
        "gramme": "g",
        "grammes": "g",
        "u.i.": "UI",
        "ui": "UI",
        "millilitre": "mL",
        "millilitres": "mL",
        "ml": "mL",
        "l": "L",
    }
)
_PACKAGE = re.compile(
    r"^(?:(?P<count>\d{1,4}) +)?(?P<container>[a-zéèêàôî]+)(?:\(s\))?.*?\bde "
    r"(?P<size>\d{1,3}(?: \d{3})+|\d+(?:,\d+)?) *(?P<unit>[a-zéèêàôî]+)(?:\(s\))?\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^(?P<count>\d{1,4}) +(?P<container>[a-zéèêàôî]+)\(s\)", re.IGNORECASE)
_PACKAGE_UNITS = MappingProxyType(
    {
        "comprimé": "tablet",
        "gélule": "capsule",
        "capsule": "capsule",
        "suppositoire": "suppository",
        "ovule": "ovule",
        "sachet": "sachet",
        "pastille": "lozenge",
        "gomme": "gum",
        "film": "film",
        "dose": "dose",
        "ml": "ml",
        "g": "g",
        "ampoule": "ampoule",
        "dispositif": "patch",
        "patch": "patch",
    }
)
_COUNTED_CONTAINERS = MappingProxyType({"flacon": "vial", "ampoule": "ampoule", "sachet": "sachet"})


@dataclass
class _Product:
    """A specialty while its tables are read; the dicts keep their order."""

    cis: str
    row: list[str]
    authorised_on: date | None
    substances: dict[str, dict[str, list[SubstanceRow]]] = field(default_factory=dict)
    packages: dict[PackageRow, None] = field(default_factory=dict)
    generics: dict[GenericRow, None] = field(default_factory=dict)
    conditions: dict[str, None] = field(default_factory=dict)


# --- values ------------------------------------------------------------------------------------------------------


def _parse_date(text: str) -> date | None:
    """Return a date of the register, None for an empty one; raises RowError for anything else."""
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else _no_date(text)
    except ValueError:
        return _no_date(text)


def _date_or_none(text: str) -> date | None:
    try:
        return _parse_date(text)
    except RowError:
        return None


def _no_date(text: str) -> date | None:
    raise RowError("bad_date", found=text[:40])


def _number(text: str) -> Decimal | None:
    """Return a number of the register: blanks between thousands, a comma before decimals."""
    return to_decimal(text.replace(" ", "").replace(".", "") if "," in text else text.replace(" ", ""))


def _price(text: str) -> Decimal | None:
    """Return a price; the register writes ``1,035,20`` for a thousand and more."""
    whole, _comma, cents = text.rpartition(",")
    return to_decimal(whole.replace(",", "").replace(" ", "") + "." + cents) if whole else to_decimal(text)


def _unit(text: str) -> str:
    unit = text.strip().rstrip(".,")
    return _UNITS.get(unit.lower(), unit)


def _substance(row: list[str]) -> SubstanceRow:
    """Return the substance of a line of the composition; strengths of homeopathy and tinctures stay unsaid.

    >>> row = _substance(["60002283", "comprimé", "1", "ANASTROZOLE", "500 000 UI", "100 ml", "SA", "1"])
    >>> row.strength, row.unit, row.per_value, row.per_unit
    (Decimal('500000'), 'UI', Decimal('100'), 'mL')
    """
    name = sys.intern(substance_name(row[3]))
    amount = _AMOUNT.fullmatch(row[4])
    reference = _REFERENCE.search(row[5])
    per_value, per_unit = None, ""
    if reference:
        per_value, per_unit = _number(reference[1]), _unit(reference[2])
    else:
        per_unit = next((word for word in _CONTAINERS if word in row[5].lower()), "")
    if not amount:
        return SubstanceRow(row[2], name, name, None, "", None, "")
    return SubstanceRow(row[2], name, name, _number(amount[1]), _unit(amount[2]), per_value, per_unit)


def parse_package(label: str) -> tuple[Decimal | None, str]:
    """Return what a presentation holds, as far as its label says so plainly.

    >>> parse_package("plaquette(s) PVC PVDC de 30 comprimé(s)"), parse_package("1 flacon(s) en verre de 10 ml")
    ((Decimal('30'), 'tablet'), (Decimal('10'), 'ml'))
    >>> parse_package("3 plaquette(s) PVC de 28 comprimé(s)"), parse_package("10 flacon(s) en verre")
    ((Decimal('84'), 'tablet'), (Decimal('10'), 'vial'))
    >>> parse_package("1 flacon(s) en verre de 500 mg - 1 ampoule(s) de 2 ml")
    (None, '')
    """
    if " - " in label or " + " in label or " et " in label:
        return None, ""
    match = _PACKAGE.match(label)
    if match:
        unit = _PACKAGE_UNITS.get(match["unit"].lower().removesuffix("s"), "")
        size = _number(match["size"])
        return (size * int(match["count"] or 1), unit) if unit and size else (None, "")
    match = _COUNT.match(label)
    unit = _COUNTED_CONTAINERS.get(match["container"].lower(), "") if match else ""
    return (Decimal(match["count"]), unit) if match and unit else (None, "")


# --- lines -------------------------------------------------------------------------------------------------------


def _at(row: list[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _add_substance(product: _Product, row: list[str]) -> None:
    if not row[3]:
        raise RowError("ingredient_missing")
    natures = product.substances.setdefault(f"{row[1]}/{_at(row, 7)}", {})
    natures.setdefault(row[6].upper(), []).append(_substance(row))


def _add_package(product: _Product, row: list[str]) -> None:
    quantity, unit = parse_package(row[2])
    marketed = fold(row[3]) == "presentation active" and fold(row[4]).startswith("declaration de commercialisation")
    _parse_date(row[5])
    price = _price(_at(row, 10) or _at(row, 9))
    code = row[6] or row[1]
    product.packages[PackageRow(code, row[2], quantity, unit, marketed, price, "EUR" if price is not None else "")] = (
        None
    )


def _add_generic(product: _Product, row: list[str]) -> None:
    if not row[0]:
        raise RowError("generic_group")
    product.generics[GenericRow(row[0], sys.intern(row[1]), _GENERIC_TYPES.get(row[3], "generic"))] = None


def _add_condition(product: _Product, row: list[str]) -> None:
    if row[1]:
        product.conditions[sys.intern(row[1])] = None


_ADDERS: MappingProxyType[str, tuple[int, Callable[[_Product, list[str]], None]]] = MappingProxyType(
    {
        "compo": (0, _add_substance),
        "cip": (0, _add_package),
        "gener": (2, _add_generic),
        "cpd": (0, _add_condition),
    }
)
"""Where each table names the specialty, and what is done with its line."""


def _rows(table: str, file: RegisterFile, edition: Edition[DrugRow] | None) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cleaned values of each line; a line of too few or too many columns is refused."""
    least, usual = _TABLES[table]
    for line, row in read_rows(file, edition, delimiter="\t", quoting=csv.QUOTE_NONE):
        right = least <= len(row) and not any(map(str.strip, row[usual + 1 :]))
        if edition:
            edition.lines[file.name] += right
            if not right:
                edition.refuse(file.name, line, "columns", expected=usual, found=len(row))
        if right:
            yield line, [clean(value) for value in row]


def _read_products(file: RegisterFile, edition: Edition[DrugRow]) -> dict[str, _Product]:
    """Return the specialties by CIS code."""
    products: dict[str, _Product] = {}
    for line, row in _rows("", file, edition):
        try:
            product = _product(row)
            if product.cis in products:
                raise RowError("duplicate_drug_code", drug_code=product.cis)
        except RowError as bad:
            edition.refuse(file.name, line, bad.code, **bad.params)
            continue
        products[product.cis] = product
    return products


def _product(row: list[str]) -> _Product:
    if not _CIS.fullmatch(row[0]):
        raise RowError("cis_format", found=row[0][:40])
    if not row[1]:
        raise RowError("name_missing", din=row[0])
    return _Product(row[0], row, _parse_date(row[7]))


def _join(table: str, file: RegisterFile, products: dict[str, _Product], edition: Edition[DrugRow]) -> None:
    """Add the lines of a table to their specialties; those of none are counted."""
    place, add = _ADDERS[table]
    for line, row in _rows(table, file, edition):
        product = products.get(row[place])
        try:
            if product:
                add(product, row)
            elif _CIS.fullmatch(row[place]):
                edition.skipped[f"{file.name}: unknown CIS"] += 1
            else:
                raise RowError("cis_format", found=row[place][:40])
        except RowError as bad:
            edition.refuse(file.name, line, bad.code, **bad.params)


# --- rows --------------------------------------------------------------------------------------------------------


def _substances(product: _Product) -> tuple[SubstanceRow, ...]:
    """Return each substance once: the part of a salt that acts, unless the name speaks of the salt.

    A tablet of metformin 1000 mg holds that much of the hydrochloride.
    """
    found: dict[SubstanceRow, None] = {}
    name = fold(product.row[1])
    for natures in product.substances.values():
        acting, salts = natures.get("FT", []), natures.get("SA", [])
        named = _is_named(salts, name) and not _is_named(acting, name)
        rows = salts if named else acting or salts or [row for rows in natures.values() for row in rows]
        found.update(dict.fromkeys(rows))
    return _in_order_of(name, list(found))


def _in_order_of(name: str, rows: list[SubstanceRow]) -> tuple[SubstanceRow, ...]:
    """Return the substances in the order of their strengths in a folded name; those it does not state stand last.

    ``5 mg/80 mg`` is not to be followed by 80 mg / 5 mg.
    """
    padded, places = f" {name} ", []
    for row in rows:
        amount = fold(strength_text([row]).split(" / ")[0])
        found = (match.start() for match in re.finditer(rf" {amount}(?= )", padded) if amount)
        places.append(next((place for place in found if place not in places), len(padded)))
    return tuple(row for _place, _number, row in sorted(zip(places, range(len(rows)), rows, strict=True)))


def _is_named(rows: list[SubstanceRow], name: str) -> bool:
    """Tell whether a folded name states the strength of one of the substances."""
    amounts = (fold(strength_text([row]).split(" / ")[0]) for row in rows)
    return any(amount and f" {amount} " in f" {name} " for amount in amounts)


def _status(row: list[str]) -> str:
    if fold(row[4]) != "autorisation active":
        return "cancelled"
    return "marketed" if fold(row[6]) == "commercialisee" else "dormant"


def _narcotic_class(conditions: list[str]) -> str | None:
    folded = [fold(text) for text in conditions]
    if any(text.startswith(_NARCOTIC) for text in folded):
        return "narcotic"
    return "targeted" if any(_SECURE in text for text in folded) else None


def _name(text: str, form: str) -> str:
    """Return the name without the form that follows it: ``ABILIFY 10 mg, comprimé`` is Abilify 10 mg."""
    before, comma, after = text.rpartition(", ")
    first = fold(form).split(" ")[0]
    return readable_name(before if comma and first and fold(after).startswith(first) else text)


def _drug_row(product: _Product) -> DrugRow:
    row, conditions = product.row, list(product.conditions)
    name, form = _name(row[1], row[2]), row[2][:1].upper() + row[2][1:]
    routes = tuple(part.strip() for part in row[3].split(";") if part.strip())
    substances = _substances(product)
    schedules = [_LISTS[folded] for folded in map(fold, conditions) if folded in _LISTS]
    return DrugRow(
        register_code=product.cis,
        drug_code=product.cis,
        name=name,
        name_fr=name,
        brand=row[1],
        descriptor="",
        form=form,
        form_fr=form,
        forms=(form,) if form else (),
        strength=strength_text(substances),
        routes=tuple(route[:1].upper() + route[1:] for route in routes[:1]) + routes[1:],
        routes_fr=(),
        schedules=tuple(schedules),
        narcotic_class=_narcotic_class(conditions),
        atc="",
        atc_name="",
        company=readable_name(_at(row, 10)),
        status=_status(row),
        status_date=None,
        updated_on=product.authorised_on,
        packages=tuple(product.packages),
        substances=substances,
        generic=next(iter(product.generics), None),
        own_groups=True,
        conditions=tuple(conditions),
        dose_unit=dose_unit_of_french_form(form) or "",
        route_code=next(filter(None, map(route_of_register, routes)), None),
    )


# --- edition -----------------------------------------------------------------------------------------------------


def _table_of(file: RegisterFile) -> str:
    match = _FILE_NAME.match(file.name)
    return ((match["table"] or match["alone"] or "") if match else "").lower()


def _latest(file: RegisterFile) -> date | None:
    """Return the latest date of the specialties, before the first is given: the files do not say their own."""
    found = {row[7] for _line, row in _rows("", file, None)}
    return max((day for text in found if (day := _date_or_none(text))), default=None)


def read_edition(path: str | Path) -> Edition[DrugRow]:
    """Open the files at ``path``, a folder or a zip file; raises RegisterError where there are none."""
    tables: dict[str, RegisterFile] = {}
    for file in find_files(Path(path), _FILE_NAME.match):
        tables.setdefault(_table_of(file), file)
    if "" not in tables:
        raise RegisterError("no_file", {"name": "CIS_bdpm.txt"})
    missing = [table for table in _TABLES if table not in tables]

    def walk(edition: Edition[DrugRow]) -> Iterator[DrugRow]:
        products = _read_products(tables[""], edition)
        edition.expected = len(products)
        for table, file in tables.items():
            if table:
                _join(table, file, products, edition)
        while products:  # free each specialty as it is given
            yield _drug_row(products.pop(next(iter(products))))

    return Edition(
        kind=KIND,
        date=_latest(tables[""]),
        sources=tuple(file.source for file in tables.values()),
        missing=tuple(f"CIS_{table.upper()}_bdpm" for table in missing),
        walk=walk,
        silent=tuple(column for table in missing for column in _SILENT.get(table, ())),
    )
