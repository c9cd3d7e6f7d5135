"""Engines of a test's own, which it may stop, kill, cut off or starve."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from api.embedded import Engines, embedded_engines
from api.engine_runner import recorded_process
from models.store.migrate import migrate
from tests.service import on_shift, seed


@dataclass(frozen=True, slots=True)
class Own:
    """PostgreSQL and Redis on a folder, with the centers, people and units of every test."""

    folder: Path
    engines: Engines
    tokens: Mapping[tuple[str, str], str]

    @property
    def postmaster(self) -> int:
        """PostgreSQL's first process."""
        process = recorded_process(self.folder / "postgres")
        assert process is not None
        return process

    async def reload(self) -> None:
        """PostgreSQL reads its files again."""
        connection = await asyncpg.connect(self.engines.postgres)
        await connection.execute("select pg_reload_conf()")
        await connection.close()


@asynccontextmanager
async def own_engines(folder: Path) -> AsyncIterator[Own]:
    """Both engines for as long as the block lasts."""
    folder.chmod(0o755)  # where root runs the tests, the engines' user has to get in
    async with embedded_engines(folder) as engines:
        await migrate(engines.postgres)
        tokens = await seed(engines.postgres)
        await on_shift(engines.postgres)
        yield Own(folder, engines, tokens)
