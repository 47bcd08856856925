"""Growth tables: L, M and S by age or length, for the child growth standards a practice chooses.

What it is: a CSV, or a table separated by tabs or semicolons, or an Excel sheet, with a header row. Taken as they come:

- one table of everything, with columns for indicator, sex, age group and what ``x`` is (the documented CSV);
- WHO's own tables: ``weianthro.txt``, ``lenanthro.txt``, ... of its programs, the expanded tables (text or Excel) of
  its site, and those of the 2007 reference for 5 to 19 years;
- the CDC's data tables (``wtageinf.csv``, ``bmiagerev.csv``, ...).

What a file does not say in a column is looked for in its name (``wfa-boys-zscore-expanded-tables.xlsx``). The path is a
file, a folder of them, or a zip file.

Header names, in any case, are listed in ``_HEADERS``; an indicator may be named in a word or be made of a measure
(``weight``) and what it is plotted against (``age``, ``length``, ``height``). Ages are stored in days, months being
30.4375 days. Other measures (arm circumference, skinfolds) are counted as skipped.
"""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..growth import DAYS_PER_MONTH, INDICATORS, LMS, value_at
from .base import Edition, RegisterError, Source

KIND = "growth_lms"

_MAX_FILE = 30 * 1024 * 1024  # the whole of WHO's tables is under 2 MB
_MAX_TOTAL = 60 * 1024 * 1024
_MAX_FILES = 200
_MAX_LINE = 1 << 16
_MAX_ROWS = 500_000
_SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx")
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError)

#: Names a column may have, folded to lower case without spaces, dots, dashes and underscores.
_HEADERS = {
    "indicator": ("indicator", "measure", "measurementtype", "measurement", "curve", "table"),
    "against": ("xvartype", "xtype", "against", "by"),
    "sex": ("sex", "gender", "sexe"),
    "group": ("agegroup", "group"),
    "unit": ("xunit", "unit", "ageunit"),
    "x": ("x",),
    "day": ("day", "days", "agedays", "ageindays"),
    "month": ("month", "months", "agemos", "agemonths", "ageinmonths"),
    "age": ("age",),
    "length": ("length", "lengthcm"),
    "height": ("height", "stature", "heightcm"),
    "position": ("lorh", "loh"),
    "l": ("l", "lambda"),
    "m": ("m", "mu", "median"),
    "s": ("s", "sigma"),
}
_COLUMNS = {name: column for column, names in _HEADERS.items() for name in names}

_SEXES = {
    **dict.fromkeys(("m", "male", "boy", "boys", "1", "homme", "garcon", "garçon"), "male"),
    **dict.fromkeys(("f", "female", "girl", "girls", "2", "femme", "fille"), "female"),
}
_MEASURES = {
    **dict.fromkeys(("weight", "wei", "wt", "poids"), "weight"),
    **dict.fromkeys(("length", "height", "stature", "len", "lengthheight", "hfa", "lhfa", "taille"), "length"),
    **dict.fromkeys(("bmi", "bodymassindex", "imc"), "bmi"),
    **dict.fromkeys(("headcircumference", "head", "hc"), "head"),
}
#: Whole indicators by name; the codes of WHO and the CDC included.
_INDICATORS = {
    **{code.replace("_", ""): code for code in INDICATORS},
    **dict.fromkeys(("weightforage", "wfa", "waz", "zwei"), "weight_age"),
    **dict.fromkeys(("lengthforage", "heightforage", "lengthheightforage", "lfa", "haz", "zlen"), "length_age"),
    **dict.fromkeys(("bmiforage", "bfa", "baz", "zbmi"), "bmi_age"),
    **dict.fromkeys(("headcircumferenceforage", "hcfa", "hcz", "zhc"), "head_age"),
    **dict.fromkeys(("weightforlength", "wfl"), "weight_length"),
    **dict.fromkeys(("weightforheight", "wfh"), "weight_height"),
}
#: What the beginning of a file name says: WHO's macros, its web site, the CDC.
_FILE_NAMES = (
    (r"wei(anthro|ght-for-age)|^wfa|^wtage", "weight_age"),
    (r"len(anthro|gth-for-age)|^hfa|^lhfa|^lfa|^(len|stat)age", "length_age"),
    (r"^bmi|^bfa", "bmi_age"),
    (r"^hc|^head", "head_age"),
    (r"^wfl|^wtleninf|weight-for-length", "weight_length"),
    (r"^wfh|^wtstat|weight-for-height", "weight_height"),
)
#: Measures of growth this product does not plot; their tables are passed over.
_OTHER_FILES = re.compile(r"^(ac|ts|ss|tsfa|ssfa|acfa)(anthro|fa|-|_|\.)", re.IGNORECASE)
_OTHER_MEASURES = re.compile(r"arm|skin|tricep|subscap|muac|velocity|acfa|tsfa|ssfa", re.IGNORECASE)


