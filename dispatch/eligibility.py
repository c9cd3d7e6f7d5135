"""Who may go to a call, and for everybody else the reason why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from dispatch.gates import broken, effects_of, forbidden, waits_outside
from dispatch.matrix import Wanted, risk_of, wanted_at
from dispatch.policy import Policy
from dispatch.policy_parts import Effect, KindPolicy, Medical
from dispatch.travel import Roads, minutes
from models.call import CallView
from models.recommendation import Param, Reason, UnitExclusion, UnservedCode
from models.unit import PrimaryStatus, UnitKind, UnitView

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """A unit that may go."""

    unit: UnitView
    kind: KindPolicy
    eta: float | None  # minutes; 0 by phone; None when the place or the position is not known
    skills: frozenset[str]
    speaks: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a unit may not go."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()

    def exclusion(self, unit_id: str) -> UnitExclusion:
        """The refusal as it is recorded."""
        return UnitExclusion(unit_id=unit_id, code=self.code, params=dict(self.params))


@dataclass(frozen=True, slots=True)
class Scene:
    """One call at one moment, with what it asks for: everything a unit is judged against."""

    policy: Policy
    call: CallView
    wanted: Wanted
    useful: frozenset[UnitKind]
    now: datetime
    zone: tzinfo
    shown: frozenset[str] = frozenset()  # units that dispatchers see proposed for it now
    refused: frozenset[str] = frozenset()  # units whose team rejected it
    roads: Roads = field(default_factory=dict)  # ways that a router told

    @property
    def able(self) -> frozenset[UnitKind]:
        """Kinds that could give this call the alternative response it is asked for."""
        kinds = self.policy.kinds
        going = {kind for kind in self.wanted.asked if not kinds[kind].remote} or self.wanted.asked
        return frozenset(
            kind
            for kind, able in kinds.items()
            if not able.conventional and (kind in going or able.covers & going)
        )

    @property
    def caller_refused(self) -> bool:
        """The caller wants no team; the last decision says so."""
        return self.call.decision is not None and self.call.decision.reason == UnservedCode.CALLER_REFUSED

    @property
    def languages(self) -> frozenset[str]:
        """Capabilities that say a crew speaks the language heard on this call; empty for English."""
        language = self.call.assessment.context.language if self.call.assessment else "en"
        known = self.policy.language.capabilities.get(language, frozenset({f"lang:{language}"}))
        return frozenset() if language == "en" else known


def scene_of(
    policy: Policy,
    call: CallView,
    now: datetime,
    zone: tzinfo,
    *,
    shown: frozenset[str] = frozenset(),
    wanted: Wanted | None = None,
    roads: Roads | None = None,
) -> Scene:
    """An assessed call made ready for judging units; `zone` is the center's, `wanted` saves reading the matrix."""
    wanted = wanted or wanted_at(policy, call)
    direct = wanted.kinds
    useful = direct | {kind for kind, able in policy.kinds.items() if able.covers & direct}
    decision = call.decision
    rejected = decision.units if decision and decision.reason == UnservedCode.TEAM_REJECTED else ()
    useful |= wanted.asked
    if call.assessment and call.assessment.context.language != "en":
        useful |= {policy.language.interpreter}
    refused = frozenset(unit.unit_id for unit in rejected)
    return Scene(policy, call, wanted, useful, now, zone, shown, refused, roads or {})


def judge(scene: Scene, unit: UnitView) -> Member | Refusal:
    """Whether a unit may go to this call. A unit of which too little is known may not."""
    policy, kind = scene.policy, scene.policy.kinds[unit.kind]
    refusal = _not_for_this_call(scene, unit, kind) or _not_free(scene, unit, kind)
    if refusal:
        return refusal
    skills = skills_of(policy, unit)
    if lacking := _lacking(scene, unit.kind, kind, skills):
        return Refusal("CAPABILITY", (("needs", lacking),))
    eta = _eta(scene, unit, kind)
    if refusal := _too_late(scene, unit, kind, eta):
        return refusal
    known = {capability.lower() for capability in unit.capabilities}
    speaks = not known.isdisjoint(capability.lower() for capability in scene.languages)
    return Member(unit, kind, eta, skills, speaks)


