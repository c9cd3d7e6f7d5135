"""The golden suites hold the engine to what was written before it: floors are what was measured, safety is absolute."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from models.assessment import Assertion, Assessment, DangerName, GateName, Indicator
from triage.assertions import assertion_of
from triage.assess import assess

GOLDEN = Path(__file__).parents[1] / "golden"
#: suite -> (all together, of each kind)
FLOORS = {
    "assertions": (
        0.97,
        {
            Assertion.AFFIRMED: 0.99,
            Assertion.NEGATED: 0.97,
            Assertion.UNKNOWN: 0.99,
            Assertion.HYPOTHETICAL: 0.95,
            Assertion.HISTORICAL: 0.96,
            Assertion.OTHER_PERSON: 0.78,
        },
    ),
    "assertions_second": (
        0.93,
        {
            Assertion.AFFIRMED: 0.98,
            Assertion.NEGATED: 0.91,
            Assertion.UNKNOWN: 0.90,
            Assertion.HYPOTHETICAL: 0.97,
            Assertion.HISTORICAL: 0.86,
            Assertion.OTHER_PERSON: 0.82,
        },
    ),
    "assertions_third": (
        0.83,
        {
            Assertion.AFFIRMED: 0.97,
            Assertion.NEGATED: 0.79,
            Assertion.UNKNOWN: 0.81,
            Assertion.HYPOTHETICAL: 0.80,
            Assertion.HISTORICAL: 0.79,
            Assertion.OTHER_PERSON: 0.40,
        },
    ),
}
#: Later suites are harder: half of their rows nobody looked at while wordings were mended. What is heard must not fall.
HEARD = {
    "safety_second": {
        "attempt": 21, "medical": 24, "violence": 25, "weapon": 23,
        "none:medical": 18, "none:violence": 18, "none:weapon": 20,
    },
    "safety_third": {
        "attempt": 71, "medical": 64, "violence": 70, "weapon": 68,
        "none:medical": 27, "none:violence": 30, "none:weapon": 29,
    },
    "danger_stays": {"attempt": 33, "medical": 47, "violence": 68, "weapon": 75},
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def judged(row: dict[str, str]) -> Assertion:
    at = -1
    for _ in range(int(row["occurrence"])):
        at = row["text"].index(row["mention"], at + 1)
    return assertion_of(row["text"], at, at + len(row["mention"]), row["concept"])


@pytest.fixture(scope="module", params=FLOORS)
def suite(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def confusion(suite: str) -> Counter[tuple[str, Assertion, Assertion]]:
    return Counter((row["concept"], Assertion(row["assertion"]), judged(row)) for row in rows(f"{suite}.tsv"))


def test_assertions_are_read_as_the_rules_say(
    suite: str, confusion: Counter[tuple[str, Assertion, Assertion]]
) -> None:
    right: Counter[Assertion] = Counter()
    total: Counter[Assertion] = Counter()
    for (_, expected, found), count in confusion.items():
        total[expected] += count
        right[expected] += count * (expected is found)
    for kind in Assertion:
        print(f"{kind:13} {right[kind]:5} of {total[kind]:5}  {right[kind] / total[kind]:.3f}")
    print(f"{'all':13} {right.total():5} of {total.total():5}  {right.total() / total.total():.3f}")
    accuracy, floors = FLOORS[suite]
    assert right.total() / total.total() >= accuracy
    assert all(right[kind] / total[kind] >= floor for kind, floor in floors.items())


def test_no_affirmed_danger_is_read_as_absent(confusion: Counter[tuple[str, Assertion, Assertion]]) -> None:
    lost = [
        key
        for key in confusion
        if key[0] in set(DangerName) and key[1:] == (Assertion.AFFIRMED, Assertion.NEGATED)
    ]
    assert lost == []


def affirmed(found: Assessment) -> set[str]:
    return {mention.concept for mention in found.mentions if mention.assertion is Assertion.AFFIRMED}


def holds(row: dict[str, str]) -> bool:
    found, danger = assess(row["text"]), row["danger"]
    if danger == "attempt":
        tried = affirmed(found) & {Indicator.SUICIDAL, Indicator.OVERDOSE}
        return bool(tried) and GateName.G4 in {gate.name for gate in found.gates}
    absent = danger.removeprefix("none:")
    return absent not in affirmed(found) if absent != danger else danger in affirmed(found)


@pytest.mark.parametrize("danger", sorted({row["danger"] for row in rows("safety.tsv")}))
def test_explicit_danger_is_always_heard_and_none_is_made_up(danger: str) -> None:
    of_kind = [row for row in rows("safety.tsv") if row["danger"] == danger]
    missed = [row["id"] for row in of_kind if not holds(row)]
    print(f"{danger:13} {len(of_kind) - len(missed):5} of {len(of_kind):5}")
    assert missed == []


@pytest.mark.parametrize("suite", HEARD)
def test_what_later_suites_tell_is_heard_as_often_as_it_was(suite: str) -> None:
    heard = Counter(row["danger"] for row in rows(f"{suite}.tsv") if holds(row))
    print(suite, dict(heard))
    assert {kind: heard[kind] for kind in HEARD[suite] if heard[kind] < HEARD[suite][kind]} == {}
