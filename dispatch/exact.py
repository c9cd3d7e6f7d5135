"""The packing as a program for HiGHS: its linear relaxation, which prices the units, and the whole-number one."""

from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from dispatch.packing import Choice, Packing

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

NODES = 500  # work, not time, ends the search: the same board gets the same answer on every machine
NEGLIGIBLE = 1e-9  # so much of a sum may be lost to rounding


class Quiet(highspy.Highs):
    """Without the callbacks of the interactive use: setting them up writes a banner to the standard output."""

    def enableCallbacks(self) -> None:  # noqa: N802 - theirs
        """Called first of all."""
        self.silent()


class Answer(NamedTuple):
    """What HiGHS found."""

    choice: Choice
    bound: float  # no answer costs less
    priced: list[list[float]]  # what each column costs when its units are paid for


class Program:
    """The arrays of one packing. Calls on a unit beyond `most` are priced as the last: the bound holds all the same."""

    def __init__(self, packing: Packing, most: int) -> None:
        flat = [column for columns in packing.columns for column in columns]
        lengths = [len(columns) for columns in packing.columns]
        self.packing = packing
        self._calls = len(lengths)
        self._first: Indices = np.cumsum([0, *lengths])
        self._call_of = np.repeat(np.arange(self._calls), lengths)
        self._costs = np.array([column.cost for column in flat])
        self._unit_of = np.array([unit for column in flat for unit in column.units], dtype=np.int64)
        self._column_of = np.repeat(np.arange(len(flat)), [len(column.units) for column in flat])
        wishes = np.unique(self._unit_of * self._calls + self._call_of[self._column_of])
        self._wanted = np.bincount(wishes // self._calls, minlength=packing.units)  # by so many calls
        self._scarce = np.flatnonzero(self._wanted > 1)
        self._steps = np.minimum(self._wanted[self._scarce] - 1, max(1, most - 1))

    def relaxed(self, seconds: float) -> Answer | None:
        """The linear relaxation, each call at its largest share; None when there was no time for prices."""
        solution = self._run(seconds, whole=False).getSolution()
        if not solution.dual_valid:
            return None
        prices = np.zeros(self.packing.units)
        prices[self._scarce] = np.maximum(-np.array(solution.row_dual)[self._calls :], 0)
        return Answer(self._choice(solution), *self.at(prices))

    def at(self, prices: Numbers) -> tuple[float, list[list[float]]]:
        """What no answer costs less than at any prices of the units (Lagrange), and what columns cost at these.

        Calls pay for their units; a unit takes in its price for as many calls as is worth the cost of sharing it. So
        the solver need not be believed: wrong prices give a poorer bound, never a wrong one.
        """
        paid = np.bincount(self._column_of, weights=prices[self._unit_of], minlength=len(self._costs))
        priced: Numbers = self._costs + paid
        calls = np.minimum.reduceat(priced, self._first[:-1]).sum()
        number = np.minimum(np.floor(prices / self.packing.price) + 1, self._wanted)
        units = (prices * number - self.packing.price * number * (number - 1) / 2).sum()
        return float(calls - units - NEGLIGIBLE * (calls + units)), self._by_call(priced)

    def whole(self, seconds: float) -> Answer | None:
        """The best in whole numbers as far as time and nodes allow; None when nothing was found."""
        solver = self._run(seconds, whole=True)
        solution = solver.getSolution()
        if not solution.value_valid:
            return None
        return Answer(self._choice(solution), solver.getInfo().mip_dual_bound, [])

    def _by_call(self, values: Numbers) -> list[list[float]]:
        return [part.tolist() for part in np.split(values, self._first[1:-1])]

    def _choice(self, solution: highspy.HighsSolution) -> Choice:
        shares = self._by_call(np.array(solution.col_value)[: len(self._costs)])
        return [
            columns[max(range(len(part)), key=part.__getitem__)]
            for columns, part in zip(self.packing.columns, shares, strict=True)
        ]

    def _run(self, seconds: float, *, whole: bool) -> highspy.Highs:
        """One row a call: one of its columns. One row a scarce unit: its calls, less the steps that are paid for."""
        columns, steps, infinity = len(self._costs), int(self._steps.sum()), highspy.kHighsInf
        step = np.concatenate([np.arange(1, count + 1) for count in self._steps.tolist()])
        upper = np.ones(columns + steps)
        upper[columns + np.cumsum(self._steps) - 1] = infinity
        start, index, value = self._matrix(steps)
        rows = self._calls + len(self._scarce)
        solver = Quiet()  # type: ignore[no-untyped-call]  # theirs
        options = {"threads": 1, "time_limit": seconds, "mip_rel_gap": 0.0, "mip_max_nodes": NODES}
        for name, option in options.items():
            solver.setOptionValue(name, option)
        solver.passModel(
            columns + steps,
            rows,
            len(index),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate((self._costs, self.packing.price * step)),
            np.zeros(columns + steps),
            upper,
            np.concatenate((np.ones(self._calls), np.full(len(self._scarce), -infinity))),
            np.ones(rows),
            start,
            index,
            value,
            np.repeat([int(whole), 0], [columns, steps]).astype(np.int32),
        )
        solver.run()
        return solver

    def _matrix(self, steps: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Numbers]:
        """By columns: those of the calls, then those of the steps."""
        columns, scarce = len(self._costs), len(self._scarce)
        row_of = np.full(self.packing.units, -1)
        row_of[self._scarce] = self._calls + np.arange(scarce)
        kept = row_of[self._unit_of] >= 0
        owner, units = self._column_of[kept], row_of[self._unit_of[kept]]
        lengths = np.concatenate((1 + np.bincount(owner, minlength=columns), np.ones(steps, dtype=np.int64)))
        start = np.concatenate(([0], np.cumsum(lengths)))
        index = np.empty(start[-1], dtype=np.int32)
        index[start[:columns]] = self._call_of
        index[np.arange(len(owner)) + owner + 1] = (
            units  # each column before it and itself has one row of its call
        )
        index[start[columns] :] = np.repeat(row_of[self._scarce], self._steps)
        value = np.ones(len(index))
        value[start[columns] :] = -1
        return start.astype(np.int32), index, value
