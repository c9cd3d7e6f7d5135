"""Plans made once for all on an empty database still find a call by its id when a million calls have come."""

import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg

import models
from models.store.database import connect, query
from tests.service import Json

QUERIES = sorted(path.stem for path in (Path(models.__file__).parent / "queries").glob("*.sql"))
BY_ID = re.compile(r"\(id = (ANY \()?\(?\$|\bcall_id = (ANY \()?\(?\$")
#: What a center has few of, and what people look up by several numbers at once.
FEW = {"alert", "unit", "quarantine", "account", "legal_hold", "outcome"}
SEVERAL = {"find_call"}


def scans(node: Json) -> Iterator[Json]:
    yield node
    for below in node.get("Plans", []):
        yield from scans(below)


async def looked_through(connection: asyncpg.Connection, name: str) -> list[Json]:
    """Scans of this query's plan that pass other rows by to come to the one that is named."""
    parameters = len((await connection.prepare(query(name))).get_parameters())
    given = f"({', '.join(['null'] * parameters)})" if parameters else ""
    await connection.execute(f"prepare {name} as {query(name)}")
    told = await connection.fetchval(f"explain (format json) execute {name}{given}")
    return [
        scan
        for scan in scans(told[0]["Plan"])
        if BY_ID.search(scan.get("Filter", "")) and scan.get("Relation Name", "call") not in FEW
    ]


async def test_a_row_that_is_named_is_not_looked_for_among_its_centers(database_url: str) -> None:
    connection = await connect(database_url)
    await connection.execute("set plan_cache_mode = force_generic_plan")
    found = {name: await looked_through(connection, name) for name in QUERIES if name not in SEVERAL}
    await connection.close()
    assert not {name: walked for name, walked in found.items() if walked}
    assert len(found) > 90
