"""The corpus is what the card says of it: ours, distinct, hard, of every need."""

import re
from collections import Counter

import pytest

from models.assessment import DangerName, Indicator
from triage.corpus import Narrative, narratives
from triage.evaluate import KEYWORDS
from triage.measures import f1

WORDS = re.compile(r"[^\W_]+")


@pytest.fixture(scope="module")
def corpus() -> list[Narrative]:
    return list(narratives())


def test_there_are_thousands_of_distinct_narratives(corpus: list[Narrative]) -> None:
    assert len({each.text for each in corpus if each.text}) >= 4_000
    assert len({each.family for each in corpus}) >= 4_000


def test_no_two_families_share_more_than_half_of_their_words(corpus: list[Narrative]) -> None:
    words = [frozenset(WORDS.findall(each.text.lower())) for each in corpus]
    seldom = Counter(word for mine in words for word in mine)
    holding: dict[str, set[int]] = {}
    close: list[tuple[str, str]] = []
    for at, mine in enumerate(words):
        # who shares more than half shares one of the rarer half
        rarer = sorted(mine, key=lambda word: (seldom[word], word))[: len(mine) // 2 + 1]
        near = set().union(*(holding.get(word, set()) for word in rarer))
        close += [
            (corpus[at].family, corpus[other].family)
            for other in near
            if corpus[at].family != corpus[other].family
            and len(mine & words[other]) > len(mine | words[other]) / 2
        ]
        for word in rarer:
            holding.setdefault(word, set()).add(at)
    assert close == []


def test_every_need_and_danger_is_there_to_learn_and_to_test(corpus: list[Narrative]) -> None:
    for held_out in (False, True):
        mine = [each for each in corpus if each.held_out is held_out]
        needs = Counter(name for each in mine for name in each.indicators)
        dangers = Counter(name for each in mine for name in each.dangers)
        assert all(needs[name] >= 8 for name in Indicator if name != Indicator.REPEAT_CONTACT)
        assert all(dangers[name] >= 50 for name in DangerName)


def test_a_family_is_never_divided(corpus: list[Narrative]) -> None:
    sides: dict[str, set[bool]] = {}
    for each in corpus:
        sides.setdefault(each.family, set()).add(each.held_out)
    assert all(len(side) == 1 for side in sides.values())
    assert 0.15 < sum(each.held_out for each in corpus) / len(corpus) < 0.25


def test_keywords_do_not_solve_the_held_out_families(corpus: list[Narrative]) -> None:
    tested = [each for each in corpus if each.held_out]
    said = [bool(KEYWORDS.search(f"{each.nature} {each.text}")) for each in tested]
    hits = sum(a and each.need for a, each in zip(said, tested, strict=True))
    assert f1(hits, sum(said), sum(each.need for each in tested)) < 0.80
