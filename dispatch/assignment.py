"""All open calls at once: two calls want the same unit only where nothing nearly as good is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dispatch.candidates import Candidate
from dispatch.policy_parts import Stability

ROUNDS = 8  # two are the rule; each later one lowers the cost by more than the threshold

Choice = dict[str, int]  # call id -> index of its candidate


@dataclass(frozen=True, slots=True)
class Demand:
    """One call's candidates; callers list demands most urgent first."""

    call_id: str
    candidates: tuple[Candidate, ...]
    standing: frozenset[str]  # units of the pairing that stands now


def assign(demands: Sequence[Demand], stability: Stability) -> Mapping[str, Candidate]:
    """One candidate a call, so that costs and contention together are low; none for calls without any.

    Proposals lock nothing, so a shared unit is allowed and costs `contention_minutes`. What stands now is
    worth `cost_minutes`, so nothing changes for less. Solved again with its own answer standing until nothing
    moves: then the same inputs give the same answer. Never worse than giving each call, in order, its best.
    """
    open_demands = [demand for demand in demands if demand.candidates]
    standing = {demand.call_id: demand.standing for demand in open_demands}
    chosen: Mapping[str, Candidate] = {}
    for _ in range(ROUNDS):
        indices = _solve(open_demands, standing, stability)
        chosen = {demand.call_id: demand.candidates[indices[demand.call_id]] for demand in open_demands}
        units = {call_id: candidate.unit_ids for call_id, candidate in chosen.items()}
        if units == standing:
            break
        standing = units
    return chosen


def _solve(demands: Sequence[Demand], standing: Mapping[str, frozenset[str]], stability: Stability) -> Choice:
    game = _Game(demands, standing, stability)
    greedy = game.greedy({})
    kept = game.improved(game.greedy(game.as_it_stands()))
    best = game.improved(greedy)
    return min((kept, best, greedy), key=game.total)


class _Game:
    """Costs of choices under one set of standing pairings."""

    def __init__(
        self, demands: Sequence[Demand], standing: Mapping[str, frozenset[str]], stability: Stability
    ) -> None:
        self._demands = demands
        self._by_id = {demand.call_id: demand for demand in demands}
        self._contention = stability.contention_minutes
        self._costs = {
            demand.call_id: [
                candidate.cost - stability.cost_minutes * (candidate.unit_ids == standing[demand.call_id])
                for candidate in demand.candidates
            ]
            for demand in demands
        }
        self._standing = standing
        self._rivals = self._find_rivals()

    def _find_rivals(self) -> list[tuple[str, str]]:
        wanted = {d.call_id: frozenset().union(*(c.scarce for c in d.candidates)) for d in self._demands}
        return [(one, other) for one, other in combinations(wanted, 2) if wanted[one] & wanted[other]]

    def as_it_stands(self) -> Choice:
        """The choice that dispatchers see now, where it is still possible."""
        return {
            demand.call_id: index
            for demand in self._demands
            for index, candidate in enumerate(demand.candidates)
            if candidate.unit_ids == self._standing[demand.call_id]
        }

    def greedy(self, given: Choice) -> Choice:
        """Each call in order takes its cheapest candidate, counting the units that others before it took."""
        chosen = dict(given)
        taken = [self._scarce(call_id, index) for call_id, index in chosen.items()]
        for demand in self._demands:
            if demand.call_id not in chosen:
                costs = self._costs[demand.call_id]
                index = min(
                    range(len(costs)),
                    key=lambda i: (costs[i] + self._clashes(demand.candidates[i].scarce, taken), i),
                )
                chosen[demand.call_id] = index
                taken.append(demand.candidates[index].scarce)
        return chosen

    def improved(self, start: Choice) -> Choice:
        """Change two rival calls at a time while the total falls."""
        chosen, moved = dict(start), True
        while moved:
            moved = False
            for one, other in self._rivals:
                moved = self._improve_pair(chosen, one, other) or moved
        return chosen

    def _improve_pair(self, chosen: Choice, one: str, other: str) -> bool:
        rest = [
            self._scarce(call_id, index) for call_id, index in chosen.items() if call_id not in {one, other}
        ]
        mine = [
            self._costs[one][i] + self._clashes(c.scarce, rest)
            for i, c in enumerate(self._by_id[one].candidates)
        ]
        theirs = [
            self._costs[other][i] + self._clashes(c.scarce, rest)
            for i, c in enumerate(self._by_id[other].candidates)
        ]

        def cost(i: int, j: int) -> float:
            return mine[i] + theirs[j] + self._clashes(self._scarce(one, i), [self._scarce(other, j)])

        now = cost(chosen[one], chosen[other])
        best = min((cost(i, j), i, j) for i in range(len(mine)) for j in range(len(theirs)))
        if best[0] >= now - 1e-9:
            return False
        chosen[one], chosen[other] = best[1], best[2]
        return True

    def total(self, chosen: Choice) -> float:
        """Sum of the costs, and of the contention of every two calls that share a unit."""
        own = sum(self._costs[call_id][index] for call_id, index in chosen.items())
        sets = [self._scarce(call_id, index) for call_id, index in chosen.items()]
        return own + sum(self._clashes(one, [other]) for one, other in combinations(sets, 2))

    def _scarce(self, call_id: str, index: int) -> frozenset[str]:
        return self._by_id[call_id].candidates[index].scarce

    def _clashes(self, units: frozenset[str], others: Sequence[frozenset[str]]) -> float:
        return self._contention * sum(len(units & other) for other in others)
