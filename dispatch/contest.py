"""Calls in each other's way: the answer as far as time allows, with the least that any answer can cost."""

from collections.abc import Callable
from typing import NamedTuple

from dispatch.exact import Program
from dispatch.local_search import as_it_stands, greedy, improved
from dispatch.packing import Choice, Packing, close

LARGE = 3_000  # columns; of more than that the search's answer stands, with the relaxation's bound

Left = Callable[[], float]  # seconds


class Found(NamedTuple):
    """An answer, and what none can cost less than."""

    choice: Choice
    bound: float


def solved(packing: Packing, left: Left) -> Found:
    """Groups of calls that are in each other's way, each by itself.

    Columns are dropped, here and below, only if every answer with one of them costs more than an answer that is
    known: what bounds the others then bounds them all.
    """
    known = min(as_it_stands(packing), greedy(packing), key=packing.total)
    costs = [[column.cost for column in columns] for columns in packing.columns]
    room = packing.total(known) - sum(min(own) for own in costs)
    return _by_group(packing.within(costs, room), known, left, _priced)


def _by_group(
    packing: Packing, known: Choice, left: Left, solve: Callable[[Packing, Choice, Left], Found]
) -> Found:
    """Nothing to solve where all of a group can have their best, or have no choice."""
    choice, bound = list(known), 0.0
    for calls in packing.parts():
        group = packing.part(calls)
        found = _plain(group) or solve(group, [known[call] for call in calls], left)
        bound += found.bound
        for call, column in zip(calls, found.choice, strict=True):
            choice[call] = column
    return Found(choice, bound)


def _plain(packing: Packing) -> Found | None:
    best = [min(columns) for columns in packing.columns]
    if packing.collides(best) and any(len(columns) > 1 for columns in packing.columns):
        return None
    return Found(best, packing.total(best))


def _priced(packing: Packing, known: Choice, left: Left) -> Found:
    """The relaxation's prices of the units bound the group, and say which columns no better answer has."""
    least = sum(min(columns).cost for columns in packing.columns)
    relaxed = None if left() <= 0 else Program(packing, _most(packing, known)).relaxed(left())
    if relaxed is None:
        return Found(improved(packing, known, left), least)
    bound = max(least, relaxed.bound)
    best = min(relaxed.choice, known, key=packing.total)
    if close(packing.total(best), bound):
        return Found(best, bound)
    best = improved(packing, best, left, displacing=False)  # the less it costs, the fewer columns are kept
    room = packing.total(best) - relaxed.bound
    found = _by_group(packing.within(relaxed.priced, room), best, left, _whole)
    best, bound = found.choice, max(bound, min(found.bound, packing.total(found.choice)))
    return Found(best if close(packing.total(best), bound) else improved(packing, best, left), bound)


def _whole(packing: Packing, known: Choice, left: Left) -> Found:
    """The best in whole numbers; what is too large, or too late, stays as it is known."""
    best, bound = known, sum(min(columns).cost for columns in packing.columns)
    if sum(len(columns) for columns in packing.columns) > LARGE:
        return Found(best, bound)
    most, wanted = _most(packing, known), len(packing.columns)
    while left() > 0 and (found := Program(packing, most).whole(left())):
        best, bound = min(best, found.choice, key=packing.total), max(bound, found.bound)
        if most >= wanted or max(packing.taken(found.choice)) <= most:
            break
        most *= 2  # it was told too low a price for so many on one unit
    return Found(best, bound)


def _most(packing: Packing, choice: Choice) -> int:
    """Calls on one unit that have to be priced exactly: one more than is known to be any good."""
    return max(packing.taken(choice)) + 1
