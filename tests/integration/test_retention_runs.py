"""How the retention job goes about it: it may be cut off, is alone, waits for nobody and says how far it is."""

import asyncio
import re
from contextlib import suppress
from datetime import timedelta

import pytest

from api import retention
from models.store.database import connect
from tests.ageing import (
    MARK,
    in_days,
    keep_words,
    old,
    retained,
    whole,
    words_left,
)
from tests.service import Service, running_service


async def test_a_purge_that_is_cut_off_goes_on_where_it_stopped(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        await old(service)
    await keep_words(service, 90)
    monkeypatch.setattr(retention, "WORDS", 1)
    done = "select 1 from call where redacted_at is not null"
    cut = asyncio.create_task(retained(service, 91))
    async with asyncio.timeout(20):
        while not await service.sql(done):
            await asyncio.sleep(0.01)
    cut.cancel()
    with suppress(asyncio.CancelledError):
        await cut
    assert 0 < len(await service.sql(done)) < 6
    await retained(service, 91)
    assert len(await service.sql(done)) == 6
    assert len(await service.sql("select 1 from audit where action = 'call.redacted'")) == 6


async def test_one_process_purges_at_a_time(service: Service) -> None:
    await retained(service)
    other = await connect(service.postgres)
    try:
        await other.execute("select pg_advisory_lock($1)", retention.LOCK)
        assert await retention.retain(in_days(service, 1), service.postgres) is False
    finally:
        await other.close()
    await retained(service, 1)


async def test_a_call_somebody_works_on_is_waited_for_by_nobody(service: Service) -> None:
    busy, free = [await old(service) for _ in range(2)]
    await keep_words(service, 90)
    connection = await connect(service.postgres)
    try:
        async with connection.transaction():
            await connection.execute("select from call where id = $1 for no key update", busy["id"])
            await retained(service, 91)
        assert MARK in str((await whole(service, busy))["entries"])
        assert MARK not in str((await whole(service, free))["entries"])
    finally:
        await connection.close()
    await retained(service, 91)
    assert await words_left(service) == []


async def test_progress_is_in_the_metrics(service: Service) -> None:
    await old(service)
    await keep_words(service, 90)
    before = await _let_go(service)
    await retained(service, 91)
    assert await _let_go(service) == before + 1
    text = (await service.get("anonymous", "/metrics")).text
    assert "tandem_retention_due_calls 0.0" in text
    assert "tandem_retention_done_timestamp_seconds" in text


async def _let_go(service: Service) -> float:
    text = (await service.get("anonymous", "/metrics")).text
    found = re.search(r'^tandem_retention_total\{what="words_of_call"\} (\S+)', text, re.MULTILINE)
    return float(found[1]) if found else 0


async def test_the_service_does_it_by_itself(service: Service) -> None:
    await old(service)
    await keep_words(service, 90)
    await service.sql("update call set closed_at = now() - interval '91 days'")
    settings = {"keep_log": timedelta(days=35)}
    async with running_service(service.postgres, None, service.tokens, **settings), asyncio.timeout(20):
        while "entry" in await words_left(service):
            await asyncio.sleep(0.1)
