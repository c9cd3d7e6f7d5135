"""What a call's words amount to: need, risk, flag, context and questions."""

import time
from itertools import islice

import pytest

from models.assessment import Assertion, CallerRole, DangerName, Entry, Indicator, PlaceKind, Risk
from triage.assess import assess, assess_entries, assess_many, seen_in
from triage.corpus import narratives
from triage.need import policy
from triage.phrases import lexicon


@pytest.mark.parametrize(
    ("text", "nature", "indicator", "risk"),
    [
        ("MALE TALKING TO HIMSELF AND HEARING VOICES", "", "psychosis", Risk.R2),
        ("SON OFF HIS MEDS AND NOT SLEEPING", "", "medication", Risk.R1),
        ("SE QUIERE MATAR", "", "suicidal", Risk.R2),
        ("ELDERLY MALE WITH DEMENTIA WANDERED OFF", "", "cognitive", Risk.R2),
        ("RP HASNT HEARD FROM HER MOTHER IN 3 DAYS", "WELFARE CHECK", "welfare_concern", Risk.R2),
        ("TRANSIENT SLEEPING IN DOORWAY", "TRESPASS", "homelessness", Risk.R0),
        ("FEMALE PASSED OUT ON SIDEWALK, HBD", "", "substance", Risk.R3),
        ("THREATENING TO KILL HIMSELF WITH A GUN IN HIS HAND", "", "suicidal", Risk.R4),
    ],
)
def test_need_is_seen_and_flagged(text: str, nature: str, indicator: str, risk: Risk) -> None:
    found = assess(text, nature)
    assert found.flag
    assert found.indicators[Indicator(indicator)].probability >= 0.5
    assert found.risk is risk


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("OPEN LINE, NOTHING HEARD", "911 ABANDON"),
        ("BLUE TOYOTA PARKED IN RED ZONE", "PARKING"),
        ("BIKE STOLEN FROM GARAGE", "THEFT"),
        ("FRONT DOOR MOTION", "ALARM BURGLARY"),
        ("LOUD MUSIC", "NOISE PARTY"),
        ("AGGRESSIVE PITBULL LOOSE", "ANIMAL"),
        ("PERSON IS DOWN THE STREET WAITING FOR A TOW", "TRAFFIC HAZARD"),
        ("WANTS TO RIDE ALONG WITH AN OFFICER", "INFORMATION"),
        ("SUMMER CAMP BUS PARKED", "PARKING"),
        ("", ""),
    ],
)
def test_plain_call_is_not_flagged(text: str, nature: str) -> None:
    assert not assess(text, nature).flag


def test_who_is_down_the_street_is_not_down() -> None:
    text = "PERSON IS DOWN THE STREET WAITING FOR A TOW"
    assert {mention.assertion for mention in assess(text, "TRAFFIC HAZARD").mentions} <= {Assertion.NEGATED}
    assert seen_in([Entry(text=text)], "TRAFFIC HAZARD").rules < 0


def test_officer_who_asks_for_the_clinician_is_heard() -> None:
    found = assess("OFFICER ON SCENE REQUESTING MOBILE CRISIS")
    assert found.flag_reason == "OFFICER_REQUESTS_CLINICIAN"
    assert found.context.officer_on_scene


@pytest.mark.parametrize(
    ("text", "caller", "place", "language"),
    [
        ("I WANT TO DIE, I AM IN MY ROOM", CallerRole.FIRST_PARTY, PlaceKind.HOME, "en"),
        ("RPS SON IS HEARING VOICES IN THE PARKING LOT", CallerRole.SECOND_PARTY, PlaceKind.PUBLIC, "en"),
        ("3RD PTY, SUBJECT AT GROUP HOME", CallerRole.THIRD_PARTY, PlaceKind.FACILITY, "en"),
        (
            "mi hijo dice que ya no quiere vivir y está en la casa",
            CallerRole.SECOND_PARTY,
            PlaceKind.HOME,
            "es",
        ),
        ("SPANISH SPEAKING FEMALE CRYING", CallerRole.UNKNOWN, PlaceKind.UNKNOWN, "es"),
    ],
)
def test_context_is_read(text: str, caller: CallerRole, place: PlaceKind, language: str) -> None:
    context = assess(text).context
    assert (context.caller, context.place, context.language) == (caller, place, language)


def test_question_is_asked_only_where_the_answer_matters() -> None:
    codes = [each.code for each in assess("SON IS HEARING VOICES").questions]
    assert codes[:2] == ["ASK_WEAPON_ACCESS", "ASK_VIOLENCE_TODAY"]
    assert assess("BLUE SEDAN BLOCKING DRIVEWAY", "PARKING").questions == ()


def test_denial_beside_a_sighting_is_a_conflict_and_both_are_kept() -> None:
    weapon = assess("DENIES WPNS BUT RP SAW MACHETE").dangers["weapon"]  # type: ignore[index]
    assert weapon.conflict
    assert len(weapon.mentions) == 2


def test_long_call_keeps_the_newest_text_whole_and_every_danger() -> None:
    old = Entry(text="OFF MEDS. HAS A MACHETE. " + "NOTHING TO ADD. " * 1400)
    found = assess_entries([old, Entry(text="HEARING VOICES")])
    assert found.truncated
    assert {each.concept for each in found.mentions} >= {"weapon", "psychosis"}


def test_flood_of_one_word_is_bounded() -> None:
    found = assess("KNIFE " * 8_000)
    assert found.truncated
    assert len(found.mentions) < policy().full_text // 6 + policy().most_mentions + 10


@pytest.mark.parametrize("unit", ["=", "(", "A ", "\n", "[", "KNIFE ", "NO ", "1:", "Á", "WITHDRAW ", "/"])
def test_time_grows_with_the_length_of_the_text_and_not_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            assess(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(20_000) < 3.2 * seconds(10_000) + 0.01


def test_lexicon_is_as_large_as_promised() -> None:
    assert lexicon().trie.patterns >= 1200


def test_many_calls_are_read_as_each_alone() -> None:
    items = [(told.text, told.nature) for told in islice(narratives(), 0, None, 40)]
    assert len(items) > 100
    assert assess_many(items) == [assess(*item) for item in items]


@pytest.mark.parametrize(
    ("entries", "danger", "stands"),
    [
        (["HAS A GUN", "GUN SECURED BY DEPUTY"], "weapon", "negated"),
        (["HAS A GUN", "GUN SECURED BY DEPUTY", "HE PULLED A SECOND ONE"], "weapon", "affirmed"),
        (["KNIFE IN HIS HAND", "GUN SECURED BY DEPUTY"], "weapon", "affirmed"),
        (["HAMMER IN HIS HAND", "RAZOR TAKEN FROM HIM BY STAFF"], "weapon", "affirmed"),
        (["CHEST PAIN", "BLEEDING WAS KETCHUP"], "medical", "affirmed"),
    ],
)
def test_only_what_is_said_of_the_same_thing_settles_a_danger(
    entries: list[str], danger: str, stands: str
) -> None:
    found = assess_entries([Entry(text=text) for text in entries])
    assert found.dangers[DangerName(danger)].assertion == stands
    assert found.gates  # closed by the earlier words, whatever stands now


def test_a_text_that_dates_the_deed_dates_the_call_and_a_history_does_not() -> None:
    assert assess("HE PUNCHED HER MONDAY", "ASSAULT").dangers[DangerName.VIOLENCE].assertion == "historical"
    assert assess("SUBJ HAS HX OF VIOLENCE", "ASSAULT").dangers[DangerName.VIOLENCE].assertion == "affirmed"
