"""Line plots as SVG text: small, readable in both themes, and a file that a diff can show."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 34, 48
COLOURS = ("#2f6fc4", "#c4622f", "#4a8f5c", "#8a5bb0", "#7a7f87")
STYLE = "text{font:12px system-ui,sans-serif;fill:#7a7f87}.t{font-weight:600;font-size:14px}"

Line = Sequence[tuple[float, float]]


def plot(
    title: str,
    x: str,
    y: str,
    lines: Mapping[str, Line],
    *,
    log: bool = False,
    limit: tuple[float, str] | None = None,
) -> str:
    """An SVG document; `log` draws the y axis by powers of ten, `limit` is a dashed line with its name."""
    points = [point for line in lines.values() for point in line]
    most_x = max(at for at, _ in points) or 1
    values = [value for _, value in points] + ([limit[0]] if limit else [])
    low, high = (
        (floor(log10(max(min(values), 0.1))), ceil(log10(max(values)))) if log else (0, max(values) * 1.08)
    )
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(point: tuple[float, float]) -> tuple[float, float]:
        value = log10(max(point[1], 0.1)) if log else point[1]
        return round(LEFT + wide * point[0] / most_x, 1), round(
            TOP + tall * (1 - (value - low) / (high - low)), 1
        )

    ticks = (
        [10.0**power for power in range(int(low), int(high) + 1)] if log else [high * i / 4 for i in range(5)]
    )
    parts = [_text(LEFT, 20, title, "t"), _text(LEFT + wide / 2, HEIGHT - 10, x), _text(8, 20, y)]
    for tick in ticks:
        _, level = at((0, tick))
        parts += [
            _rule(LEFT, level, LEFT + wide, level),
            _text(8, level + 4, f"{tick:,.3g}" if tick < 1000 else f"{tick:,.0f}"),
        ]
    parts += [
        _text(at((most_x * i / 5, ticks[0]))[0] - 8, HEIGHT - BOTTOM + 18, f"{most_x * i / 5:,.4g}")
        for i in range(6)
    ]
    if limit:
        level = at((0, limit[0]))[1]
        parts += [
            _rule(LEFT, level, LEFT + wide, level, "6 4", "#c43a4b"),
            _text(LEFT + wide + 6, level + 4, limit[1]),
        ]
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        path = " ".join(f"{a},{b}" for a, b in map(at, line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a}" cy="{b}" r="3" fill="{colour}"/>' for a, b in map(at, line)]
        end = at(line[-1])
        parts.append(f'<text x="{end[0] + 8}" y="{end[1] + 4}" style="fill:{colour}">{escape(name)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>" + "".join(parts) + "</svg>\n"
    )


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, dashes: str = "", colour: str = "#7a7f8740") -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}" stroke-dasharray="{dashes}"/>'
