"""Classes of wordings that turn a mention, each with several of its many forms: a class is mended, not a line."""

import csv
from pathlib import Path

import pytest

from models.assessment import Assertion
from triage.assertions import assertion_of
from triage.assess import assess

TABLE = Path(__file__).parents[1] / "golden" / "assertion_classes.tsv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['class']}: {row['text']}")
def test_mention_stands_as_its_class_says(row: dict[str, str]) -> None:
    start = row["text"].index(row["mention"])
    found = assertion_of(row["text"], start, start + len(row["mention"]), row["concept"])
    assert found is Assertion(row["assertion"])


def test_the_answer_that_decided_is_shown() -> None:
    (mention,) = [each for each in assess("is he armed no he is not").mentions if each.concept == "weapon"]
    assert (mention.assertion, mention.rule.split("+")[1]) == (Assertion.NEGATED, "REPLY")
    assert (mention.cue_start, mention.cue_end) == (12, 14)


def test_a_saying_neither_makes_a_danger_nor_says_that_there_is_none() -> None:
    assert "violence" not in assess("MY FEET ARE KILLING ME").dangers
