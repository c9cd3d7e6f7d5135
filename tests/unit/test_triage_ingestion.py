"""What was swallowed is told in pieces: pills here, TOOK 2 there, slurred speech in a third remark."""

import pytest

from models.assessment import Assertion, Assessment, DangerName, Entry, GateName, Indicator, Risk
from triage.assess import assess, assess_entries


def told(*remarks: str) -> Assessment:
    return assess_entries([Entry(text=remark) for remark in remarks])


def closed(found: Assessment) -> set[GateName]:
    return {gate.name for gate in found.gates}


NAMED = [
    "DAUGHTER HAS A PLAN TO TAKE HER SLEEPING PILLS",
    "HAS A BOTTLE OF TRAZODONE",
    "WANTS TO TAKE ALL THE MEDS IN THE HOUSE",
    "EMPTY PILL BOTTLES IN THE SINK",
    "TIENE UN FRASCO DE PASTILLAS",
]
TAKEN = [
    "TOOK 2 ABOUT 10 MIN AGO",
    "TOOK ABOUT 20",
    "SHE TOOK THEM",
    "SWALLOWED SOME",
    "TOOK HALF OF THEM",
    "SE TOMO VARIAS",
]


@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("taken", TAKEN)
def test_pills_named_and_then_taken_are_an_overdose(named: str, taken: str) -> None:
    for found in (told(named, taken), told(f"{named}. {taken}"), told(f"{named} - {taken}")):
        assert found.indicators[Indicator.OVERDOSE].assertion is Assertion.AFFIRMED
        assert GateName.G4 in closed(found)
        assert found.risk is Risk.R4


@pytest.mark.parametrize("taken", TAKEN[:3])
def test_what_was_taken_is_no_overdose_where_nothing_to_swallow_is_named(taken: str) -> None:
    found = told("MALE IN STORE", taken)
    assert Indicator.OVERDOSE not in found.indicators
    assert closed(found) == set()


@pytest.mark.parametrize(
    "second",
    [
        "PD TOOK THEM",
        "SHE HASNT TAKEN THEM",
        "TOOK 2 BUSES HOME",
        "TOOK 2 AS PRESCRIBED",
        "MOM TOOK THEM AWAY",
    ],
)
def test_pills_that_are_not_swallowed_close_nothing(second: str) -> None:
    assert GateName.G4 not in closed(told("HAS A BOTTLE OF PILLS", second))


@pytest.mark.parametrize(
    "sign",
    [
        "SLURRING",
        "SLURRED SPEECH",
        "SLURRING HER WORDS",
        "VERY DROWSY",
        "CONFUSED",
        "NODDING OFF",
        "VOMITING",
        "SEIZING",
    ],
)
@pytest.mark.parametrize(
    "named", ["PILLS ON THE FLOOR", "MAY HAVE TAKEN SOMETHING", "UNK WHAT HE TOOK", "FRIEND SAW AMBIEN"]
)
def test_an_altered_state_after_what_may_have_been_swallowed_is_medical_first(named: str, sign: str) -> None:
    for found in (told(named, sign), told(sign, named), told(f"{named}, {sign}")):
        assert found.dangers[DangerName.MEDICAL].assertion is Assertion.AFFIRMED
        assert GateName.G4 in closed(found)


@pytest.mark.parametrize(
    "text", ["HBD, SLURRING", "OFF MEDS, CONFUSED", "TAKING HIS MEDS, CONFUSED", "NO PILLS, SLURRING"]
)
def test_an_altered_state_alone_is_none_after_pills(text: str) -> None:
    assert GateName.G4 not in closed(told(text))


def test_no_two_mentions_of_a_concept_have_the_same_place() -> None:
    found = assess("TOOK 20 XANAX, TOOK THEM ALL, VOMITING AND DROWSY")
    places = [mention.id for mention in found.mentions]
    assert len(places) == len(set(places))


def test_pills_in_old_text_beyond_the_limit_count() -> None:
    found = told("PILLS ON THE TABLE. " + "NOTHING TO ADD. " * 1400, "SLURRING")
    assert found.truncated
    assert GateName.G4 in closed(found)


@pytest.mark.parametrize("dose", ["TOOK 2 TYLENOL FOR HEADACHE", "STATES TOOK 1 XANAX"])
def test_a_dose_is_no_overdose_but_for_who_wants_to_die(dose: str) -> None:
    assert GateName.G4 not in closed(told(dose))
    assert GateName.G4 in closed(told("SUBJ IS SUICIDAL", dose))
