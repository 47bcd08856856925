"""Code systems in ClaML, the Classification Markup Language (EN 14463, ISO 13120), versions 2 and 3.

What it is: the XML in which WHO, ATIH, BfArM and others publish ICD-10 and other classifications. A ``Class`` has a
code, a kind (chapter, block, category), its ``SuperClass`` and ``Rubric`` elements with a ``Label`` in a language.
``Modifier`` and ``ModifierClass`` hold characters that may be added to many codes (the fifth one of diabetes): a class
says ``ModifiedBy``, perhaps limited by ``ValidModifierClass``; it holds for the classes below it that are divided no
further, unless one says ``ExcludeModifier``. The codes so made are given as if they stood in the file; a code that does
stand there goes before one that would be made.

Labels are those of ``preferredLong``, else ``preferred``. Inclusions, and the preferred label beside a long one, are
synonyms; exclusions, definitions, texts and coding hints are notes.

How it works: the file is read twice as a stream, first for its title, its modifiers and which class is below which,
then for the classes. No entity is resolved, no DTD and nothing of the network is loaded; a file that declares entities
is refused, because no classification needs them and bombs are made of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from lxml import etree

from .base import Edition, RegisterError
from .codes import (
    MAX_CODE,
    MAX_CODES,
    MAX_LABEL,
    MAX_SYNONYMS,
    MAX_TEXT,
    UNDETERMINED,
    URIS,
    CodeRow,
    language,
    system_code,
)
from .dates import date_in_name
from .files import RegisterFile, clean, find_files

KIND = "claml"

_SUFFIXES = (".xml", ".claml")
_HEAD = 1 << 20
_MAX_MADE = 2_000
"""The most codes made of one class; the most real ones have is about a hundred."""
_MAX_SIDES = 40
_HEADINGS = frozenset(("chapter", "block", "section", "group", "component", "subchapter", "heading"))
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTES = frozenset(("exclusion", "definition", "text", "note", "coding-hint", "introduction", "footnote"))
_EXCLUDES: Mapping[str, str] = MappingProxyType(
    {"en": "Excludes: ", "fr": "À l'exclusion de : ", "de": "Exkl.: ", "nl": "Excl.: ", "es": "Excluye: "}
)
# Who publishes in one language need not say which.
_PUBLISHERS = MappingProxyType({"atih": "fr", "bfarm": "de", "dimdi": "de", "who": "en", "nhs": "en"})
_STANDARD_BASE = re.compile(r"[A-Z]\d\d")

Element = Any


@dataclass
class _Modifier:
    """Characters that may be added: each with its labels, in the order of the file."""

    classes: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class _Use:
    """A class is modified: by which modifier, by all of its characters or by some, at which place."""

    modifier: str
    valid: frozenset[str]
    position: str


@dataclass
class _Node:
    """What the first reading keeps of a class."""

    parent: str = ""
    divided: bool = False
    uses: list[_Use] = field(default_factory=list)
    excluded: frozenset[str] = frozenset()
    heading: bool = False


@dataclass
class _Outline:
    """What the first reading finds."""

    title: str = ""
    name: str = ""
    version: str = ""
    uid: str = ""
    authority: str = ""
    dated: date | None = None
    language: str = ""
    modifiers: dict[str, _Modifier] = field(default_factory=dict)
    nodes: dict[str, _Node] = field(default_factory=dict)

    def uses(self, code: str) -> list[_Use]:
        """Return the modifiers of a class that is divided no further: its own and those of what is above it."""
        found: dict[str, _Use] = {}
        excluded: set[str] = set()
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            node = self.nodes.get(code)
            if not node:
                break
            excluded |= node.excluded
            for use in node.uses:
                if use.modifier not in excluded and use.modifier not in found and use.modifier in self.modifiers:
                    found[use.modifier] = use
            code = node.parent
        return sorted(found.values(), key=_tier)


def _tier(use: _Use) -> tuple[str, int]:
    """Return which character a modifier is: by its place, else by the end of its name (``S04E10_4``)."""
    tail = use.modifier.rpartition("_")[2]
    return (use.position, int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 3 else 0)


# --- reading -----------------------------------------------------------------------------------------------------


def _check_head(file: RegisterFile) -> None:
    """Refuse what declares entities, or is no XML, before a parser sees it."""
    with file.open() as stream:
        head = stream.read(_HEAD).replace(b"\0", b"")
    if b"<" not in head[:1000]:
        raise RegisterError("bad_xml", {"file": file.name})
    if b"<!ENTITY" in head:
        raise RegisterError("xml_entities", {"file": file.name})


def _elements(file: RegisterFile, stream: IO[bytes], edition: Edition | None = None) -> Iterator[Element]:
    """Yield the children of the root one by one, emptied once they are done with."""
    try:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        yield from _children(file, events, stream, edition)
    except etree.XMLSyntaxError as error:
        raise RegisterError("bad_xml", {"file": file.name}) from error


def _children(file: RegisterFile, events: Any, stream: IO[bytes], edition: Edition | None) -> Iterator[Element]:
    root, depth = None, 0
    for number, (event, element) in enumerate(events):
        if root is None:
            root = element
            _check_root(file, root)
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del root[0]
        if edition and number % 5000 == 0:
            edition.advance(file.name, stream.tell())


def _check_root(file: RegisterFile, root: Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _entity in dtd.iterentities()):
        raise RegisterError("xml_entities", {"file": file.name})
    if _tag(root).lower() != "claml":
        raise RegisterError("no_claml", {"file": file.name, "root": _tag(root)[:40]})


def _tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find(element: Element, name: str) -> list[Element]:
    return [child for child in element if _tag(child) == name]


def _attribute(element: Element, name: str) -> str:
    return clean(element.get(name, "")[: MAX_LABEL + 1])


# --- the outline -------------------------------------------------------------------------------------------------


def _outline(file: RegisterFile) -> _Outline:
    outline = _Outline()
    with file.open() as stream:
        for element in _elements(file, stream):
            reader = _OUTLINE_READERS.get(_tag(element))
            if reader:
                reader(outline, element)
            if len(outline.nodes) > MAX_CODES:
                raise RegisterError("too_big", {"file": file.name, "maximum": MAX_CODES})
    return outline


def _read_meta(outline: _Outline, element: Element) -> None:
    if _attribute(element, "name").lower() in ("lang", "language"):
        outline.language = language(_attribute(element, "value"))


def _read_identifier(outline: _Outline, element: Element) -> None:
    outline.authority = outline.authority or _attribute(element, "authority")
    if not system_code(outline.uid):
        outline.uid = _attribute(element, "uid")


def _read_title(outline: _Outline, element: Element) -> None:
    outline.title = clean("".join(element.itertext())[:MAX_LABEL])
    outline.name, outline.version = _attribute(element, "name"), _attribute(element, "version")
    try:
        outline.dated = date.fromisoformat(_attribute(element, "date")[:10])
    except ValueError:
        outline.dated = None


def _read_modifier_class(outline: _Outline, element: Element) -> None:
    modifier, code = _attribute(element, "modifier"), _attribute(element, "code")
    texts = _texts(element, outline.language)
    if modifier and code and texts.labels and len(code) < MAX_CODE:
        outline.modifiers.setdefault(modifier, _Modifier()).classes.setdefault(code, texts.labels)


def _read_class(outline: _Outline, element: Element) -> None:
    code = _attribute(element, "code")
    if not code or code in outline.nodes or len(code) > MAX_CODE:
        return
    supers = _find(element, "SuperClass")
    uses = [
        _Use(
            _attribute(use, "code"),
            frozenset(_attribute(valid, "code") for valid in _find(use, "ValidModifierClass")),
            _attribute(use, "position"),
        )
        for use in _find(element, "ModifiedBy")[:_MAX_SIDES]
    ]
    outline.nodes[code] = _Node(
        parent=_attribute(supers[0], "code") if supers else "",
        divided=bool(_find(element, "SubClass")),
        uses=uses,
        excluded=frozenset(_attribute(out, "code") for out in _find(element, "ExcludeModifier")),
        heading=_attribute(element, "kind").lower() in _HEADINGS,
    )


_OUTLINE_READERS = MappingProxyType(
    {
        "Meta": _read_meta,
        "Identifier": _read_identifier,
        "Title": _read_title,
        "ModifierClass": _read_modifier_class,
        "Class": _read_class,
    }
)


def _divide(outline: _Outline) -> None:
    """Note which classes are divided further, also where only the lower one says so."""
    for node in outline.nodes.values():
        above = outline.nodes.get(node.parent)
        if above:
            above.divided = True


# --- texts -------------------------------------------------------------------------------------------------------


@dataclass
class _Texts:
    labels: dict[str, str] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def _label_text(element: Element, references: bool) -> str:
    """Return the text of a label; what refers to other codes only where it is wanted."""
    parts: list[str] = []

    def walk(node: Element) -> None:
        parts.append(node.text or "")
        for child in node:
            tag = _tag(child)
            if tag == "Reference":
                parts.append(f" ({''.join(child.itertext())}) " if references else " ")
            elif tag:
                apart = tag in ("Para", "Fragment", "ListItem", "Cell", "Row")
                parts.append(" " if apart else "")
                walk(child)
                parts.append(" " if apart else "")
            parts.append(child.tail or "")

    walk(element)
    return re.sub(r"\s+([,;.)])", r"\1", clean("".join(parts)[: MAX_TEXT + 1]))


def _texts(element: Element, default: str) -> _Texts:
    """Return the labels, synonyms and notes of a class, by language."""
    found: dict[str, dict[str, list[str]]] = {}
    for rubric in _find(element, "Rubric"):
        kind = _attribute(rubric, "kind")
        for label in _find(rubric, "Label"):
            spoken = language(label.get(_XML_LANG) or rubric.get(_XML_LANG) or default)
            text = _label_text(label, references=kind == "exclusion")
            if text:
                found.setdefault(spoken, {}).setdefault(kind, []).append(text)
    texts = _Texts()
    for spoken, kinds in found.items():
        _sort_texts(texts, spoken, kinds)
    return texts


def _sort_texts(texts: _Texts, spoken: str, kinds: Mapping[str, list[str]]) -> None:
    preferred = [*kinds.get("preferredLong", ()), *kinds.get("preferred", ())]
    if preferred:
        texts.labels[spoken] = preferred[0]
    others = dict.fromkeys([*preferred[1:], *kinds.get("inclusion", ()), *kinds.get("synonym", ())])
    others.pop(texts.labels.get(spoken, ""), None)
    if others:
        texts.synonyms[spoken] = "\n".join(list(others)[:MAX_SYNONYMS])[:MAX_TEXT]
    notes = [
        f"{_EXCLUDES.get(spoken[:2], '≠ ')}{text}" if kind == "exclusion" else text
        for kind, lines in kinds.items()
        if kind in _NOTES
        for text in lines
    ]
    if notes:
        texts.notes[spoken] = "\n".join(dict.fromkeys(notes))[:MAX_TEXT]


# --- codes -------------------------------------------------------------------------------------------------------


def _modified_code(base: str, code: str, use: _Use) -> str:
    """Return the code with a character added; '' where it cannot be.

    >>> five, four = _Use("S13M00_5", frozenset(), ""), _Use("S04E10_4", frozenset(), "")
    >>> _modified_code("E10", ".0", four), _modified_code("W00", "0", four), _modified_code("M45", "0", five)
    ('E10.0', 'W00.0', 'M45.X0')
    >>> _modified_code("T14.2", "0", five), _modified_code("5-870.2", "1", five), _modified_code("E10.1", ".0", four)
    ('T14.20', '5-870.21', '')
    """
    if code.startswith("."):
        return "" if "." in base else base + code
    if "." in base or not _STANDARD_BASE.fullmatch(base):
        return base + code
    fifth = use.position == "5" or (not use.position and use.modifier.endswith("_5"))
    return f"{base}.X{code}" if fifth else f"{base}.{code}"


def _with(label: str, added: str, spoken: str) -> str:
    return f"{label} : {added}" if spoken.startswith("fr") else f"{label}: {added}"


def _made(outline: _Outline, row: CodeRow) -> Iterator[CodeRow]:
    """Yield the codes that the modifiers make of a class which is divided no further."""
    bases, count = [row], 0
    for use in outline.uses(row.code):
        made = []
        for base in bases:
            for code, labels in outline.modifiers[use.modifier].classes.items():
                new = _modified_code(base.code, code, use)
                if not new or len(new) > MAX_CODE or new in outline.nodes or (use.valid and code not in use.valid):
                    continue
                said = {
                    spoken: _with(label, added, spoken)[:MAX_LABEL]
                    for spoken, label in base.labels.items()
                    if (added := labels.get(spoken) or labels.get(UNDETERMINED))
                }
                made.append(CodeRow(row.system, new, base.code, said or base.labels))
                count += 1
                if count >= _MAX_MADE:
                    yield from made
                    return
        yield from made
        bases = made or bases


def _rows(edition: Edition, file: RegisterFile, outline: _Outline) -> Iterator[CodeRow]:
    system, default = edition.info["system"], outline.language
    seen: set[str] = set()
    with file.open() as stream:
        for element in _elements(file, stream, edition):
            if _tag(element) != "Class":
                continue
            row = _row(edition, file, element, system, default, outline)
            if not row or row.code in seen:
                if row:
                    edition.refuse(file.name, element.sourceline or 0, "duplicate_code", named=row.code)
                continue
            seen.add(row.code)
            yield row
            if outline.nodes[row.code].divided:
                continue
            for made in _made(outline, row):
                if made.code not in seen:
                    seen.add(made.code)
                    yield made
            if len(seen) > MAX_CODES:
                raise RegisterError("too_big", {"file": file.name, "maximum": MAX_CODES})


def _row(
    edition: Edition, file: RegisterFile, element: Element, system: str, default: str, outline: _Outline
) -> CodeRow | None:
    """Return the code of a class, None (and a refusal) where it has none, or no label."""
    code, line = _attribute(element, "code"), element.sourceline or 0
    if not code:
        edition.refuse(file.name, line, "code_missing")
        return None
    texts = _texts(element, default)
    if not texts.labels:
        edition.refuse(file.name, line, "label_missing", named=code[:MAX_CODE])
        return None
    if len(code) > MAX_CODE or any(len(label) > MAX_LABEL for label in texts.labels.values()):
        edition.refuse(file.name, line, "too_long", found=code[:40])
        return None
    node = outline.nodes[code]
    return CodeRow(system, code, node.parent, texts.labels, texts.synonyms, texts.notes, not node.heading)


# --- the edition -------------------------------------------------------------------------------------------------


def _default_language(outline: _Outline) -> str:
    if outline.language:
        return outline.language
    publisher = outline.authority.lower()
    said = next((spoken for name, spoken in _PUBLISHERS.items() if name in publisher), "")
    if not said and re.match(
        r"cim\b|cim-?\d|classification internationale", outline.name.lower() or outline.title.lower()
    ):
        said = "fr"
    return said or UNDETERMINED


def read_edition(path: str | Path) -> Edition[CodeRow]:
    """Open the classification at ``path``: a ClaML file, or a folder or zip file that holds one."""
    path = Path(path)
    files = find_files(path, lambda name: name.lower().endswith(_SUFFIXES))
    if not files:
        raise RegisterError("no_file", {"name": "ClaML"})
    file = max(files, key=lambda found: found.size)  # beside it lie the DTD and notes, which are smaller
    _check_head(file)
    outline = _outline(file)
    _divide(outline)
    outline.language = _default_language(outline)
    names = (outline.name, outline.uid, outline.title, Path(file.name).stem)
    system = next(filter(None, map(system_code, names)), "codes")
    info = {
        "system": system,
        "name": outline.title or outline.name or system,
        "version": outline.version,
        "uri": URIS.get(system, ""),
    }
    return Edition(
        kind=KIND,
        date=outline.dated or date_in_name(outline.version) or date_in_name(file.name),
        sources=(file.source,),
        missing=(),
        walk=lambda edition: _rows(edition, file, outline),
        info=info,
    )
