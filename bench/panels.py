"""Lines over time as a small SVG, written by hand."""

from dataclasses import dataclass
from html import escape
from itertools import cycle

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2")
WIDE, HIGH, LEFT, TOP = 900, 260, 60, 40
POINTS = 600  # of a line at the most


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes: lines by name, each of (minute, value)."""

    title: str
    lines: dict[str, list[tuple[float, float]]]


def svg(panels: list[Panel], marks: list[tuple[float, str]]) -> str:
    """The panels above each other; `marks` are minutes at which something was done."""
    height = len(panels) * (HIGH + TOP + 30) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE + LEFT + 30} {height}">',
        "<style>text { font: 12px sans-serif; }</style>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for at, panel in enumerate(panels):
        parts += _panel(panel, marks, at * (HIGH + TOP + 30) + TOP)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, marks: list[tuple[float, str]], top: int) -> list[str]:
    points = [point for line in panel.lines.values() for point in line]
    last = max((x for x, _ in points), default=1.0) or 1.0
    most = max((y for _, y in points), default=1.0) or 1.0

    def x(minute: float) -> float:
        return round(LEFT + WIDE * minute / last, 1)

    def y(value: float) -> float:
        return round(top + HIGH * (1 - value / most), 1)

    parts = [f'<text x="{LEFT}" y="{top - 22}" font-weight="bold">{escape(panel.title)}</text>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<path d="M{LEFT} {y(most * share)}h{WIDE}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{LEFT - 6}" y="{y(most * share) + 4}" text-anchor="end">{most * share:.0f}</text>'
        )
        parts.append(
            f'<text x="{x(last * share)}" y="{top + HIGH + 16}" text-anchor="middle">{last * share:.1f} min</text>'
        )
    parts += [
        f'<path d="M{x(minute)} {top}v{HIGH}" stroke="#bbb" stroke-dasharray="2 3"><title>{escape(what)}</title></path>'
        for minute, what in marks
    ]
    for number, ((name, line), colour) in enumerate(zip(panel.lines.items(), cycle(COLOURS), strict=False)):
        thin = line[:: len(line) // POINTS + 1]
        path = " ".join(f"{x(minute)},{y(value)}" for minute, value in thin)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{LEFT + 130 * number}" y="{top - 6}" fill="{colour}">{escape(name)}</text>')
    return parts