class _BadRowError(Exception):
    """A row that cannot be taken; carries the reason code and its params."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


class _SkippedRowError(Exception):
    """A row that is right and no matter of this product."""


@dataclass(frozen=True)
class GrowthRow:
    """A row of a table: ``x`` in the unit of the indicator, days or centimetres."""

    indicator: str
    sex: str
    x: float
    lms: LMS


# === Files === #


@dataclass(frozen=True)
class _File:
    name: str
    path: Path
    member: str
    size: int

    def read(self) -> bytes:  # pylint: disable=method-required-super
        """Return the content, never more than a table of growth can have."""
        if not self.member:
            data = self.path.read_bytes()
        else:
            try:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                    data = stream.read(_MAX_FILE + 1)
            except _ZIP_ERRORS as error:
                raise RegisterError("bad_zip", {"name": self.name}) from error
        if len(data) > _MAX_FILE:
            raise RegisterError("too_big", {"file": self.name})
        return data


def _is_workbook(names: Sequence[str]) -> bool:
    return "[Content_Types].xml" in names


def _zip_members(path: Path) -> list[_File] | None:
    """Return the tables in a zip file; None for an Excel workbook, which is a zip file too."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _is_workbook(archive.namelist()):
                return None
            return [
                _File(Path(info.filename).name, path, info.filename, info.file_size)
                for info in archive.infolist()
                if info.filename.lower().endswith(_SUFFIXES)
            ]
    except _ZIP_ERRORS as error:
        raise RegisterError("bad_zip", {"name": path.name}) from error


def _find_files(path: Path) -> list[_File]:
    if path.is_dir():
        found = [
            _File(child.name, child, "", child.stat().st_size)
            for child in sorted(path.iterdir())
            if child.is_file() and child.suffix.lower() in _SUFFIXES
        ]
    elif zipfile.is_zipfile(path):
        members = _zip_members(path)
        found = [_File(path.name, path, "", path.stat().st_size)] if members is None else members
    else:
        found = [_File(path.name, path, "", path.stat().st_size)]
    return found[:_MAX_FILES]


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _text_lines(data: bytes) -> Iterator[list[str]]:
    """Yield the cells of the lines of a text table; a line that is none comes back as one empty cell."""
    lines = _decode(data).splitlines()
    head = lines[0] if lines else ""
    delimiter = max("\t,;", key=head.count)
    if not head.count(delimiter):
        delimiter = " "
    for line in lines:
        if len(line) > _MAX_LINE or "\0" in line:
            yield [""]
            continue
        cells = line.split() if delimiter == " " else next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        yield [cell.strip() for cell in cells]


def _workbook_lines(data: bytes) -> Iterator[list[str]]:
    """Yield the cells of the first sheet of an Excel workbook, having seen that it does not unfold into gigabytes."""
    from openpyxl import load_workbook  # slow to import, and rarely needed

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MAX_TOTAL:
                raise RegisterError("too_big", {"file": "xlsx"})
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell)[:200].strip() for cell in cells[:100]]
    except RegisterError:
        raise
    except Exception as error:
        # Whatever a broken workbook makes the library raise, it says the same to the person who chose the file.
        raise RegisterError("bad_zip", {"name": "xlsx"}) from error


def _lines(file: _File) -> Iterator[list[str]]:
    data = file.read()
    return _workbook_lines(data) if data[:4] == b"PK\x03\x04" else _text_lines(data)


# === Rows === #


def _key(text: str) -> str:
    return re.sub(r"[\s._()/-]", "", text).lower()


@dataclass(frozen=True)
class _Layout:
    """Where the columns of a file are, and what its name says."""

    columns: dict[str, int]
    indicator: str
    sex: str
    months: bool

    def cell(self, cells: Sequence[str], column: str) -> str:
        place = self.columns.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    @property
    def complete(self) -> bool:
        against = {"x", "day", "month", "age", "length", "height"} & self.columns.keys()
        return bool({"l", "m", "s"} <= self.columns.keys() and against)


def _layout(header: Sequence[str], name: str) -> _Layout:
    columns: dict[str, int] = {}
    for place, cell in enumerate(header[:200]):
        column = _COLUMNS.get(_key(cell[:40]))
        if column and column not in columns:
            columns[column] = place
    stem = Path(name).stem.lower()
    indicator = next((code for pattern, code in _FILE_NAMES if re.search(pattern, stem)), "")
    words = re.split(r"[^a-z]+", stem)
    sex = "male" if "boys" in words else "female" if "girls" in words else ""
    return _Layout(columns, indicator, sex, "who2007" in stem)


def _number(text: str, column: str) -> float:
    try:
        number = float(text.replace(",", ".")) if len(text) < 40 else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _BadRowError("growth_number", column=column, found=text[:40])
    return number


def _find_sex(layout: _Layout, cells: Sequence[str]) -> str:
    word = _key(layout.cell(cells, "sex")[:40])
    sex = _SEXES.get(word.removesuffix("0").removesuffix(".") if word else "") or (layout.sex if not word else "")
    if not sex:
        raise _BadRowError("growth_sex", found=word)
    return sex


