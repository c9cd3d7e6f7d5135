"""Every sensible set of units for one call, with what it costs in minutes-equivalents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.eligibility import Member, Refusal, Scene, position_aging
from dispatch.gates import broken, is_ambulance
from dispatch.grammar import Composition, Part
from dispatch.matrix import risk_of
from dispatch.policy_parts import Effect
from dispatch.shortlist import Shortlist, shortlists
from models.assessment import Indicator
from models.unit import PrimaryStatus, UnitKind

Filled = tuple[Part, Member]

KEPT = 48  # three are shown; the others are choices for when two calls want the same unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set of units for a call."""

    filled: tuple[Filled, ...]
    missing: tuple[Part, ...]  # required, and nobody is there for it
    substitutes: frozenset[str]  # units that stand in for another kind
    alternative: bool
    fallback: bool
    together: float | None
    gap: float | None
    terms: Mapping[str, float]
    cost: float
    unit_ids: frozenset[str]
    scarce: frozenset[str]  # units that one call alone can have


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sets of units for one call, cheapest first, with who was tried for them."""

    sets: tuple[Candidate, ...] = ()
    lists: tuple[Shortlist, ...] = ()

    def stays(
        self,
        scene: Scene,
        before: Member | Refusal | None,
        now: Member | Refusal,
        members: Sequence[Member],
    ) -> bool:
        """Whether the sets are the same, and cost the same, after news of a unit; `members` are those after it."""
        was, comes = (each if isinstance(each, Member) else None for each in (before, now))
        member = comes or was
        if member is None:
            return True
        if scene.languages and member.unit.kind is scene.policy.language.interpreter:
            return False
        if (was is None or comes is None) and self._reserve_is_near(scene, member.unit.kind, members):
            return False
        if any(one.unit.id == member.unit.id for each in self.lists for one in each.best):
            return False
        return comes is None or not any(each.takes(scene, comes) for each in self.lists)

    def _reserve_is_near(self, scene: Scene, kind: UnitKind, members: Sequence[Member]) -> bool:
        """One more or less may make a difference to what taking some of the kind costs."""
        free = sum(member.unit.kind is kind for member in members)
        ways = (*scene.wanted.compositions, *scene.wanted.fallback)
        most = max((len(way.parts) for way in ways), default=0)
        return kind in scene.policy.limits.reserve and free - most <= scene.policy.limits.reserve[kind]


def candidates(scene: Scene, members: Sequence[Member], keep: frozenset[str]) -> Ranked:
    """Sets of units that break no gate, cheapest first, ties by unit ids; units of `keep` are always tried.

    The fallback is added where nobody whom the matrix asks for can go, or as the second choice. No unit
    stands twice in a set and no set is listed twice.
    """
    free = Counter(member.unit.kind for member in members)
    lists: list[Shortlist] = []

    def sets(way: Composition, *, fallback: bool = False) -> Iterator[Candidate]:
        own = shortlists(scene, way, members, keep)
        lists.extend(own)
        return _sets(scene, way, own, members, free, fallback=fallback)

    found = [c for way in scene.wanted.compositions for c in sets(way)]
    if scene.caller_refused:
        found = [candidate for candidate in found if not candidate.alternative]
    served = any(candidate.alternative for candidate in found)
    if not served or len(found) < 2:
        found += [c for way in scene.wanted.fallback for c in sets(way, fallback=True)]
    if not served and scene.now < held_until(scene):
        found = [c for c in found if not (_next_best(c) and any(m.kind.conventional for _, m in c.filled))]
    best: dict[frozenset[str], Candidate] = {}
    for candidate in sorted(found, key=lambda c: (c.cost, sorted(c.unit_ids))):
        best.setdefault(candidate.unit_ids, candidate)
    ranked = list(best.values())
    return Ranked(tuple(ranked[:KEPT] + [c for c in ranked[KEPT:] if c.unit_ids == keep]), tuple(lists))


def held_until(scene: Scene) -> datetime:
    """Until when a call without a team waits for one before police or EMS alone are proposed."""
    minutes = scene.policy.fallback.hold_minutes[risk_of(scene.call)]
    # a closed gate is never waited out
    return scene.call.taken_at + timedelta(minutes=0 if scene.wanted.effects else minutes)


def _next_best(candidate: Candidate) -> bool:
    return candidate.fallback or bool(candidate.missing)


def _sets(
    scene: Scene,
    way: Composition,
    lists: Sequence[Shortlist],
    members: Sequence[Member],
    free: Mapping[UnitKind, int],
    *,
    fallback: bool = False,
) -> Iterator[Candidate]:
    """Candidates of one composition; a part for which nobody is there stays empty, at a cost."""
    for chosen in _distinct(lists, frozenset(), max((each.tried for each in lists), default=1) - 1):
        pairs = list(zip(way.parts, chosen, strict=True))
        filled = tuple((part, member) for part, member in pairs if member)
        missing = tuple(part for part, member in pairs if member is None and part.required)
        filled += _interpreter(scene, filled, members)
        if filled and not broken(scene.wanted.effects, [member.kind for _, member in filled]):
            yield _candidate(scene, way, filled, missing, free, fallback=fallback)


def _interpreter(scene: Scene, filled: Sequence[Filled], members: Sequence[Member]) -> tuple[Filled, ...]:
    """Somebody who interprets by phone, where nobody who goes speaks the language."""
    kind = scene.policy.language.interpreter
    if not filled or not scene.languages or any(m.speaks or m.unit.kind is kind for _, m in filled):
        return ()
    free = [member for member in members if member.unit.kind is kind]
    best = min(free, key=lambda m: (not m.speaks, m.unit.id), default=None)
    return () if best is None else ((Part(kind, (kind,), optional=True), best),)


def _distinct(
    lists: Sequence[Shortlist], used: frozenset[str], ranks: int
) -> Iterator[tuple[Member | None, ...]]:
    """Nobody twice, and at most so many ranks down all lists together: one part's eighth, or the fourth of two."""
    if not lists:
        yield ()
        return
    unused = [(rank, m) for rank, m in enumerate(lists[0].best) if m.unit.id not in used]
    for rank, member in unused:
        down = rank if rank < lists[0].tried else 0  # whom the dispatcher sees now is always tried
        if down <= ranks:
            for rest in _distinct(lists[1:], used | {member.unit.id}, ranks - down):
                yield (member, *rest)
    if not unused:
        for rest in _distinct(lists[1:], used, ranks):
            yield (None, *rest)


