"""Brings a center's board in tune with whether it runs silently: what was shown goes, what was hidden is read again."""

from typing import Any

from api.desk import Center, Desk
from api.intake import assess_again
from api.reading import view_of
from models.assessment import Assessment, Standing
from models.events import CallChanged, PairingWithdrawn
from models.store.calls import lock_call
from models.store.database import Connection, query
from models.store.writing import Writing, writing_on


async def tune(desk: Desk, connection: Connection, center: Center) -> None:
    """Told as any change is told; whoever plans for the center does it, before anything else."""
    for row in await connection.fetch(query("out_of_tune"), center.id, center.silent):
        async with writing_on(connection, center.id, desk.now(), None) as pen:
            call = await lock_call(pen, row["id"])
            if center.silent:
                await _hush(pen, call)
            elif await assess_again(desk, pen, call):
                pen.tell_call(CallChanged, call["id"], what=("assessment",))


async def _hush(pen: Writing, call: Any) -> None:
    body = await pen.connection.fetchval(query("standing_assessment"), call["id"])
    stands, version = call["standing"], call["decision_version"] + 1
    view = view_of(Assessment.model_validate_json(body), Standing.model_validate(stands), silent=True)
    shown = view.model_dump(mode="json")
    await pen.connection.execute(query("set_standing"), call["id"], shown, stands, version)
    if call["recommendation_id"] is not None and call["decision_id"] is None:
        await pen.connection.execute(query("move_recommendation"), call["recommendation_id"], "withdrawn")
        await pen.connection.execute(query("set_recommendation"), call["id"], None, version)
        pen.tell_call(PairingWithdrawn, call["id"])
    else:
        pen.tell_call(CallChanged, call["id"], what=("assessment",))
