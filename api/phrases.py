"""The phrases that centers wrote of their own, as the service reads calls with them."""

import asyncio

import structlog

from api.logs import told
from models.store.database import Connection, Pool, query
from triage.datafiles import LexiconError, Written
from triage.overlay import Overlay, overlay_of

log = structlog.get_logger()


class OwnPhrases:
    """The newest version of every center, looked for once a second; reading a call asks no database."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._standing: dict[str, Overlay | None] = {}
        self._unusable: set[str] = set()

    def of(self, center: str) -> Overlay | None:
        """What the center added to the packaged phrases; nothing, as a rule."""
        return self._standing.get(center)

    async def take_up(self, pool: Pool) -> bool:
        """Compile what is new. False while a version that stands cannot be used, as after an upgrade."""
        for row in await pool.fetch(query("phrases_heads")):
            center, version = row["center_id"], row["version"]
            if self._versions.get(center) == version:
                continue
            async with pool.acquire() as connection:
                written = await written_by(connection, center)
            try:
                # a long file takes a while, and a call is not to wait for it
                self._standing[center] = await asyncio.to_thread(overlay_of, written) if written else None
                self._unusable.discard(center)
            except LexiconError as fault:
                self._standing.pop(center, None)  # an older version is not what the center wants
                self._unusable.add(center)
                log.error("phrases.unusable", center=center, version=version, **told(fault))
            self._versions[center] = version
        return not self._unusable


async def written_by(connection: Connection, center: str) -> Written | None:
    """The version that stands, under the name that faults are told by."""
    row = await connection.fetchrow(query("phrases_of"), center, None)
    return Written(f"{center} version {row['version']}", row["body"]) if row else None
