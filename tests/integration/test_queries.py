"""Every query fits the schema that the migrations make."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from api.embedded import Engines
from models.store.database import QUERIES, query
from models.store.migrate import MIGRATIONS, migrate
from tests.conftest import administer, database_named
from tests.service import ROOT

NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
SOURCE = "".join(path.read_text() for part in ("api", "models") for path in Path(ROOT, part).rglob("*.py"))


@pytest.fixture(scope="module")
async def migrated(engines: Engines, migrated_template: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a migrated database."""
    await administer(engines, f"create database queries template {migrated_template}")
    connection = await asyncpg.connect(database_named(engines, "queries"))
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", NAMES)
async def test_the_query_prepares_on_the_migrated_schema(name: str, migrated: asyncpg.Connection) -> None:
    await migrated.prepare(query(name))


async def test_migrating_twice_does_nothing(database_url: str) -> None:
    assert await migrate(database_url) == []


def test_every_migration_says_why_on_its_first_line() -> None:
    for path in MIGRATIONS.glob("*.sql"):
        assert re.match(r"-- \w.{20,}", path.read_text()), path.name


def test_every_query_says_what_it_is_for_on_its_first_line() -> None:
    for name in NAMES:
        assert re.match(r"-- \w.{10,}", query(name)), name


def test_every_query_is_used_and_every_used_query_exists() -> None:
    used = set(re.findall(r"\bquery\(\"(\w+)\"\)", SOURCE))
    used |= set(re.findall(r"\bthe_row\([\w.]+, \"(\w+)\"", SOURCE))
    used |= {"entries", "flags", "answers", "releases"}  # read by name in api/reading_room.py
    used |= {"close_plain_call", "append_plain_entry"}  # written by name in api/optimistic.py
    used |= {"records"}  # what an auditor asks the database itself
    assert used == set(NAMES)
