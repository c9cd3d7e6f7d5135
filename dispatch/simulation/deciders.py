"""Who is sent: the center's own board under a simulated dispatcher, and what every other rule has to answer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from dispatch.board import Board, Withdrawal
from dispatch.matrix import risk_of
from dispatch.policy import Policy
from models.call import CallView
from models.recommendation import PairedUnit, Plan, RecommendationView, UnservedCode
from models.unit import UnitView


@dataclass(frozen=True, slots=True)
class Sending:
    """Units for a call, and why they are no alternative response where they are none."""

    call_id: str
    units: tuple[PairedUnit, ...]
    unserved: UnservedCode | None


class Decider(Protocol):
    """Is told of calls and units and says who goes to one of the calls that are ready to be sent to."""

    def put_call(self, call: CallView) -> None:
        """A call came in."""

    def drop_call(self, call_id: str) -> None:
        """A call was sent to."""

    def put_unit(self, unit: UnitView) -> None:
        """A unit as it is now."""

    def choose(self, now: datetime, ready: Collection[str]) -> Sending | None:
        """The next call of those ready that somebody goes to now; None when none can be sent to."""

    def next_wake(self, now: datetime) -> datetime | None:
        """When time alone may change the answer."""


class Tandem:
    """The board plans for all open calls; the dispatcher takes what stands first on the screen."""

    def __init__(self, policy: Policy, zone: tzinfo) -> None:
        self._board = Board(policy, zone)
        self._calls: dict[str, CallView] = {}

    def put_call(self, call: CallView) -> None:
        """A call came in."""
        self._calls[call.id] = call
        self._board.put_call(call)

    def drop_call(self, call_id: str) -> None:
        """A call was sent to."""
        self._board.put_call(self._calls.pop(call_id).model_copy(update={"on_board": False}))

    def put_unit(self, unit: UnitView) -> None:
        """A unit as it is now."""
        self._board.put_unit(unit)

    def choose(self, now: datetime, ready: Collection[str]) -> Sending | None:
        """Plan, let the plan stand, and take the most urgent ready call's first pairing."""
        for change in self._board.plan(now):
            self._stand(change, now)
        for call in urgent_first(self._calls[call_id] for call_id in ready):
            if call.recommendation and call.recommendation.pairings:
                best = call.recommendation.pairings[0]
                return Sending(call.id, best.units, call.recommendation.unserved)
        return None

    def next_wake(self, now: datetime) -> datetime | None:
        """When time alone may change the answer."""
        return self._board.next_wake(now)

    def _stand(self, change: Plan | Withdrawal, now: datetime) -> None:
        call = self._calls[change.call_id]
        version = change.decision_version + 1
        view = None
        if isinstance(change, Plan):
            view = RecommendationView(
                id=f"{call.id}:{version}", revision=version, at=now, decision_version=version, policy=change.policy,
                pairings=change.pairings, candidates=change.candidates, unserved=change.unserved, holds=change.holds,
            )  # fmt: skip
        call = call.model_copy(update={"decision_version": version, "recommendation": view})
        self._calls[call.id] = call
        self._board.put_call(call)


def urgent_first(calls: Iterable[CallView]) -> list[CallView]:
    """As the board orders them."""
    return sorted(calls, key=lambda call: (-risk_of(call), call.taken_at, call.id))