def _not_for_this_call(scene: Scene, unit: UnitView, kind: KindPolicy) -> Refusal | None:
    assessment = scene.call.assessment
    serving = not kind.serves or (assessment is not None and assessment.indicators.keys() & kind.serves)
    if unit.kind not in scene.useful or not serving:
        return Refusal("NOT_NEEDED")
    if effect := forbidden(scene.wanted.effects, kind):
        gate = scene.wanted.effects[effect]
        return Refusal("GATED", (("gate", gate.name.value), ("effect", effect.value)))
    if unit.id in scene.refused:
        return Refusal("TEAM_REJECTED")
    prefix, beat = scene.policy.capabilities.area_prefix, scene.call.beat
    areas = [capability for capability in unit.capabilities if capability.startswith(prefix)]
    if areas and beat is not None and f"{prefix}{beat}" not in areas:
        return Refusal("OUT_OF_AREA", (("beat", beat),))
    return None


def _not_free(scene: Scene, unit: UnitView, kind: KindPolicy) -> Refusal | None:
    policy, now = scene.policy, scene.now
    if off_shift(unit, now) or unit.status == "OffDuty":
        return Refusal("OFF_SHIFT")
    conditional = unit.primary is PrimaryStatus.CONDITIONAL
    if (
        unit.primary is PrimaryStatus.NOT_AVAILABLE
        or unit.status in policy.limits.never_offered
        or (conditional and risk_of(scene.call) < policy.limits.conditional_from)
    ):
        return Refusal("STATUS", (("status", unit.status),))
    if now >= status_stale_at(policy, unit):
        return Refusal("STATUS_STALE", (("since", unit.status_at.isoformat()),))
    if unit.call_id is not None and unit.call_id != scene.call.id and not kind.shared:
        return Refusal("HELD")
    if not kind.remote and unit.lat is not None and now >= position_stale_at(policy, unit):
        return Refusal("POSITION_STALE")
    rested = unit.status_at + timedelta(minutes=policy.limits.rest_minutes)
    if unit.status == "Cleared" and not kind.conventional and now < rested:
        return Refusal("RESTING", (("until", rested.isoformat()),))
    return None


def _too_late(scene: Scene, unit: UnitView, kind: KindPolicy, eta: float | None) -> Refusal | None:
    if kind.conventional:
        return None
    limits = scene.policy.limits
    limit = limits.max_eta_minutes[risk_of(scene.call)]
    # what dispatchers see now stays while it only wavers about the limit
    slack = scene.policy.stability.eta_minutes if unit.id in scene.shown else 0
    if eta is not None and eta > limit + slack:
        return Refusal("ETA_TOO_LONG", (("minutes", round(eta, 1)), ("limit", limit)))
    last = None if kind.remote else last_start(scene.policy, unit, eta)
    if last is not None and scene.now >= last:
        return Refusal("SHIFT_ENDING", (("buffer", limits.shift_end_buffer_minutes),))
    return None


def _lacking(scene: Scene, name: UnitKind, kind: KindPolicy, skills: frozenset[str]) -> str | None:
    """A skill that every part naming this kind asks for and the crew has not; police and EMS go anyway."""
    ways = scene.wanted.compositions
    asked = [part.skills - skills for way in ways for part in way.parts if name in part.kinds]
    if kind.conventional or not asked or not all(asked):
        return None
    return min(asked[0])


def skills_of(policy: Policy, unit: UnitView) -> frozenset[str]:
    """What this crew can do beyond its kind: als, youth, cit."""
    kind, codes = policy.kinds[unit.kind], policy.capabilities
    has = {capability.lower() for capability in unit.capabilities}
    found = {
        "als": (kind.medical is Medical.ALS and not _any(has, codes.bls_only)) or _any(has, codes.als),
        "youth": kind.youth or _any(has, codes.youth),
        "cit": kind.cit or _any(has, codes.cit),
    }
    return frozenset(name for name, there in found.items() if there)


