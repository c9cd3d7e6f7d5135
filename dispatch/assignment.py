"""All open calls at once: two calls want the same unit only where nothing nearly as good is left."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from dispatch.candidates import Candidate
from dispatch.contest import solved
from dispatch.local_search import as_it_stands, greedy
from dispatch.packing import CLOSE, Choice, Demand, Packing, close, packing_of, weighed
from dispatch.policy_parts import Stability

ROUNDS = 8  # two are the rule; each later one lowers the cost by more than the threshold

Clock = Callable[[], float]  # seconds


class Way(StrEnum):
    """How much is known of an answer."""

    UNCONTESTED = "uncontested"  # nobody's best is in another's way: the best there is
    EXACT = "exact"  # the best there is, where calls were in each other's way
    BOUNDED = "bounded"  # something better may exist, by no more than the gap
    GREEDY = "greedy"  # call by call, because what was found was worse: a fault that must not cost anybody


@dataclass(frozen=True, slots=True, eq=False)
class Assignment(Mapping[str, Candidate]):
    """A candidate for each call, with what they cost together and what no choice can cost less than.

    In minutes weighed by urgency, the price of shared units and of leaving what stands included.
    """

    chosen: Mapping[str, Candidate]
    cost: float
    bound: float
    way: Way

    @property
    def gap(self) -> float:
        """The share of the cost that a better choice might save at the most; 0 is a proof."""
        return (self.cost - self.bound) / self.cost if self.cost > self.bound else 0.0

    def __getitem__(self, call_id: str) -> Candidate:
        return self.chosen[call_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.chosen)

    def __len__(self) -> int:
        return len(self.chosen)


def assign(demands: Sequence[Demand], stability: Stability, clock: Clock | None = None) -> Assignment:
    """One candidate a call, so that costs and contention together are least; none for calls without any.

    What stands is worth `cost_minutes`: nothing changes for less. After `budget_seconds` of the clock the best so
    far is the answer; without a clock only work ends the search, and every machine finds the same. Never worse than
    giving each call, in order, its best.
    """
    wanting = [demand for demand in demands if demand.candidates]
    return _uncontested(wanting, stability) or _contested(wanting, stability, clock)


def _uncontested(demands: Sequence[Demand], stability: Stability) -> Assignment | None:
    """Everybody's best; None when two of them share a unit."""
    chosen: dict[str, Candidate] = {}
    units: set[str] = set()
    cost, held = 0.0, 0
    for demand in demands:
        costs, stands = weighed(demand, demand.standing, stability)
        index = costs.index(min(costs))
        if stands is not None and costs[stands] <= costs[index] + CLOSE:
            index = stands
        best = chosen[demand.call_id] = demand.candidates[index]
        cost += costs[index]
        held += len(best.scarce)
        units |= best.scarce
    if held > len(units) and stability.contention_minutes > 0:
        return None
    return Assignment(chosen, cost, cost, Way.UNCONTESTED)


def _contested(demands: Sequence[Demand], stability: Stability, clock: Clock | None) -> Assignment:
    """Where there is no proof, solved again with its own answer standing until nothing moves.

    Then the same calls get the same answer once it stands. A proven one needs no second round: whoever left it for
    another would have left what stood before for that one.
    """
    left = _left(clock, stability.budget_seconds)
    standing = {demand.call_id: demand.standing for demand in demands}
    packing = packing_of(demands, standing, stability)
    choice, bound = _solved(packing, left)
    for _ in range(ROUNDS):
        units = {d.call_id: d.candidates[c.number].unit_ids for d, c in zip(demands, choice, strict=True)}
        if close(packing.total(choice), bound) or units == standing or left() <= 0:
            break
        standing = units
        again, _ = _solved(packing_of(demands, standing, stability), left)
        choice = [columns[column.number] for columns, column in zip(packing.columns, again, strict=True)]
    return _certified(demands, packing, choice, bound)


def _left(clock: Clock | None, budget: float) -> Callable[[], float]:
    """Seconds until the budget is spent."""
    if clock is None:
        return lambda: inf
    deadline = clock() + budget
    return lambda: deadline - clock()


def _solved(packing: Packing, left: Callable[[], float]) -> tuple[Choice, float]:
    """What stands, if nothing found is better."""
    choice, bound = solved(packing, left)
    stands = as_it_stands(packing)
    better = packing.total(choice) < packing.total(stands) - CLOSE
    return choice if better else stands, bound


def _certified(demands: Sequence[Demand], packing: Packing, choice: Choice, bound: float) -> Assignment:
    cost, plain = packing.total(choice), greedy(packing)
    way = Way.EXACT if close(cost, bound) else Way.BOUNDED
    if packing.total(plain) < cost - CLOSE:
        way, choice, cost = Way.GREEDY, plain, packing.total(plain)
    chosen = {d.call_id: d.candidates[c.number] for d, c in zip(demands, choice, strict=True)}
    return Assignment(chosen, cost, cost if way is Way.EXACT else min(bound, cost), way)
