"""What the classifier sees of a call: its words, its nature, and what the rules found in them."""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache

from models.assessment import Indicator, IndicatorFinding, Mention
from triage.datafiles import HERE, read
from triage.normalize import Token

#: How much a kind of word feature counts before the words of a call are brought to one length.
SHARES = {"w": 1.0, "b": 0.7, "p": 0.6}
WORDS = frozenset(f"{kind}:" for kind in SHARES)
LENGTH = 4.0  # Euclidean length of all words of a call together, so that a long one does not shout
#: What counts of all that the rules found: phrases were written by people who had read the narratives that the weights
#: are fitted on, so there they are surer than anywhere else.
TOLD = 0.2
SOMEBODY = "?"  # a name: like any word that nobody has seen before
FIRST, LONGER = 4, 6  # letters of a word's beginning that are a feature of their own: SLEEP of SLEEPING


def features_of(
    entries: Iterable[Sequence[Token]],
    nature: Sequence[Token],
    mentions: Iterable[Mention],
    indicators: Mapping[Indicator, IndicatorFinding],
) -> dict[str, float]:
    """Name -> value. Linear in the words.

    w: a word, b: two neighbours, p: how a word begins; n: of the nature; t: a concept as the rules read it;
    r: a phrase of the lexicon; i: the rules' probability of an indicator.
    """
    found = _words(entries)
    names = [name for token in nature if (name := _plain(token)) not in {"", SOMEBODY}]
    found |= dict.fromkeys((f"n:{name}" for name in names), 1.0)
    found |= {f"n:{name[:FIRST]}*": 1.0 for name in names if len(name) > FIRST}
    found["n:" + "_".join(names)] = 1.0
    for mention in mentions:
        where = "n" if mention.entry < 0 else "t"
        found[f"{where}:{mention.concept}:{mention.assertion}"] = TOLD if mention.entry >= 0 else 1.0
        if mention.entry >= 0:
            found[f"r:{mention.rule.partition('+')[0]}"] = TOLD
    found |= {f"i:{name}": TOLD * finding.probability for name, finding in indicators.items()}
    return found


def _words(entries: Iterable[Sequence[Token]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for tokens in entries:
        before, named = "^", False
        for token in tokens:
            word = _plain(token)
            if not word:
                continue
            if word == SOMEBODY or (named and token.norm in place_nouns()):
                before, named = "", True
                continue
            named = False
            found[f"w:{word}"] = SHARES["w"]
            if before:
                found[f"b:{before}_{word}"] = SHARES["b"]
            if len(word) > FIRST:
                found[f"p:{word[:FIRST]}"] = SHARES["p"]
            if len(word) > LONGER:
                found[f"p:{word[:LONGER]}"] = SHARES["p"]
            before = word
        if tokens and before:
            found[f"b:{before}_$"] = SHARES["b"]
    return found


def scaled(features: Mapping[str, float], known: Container[str]) -> list[tuple[str, float]]:
    """The known features, with all words of a call brought to one length; what is not known is as if not there."""
    kept = [(name, value) for name, value in features.items() if name in known]
    length = math.sqrt(sum(value * value for name, value in kept if name[:2] in WORDS)) or 1.0
    return [(name, value * LENGTH / length if name[:2] in WORDS else value) for name, value in kept]


def _plain(token: Token) -> str:
    """The word as the classifier may see it, or nothing; of a number its length, so that no plate is ever learnt."""
    if token.norm[:1].isdigit():
        return f"#{len(token.norm)}"
    return neutral().get(token.norm, token.norm)


@cache
def place_nouns() -> frozenset[str]:
    """What a place's name goes on with: PARK of HIGHLAND PARK is no park."""
    return frozenset(read(HERE / "neutral.toml")["after_a_name"])


@cache
def neutral() -> Mapping[str, str]:
    """Word -> what stands for it: who somebody is must not change how a call is read."""
    data = read(HERE / "neutral.toml")
    told = {word: name for name, words in data["as"].items() for word in words}
    told |= {word: "" for kind in ("race", "standing") for word in data["unseen"][kind]}
    return told | {word: SOMEBODY for kind in ("names", "places") for word in data["unseen"][kind]}
