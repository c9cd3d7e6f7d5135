"""Says in plain words what a dispatch policy decides, for the person who edits it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from dispatch.grammar import AS_LEFT, NEVER, USUAL
from dispatch.policy import Policy
from dispatch.policy_parts import Effect, KindPolicy, Medical, Row
from models.assessment import Risk

EFFECTS = {
    Effect.NO_UNARMED_ALONE: "nobody unarmed goes alone",
    Effect.POLICE_FIRST: "everybody unarmed waits until police have made it secure",
    Effect.ASK: "the call-taker asks",
    Effect.EMS_FIRST: "an ambulance goes",
    Effect.NEVER_WAIT: "the call does not wait for the clinician",
    Effect.TACTICAL: "nobody but police, negotiators and EMS goes",
    Effect.POLICE_ONLY: "nobody but police and EMS goes or calls",
    Effect.SCENE_UNITS: "police and EMS make the scene safe",
    Effect.HOLD_OR_TRANSPORT: "one unit may hold or transport",
    Effect.BACKUP: "an officer backs up, where one is free",
    Effect.MANDATED_REPORT: "a report has to be made",
    Effect.ACTIVE_RESCUE: "the person is looked for",
    Effect.ACKNOWLEDGE: "the caution is acknowledged",
    Effect.ABSTAIN: "nothing is recommended",
}
TRAITS = {
    "hold": "may hold a person",
    "transport": "transports",
    "cit": "crisis-trained",
    "remote": "by phone",
    "shared": "answers several calls at once",
    "conventional": "by itself no alternative",
    "youth": "for youth",
}
TAGS = {
    "staged": "waiting outside",
    "optional": "if free",
    "als": "with advanced life support",
    "youth": "for youth",
}
#: What each value means; `{}` is the value. One that is not listed is told by its name.
MEANINGS = {
    "fallback.hold_minutes": "A call waits for a team before police alone are proposed, in minutes: {}.",
    "release.default": "A gate is let go by: {}.",
    "review.wait": "A pairing waits for the clinician's look at the call: {}.",
    "review.fall_through_seconds": "Without that look it is proposed after {} seconds.",
    "review.never_wait_from": "From risk R{} on nothing waits.",
    "review.off_shift_statuses": "A clinician in one of these statuses is not on shift: {}.",
    "limits.max_eta_minutes": "A team is not sent from further away than, in minutes: {}. Police and EMS always go.",
    "limits.rendezvous_gap_minutes": "Units that meet arrive within {} minutes of each other.",
    "limits.shift_end_buffer_minutes": "A team needs {} minutes of shift after its arrival.",
    "limits.rest_minutes": "A team rests {} minutes after its last call.",
    "limits.conditional_from": "Crews at a meal or in training are called away from risk R{} on.",
    "limits.reservation_seconds": "A reservation that nobody echoes lapses after {} seconds.",
    "limits.never_offered": "Units in these statuses are never offered: {}.",
    "limits.reserve": "So many of a kind are to stay free: {}.",
    "stale.status_minutes": "A status is believed so many minutes: {}.",
    "stale.status_minutes_of": "These statuses so many minutes: {}.",
    "stale.position_aging_seconds": "A position is fresh for {} seconds.",
    "stale.position_unknown_seconds": "After {} seconds nobody knows where a unit is.",
    "stale.parked_statuses": "A unit in one of these statuses stands still: {}.",
    "stale.position_parked_seconds": "Its position is believed for {} seconds.",
    "travel.road_factor": "Roads are {} times as long as the straight line.",
    "travel.turnout_minutes": "A crew sets out after {} minutes.",
    "travel.speed_kmh": "Speed by the hour of day: {}.",
    "cost.missing": "{}: each part that nobody fills.",
    "cost.substitute": "{}: each unit that stands in for another kind.",
    "cost.fallback": "{}: not what the matrix asks for.",
    "cost.preference": "{}: each step down a list of alternatives.",
    "cost.language": "{}: nobody speaks the caller's language.",
    "cost.youth": "{}: a youth in crisis, and nobody trained for that.",
    "cost.not_cit": "{}: each police unit without crisis-intervention training.",
    "cost.unknown_eta": "{}: a unit's position is not known.",
    "cost.gap_over": "{}: each minute beyond the limit of a meeting.",
    "cost.conditional": "{}: each crew called away from a meal or training.",
    "cost.reserve": "{}: each kind of which fewer than its reserve stay free.",
    "cost.shift_short": "{}: each team with a short shift left.",
    "cost.optional": "{}: each wanted part that nobody fills.",
    "cost.position_aging": "{}: each position that is no longer fresh.",
    "cost.first": "{}: each minute until first contact.",
    "cost.road": "{}: each minute that any unit is on the road.",
    "cost.shift_short_minutes": "A shift that ends within {} minutes is short.",
    "travel.router_knows_traffic": "What a router tells counts in the traffic of the hour: {}.",
    "stability.cost_minutes": "Another pairing takes the place of the one shown when it is {} minutes better.",
    "stability.eta_minutes": "An arrival is shown again when it moves by {} minutes.",
    "stability.contention_minutes": "Two calls that want one unit cost {} minutes.",
    "stability.urgency": "A minute of a call weighs: {}.",
    "language.interpreter": "Interpreting by phone is done by {}.",
    "capabilities.area_prefix": "A unit with capabilities that begin with {} goes to those beats only.",
}
MATTERS = (
    "fallback",
    "review",
    "limits",
    "stale",
    "travel",
    "stability",
    "language",
    "capabilities",
    "abstain",
)


class Part(NamedTuple):
    """A heading and its sentences."""

    heading: str
    lines: tuple[str, ...]


def in_words(policy: Policy) -> Iterator[Part]:
    """Everything that the policy decides."""
    yield Part("Responder types", tuple(f"{k.value}: {_kind(policy.kinds[k])}." for k in policy.kinds))
    if policy.groups:
        yield Part(
            "Words for several", tuple(f"{name}: {_cell(text)}." for name, text in policy.groups.items())
        )
    for row in policy.matrix:
        cells = tuple(f"R{risk}: {_cell(text)}{_advice(row, risk)}" for risk, text in enumerate(row.cells))
        yield Part(f"{row.situation}: {_when(row)}", cells)
    nobody = tuple(f"R{risk}: {_cell(text)}" for risk, text in enumerate(policy.fallback.cells))
    yield Part("When nobody of these can go", nobody)
    yield Part("Closed gates", tuple(_gates(policy)))
    yield Part("What a thing costs, in minutes a dispatcher would trade for it", tuple(_costs(policy)))
    for name in MATTERS:
        values = [(key, value) for key, value in getattr(policy, name) if not _is_cell(key)]
        yield Part(name.capitalize(), tuple(_meaning(f"{name}.{key}", value) for key, value in values))


def differing(old: Policy, new: Policy) -> list[str]:
    """Sentences that only one of two policies says, under the heading they stand below."""
    before, after = ({(p.heading, line) for p in in_words(each) for line in p.lines} for each in (old, new))
    order = [(p.heading, line) for each in (old, new) for p in in_words(each) for line in p.lines]
    return [
        f"{'-' if key in before else '+'} {key[0]}: {key[1]}"
        for key in dict.fromkeys(order)
        if (key in before) != (key in after)
    ]


def _is_cell(key: str) -> bool:
    return key in {risk.name for risk in Risk}


def _kind(kind: KindPolicy) -> str:
    traits = [TRAITS.get(name, name) for name, value in kind if value is True]
    if kind.medical is not Medical.NONE:
        traits.append(f"medical {kind.medical}")
    said = ", ".join(traits) or "no special traits"
    if kind.common_code:
        said += f"; NENA {kind.common_code}"
    if kind.covers:
        said += f"; stands in for {_listed(kind.covers)}"
    if kind.serves:
        said += f"; only for {_listed(kind.serves)}"
    return said


def _when(row: Row) -> str:
    parts = []
    if row.indicators:
        parts.append(f"need {_listed(row.indicators, ' or ')}")
    if row.gates:
        parts.append(f"gate {_listed(row.gates, ' or ')} closed")
    if row.otherwise:
        parts.append("any other need")
    said = " or ".join(parts)
    if row.caller:
        said += f", caller is the {_listed(row.caller, ' or ')} party"
    if row.engaged is not None:
        said += ", on the line" if row.engaged else ", not on the line"
    if row.place:
        said += f", at {_listed(row.place, ' or ')}"
    if row.unless:
        said += f", unless {_listed(row.unless, ' or ')}"
    return said


def _cell(text: str) -> str:
    if text == NEVER:
        return "does not occur"
    if text == AS_LEFT:
        return "as one risk lower"
    steps = [[part.split("/") for part in step.split("+")] for step in text.split(" then ")]
    return ", then ".join(
        " and ".join(_either(part, whole=len(step) == 1) for part in step) for step in steps
    )


def _either(options: list[str], *, whole: bool) -> str:
    said = " or else ".join(_option(option.strip()) for option in options)
    return said if whole or len(options) == 1 else f"({said})"


def _option(text: str) -> str:
    name, *tags = text.split(":")
    return " ".join(
        ("what other rows ask for" if name == USUAL else name, *(TAGS.get(tag, tag) for tag in tags))
    )


def _advice(row: Row, risk: int) -> str:
    codes = row.advise.get(f"R{risk}", ())
    return f" (advice: {', '.join(codes)})" if codes else ""


def _gates(policy: Policy) -> Iterator[str]:
    for gate, effects in policy.gates.items():
        said = "; ".join(EFFECTS[effect] for effect in Effect if effect in effects) or "people are told"
        yield f"{gate}: {said}. Let go by {_listed(policy.release.roles_for(gate))}."


def _costs(policy: Policy) -> Iterator[str]:
    return (_meaning(f"cost.{key}", value) for key, value in policy.cost)


def _meaning(name: str, value: Any) -> str:
    plain = name.partition(".")[2].replace("_", " ")
    return MEANINGS.get(name, f"{plain}: {{}}").format(_value(value))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(part)}" for key, part in value.items()) or "none"
    if isinstance(value, frozenset | set):
        return _listed(value)
    if isinstance(value, tuple):
        return _numbers(value)
    return str(value)


def _numbers(values: tuple[Any, ...]) -> str:
    if len(values) == len(Risk) and all(isinstance(each, int | float) for each in values):
        return ", ".join(f"R{risk} {_value(each)}" for risk, each in enumerate(values))
    return ", ".join(
        f"from {each.from_hour}:00 {_value(each.kmh)} km/h" if hasattr(each, "kmh") else _value(each)
        for each in values
    )


def _listed(values: Collection[Any], between: str = ", ") -> str:
    return between.join(sorted(map(str, values))) or "nobody"
