"""What the rules make of a call's mentions: log-odds of a need, summed from weights that are set by hand."""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from models.assessment import Assertion, Mention
from triage.datafiles import HERE, LexiconError, read
from triage.evidence import Found


class Policy(NamedTuple):
    """What policy.toml says."""

    prior: float
    threshold: float
    full_text: int
    most_mentions: int
    share: dict[Assertion, float]
    decay: float
    outspoken: float
    muted: float


@cache
def policy() -> Policy:
    """The packaged policy. Raises LexiconError when a value is missing or out of range."""
    file = HERE / "policy.toml"
    data = read(file)
    try:
        made = Policy(
            prior=float(data["prior"]),
            threshold=float(data["threshold"]),
            full_text=int(data["full_text"]),
            most_mentions=int(data["most_mentions"]),
            share={each: float(data["share"][each]) for each in Assertion},
            decay=float(data["repeat"]["decay"]),
            outspoken=float(data["plain"]["outspoken"]),
            muted=float(data["plain"]["muted"]),
        )
    except KeyError as missing:
        raise LexiconError(file, str(missing.args[0]), "is missing", "add it") from missing
    if not 0 < made.threshold < 1 or not 0 <= made.decay <= 1:
        raise LexiconError(file, "threshold", "or decay is out of range", "use 0 to 1")
    return made


def logistic(log_odds: float) -> float:
    """Probability of log-odds, clamped where the exponential would overflow."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


def weighed(found: Sequence[Found]) -> list[Mention]:
    """The mentions with their contribution; repeats of a concept count ever less, the strongest first."""
    rules = policy()
    raw = [each.phrase.weight * rules.share[each.mention.assertion] for each in found]
    order = sorted(range(len(found)), key=lambda at: (-abs(raw[at]), at))
    seen: dict[str, int] = {}
    contributions = [0.0] * len(found)
    for at in order:
        concept = found[at].mention.concept
        times = seen.get(concept, 0)
        if raw[at]:
            seen[concept] = times + 1
            contributions[at] = round(raw[at] * rules.decay**times, 4)
    return [
        each.mention.model_copy(update={"contribution": value}) if value else each.mention
        for each, value in zip(found, contributions, strict=True)
    ]


def rules_of(mentions: Sequence[Mention], background: float = 0.0) -> float:
    """Log-odds of a need by the rules; background is what the call's nature and plain wording add or take away."""
    spoken = max((mention.contribution for mention in mentions if mention.entry >= 0), default=0.0)
    if background < 0 and spoken >= policy().outspoken:
        background *= policy().muted  # a person in need beside a road is no traffic matter
    return policy().prior + background + sum(mention.contribution for mention in mentions)