def _candidate(
    scene: Scene,
    way: Composition,
    filled: tuple[Filled, ...],
    missing: tuple[Part, ...],
    free: Mapping[UnitKind, int],
    *,
    fallback: bool,
) -> Candidate:
    substitutes = frozenset(
        m.unit.id for part, m in filled if m.unit.kind not in part.kinds or not part.skills <= m.skills
    )
    terms = _team_terms(scene, filled, free)
    terms["missing"] = scene.policy.cost.missing * len(missing)
    empty = sum(not part.required for part in way.parts) - sum(not part.required for part, _ in filled)
    terms["optional"] = scene.policy.cost.optional * max(0, empty)
    terms["substitute"] = scene.policy.cost.substitute * len(substitutes)
    terms["preference"] = scene.policy.cost.preference * way.preference
    terms["fallback"] = scene.policy.cost.fallback * fallback
    together, gap = arrival(filled)
    terms["arrival"] = together if together is not None else _unknown_arrival(scene)
    terms["first"] = scene.policy.cost.first * _first_contact(scene, filled)
    limit = gap_limit(scene)
    if gap is not None and limit is not None:
        terms["gap_over"] = scene.policy.cost.gap_over * max(0.0, gap - limit)
    terms = {name: round(minutes, 2) for name, minutes in terms.items() if minutes}
    return Candidate(
        filled=filled,
        missing=missing,
        substitutes=substitutes,
        alternative=not fallback and _serves(way, filled, scene),
        fallback=fallback,
        together=together,
        gap=gap,
        terms=terms,
        cost=round(sum(terms.values()), 2),
        unit_ids=frozenset(m.unit.id for _, m in filled),
        scarce=frozenset(m.unit.id for _, m in filled if not m.kind.shared),
    )


