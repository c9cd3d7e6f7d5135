"""Retention as it will run some day: the same database under a later clock."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from api.desk import Desk
from api.retention import retain
from models.store.database import query
from tests.service import HERE, Json, Service, good, post_call

MARK = "ZYXWORD"
WORDS = f"{MARK} MAN HEARING VOICES, HE HAS A KNIFE IN HIS HAND"


def in_days(service: Service, days: float) -> Desk:
    """The service's desk on a later day."""
    clock = service.live.now
    return replace(service.live, now=lambda: clock() + timedelta(days=days))


async def retained(service: Service, days: float = 0) -> None:
    """A whole round of retention, so many days from now; the service's own may be at it."""
    async with asyncio.timeout(20):
        while not await retain(in_days(service, days), service.postgres):
            await asyncio.sleep(0.05)


async def keep_words(service: Service, days: int | None, center: str = "alpha") -> None:
    """How many days a center keeps words."""
    await service.sql(query("set_retention"), center, days)


async def closed(service: Service, call: Json) -> Json:
    """The call, closed by its CAD."""
    return dict(good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))["call"])


async def whole(service: Service, call: Json) -> Json:
    """The call with its words, as a clinician reads it."""
    return dict(good(await service.get("clinician", f"/v1/calls/{call['id']}")))


async def hold(service: Service, call: Json) -> int:
    """A legal hold on a call; its number."""
    rows = await service.sql(
        query("add_hold"), "alpha", call["id"], "matter 7", "counsel", service.live.now()
    )
    return int(rows[0]["id"])


async def marked(service: Service) -> Json:
    """A call with words, a caller and a place."""
    place = {"location": {**HERE, "place": f"9 {MARK} RD"}}
    call = await post_call(service, WORDS, **place, caller={"relation": MARK}, attributes={"x": MARK})
    return dict(call["call"])


async def old(service: Service) -> Json:
    """A closed call with words."""
    return await closed(service, await marked(service))


async def words_left(service: Service) -> list[str]:
    """Tables in which the marked word still stands; the log and the answers of keys have a term of their own."""
    tables = await service.sql(
        "select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
        "and not relispartition and relname not in ('idempotency', 'event_held')"
    )
    return [
        name
        for name in sorted(row["name"] for row in tables)
        if await service.sql(f"select 1 from {name} t where t::text like '%{MARK}%' limit 1")  # noqa: S608
    ]