def _against(layout: _Layout, cells: Sequence[str]) -> str:
    """Return what ``x`` is: ``age``, ``length`` or ``height``."""
    word = _key(layout.cell(cells, "against")[:40])
    if word.startswith("age"):
        return "age"
    for column in ("length", "height"):
        if word == column or (not word and column in layout.columns):
            return column
    if word == "stature":
        young = layout.cell(cells, "group").replace(" ", "").startswith("0-2")
        return "length" if young else "height"
    return "age"


def _find_indicator(layout: _Layout, cells: Sequence[str]) -> str:
    text = layout.cell(cells, "indicator")[:60]
    word = _key(text)
    if not word and layout.indicator:
        return layout.indicator
    if _OTHER_MEASURES.search(word):
        raise _SkippedRowError
    if word in _INDICATORS:
        return _INDICATORS[word]
    measure = _MEASURES.get(word)
    against = _against(layout, cells)
    code = f"{measure}_{against}"
    if code not in INDICATORS:
        raise _BadRowError("growth_indicator", found=text)
    return code


def _find_x(layout: _Layout, cells: Sequence[str], indicator: str) -> float:
    """Return the age in days or the length in centimetres."""
    if INDICATORS[indicator].x_unit == "cm":
        column = next((name for name in ("length", "height", "x") if layout.cell(cells, name)), "x")
        x = _number(layout.cell(cells, column), column)
        if not 10 <= x <= 300:
            raise _BadRowError("growth_number", column=column, found=str(x))
        return x
    column = next((name for name in ("day", "month", "age", "x") if layout.cell(cells, name)), "x")
    x = _number(layout.cell(cells, column), column)
    unit = _key(layout.cell(cells, "unit")[:20])
    if column == "month" or unit.startswith(("mo", "mois")) or (layout.months and column == "age"):
        x *= DAYS_PER_MONTH
    if not 0 <= x <= 130 * 366:
        raise _BadRowError("growth_number", column=column, found=str(x))
    return round(x, 4)


def _find_lms(layout: _Layout, cells: Sequence[str], indicator: str) -> LMS:
    """Return L, M and S, having seen that they draw a distribution of children."""
    row = LMS(*(_number(layout.cell(cells, name), name.upper()) for name in ("l", "m", "s")))
    limits = INDICATORS[indicator]
    try:
        sound = abs(row.l) <= 20 and 0 < row.s < 1 and limits.lowest <= row.m <= limits.highest
        sound = sound and all(math.isfinite(value_at(z, row)) for z in (-3, 3))
    except (ValueError, OverflowError):
        sound = False
    if not sound:
        raise _BadRowError("growth_distribution", l=row.l, m=row.m, s=row.s)
    return row


def _read_row(layout: _Layout, cells: Sequence[str]) -> GrowthRow:
    indicator = _find_indicator(layout, cells)
    sex = _find_sex(layout, cells)
    return GrowthRow(indicator, sex, _find_x(layout, cells, indicator), _find_lms(layout, cells, indicator))


def _walk_file(file: _File, edition: Edition[GrowthRow]) -> Iterator[GrowthRow]:
    lines = _lines(file)
    header = next((cells for _n, cells in zip(range(20), lines, strict=False) if len([c for c in cells if c]) > 2), [])
    layout = _layout(header, file.name)
    if not layout.complete:
        edition.refuse(file.name, 1, "growth_header")
        return
    for number, cells in enumerate(lines, start=2):
        if not any(cells) and len(cells) != 1:
            continue
        if number > _MAX_ROWS:
            raise RegisterError("too_big", {"file": file.name})
        try:
            yield _read_row(layout, cells)
        except _SkippedRowError:
            edition.skipped["other_measure"] += 1
        except _BadRowError as error:
            edition.refuse(file.name, number, error.code, **error.params)


def _walk(files: Sequence[_File], edition: Edition[GrowthRow]) -> Iterator[GrowthRow]:
    for file in files:
        if _OTHER_FILES.search(file.name):
            edition.skipped["other_measure"] += 1
        else:
            yield from _walk_file(file, edition)
        edition.advance(file.name, file.size)


def read_edition(path: str | Path) -> Edition[GrowthRow]:
    """Open the growth tables at ``path``: a table, a folder or a zip file of tables.

    Raises RegisterError ``no_folder``, ``no_file``, ``bad_zip`` or ``too_big``.
    """
    path = Path(path)
    if not path.exists():
        raise RegisterError("no_folder", {"name": path.name})
    files = _find_files(path)
    if not files:
        raise RegisterError("no_file", {"name": "growth table (csv, txt, xlsx)"})
    too_big = next((file for file in files if file.size > _MAX_FILE), None)
    if too_big or sum(file.size for file in files) > _MAX_TOTAL:
        raise RegisterError("too_big", {"file": (too_big or files[0]).name})
    sources = tuple(Source(file.name, file.size) for file in files)
    return Edition(KIND, None, sources, (), lambda edition: _walk(files, edition))
