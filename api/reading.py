"""Turns an assessment into what stands for a call, and says whether that changes a decision."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.assessment import (
    ASSERTION_PRECEDENCE,
    Access,
    Assertion,
    Assessment,
    Context,
    DangerName,
    Release,
    Risk,
    Standing,
)
from models.call import AssessmentView, DangerView, GateView
from models.ids import new_id
from models.recommendation import Reason
from models.store.database import Connection, query
from models.store.writing import Writing
from triage.gates import standing

#: In place of the reason of a flag: the center sees nothing of what was read.
SILENT = "SILENT"
_RAISED = frozenset({Assertion.AFFIRMED, Assertion.UNKNOWN})
_ACCESS_RANK = {Access.ELSEWHERE: 0, Access.UNKNOWN: 1, Access.WITHIN_REACH: 2, Access.IN_HAND: 3}


@dataclass(frozen=True, slots=True)
class Read:
    """An assessment with the gates and the risk that stand after it; `body` is its JSON, kept and answered alike."""

    assessment: Assessment
    standing: Standing
    view: AssessmentView
    body: str
    silent: bool = False

    @property
    def shown(self) -> str | None:
        """The body, where the center may see it."""
        return None if self.silent else self.body


def read_as(
    assessment: Assessment, prior: Standing, releases: list[Release], *, silent: bool = False
) -> Read:
    """Latch gates and risk on what stood before."""
    stands = standing(prior, assessment, releases)
    view = view_of(assessment, stands, silent=silent)
    return Read(assessment, stands, view, assessment.model_dump_json(), silent)


def view_of(assessment: Assessment, stands: Standing, *, silent: bool = False) -> AssessmentView:
    """Codes and numbers for events; no words. Of a silent center's calls nothing but that they were read."""
    if silent:
        return AssessmentView(
            need=0, flag=False, flag_reason=SILENT, risk=Risk.R0, indicators={}, dangers={}, gates=(),
            context=Context(), info_gaps=(), questions=(), artefact=assessment.artefact,
        )  # fmt: skip
    return AssessmentView(
        need=round(assessment.need, 4),
        flag=assessment.flag,
        flag_reason=assessment.flag_reason,
        risk=stands.risk,
        indicators={
            name: found.severity for name, found in assessment.indicators.items() if found.probability >= 0.5
        },
        dangers={
            name: DangerView(
                assertion=found.assertion,
                access=found.access,
                conflict=found.conflict,
                look_alike=found.look_alike,
            )
            for name, found in assessment.dangers.items()
        },
        gates=tuple(GateView(name=g.name, reason=g.reason, released=g.released) for g in stands.gates),
        context=assessment.context,
        info_gaps=assessment.info_gaps,
        questions=assessment.questions,
        artefact=assessment.artefact,
    )


def decides(view: AssessmentView | None) -> Any:
    """The part of a view that a pairing hangs on; chatter leaves it equal, and a dispatcher's hand armed."""
    if view is None:
        return None
    return (
        view.flag,
        view.risk,
        {(g.name, g.released) for g in view.gates},
        {(name, d.assertion, d.access) for name, d in view.dangers.items()},
    )


def new_dangers(before: AssessmentView | None, after: AssessmentView) -> tuple[Reason, ...]:
    """What became more dangerous, as codes; empty where nothing did."""
    old = before.dangers if before else {}
    reasons = []
    for name, danger in after.dangers.items():
        known = old.get(name)
        rose = known is None or _rank(danger.assertion) < _rank(known.assertion)
        nearer = known is not None and _ACCESS_RANK[danger.access] > _ACCESS_RANK[known.access]
        if danger.assertion in _RAISED and (rose or nearer):
            params = {
                "danger": name.value,
                "assertion": danger.assertion.value,
                "access": danger.access.value,
            }
            reasons.append(Reason(code="NEW_DANGER", params=params))
    closed = {gate.name for gate in before.gates if not gate.released} if before else set()
    reasons += [
        Reason(code="NEW_GATE", params={"gate": gate.name.value, "reason": gate.reason})
        for gate in after.gates
        if not gate.released and gate.name not in closed
    ]
    return tuple(reasons)


def said_again(assessment: Assessment, read_before: int) -> tuple[Reason, ...]:
    """A danger that was affirmed before and is affirmed in other words by newer text: first a knife, now a gun."""
    reasons = {}
    for danger in DangerName:
        spoken = [m for m in assessment.mentions if m.concept == danger and m.assertion is Assertion.AFFIRMED]
        kinds = [
            {(m.rule.partition("+")[0], m.thing) for m in spoken if (m.entry < read_before) is known}
            for known in (True, False)
        ]
        if kinds[0] and kinds[1] - kinds[0]:
            access = assessment.dangers[danger].access.value
            params = {"danger": danger.value, "assertion": Assertion.AFFIRMED.value, "access": access}
            reasons[danger] = Reason(code="NEW_DANGER", params=params)
    return tuple(reasons.values())


def _rank(assertion: Assertion) -> int:
    return ASSERTION_PRECEDENCE.index(assertion)


async def releases_of(connection: Connection, call_id: UUID, prior: Standing) -> list[Release]:
    """Every gate release a person gave for this call; without a latched gate there was nothing to release."""
    if not prior.gates:
        return []
    return [Release.model_validate(dict(row)) for row in await connection.fetch(query("releases"), call_id)]


async def keep_assessment(
    pen: Writing, call_id: UUID, text_version: int, read: Read, decision_version: int
) -> None:
    """Store an assessment and let it stand."""
    await pen.connection.execute(
        query("keep_assessment"),
        call_id,
        new_id(),
        text_version,
        pen.at,
        read.assessment.artefact,
        read.body,
        read.view.model_dump(mode="json"),
        read.standing.model_dump(mode="json"),
        decision_version,
    )
