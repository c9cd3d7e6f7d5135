"""Quarantine for what could not be parsed: kept whole, shown to people, never lost."""

from api.desk import Desk
from api.metrics import QUARANTINED
from api.security import Principal
from models.errors import Quarantined
from models.ids import new_id
from models.store.database import query


async def quarantine(
    desk: Desk, who: Principal, method: str, path: str, body: bytes, reason: str
) -> Quarantined:
    """Keep a body and return the error that names where it is."""
    kept = new_id()
    await desk.pool.execute(
        query("add_quarantine"), kept, who.center, who.key, f"{method} {path}", reason[:200], body
    )
    QUARANTINED.inc()
    return Quarantined(id=str(kept))