def gap_limit(scene: Scene) -> float | None:
    """How far apart units that meet may arrive; none where police are first and the others wait outside anyway."""
    return None if Effect.POLICE_FIRST in scene.wanted.effects else scene.policy.limits.rendezvous_gap_minutes


def _unknown_arrival(scene: Scene) -> float:
    # without a place every unit's arrival is unknown and none can be ranked by it
    return 0.0 if scene.call.lat is None or scene.call.lon is None else scene.policy.cost.unknown_eta


def _team_terms(scene: Scene, filled: Sequence[Filled], free: Mapping[UnitKind, int]) -> dict[str, float]:
    """What the units themselves cost, wherever they stand."""
    cost, limits = scene.policy.cost, scene.policy.limits
    team = [member for _, member in filled]
    used = Counter(member.unit.kind for member in team)
    assessment = scene.call.assessment
    young = assessment is not None and Indicator.YOUTH_CRISIS in assessment.indicators
    short = timedelta(minutes=cost.shift_short_minutes)
    ends = [m.unit.shift_ends_at for m in team if m.unit.shift_ends_at and not m.kind.conventional]
    return {
        "language": cost.language if _unheard(scene, team) else 0,
        "road": cost.road * sum(m.eta for m in team if m.eta is not None),
        "youth": cost.youth if young and not any("youth" in m.skills for m in team) else 0,
        "not_cit": cost.not_cit * sum(m.kind.police and "cit" not in m.skills for m in team),
        "conditional": cost.conditional * sum(m.unit.primary is PrimaryStatus.CONDITIONAL for m in team),
        "reserve": cost.reserve
        * sum(free[kind] - count < limits.reserve.get(kind, 0) for kind, count in used.items()),
        "shift_short": cost.shift_short * sum(scene.now >= end - short for end in ends),
        "position_aging": cost.position_aging
        * sum(position_aging(scene, m.unit) for m in team if not m.kind.remote),
    }


def _unheard(scene: Scene, team: Sequence[Member]) -> bool:
    """Nobody speaks the caller's language; where an ambulance has to be first, that delays nothing."""
    wanted = bool(scene.languages) and Effect.EMS_FIRST not in scene.wanted.effects
    return wanted and not any(m.speaks for m in team)


def _serves(way: Composition, filled: Sequence[Filled], scene: Scene) -> bool:
    """Somebody whom the cell asks for besides police and EMS does it, in person where it asks for that.

    Whom a gate or a language adds by phone does not count.
    """
    asked = {kind for kind in way.asked if not scene.policy.kinds[kind].remote} or way.asked
    return any(
        not m.kind.conventional and (m.unit.kind in asked or not m.kind.covers.isdisjoint(asked))
        for _, m in filled
    )


def _first_contact(scene: Scene, filled: Sequence[Filled]) -> float:
    """Minutes until the first unit may go in: the ambulance or the officer where a gate says so."""
    effects = scene.wanted.effects
    going = [m for part, m in filled if not m.kind.remote and not part.staged and part.step == 0]
    if Effect.POLICE_FIRST in effects:
        going = [m for m in going if m.kind.armed]
    elif Effect.EMS_FIRST in effects:
        going = [m for m in going if is_ambulance(m.kind)]
    return min((m.eta for m in going if m.eta is not None), default=0.0)


def arrival(filled: Sequence[Filled]) -> tuple[float | None, float | None]:
    """Minutes until the last required unit is there, and between the first and last of those who meet.

    0 when everybody is on the phone; None when an arrival is not known. Ambulances take no part in a meeting,
    nor do units of a later step.
    """
    going = [(part, member) for part, member in filled if not member.kind.remote and part.step == 0]
    needed = [m.eta for part, m in going if part.required] or [m.eta for _, m in going]
    meeting = [m for part, m in going if part.required and not is_ambulance(m.kind)]
    known = [eta for eta in needed if eta is not None]
    together = max(known, default=0.0) if len(known) == len(needed) else None
    etas = [m.eta for m in meeting if m.eta is not None]
    if len(meeting) < 2 or len(etas) < len(meeting) or all(m.kind.conventional for m in meeting):
        return together, None
    return together, max(etas) - min(etas)
