"""SI is suicidal ideation in English and yes or if in Spanish: the words around it tell which."""

import pytest

from models.assessment import Assertion, Indicator
from triage.assess import assess
from triage.languages import languages


def suicidal(text: str) -> Assertion | None:
    finding = assess(text).indicators.get(Indicator.SUICIDAL)
    return finding.assertion if finding else None


@pytest.mark.parametrize(
    "text",
    [
        "PT STATES SI NO HI",
        "MALE 44 SI, NO PLAN",
        "PT EXPRESSING SI NO PLAN",
        "SON W/ SI, NO MEDS",
        "DAUGHTER STATES SI, NO PLAN",
        "CLIENT REPORTS SI, SPEAKS ENGLISH",
        "PT STATES SI, HABLA ESPANOL",
        "SI-Y HI-N",
        "SI: Y",
        "SI Y HI N",
        "+SI",
        "SI",
        "SI/HI",
        "SI AND HI",
        "SI SINCE YESTERDAY",
        "SI N MAIN ST",
        "HIJO CON SI, NIEGA HI",
    ],
)
def test_ideation_as_call_takers_write_it_is_affirmed(text: str) -> None:
    assert suicidal(text) is Assertion.AFFIRMED


@pytest.mark.parametrize(
    "text", ["DENIES SI", "DENIES SI/HI", "NO SI NO HI", "SI-N HI-N", "SI N HI N", "NEG SI", "NIEGA SI Y HI"]
)
def test_ideation_that_is_denied_is_negated(text: str) -> None:
    assert suicidal(text) is Assertion.NEGATED


@pytest.mark.parametrize(
    "text",
    [
        "SI RESPIRA BIEN",
        "SI TIENE FIEBRE. SI PUEDE HABLAR",
        "DICE QUE SI",
        "SI NO VIENEN SE VA",
        "RESPIRA? SI. ESTA DESPIERTO? SI",
        "sí, está respirando",
        "SÍ",
        "ESPOSA SI CAMINA",
        "RP SAYS HUSBAND SI RESPIRA",
        "NO SABE SI TIENE ARMAS",
        "SI, GRACIAS",
        "SI SEÑORA, MI HIJO",
    ],
)
def test_spanish_yes_and_if_are_no_ideation(text: str) -> None:
    assert suicidal(text) is None


@pytest.mark.parametrize(
    ("text", "assertion"),
    [("SI HI", Assertion.AFFIRMED), ("SI Y / HI N", Assertion.NEGATED), ("PT W/ HI", Assertion.AFFIRMED)],
)
def test_homicidal_ideation_is_read_beside_the_suicidal(text: str, assertion: Assertion) -> None:
    (violence,) = [each for each in assess(text).mentions if each.concept == "violence"]
    assert violence.assertion is assertion


def test_what_one_is_asked_in_spanish_is_not_known() -> None:
    (weapon,) = [each for each in assess("LE PREGUNTO SI TIENE ARMAS").mentions if each.concept == "weapon"]
    assert weapon.assertion is Assertion.UNKNOWN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ESPOSO SE QUIERE MATAR", "es"),
        ("NO WPNS, NO INJ, NO HBD", "en"),
        ("MALE AT LA CASA", "en"),
        ("FEMALE YELLING", "en"),
    ],
)
def test_language_of_a_call_is_told_by_its_words(text: str, language: str) -> None:
    assert assess(text).context.language == language


def test_what_began_and_lasts_is_now_and_what_was_is_not() -> None:
    assert suicidal("SUICIDAL SINCE LAST NIGHT") is Assertion.AFFIRMED
    assert suicidal("WAS SUICIDAL LAST NIGHT") is Assertion.HISTORICAL


def test_no_word_tells_two_languages() -> None:
    english, spanish = (languages()[tag].words for tag in ("en", "es"))
    assert not english & spanish
