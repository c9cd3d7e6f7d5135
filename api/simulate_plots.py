"""Bars and lines of a simulation as inline SVG, readable in both themes."""

from collections.abc import Mapping, Sequence
from html import escape
from math import isnan

from dispatch.simulation.figures import Interval

WIDTH, LEFT, RIGHT, ROW = 720, 140, 110, 30
HEIGHT, TOP, BOTTOM = 300, 34, 44
COLOURS = ("#7a7f87", "#c4622f", "#8a5bb0", "#4a8f5c", "#2f6fc4", "#b8a13a", "#3a9d9d")
STYLE = "text{font:12px system-ui,sans-serif;fill:#7a7f87}.t{font-weight:600;font-size:14px}"


def bars(title: str, unit: str, values: Mapping[str, Interval]) -> str:
    """A bar a name from zero, with its 95% interval as a whisker."""
    known = {name: value for name, value in values.items() if not isnan(value.mean)}
    most = max((value.mean + _half(value) for value in known.values()), default=1.0) or 1.0
    wide = WIDTH - LEFT - RIGHT
    parts = [_text(0, 20, title, "t")]
    for row, (name, value) in enumerate(known.items()):
        top = TOP + row * ROW
        middle, long = top + 10, round(wide * value.mean / most, 1)
        parts.append(_text(0, middle + 4, name))
        parts.append(
            f'<rect x="{LEFT}" y="{top}" width="{long}" height="20" fill="{COLOURS[row % len(COLOURS)]}" rx="2"/>'
        )
        low, high = (round(LEFT + wide * max(0.0, value.mean + s * _half(value)) / most, 1) for s in (-1, 1))
        parts.append(
            f'<path d="M{low} {middle}H{high}M{low} {middle - 5}v10M{high} {middle - 5}v10" {LINE}/>'
        )
        parts.append(_text(high + 8, middle + 4, f"{number(value.mean)} {unit}"))
    return _svg(title, TOP + ROW * len(known) + 6, parts)


def lines(title: str, x: str, series: Mapping[str, Sequence[float]]) -> str:
    """A line a name over equal steps from 0."""
    most = max((value for line in series.values() for value in line), default=1.0) or 1.0
    wide, tall = WIDTH - 50 - RIGHT, HEIGHT - TOP - BOTTOM
    parts = [_text(0, 20, title, "t"), _text(50 + wide / 2, HEIGHT - 6, x)]
    for step in range(5):
        level = TOP + tall * (1 - step / 4)
        parts.append(f'<path d="M50 {level:g}h{wide}" stroke="#7a7f8740"/>')
        parts.append(_text(0, level + 4, number(most * step / 4)))
    ends: list[tuple[float, str, str]] = []
    for (name, line), colour in zip(series.items(), COLOURS, strict=False):
        last = max(1, len(line) - 1)
        points = " ".join(
            f"{50 + wide * at / last:.1f},{TOP + tall * (1 - value / most):.1f}"
            for at, value in enumerate(line)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        ends.append((TOP + tall * (1 - line[-1] / most), name, colour))
    parts += _labels(sorted(ends), 50 + wide + 8)
    longest = max((len(line) for line in series.values()), default=1)
    parts += [
        _text(50 + wide * at / max(1, longest - 1) - 6, HEIGHT - BOTTOM + 18, str(at))
        for at in range(0, longest, 3)
    ]
    return _svg(title, HEIGHT, parts)


def _labels(ends: Sequence[tuple[float, str, str]], x: float) -> list[str]:
    """Names at the ends of their lines, pushed apart."""
    parts, lowest = [], 0.0
    for level, name, colour in ends:
        lowest = max(level + 4, lowest + 14)
        parts.append(f'<text x="{x:g}" y="{lowest:g}" style="fill:{colour}">{escape(name)}</text>')
    return parts


LINE = 'stroke="#20242a" stroke-width="1.5" fill="none"'


def number(value: float) -> str:
    """As it is read: no more digits than mean something."""
    if isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _half(value: Interval) -> float:
    return 0.0 if isnan(value.half) else value.half


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>{''.join(parts)}</svg>"
    )
