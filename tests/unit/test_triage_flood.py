"""No text costs more than a long one, and what nobody has read for it closes a gate."""

import sys
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assessment import Assertion, Entry, GateName
from triage.assess import assess, assess_entries
from triage.evidence import MOST

DULL = "NOTHING TO ADD. "
PIECES = (
    *(
        "GUN ",
        "KNIFE, ",
        "WANTS TO KILL HIMSELF ",
        "NO ",
        "HX OF ",
        "IF HE ",
        "12 ",
        "12:",
        "MALE WITH ",
        "- ",
    ),
    *(
        "[CT04 14:22:03] ",
        "=",
        "(",
        "W/ ",
        "SI Y HI N ",
        "NO TIENE ARMA ",
        "KNIEF ",
        "ПОМОГИТЕ ",
        "\n",
        "? ",
        "AAAAAA",
    ),
)


def calls_in(text: str) -> int:
    """How many functions are called to read a text."""
    count = 0

    def counted(_frame: Any, event: str, _what: Any) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(counted)
    try:
        assess(text)
    finally:
        sys.setprofile(None)
    return count


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
@settings(max_examples=4, deadline=None)
def test_twice_the_text_is_at_most_twice_the_work(pieces: Sequence[str]) -> None:
    piece = "".join(pieces)
    text = piece * (12_000 // len(piece))
    assess(text + text)  # what is looked up once is not counted
    assert calls_in(text + text) <= 2.1 * calls_in(text) + 1_000


def test_what_is_left_unread_of_a_flood_closes_a_gate() -> None:
    gates = {gate.name: gate for gate in assess("HAS A GUN. HE HAS A KNIFE. " * 8_000).gates}
    assert gates[GateName.G12].reason == "TEXT_NOT_JUDGED"
    assert GateName.G1 in gates


def test_a_long_call_that_is_no_flood_is_read_to_its_end() -> None:
    found = assess("HAS A MACHETE. " + DULL * 3_000 + "SAYS HE IS FINE")
    assert found.truncated
    assert GateName.G12 not in {gate.name for gate in found.gates}
    assert "weapon" in found.dangers


@pytest.mark.parametrize("words", ["PT IS NON-RESPONSIVE", "HAS A MACHETE", "WEAPONS: YES", "10-56A"])
def test_a_danger_in_old_text_is_the_danger_it_is_in_new_text(words: str) -> None:
    old, new = assess(f"{words}. " + "OK. " * 6_000), assess(words)
    assert set(new.dangers) <= set(old.dangers)
    assert {gate.name for gate in new.gates} <= {gate.name for gate in old.gates}


def test_a_new_danger_is_found_behind_a_flood_of_another() -> None:
    found = assess("MALE IS DRUNK AND HAS A BEER. KNIFE. " * 1_500 + "SHE TOOK 40 XANAX. " + DULL * 2_000)
    assert {"weapon", "overdose"} <= {mention.concept for mention in found.mentions}


@pytest.mark.parametrize("parts", [1, 400])
def test_of_a_flood_in_the_newest_text_the_last_words_are_judged_and_none_is_lost(parts: int) -> None:
    words = ["HAS A GUN", *["DRUNK"] * 2_000, "DENIES SI"]
    each = len(words) // parts + 1
    entries = [Entry(text=". ".join(words[at : at + each])) for at in range(0, len(words), each)]
    found = assess_entries(entries)
    assert len(found.mentions) <= MOST + 3 * parts
    assert found.mentions[0].concept == "weapon"
    assert found.dangers["weapon"].assertion in {Assertion.AFFIRMED, Assertion.UNKNOWN}  # type: ignore[index]
    assert found.mentions[-1].assertion is Assertion.NEGATED
