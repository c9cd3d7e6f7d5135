"""Who is tried for each part of a composition: the best few, so that the sets of units stay few."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from dispatch.eligibility import Member, Scene
from dispatch.grammar import Composition, Part
from models.unit import PrimaryStatus

TRIED = 8  # units for each part; two less where a composition has many
SETS = 32  # of one composition may always be tried


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Who is tried for one part."""

    part: Part
    best: tuple[Member, ...]
    tried: int  # so many of them for being the best, whoever follows because dispatchers see them proposed
    stand_ins: bool  # nobody of the kind itself is there

    def takes(self, scene: Scene, member: Member) -> bool:
        """Whether somebody who is not on it would be, or could change who is."""
        if not _fits(self.part, member):
            return self.stand_ins and not member.kind.covers.isdisjoint(self.part.kinds)
        last = max((_rank(scene, self.part, one) for one in self.best), default=None)
        full = len(self.best) >= self.tried
        return not full or self.stand_ins or last is None or _rank(scene, self.part, member) < last


def shortlists(
    scene: Scene, way: Composition, members: Sequence[Member], keep: frozenset[str]
) -> list[Shortlist]:
    """One list a part; units of `keep` are on it wherever they fit. Where one part has few, the others go further."""
    tried = TRIED if len(way.parts) <= 2 else TRIED - 2
    fitting = [_fitting(scene, part, members) for part in way.parts]
    sets = SETS if len(way.parts) > 1 else 0  # alone, nobody has to match another's arrival
    every = prod(max(1, min(tried, len(fit))) for fit, _ in fitting)
    lists = []
    for part, (fit, stand_ins) in zip(way.parts, fitting, strict=True):
        most = max(tried, sets * max(1, min(tried, len(fit))) // every)
        best = fit[:most] + [m for m in fit[most:] if m.unit.id in keep]
        lists.append(Shortlist(part, tuple(best), most, stand_ins))
    return lists


def _fitting(scene: Scene, part: Part, members: Sequence[Member]) -> tuple[list[Member], bool]:
    """Who could fill a part, the best first; stand-ins only where there is no unit of the kind itself."""
    fit = [member for member in members if _fits(part, member)]
    stand_ins = not fit
    if stand_ins and part.required:
        fit = [m for m in members if not m.kind.covers.isdisjoint(part.kinds)]
    return sorted(fit, key=lambda m: _rank(scene, part, m)), stand_ins


def _fits(part: Part, member: Member) -> bool:
    return member.unit.kind in part.kinds and (part.skills <= member.skills or member.kind.conventional)


def _rank(scene: Scene, part: Part, member: Member) -> tuple[float, str]:
    return _worth(scene, part, member), member.unit.id


def _worth(scene: Scene, part: Part, member: Member) -> float:
    cost = scene.policy.cost
    minutes = cost.unknown_eta if member.eta is None else member.eta
    minutes += 0 if part.skills <= member.skills else cost.substitute
    if member.kind.police and "cit" not in member.skills:
        minutes += cost.not_cit
    if member.unit.primary is PrimaryStatus.CONDITIONAL:
        minutes += cost.conditional
    return minutes - (cost.language if member.speaks else 0)
