"""What tells of minds, of families and of the helpless is heard; the same words elsewhere are not."""

import pytest

from models.assessment import Assertion, Indicator
from triage.assess import assess

HEARD = [
    ("MALE TALKING TO A LAMP POST", "psychosis"),
    ("SHE BELIEVES HER SON WAS REPLACED BY A ROBOT", "psychosis"),
    ("SUBJ SAYS THE MICROWAVE IS LISTENING TO HIM", "psychosis"),
    ("PT STATES THERE ARE CHIPS UNDER HIS SKIN", "psychosis"),
    ("GOD TOLD HIM TO WAIT HERE", "psychosis"),
    ("RP HEARS VOICES IN HER RADIO", "psychosis"),
    ("DICE QUE LE LEEN EL PENSAMIENTO", "psychosis"),
    ("MUJER HABLANDO CON PERSONAS QUE NO EXISTEN", "psychosis"),
    ("MALE MUMBLING TO HIMS", "psychosis"),
    ("WOMAN IS HISSING AT CUSTOMERS", "erratic_behavior"),
    ("MALE STRIPPED DOWN TO HIS SHORTS", "erratic_behavior"),
    ("LADY BOWING TO EACH MAILBOX", "erratic_behavior"),
    ("MALE OUTSIDE BY THE PUMPS YELLING", "erratic_behavior"),
    ("HOMBRE BAILANDO EN MEDIO DE LA CALLE", "erratic_behavior"),
    ("SHE CANT STOP SOBBING", "mood_anxiety"),
    ("RP HASNT SLEPT IN 4 NIGHTS", "mood_anxiety"),
    ("SU HIJA NO PARA DE LLORAR", "mood_anxiety"),
    ("SON FLUSHED HIS SEROQUEL", "medication"),
    ("CLIENT REFUSED HER MONTHLY INJECTION", "medication"),
    ("SE LE ACABARON SUS PASTILLAS", "medication"),
    ("79 YO MALE DOESNT KNOW WHAT TOWN HE IS IN", "cognitive"),
    ("ELDERLY FEM IN NIGHTGOWN AT THE GAS STATION", "cognitive"),
    ("BOY FLAPPING HIS HANDS, COVERING HIS EARS", "developmental"),
    ("15 YO REFUSES TO COME OUT OF HER ROOM", "youth_crisis"),
    ("12YO SON BREAKING DISHES", "youth_crisis"),
    ("HIJA DE 14 NO QUIERE IR A LA ESCUELA", "youth_crisis"),
    ("TWO SISTERS SHOUTING OVER MOMS HOUSE", "family_conflict"),
    ("EX WONT GIVE THE KIDS BACK", "family_conflict"),
    ("PLEITO CON SU SUEGRA", "family_conflict"),
    ("RPS HUSBAND PASSED AWAY THIS MORNING", "bereavement"),
    ("REQ CHAPLAIN, WIFE FOUND HIM COLD", "bereavement"),
    ("TODDLER ON SIDEWALK, NO ADULT AROUND", "child_risk"),
    ("4 YO SAYS MOMMY WONT WAKE UP", "child_risk"),
    ("88 YO FEM HAS NO HEAT", "elder_or_dependent_risk"),
    ("GRANDSON KEEPS TAKING HER PENSION CHECKS", "elder_or_dependent_risk"),
    ("BOSS HOLDS THEIR PASSPORTS", "exploitation"),
    ("LE QUITARON EL PASAPORTE", "exploitation"),
]

ELSEWHERE = [
    ("HEARS VOICES FROM THE ALLEY", "psychosis"),
    ("TODDLER BABBLING ON OPEN LINE", "psychosis"),
    ("NEIGHBOR CALLED RP PARANOID", "psychosis"),
    ("SEEING PEOPLE IN THE PARKING LOT", "psychosis"),
    ("LAPTOP STOLEN AT MENTAL HEALTH CLINIC", "erratic_behavior"),
    ("RP IS A PSYCH NURSE, CAR KEYED", "erratic_behavior"),
    ("CRISIS LINE BILLBOARD PAINTED OVER", "erratic_behavior"),
    ("MALE AND FEMALE YELLING", "erratic_behavior"),
    ("TRAFFIC IS CRAZY", "erratic_behavior"),
    ("SUSP WEARING HAT, NO CLOTHING DESCRIPTION", "erratic_behavior"),
    ("TELLER DEPRESSED THE BUTTON", "mood_anxiety"),
    ("DEPRESSION GLASS STOLEN", "mood_anxiety"),
    ("CAR BROKEN INTO, NO MEDS STOLEN", "medication"),
    ("RP DOESNT KNOW WHERE HE IS", "cognitive"),
    ("DOG WANDERED AWAY", "cognitive"),
    ("SEDAN IN AUTISM CENTER LOT", "developmental"),
    ("TEENS REFUSING TO LEAVE SKATE RAMP", "youth_crisis"),
    ("COUPLE ARGUING WITH CLERK", "family_conflict"),
    ("ROOMMATES ARGUING OVER RENT", "family_conflict"),
    ("CUSTODY EXCHANGE LOT, MIRROR CLIPPED", "family_conflict"),
    ("HIS PHONE DIED", "bereavement"),
    ("TRUCK OF DECEASED OWNER TOWED", "bereavement"),
    ("RP LIVES ALONE, BIKE TAKEN", "child_risk"),
    ("WOMAN PUSHING A BABY STROLLER", "child_risk"),
    ("NO HEAT IN THE LOBBY", "elder_or_dependent_risk"),
    ("MALE SELLING FLOWERS", "exploitation"),
]


def affirmed(text: str, name: str) -> bool:
    finding = assess(text).indicators.get(Indicator(name))
    return finding is not None and finding.assertion is Assertion.AFFIRMED


@pytest.mark.parametrize(("text", "name"), HEARD)
def test_need_is_heard_in_other_words_than_its_name(text: str, name: str) -> None:
    assert affirmed(text, name)


@pytest.mark.parametrize(("text", "name"), ELSEWHERE)
def test_the_same_words_of_a_place_a_trade_or_somebody_else_are_no_need(text: str, name: str) -> None:
    assert not affirmed(text, name)


@pytest.mark.parametrize(
    ("alone", "beside", "name"),
    [
        ("REFUSES TO COME OUT OF HER ROOM", "15 YO REFUSES TO COME OUT OF HER ROOM", "youth_crisis"),
        ("NO HEAT", "NO HEAT, RP IS 88 YO", "elder_or_dependent_risk"),
        ("IN PAJAMAS ON THE SHOULDER", "OLD MAN IN PAJAMAS ON THE SHOULDER", "cognitive"),
        ("VERBAL ONLY", "RP AND HUSBAND, VERBAL ONLY", "family_conflict"),
    ],
)
def test_a_sign_counts_only_beside_the_person_it_tells_of(alone: str, beside: str, name: str) -> None:
    assert not affirmed(alone, name)
    assert affirmed(beside, name)
