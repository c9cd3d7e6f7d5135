"""What other phrases would make of past calls: a dry run that names calls and codes, never words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.assessment import Assessment, Entry
from triage.assess import assess_entries
from triage.overlay import Overlay


class PastCall(NamedTuple):
    """A call as it was told; the id is what a person finds it by."""

    id: str
    nature: str
    entries: Sequence[Entry]


@dataclass(slots=True)
class Differences:
    """Calls that would be read otherwise, and how often each change occurs."""

    read: int = 0
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return {
            "read": self.read,
            "changed": len(self.calls),
            "counts": dict(sorted(self.counts.items())),
            "calls": [{"id": name, "changes": list(changes)} for name, changes in self.calls.items()],
        }


def compared(calls: Iterable[PastCall], before: Overlay | None, after: Overlay | None) -> Differences:
    """Read every call twice."""
    found = Differences()
    for call in calls:
        found.read += 1
        was, now = (assess_entries(call.entries, call.nature, overlay) for overlay in (before, after))
        if changes := tuple(_changes(was, now)):
            found.calls[call.id] = changes
            found.counts.update(changes)
    return found


def _changes(was: Assessment, now: Assessment) -> Iterator[str]:
    if was.flag != now.flag:
        yield "flag added" if now.flag else "flag lost"
    yield from _gained("indicator", _asserted(was), _asserted(now))
    for name in sorted({*was.dangers, *now.dangers}):
        old, new = (side.dangers.get(name) for side in (was, now))
        told = [f"{each.assertion}/{each.access}" if each else "not mentioned" for each in (old, new)]
        if told[0] != told[1]:
            yield f"danger {name} {told[0]} -> {told[1]}"
    yield from _gained("gate", {gate.name for gate in was.gates}, {gate.name for gate in now.gates})
    if was.risk != now.risk:
        yield f"risk {was.risk.name} -> {now.risk.name}"


def _asserted(assessment: Assessment) -> set[str]:
    found: Mapping[Any, Any] = assessment.indicators
    return {name for name, finding in found.items() if finding.probability >= 0.5}


def _gained(kind: str, was: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    old, new = set(was), set(now)
    for name in sorted(old ^ new):
        yield f"{kind} {name} {'added' if name in new else 'lost'}"
