"""Health Canada's Drug Product Database (DPD), the extract of text files.

What it is: comma separated files without header row (some copies add one), every value quoted, UTF-8 (older ones
Windows-1252), dates ``DD-MON-YYYY``; one table a file, joined by ``DRUG_CODE``. Marketed products are in ``drug.txt``,
approved, dormant and cancelled ones in files with the suffix ``_ap``, ``_dr`` and ``_ia``. The folder may hold the
text files or the zip files Health Canada offers; the path may also be one zip file.

What is taken: human products. Veterinary products, disinfectants and radiopharmaceuticals are counted as skipped.

How it works: the products of one set of files (one suffix) are held in memory with what belongs to them and then
given one by one; sets follow each other, marketed products first, so that a number in two sets is that of the
marketed product.

Format: Health Canada, "Data Extract - Drug Product Database: Read me file".
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from ..dosage import DOSE_UNITS, dose_unit_of_form
from .base import (
    DrugRow,
    Edition,
    PackageRow,
    RegisterError,
    RowError,
    SubstanceRow,
    format_number,
    to_decimal,
)
from .files import RegisterFile, clean, find_files, read_rows
from .naming import display_name, sentence, substance_name

KIND = "dpd"

# Columns a row may have: the present number first, then that of older extracts.
_WIDTHS = MappingProxyType(
    {
        "drug": (14, 13),
        "ingred": (15,),
        "form": (4, 3),
        "route": (4, 3),
        "schedule": (3, 2),
        "ther": (4, 6),
        "status": (7, 5, 4),
        "comp": (18, 16),
        "package": (8, 7, 6),
    }
)
_FILE_NAME = re.compile(rf"^({'|'.join(_WIDTHS)})(_[a-z]{{2}})?\.txt$", re.IGNORECASE)
_SETS = ("", "_ap", "_dr", "_ia")
_DIN = re.compile(r"[0-9]{8}")
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(ML|L|G|)", re.IGNORECASE | re.ASCII)
_SIZES = re.compile(rf"{_SIZE.pattern}(?: ?/ ?{_SIZE.pattern})*", re.IGNORECASE | re.ASCII)
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_DATE = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.IGNORECASE | re.ASCII)

_UNITS = MappingProxyType(
    {
        "MG": "mg",
        "G": "g",
        "KG": "kg",
        "MCG": "mcg",
        "NG": "ng",
        "ML": "mL",
        "L": "L",
        "MEQ": "mEq",
        "MMOL": "mmol",
        "UNIT": "unit",
        "CELLS": "cells",
        "GENOME COPIES": "genome copies",
        "ACT": "actuation",
        "BLISTER": "blister",
        "SQ CM": "cm²",
        "VIAL": "vial",
        "SACHET": "sachet",
        "BOTTLE": "bottle",
        "SYR": "syringe",
        "CARTRIDGE": "cartridge",
        "BAG": "bag",
        "CONTAINER": "container",
        "PEN": "pen",
        "SPRAY": "spray",
        "DOSE": "dose",
        "PATCH": "patch",
        "AMPOULE": "ampoule",
        "AMP": "ampoule",
        "KIT": "kit",
    }
)
# "In each tablet" goes without saying, and a label writes "1 %", not "1 % w/w".
_UNSAID = frozenset(("", "TAB", "CAP", "LOZ", "SUP", "W/W", "W/V", "V/V", "V/W", "%", "NIL"))
_MAX_NAMED_STRENGTHS = 4

_SCHEDULES = (
    ("narcotic", "narcotic"),
    ("targeted", "targeted"),
    ("schedule g", "controlled"),
    ("prescription recommended", "prescription_recommended"),
    ("prescription", "prescription"),
    ("schedule f", "prescription"),
    ("otc", "otc"),
    ("ethical", "ethical"),
    ("schedule d", "schedule_d"),
    ("schedule c", "schedule_c"),
    ("covid", "interim_order"),
)
CONTROLLED_CLASSES = ("narcotic", "controlled", "targeted")
"""Classes of the Controlled Drugs and Substances Act, the strictest first."""
_STATUSES = (
    ("marketed", "marketed"),
    ("approved", "approved"),
    ("dormant", "dormant"),
    ("cancelled", "cancelled"),
    ("authorized", "authorized"),
)


# --- files -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """One table of the edition: what it holds and the set of files it belongs to."""

    table: str
    suffix: str
    file: RegisterFile

    @property
    def name(self) -> str:
        return self.file.name


def _table(file: RegisterFile) -> _Table:
    match = _FILE_NAME.match(file.name)
    assert match  # only such files were asked for
    return _Table(match[1].lower(), (match[2] or "").lower(), file)


def _find_tables(path: Path) -> list[_Table]:
    """Return the tables at ``path``; a text file goes before one of the same name in a zip file."""
    tables: dict[tuple[str, str], _Table] = {}
    for table in map(_table, find_files(path, _FILE_NAME.match)):
        tables.setdefault((table.table, table.suffix), table)
    if not any(table == "drug" for table, _suffix in tables):
        raise RegisterError("no_file", {"name": "drug.txt"})
    return list(tables.values())


def _rows(table: _Table, edition: Edition[DrugRow] | None) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cleaned values of each row; a row of the wrong width is refused."""
    widths = _WIDTHS[table.table]
    order: list[int] | None = None
    for line, row in read_rows(table.file, edition):
        if order is None:
            order, is_header = _column_order(row, table.table)
            if is_header:
                widths = (len(row),)
                continue
        right = len(row) in widths
        if edition:
            edition.lines[table.name] += right
            if not right:
                edition.refuse(table.name, line, "columns", expected=widths[0], found=len(row))
        if right:
            yield line, [clean(row[index]) for index in order if index < len(row)]


