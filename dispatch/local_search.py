"""Good answers quickly: each call in turn as a dispatcher would, then changes of a call and of whom it displaces."""

from collections.abc import Callable, Sequence

from dispatch.packing import CLOSE, Choice, Column, Packing

Left = Callable[[], float]  # seconds


def greedy(packing: Packing, given: Sequence[Column | None] = ()) -> Choice:
    """Each call in order takes its cheapest column, counting the units that others took before it."""
    given = given or [None] * len(packing.columns)
    taken = packing.taken(column for column in given if column)
    chosen = []
    for columns, own in zip(packing.columns, given, strict=True):
        column = own or cheapest(columns, taken, packing.price)
        if own is None:
            _add(taken, column, 1)
        chosen.append(column)
    return chosen


def as_it_stands(packing: Packing) -> Choice:
    """What stands, and greedily for calls for which nothing does."""
    stands = [
        next((c for c in columns if not c.leaves), None) if any(c.leaves for c in columns) else None
        for columns in packing.columns
    ]
    return greedy(packing, stands)


def improved(packing: Packing, start: Choice, left: Left, *, displacing: bool = True) -> Choice:
    """Change a call, or a call and those whose units it takes, while the total falls and there is time left."""
    search = _Search(packing, start, displacing=displacing)
    while search.stale and left() > 0:
        for call in sorted(search.stale):
            search.look_at(call)
            if left() <= 0:
                break
    return search.chosen


def cheapest(columns: Sequence[Column], taken: Sequence[int], price: float) -> Column:
    """The best column beside what others hold."""
    return min(columns, key=lambda column: (_cost(column, taken, price), column))


def _cost(column: Column, taken: Sequence[int], price: float) -> float:
    shared = 0
    for unit in column.units:
        shared += taken[unit]
    return column.cost + price * shared


def _add(taken: list[int], column: Column, calls: int) -> None:
    for unit in column.units:
        taken[unit] += calls


class _Search:
    """An answer that is being improved; `stale` are calls around which something changed since they were looked at."""

    def __init__(self, packing: Packing, start: Choice, *, displacing: bool) -> None:
        self._moves_others = displacing
        self.chosen = list(start)
        self.stale = set(range(len(start)))
        self._price = packing.price
        self._columns = [sorted(columns) for columns in packing.columns]
        self._taken = packing.taken(start)
        self._holders: list[set[int]] = [set() for _ in range(packing.units)]
        self._wanting: list[set[int]] = [set() for _ in range(packing.units)]
        for call, columns in enumerate(packing.columns):
            for unit in start[call].units:
                self._holders[unit].add(call)
            for column in columns:
                for unit in column.units:
                    self._wanting[unit].add(call)

    def look_at(self, call: int) -> None:
        """Give the call what is best for all, displacing others where that pays."""
        self.stale.discard(call)
        before = self.chosen[call]
        now = _cost(before, self._taken, self._price) - self._price * len(before.units)
        if now - self._columns[call][0].cost < CLOSE:
            return
        if self._rechosen(call) < -CLOSE:
            self._changed(before, self.chosen[call])
            return
        self._put(call, before)
        for column in self._columns[call] if self._moves_others else ():
            if column.cost >= now - CLOSE:
                return
            if self._displacing(call, column):
                return

    def _put(self, call: int, column: Column) -> float:
        """Change one call; by how much the total rises."""
        before = self.chosen[call]
        _add(self._taken, before, -1)
        rise = _cost(column, self._taken, self._price) - _cost(before, self._taken, self._price)
        _add(self._taken, column, 1)
        for unit in before.units:
            self._holders[unit].discard(call)
        for unit in column.units:
            self._holders[unit].add(call)
        self.chosen[call] = column
        return rise

    def _rechosen(self, call: int) -> float:
        before = self.chosen[call]
        _add(self._taken, before, -1)
        best = cheapest(self._columns[call], self._taken, self._price)
        _add(self._taken, before, 1)
        return self._put(call, best)

    def _displacing(self, call: int, column: Column) -> bool:
        """The call takes the column and whoever held its units chooses again, if the total falls by that."""
        displaced = sorted({other for unit in column.units for other in self._holders[unit]} - {call})
        undo = [(other, self.chosen[other]) for other in (call, *displaced)]
        rise = self._put(call, column)
        for other in displaced:
            rise += self._rechosen(other)
        if rise >= -CLOSE:
            for other, before in undo:
                self._put(other, before)
            return False
        for other, before in undo:
            self._changed(before, self.chosen[other])
        return True

    def _changed(self, *columns: Column) -> None:
        for column in columns:
            for unit in column.units:
                self.stale |= self._wanting[unit]
