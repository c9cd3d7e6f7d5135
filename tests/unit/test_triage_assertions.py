"""Each way in which the words around a mention turn it, one line a trap."""

import pytest

from models.assessment import Assertion
from triage.assertions import assertion_of
from triage.assess import assess

# text, the words of the mention, concept, how it stands
CASES = [
    ("MALE HAS KNIFE", "KNIFE", "weapon", "affirmed"),
    ("NEG WPNS", "WPNS", "weapon", "negated"),
    ("WPNS - NONE", "WPNS", "weapon", "negated"),
    ("WPNS: N", "WPNS", "weapon", "negated"),
    ("WPNS: NO  ETOH: YES", "WPNS", "weapon", "negated"),
    ("WEAPONS=NONE", "WEAPONS", "weapon", "negated"),
    ("WEAPONS? NO", "WEAPONS", "weapon", "negated"),
    ("WEAPONS?", "WEAPONS", "weapon", "unknown"),
    ("WPNS: UNK", "WPNS", "weapon", "unknown"),
    ("UNK WPNS", "WPNS", "weapon", "unknown"),
    ("UNK IF ARMED", "ARMED", "weapon", "unknown"),
    ("RP UNSURE IF HE HAS A GUN", "GUN", "weapon", "unknown"),
    ("NO WPNS SEEN", "WPNS", "weapon", "unknown"),
    ("WPNS NONE SEEN", "WPNS", "weapon", "unknown"),
    ("WPNS NONE KNOWN", "WPNS", "weapon", "unknown"),
    ("POSS KNIFE", "KNIFE", "weapon", "unknown"),
    ("CANT RULE OUT A WEAPON", "WEAPON", "weapon", "unknown"),
    ("COULD NOT TELL IF HE HAD A GUN", "GUN", "weapon", "unknown"),
    ("NO WEAPONS OR DRUGS", "WEAPONS", "weapon", "negated"),
    ("NO DRUGS OR WEAPONS", "WEAPONS", "weapon", "negated"),
    ("DENIES SI, HI, WEAPONS", "WEAPONS", "weapon", "negated"),
    ("DENIES SI/HI", "HI", "violence", "negated"),
    ("SI-Y HI-N", "SI", "suicidal", "affirmed"),
    ("SI-Y HI-N", "HI", "violence", "negated"),
    ("DENIES WPNS BUT RP SAW MACHETE", "WPNS", "weapon", "negated"),
    ("DENIES WPNS BUT RP SAW MACHETE", "MACHETE", "weapon", "affirmed"),
    ("DENIES WPNS, RP SAW MACHETE", "MACHETE", "weapon", "affirmed"),
    ("DENIES WPNS RP SAW MACHETE", "MACHETE", "weapon", "affirmed"),
    ("DENIES HE HAS A KNIFE", "KNIFE", "weapon", "negated"),
    ("DOES NOT HAVE A GUN", "GUN", "weapon", "negated"),
    ("NO TIENE ARMAS", "ARMAS", "weapon", "negated"),
    ("NIEGA TENER ARMAS", "ARMAS", "weapon", "negated"),
    ("TRAE CUCHILLO", "CUCHILLO", "weapon", "affirmed"),
    ("WONT PUT DOWN KNIFE", "KNIFE", "weapon", "affirmed"),
    ("REFUSING TO DROP THE KNIFE", "KNIFE", "weapon", "affirmed"),
    ("MALE PUT DOWN THE KNIFE", "KNIFE", "weapon", "negated"),
    ("KNIFE SECURED BY PD", "KNIFE", "weapon", "negated"),
    ("GUN WAS TAKEN BY BROTHER", "GUN", "weapon", "negated"),
    ("NO LONGER HAS THE KNIFE", "KNIFE", "weapon", "negated"),
    ("GUNS IN HOUSE", "GUNS", "weapon", "affirmed"),
    ("AT 1200 KNIFE RD MALE DOWN", "KNIFE", "weapon", "negated"),
    ("DISTURBANCE AT THE GUN CLUB", "GUN", "weapon", "negated"),
    ("SUBJ IS ARMED", "ARMED", "weapon", "affirmed"),
    ("SUBJ IS UNARMED", "UNARMED", "weapon", "negated"),
    ("MALE YELLING, SECURITY GUARD IS ARMED", "ARMED", "weapon", "other_person"),
    ("NO MEDS HE HAS A GUN", "GUN", "weapon", "affirmed"),
    ("NO DESCRIPTION ARMED WITH KNIFE", "KNIFE", "weapon", "affirmed"),
    ("IF HE HAS A WEAPON CALL BACK", "WEAPON", "weapon", "hypothetical"),
    ("PRIOR WPNS CALL", "WPNS", "weapon", "historical"),
    ("KNOWN TO CARRY A KNIFE", "KNIFE", "weapon", "historical"),
    ("HAD A KNIFE LAST YEAR", "KNIFE", "weapon", "historical"),
    ("NOT TAKING MEDS AND IS SUICIDAL", "SUICIDAL", "suicidal", "affirmed"),
    ("NOT TAKING MEDS AND IS SUICIDAL", "NOT TAKING MEDS", "medication", "affirmed"),
    ("NO MEDS", "NO MEDS", "medication", "affirmed"),
    ("NO TOMA SU MEDICINA", "NO TOMA SU MEDICINA", "medication", "affirmed"),
    ("MEDS TAKEN", "MEDS", "medication", "negated"),
    ("DOESNT WANT TO LIVE", "LIVE", "suicidal", "affirmed"),
    ("YA NO QUIERE VIVIR", "VIVIR", "suicidal", "affirmed"),
    ("SE QUIERE MATAR", "MATAR", "suicidal", "affirmed"),
    ("NOT SUICIDAL", "SUICIDAL", "suicidal", "negated"),
    ("DENIES BEING SUICIDAL", "SUICIDAL", "suicidal", "negated"),
    ("NO LONGER SUICIDAL", "SUICIDAL", "suicidal", "negated"),
    ("HX OF SI", "SI", "suicidal", "historical"),
    ("PRIOR SUICIDE ATTEMPT 2019", "SUICIDE", "suicidal", "historical"),
    ("EVAL FOR SI", "SI", "suicidal", "unknown"),
    ("R/O OVERDOSE", "OVERDOSE", "overdose", "unknown"),
    ("WILL KILL HIMSELF IF EVICTED", "KILL HIMSELF", "suicidal", "hypothetical"),
    ("MIGHT HURT HIMSELF", "HURT HIMSELF", "suicidal", "hypothetical"),
    ("AFRAID HE WILL HURT HER", "HURT HER", "violence", "hypothetical"),
    ("THREATENING TO KILL HER IF SHE LEAVES", "KILL HER", "violence", "affirmed"),
    ("NO ANSWER AT DOOR POSS OVERDOSE", "OVERDOSE", "overdose", "unknown"),
    ("NO ANSWER AT DOOR OVERDOSE", "OVERDOSE", "overdose", "affirmed"),
    ("NOT BREATHING AFTER OVERDOSE", "NOT BREATHING", "medical", "affirmed"),
    ("NOT BREATHING AFTER OVERDOSE", "OVERDOSE", "overdose", "affirmed"),
    ("POSS OD NOT BREATHING", "NOT BREATHING", "medical", "affirmed"),
    ("OD OFFICER WILL BE LATE", "OD", "overdose", "negated"),
    ("NO INJURIES", "INJURIES", "medical", "negated"),
    ("NOTINJ", "NOTINJ", "medical", "negated"),
    ("MALE IS VIOLENT, RP IS DEPRESSED", "DEPRESSED", "mood_anxiety", "other_person"),
    ("RP IS DEPRESSED", "DEPRESSED", "mood_anxiety", "affirmed"),
    ("SUBJ UPSET, HIS MOTHER HAS DEMENTIA", "DEMENTIA", "cognitive", "other_person"),
    ("RPS FATHER DIED BY SUICIDE LAST WEEK", "SUICIDE", "suicidal", "other_person"),
    ("WAS VIOLENT EARLIER CALM NOW", "VIOLENT", "violence", "historical"),
    ("RP BELIEVES SUBJ IS ON METH", "METH", "substance", "unknown"),
    ("[CT04 14:22:03] NO ANSWER [CT05 14:23:11] MALE HAS A GUN", "GUN", "weapon", "affirmed"),
    ("NO\nKNIFE IN HAND", "KNIFE", "weapon", "affirmed"),
    ("HEARING VOICES AND HAS NO WPNS", "VOICES", "psychosis", "affirmed"),
]


