"""Safety gates: rules as data close them, latched standing keeps them closed until a person releases them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.assessment import (
    Access,
    Assertion,
    Assessment,
    Gate,
    GateName,
    LatchedGate,
    Recency,
    Release,
    Risk,
    Standing,
)
from triage.datafiles import HERE, LexiconError, read
from triage.evidence import Found
from triage.risk import risk_of

UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class GateRule:
    """What a mention must be to close a gate; an empty set demands nothing."""

    gate: GateName
    reason: str
    concepts: frozenset[str]
    tags: frozenset[str]
    assertions: frozenset[Assertion]
    access: frozenset[Access]
    recency: frozenset[Recency]
    severity: int
    look_alike: bool
    beside: str | None

    def holds(self, found: Found) -> bool:
        """Whether one mention closes the gate, its companion aside."""
        mention, phrase = found
        return (
            (not self.assertions or mention.assertion in self.assertions)
            and (not self.concepts or mention.concept in self.concepts)
            and (not self.tags or not self.tags.isdisjoint(phrase.tags))
            and (not self.access or mention.access in self.access)
            and (not self.recency or mention.recency in self.recency)
            and mention.severity >= self.severity
            and (mention.look_alike or not self.look_alike)
        )


@dataclass(frozen=True, slots=True)
class Companion:
    """A mention that must stand somewhere in the call for a rule to hold."""

    concepts: frozenset[str]
    tags: frozenset[str]
    assertions: frozenset[Assertion]

    def among(self, found: Sequence[Found]) -> frozenset[str]:
        """Ids of the mentions that are such companions."""
        return frozenset(
            mention.id
            for mention, phrase in found
            if mention.assertion in self.assertions
            and (mention.concept in self.concepts or not self.tags.isdisjoint(phrase.tags))
        )


def _rule(entry: dict[str, Any], companions: dict[str, Companion]) -> GateRule:
    keys = [
        "gate",
        "reason",
        "concept",
        "tags",
        "assertions",
        "access",
        "recency",
        "severity",
        "look_alike",
        "with",
    ]
    if unknown := set(entry) - set(keys):
        raise ValueError(f"has unknown keys {sorted(unknown)}")
    if "with" in entry and entry["with"] not in {*companions, UNREACHABLE}:
        raise ValueError(f"needs the unknown companion {entry['with']}")
    return GateRule(
        gate=GateName(entry["gate"]),
        reason=str(entry["reason"]),
        concepts=frozenset([entry["concept"]] if "concept" in entry else ()),
        tags=frozenset(entry.get("tags", ())),
        assertions=frozenset(Assertion(each) for each in entry["assertions"]),
        access=frozenset(Access(each) for each in entry.get("access", ())),
        recency=frozenset(Recency(each) for each in entry.get("recency", ())),
        severity=int(entry.get("severity", 0)),
        look_alike=bool(entry.get("look_alike", False)),
        beside=entry.get("with"),
    )


@cache
def packaged_rules() -> tuple[tuple[GateRule, ...], dict[str, Companion]]:
    """The gate rules in order of preference. Raises LexiconError with file, line and fix."""
    file = HERE / "gates.toml"
    data = read(file)
    companions = {
        entry["name"]: Companion(
            frozenset(entry.get("concepts", ())),
            frozenset(entry.get("tags", ())),
            frozenset(Assertion(each) for each in entry["assertions"]),
        )
        for entry in data.get("companion", [])
    }
    rules = []
    for entry in data.get("rule", []):
        try:
            rules.append(_rule(entry, companions))
        except (KeyError, ValueError) as fault:
            raise LexiconError(
                file, str(entry.get("reason", "")), str(fault), "see the head of the file"
            ) from fault
    return tuple(rules), companions


def gates_of(
    found: Sequence[Found], unreadable: Sequence[str] = (), *, unreachable: bool = False
) -> tuple[Gate, ...]:
    """Gates closed by the mentions; unreadable names stretches of text nobody could judge (G12)."""
    rules, companions = packaged_rules()
    beside = {name: companion.among(found) for name, companion in companions.items()}
    beside[UNREACHABLE] = frozenset({UNREACHABLE} if unreachable else ())
    closed: dict[GateName, tuple[str, dict[str, None]]] = {}
    for rule in rules:
        for each in found:
            if each.phrase.silent:
                continue
            # a mention is no companion of itself: unknown violence alone is not unknown violence with a threat
            alone = rule.beside is not None and not beside[rule.beside] - {each.mention.id}
            if not alone and rule.holds(each):
                closed.setdefault(rule.gate, (rule.reason, {}))[1][each.mention.id] = None
    gates = [Gate(name=name, mentions=tuple(ids), reason=reason) for name, (reason, ids) in closed.items()]
    if unreadable:
        gates.append(Gate(name=GateName.G12, mentions=tuple(unreadable), reason="TEXT_NOT_JUDGED"))
    return tuple(sorted(gates, key=lambda gate: int(gate.name[1:])))


def _latched(prior: Standing, assessment: Assessment, covered: dict[GateName, set[str]]) -> list[LatchedGate]:
    merged: dict[GateName, tuple[str, dict[str, None]]] = {
        gate.name: (gate.reason, dict.fromkeys(gate.mentions)) for gate in prior.gates
    }
    for gate in assessment.gates:
        merged.setdefault(gate.name, (gate.reason, {}))[1].update(dict.fromkeys(gate.mentions))
    return [
        LatchedGate(
            name=name,
            mentions=tuple(ids),
            reason=reason,
            released=name in covered and set(ids) <= covered[name],
        )
        for name, (reason, ids) in sorted(merged.items(), key=lambda item: int(item[0][1:]))
    ]


def standing(prior: Standing, assessment: Assessment, releases: Sequence[Release]) -> Standing:
    """Fold an assessment and all releases of the call into what stood before.

    Gates are the union of prior and new ones; one is released only while every mention that closed it is
    covered by a release for that gate, so a new mention closes it again. Risk never falls below prior.risk
    unless this very fold releases a gate; then it is what remains with the released mentions stated absent.
    """
    covered: dict[GateName, set[str]] = {}
    for release in releases:
        covered.setdefault(release.gate, set()).update(release.mentions)
    gates = _latched(prior, assessment, covered)
    before = {gate.name for gate in prior.gates if gate.released}
    opened = {mention for gate in gates if gate.released for mention in gate.mentions}
    newly = any(gate.released and gate.name not in before for gate in gates)
    risk = risk_of(assessment.mentions, released=opened)
    explained = prior.risk <= risk_of(assessment.mentions)
    if not (newly and explained):
        risk = Risk(max(risk, prior.risk))
    return Standing(gates=tuple(gates), risk=risk)
