"""A growth chart as an SVG picture for paper: what the screen shows, in colours that survive a grey printer.

>>> from xml.etree import ElementTree
>>> chart = {"x_range": [0, 10], "y_range": [2, 8], "x_ticks": [{"x": 5, "label": "5"}], "points": [], "lines": [],
...          "x_label": "Age", "y_label": "kg <net>"}
>>> ElementTree.fromstring(draw(chart)).tag
'{http://www.w3.org/2000/svg}svg'
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720.0, 470.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 40.0, 18.0, 40.0

_STYLES = {
    "median": ("#1d7a43", 1.6, ""),
    "inner": ("#a36d00", 1.0, "6 3"),
    "outer": ("#b5342b", 1.1, ""),
}
_FONT = 'font-family="Roboto, DejaVu Sans, sans-serif"'


def nice_ticks(low: float, high: float, count: int = 7) -> list[float]:
    """Return round numbers between two values, about ``count`` of them.

    >>> nice_ticks(1.2, 30.7), nice_ticks(45, 110, 6)
    ([5.0, 10.0, 15.0, 20.0, 25.0, 30.0], [60.0, 80.0, 100.0])
    """
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 5, 10) if factor * power >= rough) * power
    first, last = math.ceil(low / step), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def line_kind(z: float) -> str:
    """Return how a line is drawn: the median, one near it, or one far out.

    >>> line_kind(0), line_kind(-1.04), line_kind(1.88)
    ('median', 'inner', 'outer')
    """
    return "median" if abs(z) < 0.01 else "outer" if abs(z) > 1.5 else "inner"


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    span = (high - low) or 1
    return lambda value: start + (value - low) / span * (end - start)


def _path(points: Sequence[Sequence[float]], sx: Callable[[float], float], sy: Callable[[float], float]) -> str:
    return " ".join(f"{'L' if place else 'M'}{sx(x):.1f} {sy(y):.1f}" for place, (x, y) in enumerate(points))


def _text(x: float, y: float, text: object, anchor: str = "middle", fill: str = "#333", size: float = 10) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}" {_FONT}>'
        f"{escape(str(text))}</text>"
    )


def draw(chart: Mapping[str, Any]) -> str:
    """Return the SVG of a chart: ranges, ``x_ticks``, ``lines`` (label, z, points), ``points`` (x, y), labels of axes.

    Texts are escaped; numbers come from the tables and the chart.
    """
    sx = _scale(*chart["x_range"], LEFT, WIDTH - RIGHT)
    sy = _scale(*chart["y_range"], HEIGHT - BOTTOM, TOP)
    parts = [*_draw_grid(chart, sx, sy)]
    for line in chart["lines"]:
        parts += _draw_line(line, sx, sy)
    points = [(point["x"], point["y"]) for point in chart["points"]]
    if len(points) > 1:
        parts.append(f'<path d="{_path(points, sx, sy)}" fill="none" stroke="#111" stroke-width="1.3"/>')
    parts += [f'<circle cx="{sx(x):.1f}" cy="{sy(y):.1f}" r="3.2" fill="#111"/>' for x, y in points]
    size = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _draw_grid(chart: Mapping[str, Any], sx: Callable[[float], float], sy: Callable[[float], float]) -> list[str]:
    ticks = chart["x_ticks"] or [{"x": x, "label": f"{x:g}"} for x in nice_ticks(*chart["x_range"])]
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for tick in ticks:
        x = sx(tick["x"])
        parts.append(f'<path d="M{x:.1f} {TOP} V{bottom}" stroke="#cfd5db" stroke-width="0.6"/>')
        parts.append(_text(x, bottom + 14, tick["label"]))
    for value in nice_ticks(*chart["y_range"]):
        y = sy(value)
        parts.append(f'<path d="M{LEFT} {y:.1f} H{right}" stroke="#cfd5db" stroke-width="0.6"/>')
        parts.append(_text(LEFT - 5, y + 3.5, f"{value:g}", "end"))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 8, chart["x_label"], size=11))
    parts.append(_text(LEFT - 5, TOP - 6, chart["y_label"], "end", size=11))
    return parts


def _draw_line(line: Mapping[str, Any], sx: Callable[[float], float], sy: Callable[[float], float]) -> list[str]:
    if len(line["points"]) < 2:
        return []
    colour, width, dashes = _STYLES[line_kind(line["z"])]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    x, y = line["points"][-1]
    return [
        f'<path d="{_path(line["points"], sx, sy)}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>',
        _text(sx(x) + 4, sy(y) + 3.5, line["label"], "start", colour),
    ]
