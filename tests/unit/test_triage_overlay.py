"""A center's own phrases add evidence and close gates; what the packaged lexicon found stays as it was."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.assessment import Assertion, Assessment, Entry, GateName, Indicator
from triage.assess import artefact_with, assess, assess_entries
from triage.datafiles import LexiconError, Written
from triage.normalize import HARD, SOFT, Token
from triage.overlay import Overlay, overlay_of
from triage.phrases import lexicon

#: What the suites call by other names.
CONCEPT = {"attempt": "suicidal"}
GOLDEN = Path(__file__).parents[1] / "golden"
SIGNAL = (
    '[[group]]\nconcept = "psychosis"\nid = "code_zulu"\nseverity = 2\nweight = 3.0\nen = ["CODE ZULU"]\n'
)
SPEAR = (
    '[[group]]\nconcept = "weapon"\nid = "spear"\nseverity = 3\naccess = "in_hand"\nen = ["FISHING SPEAR"]\n'
)


def compiled(text: str) -> Overlay:
    overlay = overlay_of(Written("metro.toml", text))
    assert overlay is not None
    return overlay


def read(overlay: Overlay | None, *texts: str, nature: str = "") -> Assessment:
    return assess_entries([Entry(text=text) for text in texts], nature, overlay)


def test_own_code_is_evidence_with_the_words_that_show_it() -> None:
    text = "MALE IS CODE ZULU AT THE BUS STOP"
    found = read(compiled(SIGNAL), text)
    (mention,) = [each for each in found.mentions if each.rule.startswith("psychosis.center.code_zulu")]
    assert text[mention.start : mention.end] == "CODE ZULU"
    assert found.indicators[Indicator.PSYCHOSIS].assertion is Assertion.AFFIRMED
    assert Indicator.PSYCHOSIS not in assess(text).indicators
    assert found.need > assess(text).need


def test_own_code_is_heard_in_the_nature() -> None:
    assert Indicator.PSYCHOSIS in read(compiled(SIGNAL), "AT THE BUS STOP", nature="CODE ZULU").indicators


def test_own_danger_closes_a_gate_and_cues_govern_it() -> None:
    overlay = compiled(SPEAR)
    assert GateName.G1 in {gate.name for gate in read(overlay, "HE HAS A FISHING SPEAR").gates}
    assert read(None, "HE HAS A FISHING SPEAR").gates != read(overlay, "HE HAS A FISHING SPEAR").gates
    denied = read(overlay, "NO FISHING SPEAR").dangers["weapon"]  # type: ignore[index]
    assert denied.assertion is Assertion.NEGATED


def test_own_danger_is_heard_far_behind_in_a_flood_of_text() -> None:
    flood = "HE HAS A FISHING SPEAR. " + "THE CALLER IS WAITING BY THE DOOR. " * 2_000
    found = read(compiled(SPEAR), flood)
    assert found.truncated
    assert [mention.id for mention in found.mentions if mention.concept == "weapon"] == [
        "0:9-22:weapon:center"
    ]


def test_digest_of_own_phrases_is_part_of_the_artefact() -> None:
    packaged = read(None, "CALM").artefact
    artefacts = {packaged, *(read(compiled(text), "CALM").artefact for text in (SIGNAL, SPEAR))}
    assert len(artefacts) == 3
    assert artefact_with(None) == packaged


def test_file_without_phrases_is_no_overlay() -> None:
    assert overlay_of(Written("metro.toml", "# nothing yet\n")) is None


def safety_texts() -> list[tuple[str, str]]:
    found = []
    for name in ("safety.tsv", "safety_second.tsv"):
        with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
            found += [
                (row["text"], CONCEPT.get(row["danger"], row["danger"].removeprefix("none:")))
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["danger"] != "danger"
            ]
    return found


def runs(tokens: Sequence[Token]) -> list[list[str]]:
    """Words that one pattern can reach over, in pieces a pattern may have."""
    whole: list[list[str]] = [[]]
    for token in tokens:
        if token.gap in (SOFT, HARD) or len(whole[-1]) == 12:
            whole.append([])
        if all(char.isalnum() for char in token.norm) and token.norm.isascii():
            whole[-1].append(token.norm)
        else:
            whole.append([])
    return [run for run in whole if len(run) > 2]


def hostile() -> str:
    """For every text of the safety suites, phrases of its danger over all its words that put it into the past."""
    groups = []
    for number, (text, danger) in enumerate(safety_texts()):
        patterns = {f'"{" ".join(run)}"' for run in runs(lexicon().reader.tokens(text))}
        if patterns:
            groups.append(
                f'[[group]]\nconcept = "{danger}"\nid = "h{number}"\nseverity = 0\nasserts = "historical"\n'
                f"en = [{', '.join(sorted(patterns))}]\n"
            )
    return "\n".join(groups)


def test_no_overlay_takes_a_packaged_danger_a_gate_or_risk_away() -> None:
    """Longer phrases of the same concept over the same words, which say that it is long ago."""
    overlay = compiled(hostile())
    heard = 0
    for text, _ in safety_texts():
        alone, both = assess(text), read(overlay, text)
        added = [each for each in both.mentions if each.id.endswith(":center")]
        heard += bool(added)
        kept = {each.id: each for each in both.mentions if each not in added}
        assert {each.id: (each.assertion, each.access) for each in alone.mentions} == {
            name: (each.assertion, each.access) for name, each in kept.items()
        }, text
        gates = {gate.name: set(gate.mentions) for gate in both.gates}
        assert all(set(gate.mentions) <= gates[gate.name] for gate in alone.gates), text
        assert both.risk >= alone.risk, text
        for name, danger in alone.dangers.items():
            assert both.dangers[name].assertion is danger.assertion or added, text
    assert heard > 300


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ('concept = "wepon"\nid = "x"\nen = ["SPEAR"]', """line 3: '"x"' has the concept 'wepon'; use one of"""),
        ('concept = "weapon"\nid = "x"\nen = ["spear"]', "line 4: 'spear' has the unusable part"),
        ('concept = "weapon"\nid = "x"\nen = ["SUBJ WITH SPEAR"]', "'SUBJ' is always read as SUBJECT; write SUBJECT"),
        ('concept = "weapon"\nid = "x"\nen = ["KNIFFE"]', "line 4: 'KNIFFE' is read as 'KNIFE'"),
        ('concept = "weapon"\nid = "x"\nen = ["SIG-P365"]', "'SIG-P365' is read as 'SIG P365'"),
        ('concept = "weapon"\nid = "x"\nen = ["IN THE"]', "has only words of every text"),
        ('concept = "weapon"\nid = "x"\nen = ["A1 B1? C1? D1? E1? F1? G1? H1? I1"]', "is too long"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\nseverity = 9', "the severity 9; use 0, 1, 2, 3 or 4"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\nweight = -2', "the weight -2; use 0 to 6"),
        ('concept = "weapon"\nid = "x"\nen = "SPEAR"', "en that is no list"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\ntags = ["agitatoin"]', "unknown tags agitatoin"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\nflag = "SOON"', "unknown flag 'SOON'"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\naccess = "pocket"', "'pocket' is not a valid Access"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"]\ncolour = "red"', "unknown keys colour"),
        ('concept = "weapon"\nid = "x"', "has no phrases; give en or es"),
        ('concept = "weapon"\nen = ["SPEAR"]', "line 1: '[[group]]' has no id"),
        ('concept = "weapon"\nid = "x"\nen = ["SPEAR"\n', "is not TOML"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_line_and_the_fix(group: str, message: str) -> None:
    with pytest.raises(LexiconError) as told:
        overlay_of(Written("metro.toml", f"[[group]]\n{group}\n"))
    assert str(told.value).startswith("metro.toml, line ")
    assert "line 0" not in str(told.value)
    assert message in str(told.value)


@pytest.mark.parametrize(
    "more",
    ["decoy = true", "denies = true", "silent = true", 'needs = "pills"', 'asserts = "negated"',
     'asserts = "other_person"', 'access = "elsewhere"'],
)  # fmt: skip
def test_what_could_take_something_away_is_refused(more: str) -> None:
    with pytest.raises(LexiconError):
        overlay_of(Written("metro.toml", SPEAR.replace('access = "in_hand"', more)))


def test_one_id_names_one_group() -> None:
    with pytest.raises(LexiconError, match="is there twice"):
        overlay_of(Written("metro.toml", SPEAR + SPEAR))


def test_example_of_the_documentation_can_be_used() -> None:
    page = (GOLDEN.parents[1] / "docs" / "phrases.md").read_text(encoding="utf-8")
    overlay = compiled(page.partition("```toml\n")[2].partition("```")[0])
    assert GateName.G1 in {gate.name for gate in read(overlay, "HOLDING A FISHING SPEAR").gates}
