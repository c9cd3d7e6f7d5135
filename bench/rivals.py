"""What others would choose on the same board: greedy, nearest-first, and whoever could look at every set of units."""

from collections.abc import Sequence

import dispatch.contest
import dispatch.exact
from bench.boards import NOON, Drawn, every_set
from dispatch.assignment import Assignment, assign
from dispatch.local_search import greedy
from dispatch.packing import Column, Demand, packing_of
from dispatch.policy import default_policy

STABILITY = default_policy().stability


def best_of_every_set(drawn: Drawn) -> Assignment:
    """What no choice can undercut: all sets, no limit of time, nodes or size."""
    with every_set():
        board = drawn.board()
        board.plan(NOON)
    dispatch.exact.NODES, nodes = 1_000_000, dispatch.exact.NODES
    dispatch.contest.LARGE, large = 1_000_000, dispatch.contest.LARGE
    try:
        return assign(board.demands, STABILITY)
    finally:
        dispatch.exact.NODES, dispatch.contest.LARGE = nodes, large


def others(demands: Sequence[Demand]) -> tuple[float, float]:
    """What greedy and nearest-first cost."""
    wanting = [demand for demand in demands if demand.candidates]
    packing = packing_of(wanting, {demand.call_id: demand.standing for demand in wanting}, STABILITY)
    taken = [0] * packing.units
    nearest = []

    def there(demand: Demand, column: Column) -> tuple[bool, float, Column]:
        together = demand.candidates[column.number].together
        return any(taken[unit] for unit in column.units), 1e9 if together is None else together, column

    for demand, columns in zip(wanting, packing.columns, strict=True):
        _, _, column = min(there(demand, column) for column in columns)
        for unit in column.units:
            taken[unit] += 1
        nearest.append(column)
    return packing.total(greedy(packing)), packing.total(nearest)
