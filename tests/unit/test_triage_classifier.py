"""The weights are what their card says, are fitted the same every time, and never decide about safety."""

import shutil
from pathlib import Path

import orjson
import pytest

from models.assessment import Assertion
from triage.assess import assess, seen_in
from triage.classifier import ARTIFACTS, CARD, NEED, WEIGHTS, Classifier, Unfit, classifier, load
from triage.corpus import narratives
from triage.datafiles import rules_digest
from triage.need import logistic
from triage.train import fit, write

CARD_OF = orjson.loads((ARTIFACTS / CARD).read_bytes())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ARTIFACTS, tmp_path / "artifacts")
    return tmp_path / "artifacts"


def test_the_packaged_weights_are_fit_and_of_these_rules() -> None:
    found = classifier()
    assert isinstance(found, Classifier)
    assert found.digest == CARD_OF["digest"]
    assert CARD_OF["lexicon"] == rules_digest(), "the lexicon changed after training: run make train"


def test_weights_that_are_not_what_the_card_says_are_not_used(copy: Path) -> None:
    data = bytearray((copy / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (copy / WEIGHTS).write_bytes(data)
    assert load(copy) == Unfit("mismatch")


def test_no_weights_or_no_card_is_said(copy: Path) -> None:
    (copy / WEIGHTS).unlink()
    assert load(copy) == Unfit("missing")
    (copy / CARD).write_text("no card")
    assert load(copy) == Unfit("missing")


def test_a_card_that_is_no_card_stops_no_service(copy: Path) -> None:
    (copy / CARD).write_text("[]")
    assert load(copy) == Unfit("mismatch")


def test_a_threshold_that_somebody_changed_by_hand_is_refused(copy: Path) -> None:
    card = orjson.loads((copy / CARD).read_bytes())
    card["threshold"] = 0.9
    (copy / CARD).write_bytes(orjson.dumps(card))
    assert load(copy) == Unfit("mismatch")


def test_a_card_of_other_heads_is_refused(copy: Path) -> None:
    card = orjson.loads((copy / CARD).read_bytes())
    card["heads"] = [NEED, "charisma"]
    (copy / CARD).write_bytes(orjson.dumps(card))
    assert load(copy) == Unfit("mismatch")


def test_the_same_narratives_give_the_same_weights(tmp_path: Path) -> None:
    some = [each for each in narratives() if not each.held_out][::25]
    digests = {write(fit(some), tmp_path / name, {}) for name in ("one", "two")}
    assert len(digests) == 1
    assert isinstance(load(tmp_path / "one"), Classifier)


def test_need_is_the_logistic_of_what_the_card_weighs() -> None:
    found = classifier()
    assert isinstance(found, Classifier)
    text, nature = "MALE LYING ACROSS THE STEPS SINCE MORNING, WONT ANSWER ANYBODY", "WELFARE CK"
    from models.assessment import Entry

    odds = found.log_odds(seen_in([Entry(text=text)], nature).features)
    assert assess(text, nature).need == round(logistic(odds[NEED]), 4)


@pytest.mark.parametrize(
    "text", ["DENIES SI", "NO SUICIDAL THOUGHTS, NO HI", "HX OF SUICIDAL THOUGHTS IN 2009, NONE NOW"]
)
def test_what_the_text_denies_is_not_asserted_by_its_words(text: str) -> None:
    found = assess(text, "WELFARE CK").indicators.get("suicidal")  # type: ignore[call-overload]
    assert found is None or found.probability < 0.5


def test_the_scores_of_the_card_are_above_its_floors() -> None:
    scores = CARD_OF["scores"]
    assert scores["auroc"]["value"] >= 0.95
    assert scores["calibration_error"] <= 0.05
    assert scores["keywords"]["f1"] < 0.80
    assert scores["flag"]["f1"] > scores["keywords"]["f1"] + 0.2


def test_an_indicator_that_no_phrase_tells_is_of_the_lowest_severity() -> None:
    for each in (each for each in narratives() if each.held_out):
        found = assess(each.text, each.nature)
        told = {mention.concept for mention in found.mentions}
        for name, finding in found.indicators.items():
            if name not in told:
                assert finding.severity == 1
                assert finding.assertion is Assertion.UNKNOWN
