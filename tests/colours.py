"""How people see colours: contrast, difference, and difference for the colour-blind."""

import re
from math import dist

Rgb = tuple[int, int, int]
Triple = tuple[float, float, float]

#: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)  # D65


def parse(text: str) -> Rgb:
    """`#rgb`, `#rrggbb` or `rgb(r, g, b)`."""
    if found := re.fullmatch(r"rgba?\((\d+), (\d+), (\d+)(?:, [\d.]+)?\)", text):
        return (int(found[1]), int(found[2]), int(found[3]))
    digits = text.strip().lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def linear(rgb: Rgb) -> Triple:
    """sRGB decoded, each 0 to 1."""
    parts = [part / 255 for part in rgb]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return (r, g, b)


def times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    """A 3x3 matrix applied."""
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return (x, y, z)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted(
        (times(TO_XYZ, linear(parse(one)))[1], times(TO_XYZ, linear(parse(other)))[1]), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def lab(vector: Triple) -> Triple:
    """CIE L*a*b* of linear RGB."""
    scaled = [min(1.0, max(0.0, part)) for part in vector]
    xyz = times(TO_XYZ, (scaled[0], scaled[1], scaled[2]))
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (value / white for value, white in zip(xyz, WHITE, strict=True))
    )
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def seen_by(matrix: tuple[Triple, Triple, Triple], colour: str) -> Triple:
    """L*a*b* of a colour as somebody without that cone sees it."""
    return lab(times(matrix, linear(parse(colour))))


def difference(one: Triple, other: Triple) -> float:
    """CIE 1976 delta E of two L*a*b* colours; about 2.3 is just noticeable."""
    return dist(one, other)
