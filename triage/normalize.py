"""CAD text to tokens: one linear pass whose offsets stay those of the original text."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

SPACE, SOFT, HARD = 0, 1, 2  # how strongly two neighbouring tokens are parted

#: Words that answer a field or a question.
ANSWERS = {
    "N": ":NO",
    "NO": ":NO",
    "NEG": ":NO",
    "NONE": ":NO",
    "Y": ":YES",
    "YES": ":YES",
    "UNKNOWN": ":UNKNOWN",
}

_MARK = "\u02bc"  # apostrophes and combining marks become this letter, so that words stay whole


class Token(NamedTuple):
    """One normalised word; start and end are code points of the original, gap parts it from its left."""

    norm: str
    start: int
    end: int
    gap: int = SPACE
    sep: str = ""  # the character that parted it, where a field could be meant: ":", "-", "=", "?", "/"


LAST_SCRIPTS = (
    0x20000  # from here on ideographs without case or accent; keeping what is below bounds the memory
)
TAGS = 0xE0000  # from here on nothing that is written


class _Folding(dict[int, str]):
    """Maps every code point to exactly one character, so offsets survive."""

    def __missing__(self, code: int) -> str:
        if code >= LAST_SCRIPTS:
            return " " if code >= TAGS else chr(code)
        self[code] = folded = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if "\ud800" <= char <= "\udfff" or unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co"}:
        return char if char in "\n\t" else ("\n" if char == "\r" else " ")
    if char in "'’‘`´ʼ＇" or unicodedata.combining(char):
        return _MARK
    if char in "–—−‐‑":
        return "-"
    base = unicodedata.normalize("NFKD", char)[:1] or char
    upper = base.upper()
    return upper if len(upper) == 1 else base


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Upper-case, unaccented text of the same length in code points."""
    return text.translate(_FOLDING)


_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_STAMP = (
    rf"\[(?:[A-Z]{{1,4}}\d{{1,5}}[ ,]{{1,2}})?(?:\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?[ ,]{{1,2}})?{_TIME}"
    r"(?: ?(?:AM|PM|Z))?(?:[ ,]{1,2}[A-Z]{1,4}\d{1,5})?\]"  # [CT04 14:22:03]
    r"|\[(?:[A-Z]{1,4})?\d{1,5}\]"  # [12], [CT04]
    r"|(?<![^\W_])\d{1,2}:\d{2}(?::\d{2}(?![\d:])(?: ?- )?| ?- )"  # 22:14:03 -
    r"|(?<![^\W_])\d{1,2}/\d{1,2}/\d{2,4}(?![\d/])"
)
_CODE = r"\d{1,3}-\d{1,3}[A-Z]?(?![^\W_])|\d{1,3}\([A-Z]\)|\d+\.\d+"
#: Field values that are no words: SI(+) HI(-), WPNS: ?
_SIGN = r"(?<=\()[+-](?=\))|(?<=[:=])[+?-](?=\s|$)|(?<=[:=] )[+?-](?=\s|$)|&"
VALUES = {"+": "YES", "-": "NO", "?": "UNKNOWN", "&": "AND"}
_WORD = r"[^\W_]+"


def scanner(slashed: Sequence[str]) -> re.Pattern[str]:
    """The token expression; slashed are abbreviations with a slash (R/O, W/), longest first."""
    known = "|".join(
        r"(?<![^\W_])" + re.escape(form.replace("'", _MARK)) + (r"(?![^\W_])" if form[-1].isalnum() else "")
        for form in sorted(slashed, key=len, reverse=True)
    )
    parts = [f"(?P<stamp>{_STAMP})", f"(?P<sign>{_SIGN})", f"(?P<code>{_CODE})"]
    if known:
        parts.append(f"(?P<slash>{known})")
    parts.append(f"(?P<word>{_WORD})")
    return re.compile(r"(?=[\[\w+?&-])(?:" + "|".join(parts) + ")")


def _parting(between: str) -> tuple[int, str]:
    """Strength and field character of what stands between two words."""
    if between == " ":
        return SPACE, ""
    if between == "-":
        return SPACE, "-"
    sep = next((char for char in between if char in ":-=?/"), "")
    if not sep and (".." in between or ">" in between):
        sep = "-"  # WPNS...NONE, WPNS >> NEG
    if any(char in between for char in ".;?!\n|*") or "//" in between or "--" in between or " / " in between:
        return HARD, sep
    if "-" in between or ">" in between:
        return HARD, sep
    if any(char in between for char in ',:/=+()[]"{}<'):
        return SOFT, sep
    return SPACE, sep


class _Parting(dict[str, tuple[int, str]]):
    def __missing__(self, between: str) -> tuple[int, str]:
        answer = _parting(between)
        if len(between) <= 3 and len(self) < 4096:
            self[between] = answer
        return answer


_PARTINGS = _Parting()


def split(text: str, pattern: re.Pattern[str]) -> list[Token]:
    """Raw tokens of text, before abbreviations are expanded; O(len(text))."""
    folded = fold(text)
    tokens: list[Token] = []
    last = 0
    stamped = False
    for found in pattern.finditer(folded):
        if found.lastgroup == "stamp":
            stamped = True
            last = found.end()
            continue
        start, end = found.span()
        gap, sep = _PARTINGS[folded[last:start]] if start != last else (SPACE, "")
        if stamped or not tokens:
            gap, sep, stamped = HARD, "", False
        norm = found.group()
        if found.lastgroup == "sign":
            norm = VALUES[norm]
            gap, sep = (SPACE, "") if norm == "AND" else (SOFT, ":")
        elif found.lastgroup == "slash":
            norm = norm.replace(_MARK, "'")
        elif _MARK in norm:
            start += len(norm) - len(norm.lstrip(_MARK))
            end -= len(norm) - len(norm.rstrip(_MARK))
            norm = norm.replace(_MARK, "")
            if not norm:
                continue
        elif found.lastgroup == "code" and norm[-1] == ")":
            norm = norm.replace("(", "").replace(")", "")
        if sep == "?" and norm in ANSWERS:
            gap = SOFT  # BREATHING? NO.
        tokens.append(Token(norm, start, end, gap, sep))
        last = found.end()
    for at, token in enumerate(tokens):
        # AWAKE - NO: an answer that stands by itself belongs to the word before the dash
        if token.sep == "-" and token.gap == HARD and token.norm in ANSWERS:
            alone = at + 1 == len(tokens) or tokens[at + 1].gap == HARD
            tokens[at] = token._replace(gap=SOFT) if alone else token
    return tokens
