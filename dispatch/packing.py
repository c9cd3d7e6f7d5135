"""What every choice of units for all open calls costs: a weighted set packing with a price on sharing a unit.

Proposals lock nothing, and a hard "one call a unit" would leave calls without any proposal where units are few. So a
unit may be proposed for several calls: the second pays `contention_minutes`, the third twice that, the next three times
that, which together is that price for every two calls that share it. As each step costs more than the one before, a
linear program takes them in order by itself: nothing is lost by writing it so, and its relaxation is a lower bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dispatch.candidates import Candidate
from dispatch.policy_parts import Stability

CLOSE = 1e-6  # weighed minutes; costs have two decimals


def close(cost: float, bound: float) -> bool:
    """Nothing but rounding lies between them."""
    return cost - bound <= CLOSE * max(1.0, abs(cost) / 1000)


@dataclass(frozen=True, slots=True)
class Demand:
    """One call's candidates; callers list demands most urgent first."""

    call_id: str
    candidates: tuple[Candidate, ...]
    standing: frozenset[str]  # units of the pairing that stands now
    urgency: float = 1.0  # what a minute of this call weighs against a minute of another


class Column(NamedTuple):
    """One candidate of one call; the lesser of two is the better for the call alone."""

    cost: float  # weighed minutes
    leaves: bool  # another pairing stands, and leaving it is in the cost
    number: int  # among the candidates of its demand
    units: tuple[int, ...]  # those that one call alone can have


Choice = list[Column]  # one for each call, in their order


@dataclass(frozen=True, slots=True)
class Packing:
    """Calls with their columns; `price` is what the second call on a unit pays."""

    columns: Sequence[Sequence[Column]]
    price: float
    units: int

    def taken(self, choice: Iterable[Column]) -> list[int]:
        """How many calls hold each unit."""
        taken = [0] * self.units
        for column in choice:
            for unit in column.units:
                taken[unit] += 1
        return taken

    def total(self, choice: Choice) -> float:
        """Sum of the costs, and of the price for every two calls that share a unit."""
        shared = sum(calls * (calls - 1) // 2 for calls in self.taken(choice) if calls > 1)
        return sum(column.cost for column in choice) + self.price * shared

    def collides(self, choice: Choice) -> bool:
        """Two calls share a unit, and that costs something."""
        return self.price > 0 and max(self.taken(choice), default=0) > 1

    def within(self, prices: Sequence[Sequence[float]], room: float) -> "Packing":
        """Without columns that are dearer, at these prices, than their call's cheapest by more than room."""
        kept = []
        for columns, priced in zip(self.columns, prices, strict=True):
            most = min(priced) + room + CLOSE
            kept.append([c for c, price in zip(columns, priced, strict=True) if price <= most])
        return Packing(kept, self.price, self.units)

    def part(self, calls: Iterable[int]) -> "Packing":
        """Only these calls."""
        return Packing([self.columns[call] for call in calls], self.price, self.units)

    def parts(self) -> list[list[int]]:
        """Groups of calls that can come into each other's way, directly or by others; all in order."""
        root = list(range(len(self.columns)))
        first: dict[int, int] = {}
        for call, columns in enumerate(self.columns):
            for unit in {unit for column in columns for unit in column.units}:
                one, other = _root(root, call), _root(root, first.setdefault(unit, call))
                root[max(one, other)] = min(one, other)
        found: dict[int, list[int]] = {}
        for call in range(len(root)):
            found.setdefault(_root(root, call), []).append(call)
        return list(found.values())


def _root(root: list[int], call: int) -> int:
    while root[call] != call:
        root[call] = root[root[call]]
        call = root[call]
    return call


def weighed(demand: Demand, standing: frozenset[str], stability: Stability) -> tuple[list[float], int | None]:
    """What each candidate costs, and which of them stands.

    Leaving what stands costs `cost_minutes`: nothing changes for less.
    """
    urgency, found = demand.urgency, demand.candidates
    stands = next((i for i, candidate in enumerate(found) if candidate.unit_ids == standing), None)
    if stands is None:
        return [urgency * candidate.cost for candidate in found], None
    costs = [urgency * (candidate.cost + stability.cost_minutes) for candidate in found]
    costs[stands] = urgency * found[stands].cost
    return costs, stands


def packing_of(
    demands: Sequence[Demand], standing: Mapping[str, frozenset[str]], stability: Stability
) -> Packing:
    """The packing while certain pairings stand; every demand has a candidate."""
    units: dict[str, int] = {}
    built = []
    for demand in demands:
        costs, stands = weighed(demand, standing[demand.call_id], stability)
        columns = []
        for index, (cost, candidate) in enumerate(zip(costs, demand.candidates, strict=True)):
            numbers = tuple(units.setdefault(unit, len(units)) for unit in sorted(candidate.scarce))
            columns.append(Column(cost, stands is not None and index != stands, index, numbers))
        built.append(columns)
    return Packing(built, stability.contention_minutes, len(units))