_COLUMNS = MappingProxyType(
    {
        "drug": "DRUG_CODE PRODUCT_CATEGORIZATION CLASS DRUG_IDENTIFICATION_NUMBER BRAND_NAME DESCRIPTOR "
        "PEDIATRIC_FLAG ACCESSION_NUMBER NUMBER_OF_AIS LAST_UPDATE_DATE AI_GROUP_NO CLASS_F BRAND_NAME_F DESCRIPTOR_F",
        "ingred": "DRUG_CODE ACTIVE_INGREDIENT_CODE INGREDIENT INGREDIENT_SUPPLIED_IND STRENGTH STRENGTH_UNIT "
        "STRENGTH_TYPE DOSAGE_VALUE BASE DOSAGE_UNIT NOTES INGREDIENT_F STRENGTH_UNIT_F STRENGTH_TYPE_F DOSAGE_UNIT_F",
        "form": "DRUG_CODE PHARM_FORM_CODE PHARMACEUTICAL_FORM PHARMACEUTICAL_FORM_F",
        "route": "DRUG_CODE ROUTE_OF_ADMINISTRATION_CODE ROUTE_OF_ADMINISTRATION ROUTE_OF_ADMINISTRATION_F",
        "schedule": "DRUG_CODE SCHEDULE SCHEDULE_F",
    }
)


def _column_order(first_row: list[str], table: str) -> tuple[list[int], bool]:
    """Return the places of the known columns, and whether the first row is a header that names them."""
    names = [name.strip().upper() for name in first_row]
    if names[0] != "DRUG_CODE" and "DRUG_CODE" not in names:
        return list(range(max(_WIDTHS[table]))), False
    known = _COLUMNS.get(table, "").split()
    if known and set(known) <= set(names):
        return [names.index(name) for name in known], True
    return list(range(max(_WIDTHS[table]))), True


