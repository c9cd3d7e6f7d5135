"""Why an eligible call gets no alternative response: one code, always."""

from collections.abc import Mapping, Sequence

from dispatch.candidates import Candidate
from dispatch.eligibility import Member, Refusal, Scene
from dispatch.policy_parts import Effect
from models.recommendation import UnservedCode
from models.unit import UnitView

#: Refusals that say the team itself is there, nearest to being possible first.
_NEARLY = (
    ("TEAM_REJECTED", UnservedCode.TEAM_REJECTED),
    ("ETA_TOO_LONG", UnservedCode.ETA_TOO_LONG),
    ("OUT_OF_AREA", UnservedCode.OUT_OF_AREA),
)
#: Effects that can keep a team away; the others only add to who goes.
_KEEPING_AWAY = frozenset({Effect.NO_UNARMED_ALONE, Effect.TACTICAL, Effect.POLICE_ONLY})


def abstains(scene: Scene) -> UnservedCode | None:
    """The code when nothing may be recommended because the text could not be judged; None when it could."""
    gate = scene.wanted.effects.get(Effect.ABSTAIN)
    if gate is None:
        return None
    return (
        UnservedCode.SYSTEM_DOWN
        if gate.reason in scene.policy.abstain.system_down
        else UnservedCode.INFO_MISSING
    )


def unserved_code(
    scene: Scene,
    units: Mapping[str, UnitView],
    judged: Mapping[str, Member | Refusal],
    ranked: Sequence[Candidate],
) -> UnservedCode | None:
    """None when some candidate is an alternative response, else the reason that is nearest to the truth."""
    if any(candidate.alternative for candidate in ranked):
        return None
    if scene.caller_refused:
        return UnservedCode.CALLER_REFUSED
    if not scene.wanted.asked:
        keeping = _KEEPING_AWAY.intersection(scene.wanted.effects)
        return UnservedCode.GATED if keeping else UnservedCode.POLICY_EXCLUDED
    able = scene.able
    teams = {unit_id: judged[unit_id] for unit_id, unit in units.items() if unit.kind in able}
    codes = {found.code for found in teams.values() if isinstance(found, Refusal)}
    for code, unserved in _NEARLY:
        if code in codes:
            return unserved
    if "GATED" in codes or any(isinstance(found, Member) for found in teams.values()):
        return UnservedCode.GATED if scene.wanted.effects else UnservedCode.NO_UNIT
    if codes and codes <= {"OFF_SHIFT", "SHIFT_ENDING"}:
        return UnservedCode.OUT_OF_HOURS
    return UnservedCode.NO_UNIT
