"""All open calls at once: two calls want the same unit only where nothing nearly as good is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dispatch.candidates import Candidate
from dispatch.policy_parts import Stability

ROUNDS = 8  # two are the rule; each later one lowers the cost by more than the threshold
CLOSE = 1e-9  # costs have two decimals

Choice = dict[str, int]  # call id -> index of its candidate
Taken = dict[str, int]  # unit id -> how many calls hold it


@dataclass(frozen=True, slots=True)
class Demand:
    """One call's candidates; callers list demands most urgent first."""

    call_id: str
    candidates: tuple[Candidate, ...]
    standing: frozenset[str]  # units of the pairing that stands now
    urgency: float = 1.0  # what a minute of this call weighs against a minute of another


def assign(demands: Sequence[Demand], stability: Stability) -> Mapping[str, Candidate]:
    """One candidate a call, so that costs and contention together are low; none for calls without any.

    Proposals lock nothing, so a shared unit is allowed and costs `contention_minutes`. What stands now is
    worth `cost_minutes`, so nothing changes for less. Solved again with its own answer standing until nothing
    moves: then the same inputs give the same answer. Never worse than giving each call, in order, its best.
    """
    wanting = [demand for demand in demands if demand.candidates]
    standing = {demand.call_id: demand.standing for demand in wanting}
    chosen: Mapping[str, Candidate] = {}
    for _ in range(ROUNDS):
        indices = Game(wanting, standing, stability).solved()
        chosen = {demand.call_id: demand.candidates[indices[demand.call_id]] for demand in wanting}
        units = {call_id: candidate.unit_ids for call_id, candidate in chosen.items()}
        if units == standing:
            break
        standing = units
    return chosen


class Game:
    """What each choice costs while certain pairings stand."""

    def __init__(
        self, demands: Sequence[Demand], standing: Mapping[str, frozenset[str]], stability: Stability
    ) -> None:
        self._units = {d.call_id: [candidate.scarce for candidate in d.candidates] for d in demands}
        self._contention = stability.contention_minutes
        self._costs: dict[str, list[float]] = {}
        self._stands: Choice = {}
        for demand in demands:
            stands = [candidate.unit_ids == standing[demand.call_id] for candidate in demand.candidates]
            self._costs[demand.call_id] = [
                demand.urgency * (candidate.cost - stability.cost_minutes * stays)
                for candidate, stays in zip(demand.candidates, stands, strict=True)
            ]
            if True in stands:
                self._stands[demand.call_id] = stands.index(True)
        self._least = {call_id: min(costs) for call_id, costs in self._costs.items()}
        wanted = {call_id: frozenset[str]().union(*sets) for call_id, sets in self._units.items()}
        self._nobody: Taken = dict.fromkeys(frozenset[str]().union(*wanted.values()), 0)
        self._rivals = [(one, other) for one, other in combinations(wanted, 2) if wanted[one] & wanted[other]]

    def solved(self) -> Choice:
        """The best found from what stands and from nothing; never worse than greedy."""
        greedy, stands = self.greedy({}), self.greedy(self._stands)
        starts = (stands, greedy) if stands != greedy else (greedy,)
        return min((*map(self.improved, starts), greedy), key=self.total)

    def greedy(self, given: Choice) -> Choice:
        """Each call in order takes its cheapest candidate, counting the units that others took before."""
        chosen = dict(given)
        taken = self._taken(chosen)
        for call_id in self._costs:
            if call_id not in chosen:
                chosen[call_id] = self._cheapest(call_id, taken)
                _add(taken, self._units[call_id][chosen[call_id]])
        return chosen

    def improved(self, start: Choice) -> Choice:
        """Change one call, then two rivals at a time, while the total falls."""
        chosen = dict(start)
        taken = self._taken(chosen)
        moved = True
        while moved:
            moved = False
            for call_id in chosen:
                moved = self._improve_one(chosen, taken, call_id) or moved
            for pair in self._rivals:
                one, other = pair
                if self._in_the_way(chosen, taken, one, other) or self._in_the_way(chosen, taken, other, one):
                    moved = self._improve_two(chosen, taken, pair) or moved
        return chosen

    def total(self, chosen: Choice) -> float:
        """Sum of the costs, and of the contention of every two calls that share a unit."""
        shared = sum(count * (count - 1) // 2 for count in self._taken(chosen).values())
        return self._contention * shared + sum(self._costs[c][index] for c, index in chosen.items())

    def _taken(self, chosen: Choice) -> Taken:
        taken = self._nobody.copy()
        for call_id, index in chosen.items():
            _add(taken, self._units[call_id][index])
        return taken

    def _cost(self, call_id: str, index: int, taken: Taken) -> float:
        clashes = 0
        for unit in self._units[call_id][index]:
            clashes += taken[unit]
        return self._costs[call_id][index] + self._contention * clashes

    def _cheapest(self, call_id: str, taken: Taken) -> int:
        indices = range(len(self._costs[call_id]))
        return min(indices, key=lambda index: (self._cost(call_id, index, taken), index))

    def _in_the_way(self, chosen: Choice, taken: Taken, one: str, other: str) -> bool:
        """`other` holds a unit that `one` would be better off with: else changing both gains nothing."""
        held = self._units[other][chosen[other]]
        now = self._cost(one, chosen[one], taken)
        if self._least[one] >= now:
            return False
        return any(
            cost < now and not held.isdisjoint(units)
            for cost, units in zip(self._costs[one], self._units[one], strict=True)
        )

    def _improve_one(self, chosen: Choice, taken: Taken, call_id: str) -> bool:
        """Give a call what is best with all others as they are; says whether that lowered the total."""
        before = chosen[call_id]
        _add(taken, self._units[call_id][before], -1)
        best = self._cheapest(call_id, taken)
        moves = self._cost(call_id, best, taken) < self._cost(call_id, before, taken) - CLOSE
        chosen[call_id] = best if moves else before
        _add(taken, self._units[call_id][chosen[call_id]])
        return moves

    def _improve_two(self, chosen: Choice, taken: Taken, pair: tuple[str, str]) -> bool:
        """The same for two calls that want the same units."""
        one, other = pair
        before = (chosen[one], chosen[other])
        for call_id in pair:
            _add(taken, self._units[call_id][chosen[call_id]], -1)
        best = self._best_two(pair, before, taken)
        chosen[one], chosen[other] = best
        for call_id in pair:
            _add(taken, self._units[call_id][chosen[call_id]])
        return best != before

    def _best_two(self, pair: tuple[str, str], before: tuple[int, int], taken: Taken) -> tuple[int, int]:
        one, other = pair
        least = self._cost(one, before[0], taken) + self._cost(other, before[1], taken)
        least += self._clash(pair, before) - CLOSE
        if self._least[one] + self._least[other] >= least:
            return before  # not even with every unit to themselves
        mine, theirs = (
            sorted((self._cost(call_id, index, taken), index) for index in range(len(self._costs[call_id])))
            for call_id in pair
        )
        best = before
        for cost, i in mine:
            if cost + theirs[0][0] >= least:
                break  # sorted: nothing after it can be less
            for more, j in theirs:
                if cost + more >= least:
                    break
                if (total := cost + more + self._clash(pair, (i, j))) < least:
                    least, best = total, (i, j)
        return best

    def _clash(self, pair: tuple[str, str], indices: tuple[int, int]) -> float:
        one, other = (self._units[call_id][index] for call_id, index in zip(pair, indices, strict=True))
        return self._contention * len(one & other)


def _add(taken: Taken, units: Iterable[str], calls: int = 1) -> None:
    for unit in units:
        taken[unit] += calls