def _any(has: set[str], codes: frozenset[str]) -> bool:
    return any(code.lower() in has for code in codes)


def _eta(scene: Scene, unit: UnitView, kind: KindPolicy) -> float | None:
    call = scene.call
    if kind.remote:
        return 0.0
    if call.lat is None or call.lon is None or unit.lat is None or unit.lon is None:
        return None
    hour = scene.now.astimezone(scene.zone).hour
    road = scene.roads.get(unit.id)
    return minutes(scene.policy.travel, (unit.lat, unit.lon), (call.lat, call.lon), hour, road)


def off_shift(unit: UnitView, now: datetime) -> bool:
    """The shift of this crew is over."""
    return unit.shift_ends_at is not None and unit.shift_ends_at <= now


def status_stale_at(policy: Policy, unit: UnitView) -> datetime:
    """From when on the status is too old to be believed; how long it lasts depends on what it means."""
    stale = policy.stale
    limit = stale.status_minutes_of.get(unit.status) or stale.status_minutes.get(unit.primary)
    return NEVER if limit is None else unit.status_at + timedelta(minutes=limit)


def position_stale_at(policy: Policy, unit: UnitView) -> datetime:
    """From when on nobody knows where the unit is; a position without a time is of no use."""
    if unit.position_at is None:
        return LONG_AGO
    stale = policy.stale
    parked = unit.status in stale.parked_statuses
    seconds = stale.position_parked_seconds if parked else stale.position_unknown_seconds
    return unit.position_at + timedelta(seconds=seconds)


def position_aging(scene: Scene, unit: UnitView) -> bool:
    """The position is believed, but it is no longer fresh."""
    if unit.position_at is None or unit.status in scene.policy.stale.parked_statuses:
        return False
    return scene.now >= unit.position_at + timedelta(seconds=scene.policy.stale.position_aging_seconds)


def last_start(policy: Policy, unit: UnitView, eta: float | None) -> datetime | None:
    """Until when a team can set out and still has the buffer of shift left after it arrives."""
    if unit.shift_ends_at is None:
        return None
    return unit.shift_ends_at - timedelta(minutes=(eta or 0) + policy.limits.shift_end_buffer_minutes)


def changes_at(scene: Scene, unit: UnitView, eta: float | None) -> Iterator[datetime]:
    """Moments at which time alone changes how this unit is judged."""
    policy = scene.policy
    yield status_stale_at(policy, unit)
    if unit.position_at is not None:
        yield position_stale_at(policy, unit)
    if unit.shift_ends_at is not None:
        yield unit.shift_ends_at
        yield unit.shift_ends_at - timedelta(minutes=policy.cost.shift_short_minutes)
        yield last_start(policy, unit, eta) or unit.shift_ends_at
    if policy.limits.rest_minutes:
        yield unit.status_at + timedelta(minutes=policy.limits.rest_minutes)


def violations(
    policy: Policy, call: CallView, units: Sequence[UnitView], now: datetime
) -> tuple[Reason, ...]:
    """Demands of the call's closed gates that sending exactly these units would break; empty when none.

    Where police have to be first, everybody unarmed has to be `staged`. A unit whose shift is over or whose
    status is stale protects nobody and is not counted. A call that was never assessed has unknown gates: the
    only answer then is NOT_ASSESSED.
    """
    if call.assessment is None:
        return (Reason(code="NOT_ASSESSED"),)
    effects = effects_of(policy, call)
    present = [unit for unit in units if not off_shift(unit, now) and now < status_stale_at(policy, unit)]
    found = set(broken(effects, [policy.kinds[unit.kind] for unit in present]))
    found |= {effect for unit in units if (effect := forbidden(effects, policy.kinds[unit.kind]))}
    if any(waits_outside(effects, policy.kinds[unit.kind]) and not unit.staged for unit in units):
        found.add(Effect.POLICE_FIRST)
    return tuple(
        Reason(
            code=effect.upper(), params={"gate": effects[effect].name.value, "reason": effects[effect].reason}
        )
        for effect in Effect
        if effect in found
    )
