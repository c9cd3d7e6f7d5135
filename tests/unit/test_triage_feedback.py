"""What clinicians said is learnt from as far as they said it, and no farther."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from models.assessment import Entry
from triage.assess import assess, assess_with, seen_in
from triage.classifier import ARTIFACTS, NEED, Classifier, load, use
from triage.corpus import narratives
from triage.feedback import Feedback, Taught, hash_of, taught_by
from triage.train import fit, write

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SOME = [each for each in narratives() if not each.held_out][::30]


def line(text: str, **said: Any) -> Feedback:
    """A clinician's word on a call."""
    about = {"need": None, "artefact": None, "role": "clinician", "at": NOW, "until": None} | said
    return Feedback(text_hash=hash_of("", [text]), nature="", entries=(text,), **about)


def kept(folder: Path, *lines: Feedback) -> Path:
    """A file of lines."""
    file = folder / "feedback.jsonl"
    file.write_text("".join(f"{each.model_dump_json()}\n" for each in lines), encoding="utf-8")
    return file


def fitted(folder: Path, *lines: Feedback) -> Classifier:
    """A classifier of a few narratives and these lines."""
    write(fit(SOME, taught=Taught(lines)), folder, {})
    found = load(folder)
    assert isinstance(found, Classifier)
    return found


def odds(found: Classifier, text: str) -> dict[str, float]:
    return found.log_odds(seen_in([Entry(text=text)]).features)


def test_a_challenger_takes_up_what_was_said_and_leaves_the_rest(tmp_path: Path) -> None:
    told = [line(f"QUOLLISH PERSON AT DOOR {n}", need=True, added=["psychosis"]) for n in range(8)]
    told += [line(f"VORPALLY PERSON AT DOOR {n}", need=False, dismissed=["psychosis"]) for n in range(8)]
    after = fitted(tmp_path, *told)
    words = {name: odds(after, f"{name} PERSON AT DOOR") for name in ("QUOLLISH", "VORPALLY", "OTHER")}
    assert words["QUOLLISH"][NEED] > words["OTHER"][NEED] > words["VORPALLY"][NEED]
    assert words["QUOLLISH"]["psychosis"] > words["VORPALLY"]["psychosis"]
    assert words["QUOLLISH"]["suicidal"] == pytest.approx(words["VORPALLY"]["suicidal"], abs=0.02)


def test_what_only_a_few_calls_say_is_no_feature(tmp_path: Path) -> None:
    few = [line(f"QUOLLISH PERSON AT DOOR {n}", need=True) for n in range(4)]
    often = [line(f"VORPALLY PERSON AT DOOR {n}", need=True) for n in range(5)]
    known = fitted(tmp_path, *few, *often).rows
    assert "w:VORPALLY" in known
    assert not any("QUOLLISH" in name for name in known)


def test_who_says_nothing_of_an_indicator_does_not_say_that_it_is_absent(tmp_path: Path) -> None:
    text = "QUOLLISH SUICIDAL"
    said: dict[str, Any] = {"nothing": {"need": True}, "absent": {"need": True, "dismissed": ["suicidal"]}}
    found = {
        # asked of the known word alone: that QUOLLISH becomes known shifts what the others weigh beside it
        what: odds(fitted(tmp_path / what, *(line(f"{text} {n}", **words) for n in range(8))), "SUICIDAL")[
            "suicidal"
        ]
        for what, words in said.items()
    }
    usual = odds(fitted(tmp_path / "usual"), "SUICIDAL")["suicidal"]
    assert abs(found["nothing"] - usual) < (usual - found["absent"]) / 4


def test_a_call_is_judged_by_the_classifier_that_is_named_and_safety_by_neither(tmp_path: Path) -> None:
    told = [line(f"QUOLLISH PERSON {n}", need=True) for n in range(8)]
    challenger, text = fitted(tmp_path, *told), "QUOLLISH PERSON WITH A KNIFE IN HIS HAND"
    mine, theirs = assess(text), assess_with(challenger, [Entry(text=text)])
    assert mine.need != theirs.need
    assert mine.artefact != theirs.artefact
    assert (mine.dangers, mine.gates, mine.risk) == (theirs.dangers, theirs.gates, theirs.risk)


def test_a_process_judges_by_the_artefact_that_it_is_told_to_use(tmp_path: Path) -> None:
    told = [line(f"QUOLLISH PERSON {n}", need=True) for n in range(8)]
    challenger = fitted(tmp_path, *told)
    usual = assess("QUOLLISH PERSON")
    try:
        use(tmp_path)
        assert assess("QUOLLISH PERSON") == assess_with(challenger, [Entry(text="QUOLLISH PERSON")]) != usual
    finally:
        use(ARTIFACTS)
    assert assess("QUOLLISH PERSON") == usual


def test_the_last_word_on_the_same_text_is_the_one_learnt(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=1)
    file = kept(tmp_path, line("SAME WORDS", need=True, at=later), line("same  words", need=False))
    (found,) = taught_by(file, later).lines
    assert found.need is True


def test_words_that_should_be_gone_by_now_are_not_learnt(tmp_path: Path) -> None:
    file = kept(
        tmp_path, line("OLD", need=True, until=NOW), line("NEW", need=True, until=NOW + timedelta(days=1))
    )
    found = taught_by(file, NOW)
    assert ([each.entries for each in found.lines], found.over) == ([("NEW",)], 1)


@pytest.mark.parametrize(
    ("second", "fault"),
    [("{}", "line 2: text_hash"), ("no json", "line 2"), ('{"nature": 7}', "line 2")],
)
def test_a_file_that_is_not_one_is_refused_by_line_without_its_words(
    second: str, fault: str, tmp_path: Path
) -> None:
    file = kept(tmp_path, line("SECRET WORDS", need=True))
    file.write_text(f"{file.read_text()}{second}\n")
    with pytest.raises(ValueError, match=fault) as told:
        taught_by(file, NOW)
    assert "SECRET" not in str(told.value)


def test_a_line_whose_words_were_changed_is_refused(tmp_path: Path) -> None:
    file = kept(tmp_path, line("SECRET WORDS", need=True))
    file.write_text(file.read_text().replace("SECRET", "OTHER"))
    with pytest.raises(ValueError, match="text_hash is not that of its words"):
        taught_by(file, NOW)


def test_training_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli_train.find_spec", lambda _: None)
    file = kept(tmp_path, line("WORDS", need=True))
    said = CliRunner().invoke(app, ["train", "--with-feedback", str(file), "--out", str(tmp_path / "new")])
    assert (said.exit_code, "pip install 'tandem[train]'" in said.output) == (1, True)


def test_a_challenger_is_never_trained_into_the_champions_folder(tmp_path: Path) -> None:
    file = kept(tmp_path, line("WORDS", need=True))
    said = CliRunner().invoke(app, ["train", "--with-feedback", str(file), "--out", str(ARTIFACTS)])
    assert (said.exit_code, "tandem promote" in said.output) == (1, True)


def test_a_file_that_cannot_be_read_ends_the_training_before_it_begins(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "broken.jsonl", tmp_path / "new"
    file.write_text("{}\n")
    said = CliRunner().invoke(app, ["train", "--with-feedback", str(file), "--out", str(out)])
    assert (said.exit_code, out.exists()) == (1, False)
    assert "broken.jsonl, line 1" in capfd.readouterr().err
