"""What holds for every call, tried on texts made of the lexicon's own phrases and cues."""

from collections import Counter
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.assessment import Assertion, Assessment, Entry, Standing
from triage.assess import assess, assess_entries
from triage.datafiles import LEXICON, read
from triage.gates import standing
from triage.patterns import parse
from triage.phrases import classes_of

DANGERS = (
    "weapon",
    "violence",
    "medical",
    "hazard",
    "overdose",
    "suicidal",
    "domestic_violence",
    "child_risk",
)
NEEDS = (
    "psychosis",
    "substance",
    "homelessness",
    "mood_anxiety",
    "cognitive",
    "welfare_concern",
    "bereavement",
)
NEGATIONS = ("NO", "NEG", "DENIES", "NOT", "SIN", "NIEGA")
OTHER_CUES = (
    "UNK IF",
    "POSS",
    "HX OF",
    "IF",
    "RP HAS",
    "WAS",
    "BUT",
    "2 YEARS AGO",
    "?",
    "NOW CALM",
    "-",
    "/",
    ",",
)
JUNK = st.text(max_size=12)
SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def phrases(*files: str) -> tuple[str, ...]:
    """Every pattern of these files in words, each optional part left out."""
    classes = classes_of(LEXICON)
    said = []
    for name in files:
        for group in read(LEXICON / f"{name}.toml")["group"]:
            for pattern in [*group.get("en", ()), *group.get("es", ())]:
                parts = [part for part in parse(pattern, classes) if part.choices and not part.optional]
                said.append(" ".join(word for part in parts for word in part.choices[0] if word[0] != ":"))
    return tuple(sorted({text for text in said if text}))


def spoken() -> st.SearchStrategy[str]:
    """A remark: phrases, most of them dangers, among cues, with something nobody foresaw now and then."""
    part = st.one_of(
        st.sampled_from(phrases(*DANGERS)),
        st.sampled_from(phrases(*DANGERS)),
        st.sampled_from(phrases(*NEEDS)),
        st.sampled_from(NEGATIONS + OTHER_CUES),
        JUNK,
    )
    return st.lists(part, min_size=1, max_size=7).map(" ".join)


def read_as(*remarks: str) -> Assessment:
    return assess_entries([Entry(text=remark) for remark in remarks])


def test_a_third_of_what_is_tried_closes_a_gate() -> None:
    seen: Counter[bool] = Counter()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(spoken())
    def look(text: str) -> None:
        seen[bool(assess(text).gates)] += 1

    look()
    assert seen[True] / seen.total() >= 0.30


@SETTINGS
@given(st.lists(spoken(), min_size=1, max_size=3), spoken())
def test_a_further_remark_removes_no_gate_and_lowers_no_risk(remarks: list[str], further: str) -> None:
    before = standing(Standing(), read_as(*remarks), [])
    after = standing(before, read_as(*remarks, further), [])
    assert {gate.name for gate in before.gates} <= {gate.name for gate in after.gates if not gate.released}
    assert after.risk >= before.risk


@SETTINGS
@given(spoken(), spoken())
def test_a_remark_is_read_the_same_whatever_is_said_after_it(text: str, further: str) -> None:
    alone = {mention.id: mention.assertion for mention in assess(text).mentions}
    first = {each.id: each.assertion for each in read_as(text, further).mentions if each.entry == 0}
    assert alone.items() <= first.items() or first.items() <= alone.items()


@SETTINGS
@given(spoken())
def test_spans_are_in_bounds_and_hold_words(text: str) -> None:
    for mention in assess(text).mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip()
        if mention.cue_start is not None and mention.cue_end is not None:
            assert 0 <= mention.cue_start < mention.cue_end <= len(text)


@SETTINGS
@given(st.sampled_from(NEGATIONS), st.sampled_from(phrases("weapon", "violence")))
def test_without_the_word_that_denies_it_a_danger_is_no_smaller(cue: str, danger: str) -> None:
    denied, said = assess(f"{cue} {danger}"), assess(danger)
    told = [each for each in denied.mentions if each.assertion is Assertion.NEGATED and each.cue_start == 0]
    if told:
        assert said.risk >= denied.risk


@SETTINGS
@given(st.text(max_size=300), st.text(max_size=40))
def test_any_unicode_is_read(text: str, nature: str) -> None:
    found = assess(text, nature)
    assert 0.0 <= found.need <= 1.0
