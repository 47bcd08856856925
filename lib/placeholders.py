"""Fields of the chart in the template of a letter: ``{{patient.name}}``, and nothing that could run.

A placeholder is a plain key of a fixed list; its dot is a letter of the key like any other, no attribute is followed
and no expression evaluated. Keys are filled in one pass and only in the text of the HTML, never inside a tag; values
are escaped, and a value that looks like a placeholder is not filled again.

>>> render("<p>Dear {{recipient.name}},</p>", {"recipient.name": "R&D <b>"})
'<p>Dear R&amp;D &lt;b&gt;,</p>'
>>> [(problem.kind, problem.text) for problem in problems("<p>{{patient.nmae}}</p>", {"patient.name"})]
[('unknown', 'patient.nmae')]
"""

import difflib
import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from html.parser import HTMLParser
from typing import Literal, NamedTuple

#: What a placeholder is filled with: one text (its line breaks are kept), or several of a list.
Value = str | Sequence[str]

ProblemKind = Literal["unknown", "in_tag", "unclosed"]

#: A template is a letter, no book: longer ones are refused before they are read.
MAX_LENGTH = 200_000

_BLANK = r"(?:\s|\u00a0|\u200b|\ufeff|&nbsp;|&#160;|&#xa0;)*"
_PLACEHOLDER = re.compile(r"\{\{" + _BLANK + r"([^{}<>]{0,200}?)" + _BLANK + r"\}\}", re.IGNORECASE)
_BRACES = re.compile(r"\{\{|\}\}")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)?\Z", re.ASCII)


class Problem(NamedTuple):
    """What is wrong with a template: ``text`` is what stands there, ``suggestion`` the known key nearest to it."""

    kind: ProblemKind
    text: str
    suggestion: str = ""


class _Walker(HTMLParser):
    """Goes through HTML and rebuilds it unchanged, but for its runs of text, which ``on_text`` returns anew."""

    def __init__(self, on_text: Callable[[str], str], on_tag: Callable[[str], None] | None) -> None:
        super().__init__(convert_charrefs=False)
        self._on_text, self._on_tag = on_text, on_tag
        self._run: list[str] = []
        self.out: list[str] = []

    def _flush(self) -> None:
        if self._run:
            self.out.append(self._on_text("".join(self._run)))
            self._run = []

    def _tag(self, source: str) -> None:
        self._flush()
        if self._on_tag:
            self._on_tag(source)
        self.out.append(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._run.append(data)

    def handle_entityref(self, name: str) -> None:
        self._run.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._run.append(f"&#{name};")

    def finish(self) -> str:
        self.close()
        self._flush()
        return "".join(self.out)


def _walk(source: str, on_text: Callable[[str], str], on_tag: Callable[[str], None] | None = None) -> str:
    if len(source) > MAX_LENGTH:
        raise ValueError("This template is too long.")
    walker = _Walker(on_text, on_tag)
    walker.feed(source)
    return walker.finish()


def keys_of(source: str) -> list[str]:
    """Return the keys that stand in a template, in their order, known or not.

    >>> keys_of("<p>{{ today }} &nbsp;{{&nbsp;patient.name&nbsp;}}</p>")
    ['today', 'patient.name']
    """
    found: list[str] = []

    def on_text(run: str) -> str:
        found.extend(html.unescape(match[1]).strip() for match in _PLACEHOLDER.finditer(run))
        return run

    _walk(source or "", on_text)
    return found


def problems(source: str, known: Collection[str]) -> list[Problem]:
    """Return everything that keeps a template from being filled; raises ValueError for one that is too long.

    >>> [problem.kind for problem in problems('<a href="{{today}}">{{today</a>', {"today"})]
    ['in_tag', 'unclosed']
    """
    found: list[Problem] = []

    def on_text(run: str) -> str:
        for match in _PLACEHOLDER.finditer(run):
            key = html.unescape(match[1]).strip()
            if key not in known or not _KEY.match(key):
                found.append(Problem("unknown", key[:60], _nearest(key, known)))
        rest = _PLACEHOLDER.sub("", run)
        if _BRACES.search(rest):
            found.append(Problem("unclosed", html.unescape(rest).strip()[:60]))
        return run

    def on_tag(tag: str) -> None:
        if _BRACES.search(tag):
            found.append(Problem("in_tag", tag[:60]))

    _walk(source or "", on_text, on_tag)
    return found


def _nearest(key: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(key[:60].lower(), sorted(known), n=1, cutoff=0.6)), "")


def render(source: str, values: Mapping[str, Value]) -> str:
    """Return the template with its placeholders filled; an unknown one is left as it stands.

    A list that is alone in its paragraph is written one item a line, within a sentence it is joined with commas.

    >>> render("<p>{{a}}</p><p>Takes {{a}}.</p><p>{{b}}</p>", {"a": ["x", "y"]})
    '<p>– x<br/>– y</p><p>Takes x, y.</p><p>{{b}}</p>'
    """

    def on_text(run: str) -> str:
        match = _PLACEHOLDER.fullmatch(run.strip())
        alone = match and "{{" not in match[1]
        return _PLACEHOLDER.sub(lambda match: _filled(match, values, bool(alone)), run)

    return _walk(source or "", on_text)


def _filled(match: re.Match[str], values: Mapping[str, Value], alone: bool) -> str:
    key = html.unescape(match[1]).strip()
    if key not in values:
        return match[0]
    value = values[key]
    if isinstance(value, str):
        return _escaped(value)
    items = [_escaped(item) for item in value]
    return "<br/>".join(f"– {item}" for item in items) if alone and len(items) > 1 else ", ".join(items)


def _escaped(value: object) -> str:
    return "<br/>".join(html.escape(line, quote=True) for line in str(value).splitlines())
