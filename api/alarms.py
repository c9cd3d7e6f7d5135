"""Tells people what changed about a call that was already decided."""

from collections.abc import Sequence
from typing import Any

from models.alert import AlertCode
from models.events import DecisionProgressed
from models.ids import new_id
from models.recommendation import Reason
from models.store.database import query, the_row
from models.store.writing import Writing

LIVE = ("reserved", "sent", "received")
TIER_ONE = 1


async def alarm_if_sent(pen: Writing, call: Any, dangers: Sequence[Reason]) -> None:
    """New danger after a decision, a decline included: alarm, and nothing is settled until somebody confirms again."""
    if not dangers or call["decision_id"] is None:
        return
    decision = await the_row(pen.connection, "decision", pen.center, call["decision_id"])
    if decision["state"] not in (*LIVE, "standing"):
        return
    reasons = [reason.model_dump(mode="json") for reason in dangers]
    await pen.connection.execute(
        query("set_reconfirm"), decision["id"], [*decision["reconfirm"], *reasons], decision["staging"]
    )
    await raise_alert(pen, call["id"], AlertCode.DANGER_AFTER_ACCEPT, reasons)
    pen.tell_call(DecisionProgressed, call["id"], what="reconfirm")


async def raise_alert(pen: Writing, call_id: Any, code: AlertCode, reasons: Sequence[Any]) -> None:
    """One cause on one call is one alert with a counter."""
    alert = await pen.connection.fetchval(
        query("raise_alert"), new_id(), pen.center, call_id, code.value, TIER_ONE, list(reasons), pen.at
    )
    pen.tell_alerts(alert)


async def resolve_alerts(pen: Writing, call_id: Any, *codes: AlertCode) -> None:
    """The causes are gone."""
    rows = await pen.connection.fetch(
        query("resolve_alerts"), call_id, [code.value for code in codes], pen.at
    )
    pen.tell_alerts(*(row["id"] for row in rows))
