"""Tokens keep their place in the original text, whatever the text is made of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.abbreviations import within_one_edit
from triage.assess import assess
from triage.normalize import HARD, fold
from triage.phrases import lexicon

WORDS = [
    "NO",
    "WPNS",
    "KNIFE",
    "cuchillo",
    "é",
    "ñ",
    "\u0301",
    "🔪",
    "\x00",
    "\ud800",
    "R/O",
    "W/",
    "-",
    ":",
    "?",
]
WORDS += [
    "[CT04 14:22:03]",
    "SI-Y",
    "\n",
    "//",
    "SUICIDAL",
    "not breathing",
    "ＧＵＮ",
    "ß",
    "DENIES",
    "İ",
    " ",
    "\u200d",
]


def norms(text: str) -> list[str]:
    return [token.norm for token in lexicon().reader.tokens(text)]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
@settings(max_examples=120, deadline=None)
def test_every_mention_lies_on_words_that_read_the_same_alone(text: str) -> None:
    for mention in assess(text).mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        alone = lexicon().reader.tokens(text[mention.start : mention.end])
        assert alone, (text, mention)
        assert alone[0].start == 0
        assert alone[-1].end == mention.end - mention.start


@given(st.text(max_size=100))
def test_folding_keeps_every_code_point_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w/knife", ["WITH", "KNIFE"]),
        ("NOTINJ", ["NOT", "INJURED"]),
        ("HASKNIFE", ["HAS", "KNIFE"]),
        ("machette", ["MACHETE"]),
        ("no está aquí", ["NO", "ESTA", "AQUI"]),
        ("e\u0301l", ["EL"]),
        ("DOESN’T", ["DOESNT"]),
        ("10-96 subj", ["10-96", "SUBJECT"]),
        ("647(f)", ["647F"]),
        ("22:14:03 - WPNS", ["WEAPONS"]),
        ("OD OFFICER", ["OD", "OFFICER"]),
        ("POSS OD", ["POSSIBLE", "OVERDOSE"]),
        ("WM IN HIS 20S", ["MALE", "IN", "HIS", "20S"]),
        ("SHOUTING", ["SHOUTING"]),
    ],
)
def test_cad_spelling_is_read(text: str, expected: list[str]) -> None:
    assert norms(text) == expected


def test_time_stamp_parts_what_stands_before_and_after() -> None:
    tokens = lexicon().reader.tokens("NO ANSWER [CT04 14:22:03] KNIFE")
    assert [token.gap for token in tokens] == [HARD, 0, HARD]


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [("KNFIE", "KNIFE", True), ("KNIF", "KNIFE", True), ("KNIGHT", "KNIFE", False), ("KNIVE", "KNIFE", True)],
)
def test_one_slip_is_one_edit(left: str, right: str, near: bool) -> None:
    assert within_one_edit(left, right) is near