@pytest.mark.parametrize(("text", "words", "concept", "expected"), CASES)
def test_mention_stands_as_a_dispatcher_reads_it(text: str, words: str, concept: str, expected: str) -> None:
    start = text.index(words)
    assert assertion_of(text, start, start + len(words), concept) == Assertion(expected)


def test_cue_that_decided_is_shown() -> None:
    (mention,) = [each for each in assess("RP STS NO WPNS").mentions if each.concept == "weapon"]
    assert (mention.cue_start, mention.cue_end) == (7, 9)


def test_toy_in_hand_that_nobody_verified_still_gates() -> None:
    found = assess("MALE WAVING A BB GUN")
    assert found.dangers["weapon"].look_alike  # type: ignore[index]
    assert [gate.name for gate in found.gates] == ["G1"]


def test_dropped_weapon_is_within_reach_and_secured_one_is_not() -> None:
    assert [gate.reason for gate in assess("HE DROPPED THE KNIFE").gates] == ["WEAPON_PUT_DOWN"]
    assert assess("KNIFE SECURED BY PD").gates == ()


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 99)])
def test_range_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not a range"):
        assertion_of("NO WPNS", start, end, "weapon")


#: Words of another sense stand beside a danger that is really there.
STILL_THERE = [
    ("MALE IN RED SHIRT WITH A GUN", "weapon"),
    ("HAS A BIG GUN", "weapon"),
    ("CONTRACTOR THREATENING RP WITH KNIFE", "weapon"),
    ("MALE W GUN AT STORE", "weapon"),
    ("ARMED STORE ROBBERY", "weapon"),
    ("AT KNIFE POINT", "weapon"),
    ("UNITS ON SCENE OF ASSAULT", "violence"),
    ("HOMELESS MALE SHOVED RP INTO A FENCE", "violence"),
    ("SETTING FIRE AND THREATENING RP", "violence"),
    ("STABBED STORE CLERK", "violence"),
    ("SHOOTING UP THE SCHOOL", "violence"),
    ("TRUCK HIT MALE, MALE DOWN NOT BREATHING", "medical"),
    ("BLEEDING STORE OWNER", "medical"),
    ("OFFICER OUT WITH MALE HOLDING KNIFE", "weapon"),
    ("SECURITY CHASING MALE WITH GUN", "weapon"),
    ("PD ON SCENE, MALE WITH KNIFE", "weapon"),
    ("SECURITY HAS MALE DETAINED, HE HAS A KNIFE", "weapon"),
    ("NEIGHBOR HAS A GUN AND IS THREATENING RP", "weapon"),
    ("RP SAYS HER SON HAS A GUN, SUBJ IS 22 YOA", "weapon"),
    ("RP WAS STABBED BY SUBJ", "violence"),
    ("RP IS BLEEDING FROM THE HEAD", "medical"),
    ("UNCONSCIOUS HOTEL GUEST", "medical"),
]


@pytest.mark.parametrize(("text", "danger"), STILL_THERE)
def test_other_sense_nearby_hides_no_danger(text: str, danger: str) -> None:
    found = assess(text)
    assert any(each.concept == danger and each.assertion is Assertion.AFFIRMED for each in found.mentions)


def test_other_sense_is_shown_only_where_it_replaces_a_mention() -> None:
    assert [each.concept for each in assess("DISTURBANCE AT GUN CLUB").mentions] == ["weapon"]
    assert assess("BUS SHELTER GLASS BROKEN").mentions == ()
