"""The log by months: where events lie, what becomes of old months, and that no clock ever refuses a call."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from api.embedded import Engines
from models.store.database import connect, query
from models.store.migrate import MIGRATIONS, migrate
from tests.ageing import closed, hold, in_days, retained, whole
from tests.conftest import administer, database_named
from tests.console import Console, listening_console
from tests.integration.test_intake import log_is_whole
from tests.service import Json, Service, good, post_call
from tests.story import accepted, append, outcome

PARTS = "select tableoid::regclass::text as part, count(*) as events from event group by 1 order by 1"


async def parts(service: Service) -> dict[str, int]:
    """Events by the part of the log they lie in."""
    return {row["part"]: row["events"] for row in await service.sql(PARTS)}


async def make_month(service: Service, days: float) -> str | None:
    """The name of the part that was made for the month so many days from now."""
    (row,) = await service.sql(query("make_log_month"), in_days(service, days).now())
    name: str | None = row["make_log_month_v1"]
    return name


async def test_an_event_lies_in_the_part_of_its_month(service: Service) -> None:
    await post_call(service)
    assert set(await parts(service)) == {f"event_{service.live.now():%Y_%m}"}


async def test_this_month_and_the_next_have_their_part_before_they_begin(service: Service) -> None:
    await retained(service, 100)
    for days in (100, 125):
        assert await make_month(service, days) is None


async def test_a_clock_gone_astray_refuses_no_call_and_its_events_come_over(
    service: Service, console: Console
) -> None:
    clock = service.live.now
    service.live.now = in_days(service, 4000).now
    call = (await post_call(service))["call"]
    service.live.now = clock
    await console.call(call["id"], lambda c: c["state"] == "open")
    assert (await parts(service))["event_default"] > 0
    month = await make_month(service, 4000)
    assert month is not None
    assert set(await parts(service)) >= {month}
    assert "event_default" not in await parts(service)
    await log_is_whole(service)
    await post_call(service)
    await console.caught_up()


async def test_a_month_that_is_made_while_it_is_written_to_refuses_nothing(service: Service) -> None:
    clock, stop = {"at": datetime.now(UTC)}, asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            told = (["x"], [None], ["{}"], *(None,) * 5)
            await service.live.pool.fetch(query("finish_writing"), "beta", clock["at"], *told)

    async with asyncio.TaskGroup() as writers, asyncio.timeout(30):
        for _ in range(6):
            writers.create_task(write())
        for month in range(1, 13):
            clock["at"] = datetime(2060, month, 15, tzinfo=UTC)
            while "event_default" not in await parts(service):
                await asyncio.sleep(0.01)
            await service.sql(query("make_log_month"), clock["at"])
        stop.set()
    assert "event_default" not in await parts(service)
    await log_is_whole(service)


async def test_an_old_month_goes_whole_and_who_stood_in_it_starts_from_a_snapshot(service: Service) -> None:
    call = (await post_call(service))["call"]
    epoch = (await service.snapshot())["epoch"]
    await retained(service, 80)
    assert await parts(service) == {}
    service.live.rings.clear()
    frames = await service.get("dispatcher", f"/v1/console/events?epoch={epoch}&after=0")
    assert [event["type"] for event in good(frames)] == ["resync"]
    async with listening_console(service) as console:
        assert call["id"] in console.screen.calls
        await post_call(service)
        await console.caught_up()


async def test_without_old_events_the_facts_tell_what_happened_to_a_call(console: Console) -> None:
    service = console.service
    call = await accepted(console)
    call = await append(service, call, "SHE IS CALM NOW")
    call = await closed(service, await outcome(service, call, resolution="shelter"))
    events = (await whole(service, call))["log"]
    await retained(service, 80)
    facts = (await whole(service, call))["log"]
    kept = {
        "call.taken.v1",
        "call.reviewed.v1",
        "pairing.decided.v1",
        "outcome.recorded.v1",
        "call.closed.v1",
    }
    assert kept <= {line["type"] for line in facts} <= {line["type"] for line in events}
    assert [line["at"] for line in facts] == sorted(line["at"] for line in facts)
    (decided,) = [line for line in facts if line["type"] == "pairing.decided.v1"]
    assert (decided["by"], decided["decision_kind"]) == ("dispatcher", "accepted")
    assert [line["seq"] for line in facts] == list(range(1 - len(facts), 1))
    assert ["entry"] in [line["what"] for line in facts]


async def test_a_call_over_the_turn_of_a_month_is_told_by_both(service: Service) -> None:
    call = (await post_call(service))["call"]
    whole_log = (await whole(service, call))["log"]
    await closed(service, call)
    await service.sql("delete from event where type = 'call.taken.v1'")
    log = (await whole(service, call))["log"]
    assert [line["type"] for line in log if line["seq"] <= 0] == ["call.taken.v1"]
    assert log[0]["at"] == whole_log[0]["at"]
    assert [line["type"] for line in log].count("call.closed.v1") == 1


async def test_events_of_a_held_call_outlive_their_month_and_go_after_the_hold(service: Service) -> None:
    held, other = [await closed(service, (await post_call(service))["call"]) for _ in range(2)]
    standing = await hold(service, held)
    log = (await whole(service, held))["log"]
    await retained(service, 80)
    assert (await whole(service, held))["log"] == log
    assert max(line["seq"] for line in (await whole(service, other))["log"]) == 0
    await service.sql(query("release_hold"), "alpha", standing, "settled", "counsel", service.live.now())
    await retained(service, 80)
    assert max(line["seq"] for line in (await whole(service, held))["log"]) == 0


async def test_who_reads_the_log_for_long_is_waited_for_by_nobody(service: Service) -> None:
    await post_call(service)
    backup = await connect(service.postgres)
    try:
        async with backup.transaction():
            await backup.fetch("select count(*) from event")
            await retained(service, 80)
            assert await parts(service)
            await post_call(service)
        await retained(service, 80)
        assert not [part for part in await parts(service) if part != "event_default"]
    finally:
        await backup.close()


async def test_a_stray_event_goes_when_it_is_as_old_as_its_month(service: Service) -> None:
    clock = service.live.now
    service.live.now = in_days(service, -4000).now
    stray, held = [(await post_call(service))["call"] for _ in range(2)]
    service.live.now = clock
    await hold(service, held)
    await retained(service)
    first = [(await whole(service, call))["log"][0] for call in (stray, held)]
    assert [line["type"] for line in first] == ["call.taken.v1"] * 2
    assert [line["seq"] > 0 for line in first] == [False, True]


async def test_a_log_that_was_there_before_is_kept_whole(engines: Engines) -> None:
    await administer(engines, "create database grown_up")
    address = database_named(engines, "grown_up")
    connection = await asyncpg.connect(address)
    before = [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.name < "0011_log_months"]
    await connection.execute("create table migration (name text primary key, at timestamptz default now())")
    for path in before:
        await connection.execute(path.read_text())
        await connection.execute("insert into migration (name) values ($1)", path.name)
    await connection.execute("insert into center (id, name, timezone) values ('old', 'Old', 'UTC')")
    moments = [datetime(2020, 2, 3, tzinfo=UTC), datetime.now(UTC), datetime(2050, 1, 1, tzinfo=UTC)]
    for seq, at in enumerate(moments, 1):
        await connection.execute(
            "insert into event (center_id, seq, at, type, body) values ('old', $1, $2, 'x', '{}')", seq, at
        )
    assert await migrate(address)
    rows = await connection.fetch("select seq, at, tableoid::regclass::text as part from event order by seq")
    assert [row["at"] for row in rows] == moments
    assert [row["part"] == "event_default" for row in rows] == [False, False, True]
    await connection.close()
    await administer(engines, "drop database grown_up with (force)")


async def test_the_number_of_an_event_is_given_once_across_months(service: Service) -> None:
    clock = service.live.now
    for days in (0, 40, 0, 80):
        service.live.now = in_days(service, days).now if days else clock
        await post_call(service)
        service.live.now = clock
    assert len(await parts(service)) >= 2
    await log_is_whole(service)


async def test_the_decision_feed_reads_across_months(console: Console) -> None:
    service = console.service
    call = await accepted(console)
    await service.sql("update event set at = at + interval '40 days' where type = 'pairing.decided.v1'")
    rows: list[Json] = good(await service.get("integrator", "/v1/decisions"))["decisions"]
    assert [row["call_id"] for row in rows if row["type"] == "pairing.decided.v1"] == [call["id"]]
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