def _parse_date(text: str) -> date | None:
    """Return a date of the register, None for an empty one; raises RowError for anything else."""
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        if match and match[1]:
            return date(int(match[3]), _MONTHS.split().index(match[2].upper()) + 1, int(match[1]))
        if match:
            return date(int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        pass
    raise RowError("bad_date", found=text[:40])


# --- products ----------------------------------------------------------------------------------------------------


@dataclass
class _Product:
    """A human product while its tables are read; the dicts are sets that keep their order."""

    din: str
    brand: str
    brand_fr: str
    descriptor: str
    updated_on: date | None
    forms: dict[tuple[str, str], None] = field(default_factory=dict)
    routes: dict[tuple[str, str], None] = field(default_factory=dict)
    schedules: dict[str, None] = field(default_factory=dict)
    atc: str = ""
    atc_name: str = ""
    company: str = ""
    status: str = ""
    status_date: date | None = None
    packages: dict[PackageRow, None] = field(default_factory=dict)
    ingredients: dict[SubstanceRow, None] = field(default_factory=dict)


def _at(row: list[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _key_of(text: str, keys: tuple[tuple[str, str], ...]) -> str:
    lowered = text.lower()
    return next((key for start, key in keys if lowered.startswith(start)), "other")


def _add_ingredient(product: _Product, row: list[str]) -> None:
    if not row[2]:
        raise RowError("ingredient_missing")
    name = sys.intern(substance_name(row[2]))
    name_fr = sys.intern(substance_name(_at(row, 11))) if _at(row, 11) else name
    strength, per_value = to_decimal(row[4]), to_decimal(row[7])
    if (row[4] and strength is None) or (row[7] and per_value is None):
        raise RowError("strength", found=(row[4] if strength is None and row[4] else row[7])[:40])
    unit, per_unit = sys.intern(row[5]), sys.intern(row[9])
    product.ingredients[SubstanceRow(row[1], name, name_fr, strength, unit, per_value, per_unit)] = None


def _add_form(product: _Product, row: list[str]) -> None:
    if row[2]:
        english = sys.intern(sentence(row[2]))
        product.forms[(english, sys.intern(sentence(_at(row, 3))) if _at(row, 3) else english)] = None


def _add_route(product: _Product, row: list[str]) -> None:
    if row[2]:
        english = sys.intern(sentence(row[2]))
        product.routes[(english, sys.intern(sentence(_at(row, 3))) if _at(row, 3) else english)] = None


def _add_schedule(product: _Product, row: list[str]) -> None:
    key = _key_of(row[1], _SCHEDULES) if row[1] else ""
    if key:
        product.schedules[key] = None


def _add_class(product: _Product, row: list[str]) -> None:
    """Keep the most precise ATC class: a register may give a product several."""
    if len(row[1]) > len(product.atc) and re.fullmatch(r"[A-Z]\d{2}(?:[A-Z]{1,2}(?:\d{2})?)?", row[1]):
        product.atc, product.atc_name = sys.intern(row[1]), sys.intern(sentence(row[2]))


def _add_status(product: _Product, row: list[str]) -> None:
    if row[1].upper() == "Y":
        product.status_date = _parse_date(row[3])
        product.status = _key_of(row[2], _STATUSES) if row[2] else ""


def _add_company(product: _Product, row: list[str]) -> None:
    if not product.company or row[4].upper() == "DIN OWNER":
        product.company = sys.intern(display_name(row[3]))


def _add_package(product: _Product, row: list[str]) -> None:
    """Keep the sizes a product is sold in: ``30/100/500``, ``100ML/250ML``, or one size with its unit."""
    upc, unit, container, size, sizes = row[1], row[2], row[3], row[4], row[5]
    if size:
        label = " ".join(part for part in (size, unit, container) if part)
        product.packages[_package(f"{size} {unit}", label, upc)] = None
        return
    for text in sizes.split("/") if _SIZES.fullmatch(sizes) else [sizes]:
        label = " ".join(part for part in (text.strip(), unit, container) if part)
        if label:
            product.packages[_package(text, label, "")] = None


def _package(size: str, label: str, code: str) -> PackageRow:
    match = _SIZE.fullmatch(size.strip())
    if not match:
        return PackageRow(code, label)
    unit = match[2].upper()
    if unit == "L":
        return PackageRow(code, label, Decimal(match[1]) * 1000, "ml")
    return PackageRow(code, label, Decimal(match[1]), {"ML": "ml", "G": "g"}.get(unit, ""))


_ADDERS = MappingProxyType(
    {
        "ingred": _add_ingredient,
        "form": _add_form,
        "route": _add_route,
        "schedule": _add_schedule,
        "ther": _add_class,
        "status": _add_status,
        "comp": _add_company,
        "package": _add_package,
    }
)


def _product(row: list[str]) -> _Product:
    din = row[3].strip()
    if not din:
        raise RowError("din_missing")
    if not _DIN.fullmatch(din):
        raise RowError("din_format", found=din[:40])
    if not row[4]:
        raise RowError("name_missing", din=din)
    return _Product(din, row[4], _at(row, 12), row[5], _parse_date(row[9]))


def _class_of(row: list[str]) -> str:
    return row[2] or {"humain": "Human"}.get(_at(row, 11).lower(), "")


@dataclass
class _Walk:
    """One walk over the edition: what was seen so far."""

    edition: Edition[DrugRow]
    codes: set[str] = field(default_factory=set)
    dins: set[str] = field(default_factory=set)

    def products(self, file: _Table) -> dict[str, _Product]:
        """Return the human products of a drug table by DRUG_CODE."""
        found: dict[str, _Product] = {}
        for line, row in _rows(file, self.edition):
            try:
                product = self._take(row)
            except RowError as bad:
                self.edition.refuse(file.name, line, bad.code, **bad.params)
                continue
            if product:
                found[row[0]] = product
        return found

    def _take(self, row: list[str]) -> _Product | None:
        code, kind = row[0], _class_of(row)
        if not code:
            raise RowError("drug_code_missing")
        if code in self.codes:
            raise RowError("duplicate_drug_code", drug_code=code[:40])
        self.codes.add(code)
        if not kind:
            raise RowError("class_missing", drug_code=code[:40])
        if kind.lower() != "human":
            self.edition.skipped[kind] += 1
            return None
        product = _product(row)
        if product.din in self.dins:
            raise RowError("duplicate_din", din=product.din)
        self.dins.add(product.din)
        return product

    def join(self, file: _Table, products: dict[str, _Product], known: set[str]) -> None:
        """Add the rows of another table to their products."""
        add = _ADDERS[file.table]
        for line, row in _rows(file, self.edition):
            product = products.get(row[0])
            try:
                if product:
                    add(product, row)
                elif row[0] not in known:
                    raise RowError("orphan", drug_code=row[0][:40])
            except RowError as bad:
                self.edition.refuse(file.name, line, bad.code, **bad.params)


# --- strengths ---------------------------------------------------------------------------------------------------


def _amount(value: Decimal | None, unit: str) -> str:
    readable = _UNITS.get(unit.upper(), unit)
    return f"{format_number(value)} {readable}".strip() if value is not None else ""


def _per(row: SubstanceRow) -> str:
    if row.per_unit.upper() in _UNSAID:
        return ""
    if row.per_value in (None, 1):
        return _UNITS.get(row.per_unit.upper(), row.per_unit)
    return _amount(row.per_value, row.per_unit)


def strength_text(substances: Sequence[SubstanceRow]) -> str:
    """Return the strength as on a label: amounts in the order of the substances, then what holds them.

    >>> one = SubstanceRow("1", "Amoxicillin", "", Decimal("200"), "MG", Decimal("5"), "ML")
    >>> two = SubstanceRow("2", "Clavulanic acid", "", Decimal("28.50"), "MG", Decimal("5"), "ML")
    >>> strength_text([one]), strength_text([one, two])
    ('200 mg / 5 mL', '200 mg / 28.5 mg / 5 mL')
    """
    parts = [(amount, _per(row)) for row in substances if (amount := _amount(row.strength, row.unit))]
    shown = parts[:_MAX_NAMED_STRENGTHS]
    more = ["…"] if len(parts) > len(shown) else []
    if len({per for _amount_text, per in shown}) <= 1:
        pers = [shown[0][1]] if shown and shown[0][1] else []
        return " / ".join([amount for amount, _per_text in shown] + more + pers)
    return " + ".join([f"{amount} / {per}" if per else amount for amount, per in shown] + more)


def _label_order(product: _Product) -> tuple[SubstanceRow, ...]:
    """Return the substances as a label names them: those in the brand name first, in its order."""
    brand = product.brand.upper()

    def place(row: SubstanceRow) -> int:
        word = row.name.split()[0].upper()
        found = brand.find(word) if len(word) > 3 else -1
        return found if found >= 0 else len(brand)

    return tuple(sorted(product.ingredients, key=place))


def _with_units(product: _Product, form: str) -> tuple[PackageRow, ...]:
    """Return the packages; a bare number counts pieces of the form, where the form has pieces."""
    unit = dose_unit_of_form(form) or ""
    known = DOSE_UNITS.get(unit)
    counted = unit if known and known.countable and known.measurable else ""
    return tuple(row if row.unit else _with_unit(row, counted) for row in product.packages)


def _with_unit(row: PackageRow, unit: str) -> PackageRow:
    known = unit and row.quantity is not None
    return replace(row, unit=unit) if known else replace(row, quantity=None)


def _drug_row(code: str, product: _Product, part: str) -> DrugRow:
    name = display_name(product.brand)
    substances = _label_order(product)
    forms = tuple(english for english, _french in product.forms)
    schedules = tuple(product.schedules)
    return DrugRow(
        register_code=product.din,
        drug_code=code,
        name=name,
        name_fr=display_name(product.brand_fr) if product.brand_fr else name,
        brand=product.brand,
        descriptor=product.descriptor,
        form=forms[0] if forms else "",
        form_fr=next((french for _english, french in product.forms), ""),
        forms=forms,
        strength=strength_text(substances),
        routes=tuple(english for english, _french in product.routes),
        routes_fr=tuple(french for _english, french in product.routes),
        schedules=schedules,
        narcotic_class=next((key for key in CONTROLLED_CLASSES if key in schedules), None),
        atc=product.atc,
        atc_name=product.atc_name,
        company=product.company,
        status=product.status,
        status_date=product.status_date,
        updated_on=product.updated_on,
        packages=_with_units(product, forms[0] if forms else ""),
        substances=substances,
        part=part,
    )


# --- edition -----------------------------------------------------------------------------------------------------


def _sets(files: list[_Table]) -> list[list[_Table]]:
    """Return the files set by set, the drug table first; where there is one drug table all belong to it."""
    drugs = [file for file in files if file.table == "drug"]
    if len(drugs) == 1:
        return [[drugs[0], *(file for file in files if file.table != "drug")]]
    drugs.sort(key=lambda file: (_SETS.index(file.suffix) if file.suffix in _SETS else len(_SETS), file.suffix))
    return [[drug, *(file for file in files if file.table != "drug" and file.suffix == drug.suffix)] for drug in drugs]


def _scan(files: list[_Table]) -> tuple[date | None, set[str]]:
    """Return the latest date and the codes of all products, before the first is given."""
    latest: date | None = None
    codes: set[str] = set()
    for file in files:
        if file.table != "drug":
            continue
        for _line, row in _rows(file, None):
            codes.add(row[0])
            try:
                updated_on = _parse_date(row[9])
            except RowError:
                continue
            latest = max(filter(None, (latest, updated_on)), default=None)
    return latest, codes


def read_edition(path: str | Path) -> Edition[DrugRow]:
    """Open the extract at ``path``, a folder or a zip file; raises RegisterError where there is none.

    ``Edition.date`` is the latest date a product was updated on. A zip file that proves damaged later raises
    RegisterError during the walk.
    """
    files = _find_tables(Path(path))
    latest, known = _scan(files)
    present = {file.table for file in files}

    def walk(edition: Edition[DrugRow]) -> Iterator[DrugRow]:
        state = _Walk(edition)
        for drug_file, *others in _sets(files):
            products = state.products(drug_file)
            edition.expected += len(products)
            for file in others:
                state.join(file, products, known)
            while products:  # free each product as it is given
                code = next(iter(products))
                yield _drug_row(code, products.pop(code), drug_file.suffix.lstrip("_"))

    return Edition(
        kind=KIND,
        date=latest,
        sources=tuple(table.file.source for table in files),
        missing=tuple(table for table in _WIDTHS if table not in present),
        walk=walk,
        parts=tuple(sorted(file.suffix.lstrip("_") for file in files if file.table == "drug")),
    )
