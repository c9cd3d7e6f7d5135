"""Calls, units and plans for tests of dispatch: each factory needs only what matters."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from dispatch.board import Board, Withdrawal
from dispatch.policy import default_policy
from models.assessment import Context, GateName, Indicator, Risk
from models.call import AssessmentView, CallState, CallView, GateView, Review, ReviewState, Source
from models.recommendation import Plan, RecommendationView
from models.unit import PRIMARY_OF, PrimaryStatus, UnitKind, UnitView

NOON = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
HERE = (32.78, -96.80)
KILOMETRE = 1 / 111.2  # degrees of latitude

POLICY = default_policy()


def an_assessment(
    *needs: str,
    risk: int = 2,
    gates: Iterable[str] = (),
    flag: bool = True,
    context: Mapping[str, object] | None = None,
    reason: str = "SAID",
    released: bool = False,
) -> AssessmentView:
    """What triage understood: needs at severity 2 and closed gates."""
    return AssessmentView(
        need=0.8,
        flag=flag,
        flag_reason="NEED_SCORE" if flag else None,
        risk=Risk(risk),
        indicators={Indicator(need): 2 for need in needs},
        dangers={},
        gates=tuple(GateView(name=GateName(gate), reason=reason, released=released) for gate in gates),
        context=Context.model_validate(context or {}),
        info_gaps=(),
        questions=(),
        artefact="test",
    )


def a_call(
    call_id: str = "C1",
    assessment: AssessmentView | None = None,
    *,
    review: ReviewState = ReviewState.FLAGGED,
    **changes: object,
) -> CallView:
    """An open call that a clinician flagged, two minutes old, at HERE."""
    usual: dict[str, object] = {
        "id": call_id,
        "number": call_id,
        "source": Source.CALL_911,
        "received_at": NOON - timedelta(minutes=2),
        "taken_at": NOON - timedelta(minutes=2),
        "nature": "",
        "priority": 2,
        "beat": "12",
        "lat": HERE[0],
        "lon": HERE[1],
        "state": CallState.OPEN,
        "text_version": 1,
        "assessed_version": 1,
        "decision_version": 1,
        "assessment": assessment or an_assessment("psychosis"),
        "review": Review(state=review),
        "on_board": True,
    }
    return CallView.model_validate(usual | changes)


def a_unit(unit_id: str, kind: str, *, km: float = 2.0, **changes: object) -> UnitView:
    """A free unit so many kilometres north of HERE, with half its shift left."""
    status = str(changes.get("status", "InService"))
    usual: dict[str, object] = {
        "id": unit_id,
        "agency": "agency",
        "kind": UnitKind(kind),
        "status": status,
        "primary": PRIMARY_OF.get(status, PrimaryStatus.AVAILABLE),
        "status_at": NOON - timedelta(minutes=5),
        "lat": HERE[0] + km * KILOMETRE,
        "lon": HERE[1],
        "position_at": NOON - timedelta(seconds=10),
        "shift_ends_at": NOON + timedelta(hours=5),
    }
    return UnitView.model_validate(usual | changes)


def a_board(calls: Iterable[CallView], units: Iterable[UnitView]) -> Board:
    """A board of the packaged policy that has heard of all of these."""
    board = Board(POLICY)
    for unit in units:
        board.put_unit(unit)
    for call in calls:
        board.put_call(call)
    return board


def plan_of(call: CallView, units: Iterable[UnitView], now: datetime = NOON) -> Plan:
    """The one plan for the one call."""
    (change,) = a_board([call], units).plan(now)
    assert isinstance(change, Plan)
    return change


def seen(call: CallView, plan: Plan, recommendation_id: str = "R1") -> CallView:
    """The call once the plan stands as its recommendation, the way the store writes it."""
    view = RecommendationView(
        id=recommendation_id,
        revision=1,
        at=NOON,
        decision_version=plan.decision_version + 1,
        policy=plan.policy,
        pairings=plan.pairings,
        candidates=plan.candidates,
        unserved=plan.unserved,
        holds=plan.holds,
    )
    return call.model_copy(update={"recommendation": view, "decision_version": plan.decision_version + 1})


def settled(board: Board, calls: Mapping[str, CallView], now: datetime = NOON) -> dict[str, CallView]:
    """Let every plan of the board stand; returns the calls as they then are."""
    after = dict(calls)
    for change in board.plan(now):
        assert not isinstance(change, Withdrawal)
        after[change.call_id] = seen(after[change.call_id], change)
        board.put_call(after[change.call_id])
    return after


def kinds_of(plan: Plan, rank: int = 1) -> set[str]:
    """The responder types of one of its pairings."""
    return {unit.kind.value for unit in plan.pairings[rank - 1].units}


def codes_of(plan: Plan) -> dict[str, str]:
    """Why each excluded unit may not go."""
    return {exclusion.unit_id: exclusion.code for exclusion in plan.exclusions}
