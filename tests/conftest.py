"""Real engines for every test that wants them: one PostgreSQL and one Redis a session, a database a test."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from api.embedded import Engines, embedded_engines
from tests.console import Console, listening_console
from tests.service import Service, on_shift, running_service, seed

TEMPLATE = "migrated"
numbers = count(1)


@pytest.fixture(scope="session")
async def engines() -> AsyncIterator[Engines]:
    """One embedded PostgreSQL and Redis for the whole session."""
    with TemporaryDirectory(prefix="tandem-") as folder:
        Path(folder).chmod(0o755)  # where root runs the tests, the engines' user has to get in
        async with embedded_engines(Path(folder)) as running:
            yield running


@pytest.fixture(scope="session")
async def migrated_template(engines: Engines) -> str:
    """Name of a database with the whole schema and no rows, to copy from."""
    from models.store.migrate import migrate

    await administer(engines, f"create database {TEMPLATE}")
    await migrate(database_named(engines, TEMPLATE))
    return TEMPLATE


@pytest.fixture
async def database_url(engines: Engines, migrated_template: str) -> AsyncIterator[str]:
    """A fresh migrated database, gone after the test."""
    name = f"test_{next(numbers)}"
    await administer(engines, f"create database {name} template {migrated_template}")
    yield database_named(engines, name)
    await administer(engines, f"drop database {name} with (force)")


@pytest.fixture
async def redis_url(engines: Engines) -> str:
    """The session's Redis, emptied; skips where no Redis is bundled."""
    if engines.redis is None:
        pytest.skip("no Redis is bundled for this platform")
    async with Redis.from_url(engines.redis) as redis:
        await redis.flushall()
    return engines.redis


def database_named(engines: Engines, name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(engines.postgres)._replace(path=f"/{name}").geturl()


async def administer(engines: Engines, command: str) -> None:
    """Run one command outside any of the tests' databases."""
    connection = await asyncpg.connect(engines.postgres)
    try:
        await connection.execute(command)
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Seeded:
    """A fresh database with two centers, every role and a roster of units."""

    postgres: str
    tokens: Mapping[tuple[str, str], str]


@pytest.fixture(scope="session")
async def seeded_template(engines: Engines, migrated_template: str) -> Seeded:
    """The database that every test's own is a copy of; hashing passwords takes a second."""
    await administer(engines, f"create database seeded template {migrated_template}")
    postgres = database_named(engines, "seeded")
    return Seeded(postgres, await seed(postgres))


@pytest.fixture
async def seeded(engines: Engines, seeded_template: Seeded) -> AsyncIterator[Seeded]:
    """A seeded database of the test's own, its units freshly heard of; gone after the test."""
    name = f"test_{next(numbers)}"
    await administer(engines, f"create database {name} template seeded")
    postgres = database_named(engines, name)
    await on_shift(postgres)
    yield Seeded(postgres, seeded_template.tokens)
    await administer(engines, f"drop database {name} with (force)")


@pytest.fixture
async def service(seeded: Seeded, engines: Engines) -> AsyncIterator[Service]:
    """The whole service on a fresh database with two centers, every role and a roster of units."""
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as running:
        yield running


@pytest.fixture
async def console(service: Service) -> AsyncIterator[Console]:
    """A dispatcher's console that listens."""
    async with listening_console(service) as listening:
        yield listening
