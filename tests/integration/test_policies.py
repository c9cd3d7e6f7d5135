"""tandem policy: a center's policy is checked, tried, set from a moment on and planned by, without a restart."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api.clock import utc_now
from api.embedded import Engines
from api.policies import packaged, set_policy
from dispatch.policy import default_policy, load_policy
from tests import commands
from tests.conftest import Seeded
from tests.console import Console
from tests.integration.test_hold_commands import audited
from tests.service import Service, accept, changed_policy, flag, good, post_call, running_service

WHO = ("--by", "director", "--why", "trial in the north")
OTHER = changed_policy(rendezvous_gap_minutes="6")
DIGEST = load_policy(OTHER).digest


def written(folder: Path, text: str = OTHER) -> str:
    (folder / "own.toml").write_text(text)
    return str(folder / "own.toml")


async def tandem(service: Service, *words: str) -> tuple[int, str]:
    """A command's status and all that it wrote."""
    said = await commands.tandem(service, "policy", *words)
    return said.status, said.out + said.err


async def until(service: Service, true: Callable[[str], bool]) -> None:
    """Wait until the policy by which alpha is judged is so."""
    async with asyncio.timeout(20):
        while not true((await service.live.center("alpha")).policy.digest):
            await asyncio.sleep(0.05)


async def test_policy_that_is_set_is_planned_by_at_once_and_every_open_recommendation_made_again(
    console: Console, tmp_path: Path
) -> None:
    service = console.service
    call = (await post_call(service))["call"]
    await flag(service, call)
    before = await console.proposed(call["id"])
    assert before["recommendation"]["policy"] == default_policy().digest
    status, said = await tandem(service, "set", "alpha", written(tmp_path), *WHO)
    assert (status, f"version 1, digest {DIGEST}" in said) == (0, True), said
    after = await console.call(call["id"], lambda c: c["recommendation"]["policy"] == DIGEST)
    assert after["recommendation"]["revision"] == before["recommendation"]["revision"] + 1
    good(await accept(service, after))
    other = (await service.live.center("beta")).policy
    assert other.digest == default_policy().digest
    assert (await service.snapshot())["policy"]["digest"] == DIGEST
    assert await audited(service) == [("policy.set", "director", "trial in the north")]
    await console.caught_up()


async def test_policy_of_later_holds_when_its_time_comes_with_no_event(console: Console) -> None:
    service = console.service
    call = (await post_call(service))["call"]
    await flag(service, call)
    await console.proposed(call["id"])
    begin = utc_now() + timedelta(seconds=4)
    async with service.live.pool.acquire() as connection:
        await set_policy(connection, "alpha", OTHER, by="director", reason="trial", since=begin)
    after = await console.call(call["id"], lambda c: c["recommendation"]["policy"] == DIGEST)
    assert datetime.fromisoformat(after["recommendation"]["at"]) >= begin
    assert after["recommendation"]["revision"] == 2
    await console.caught_up()


async def test_every_process_takes_it_up_and_any_of_them_decides_by_it(
    console: Console, seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as other:
        call = (await post_call(console.service))["call"]
        await flag(console.service, call)
        assert (await tandem(other, "set", "alpha", written(tmp_path), *WHO))[0] == 0
        after = await console.call(call["id"], lambda c: (c["recommendation"] or {}).get("policy") == DIGEST)
        for service in (console.service, other):
            await until(service, lambda digest: digest == DIGEST)
        decided = good(await accept(other, after))["call"]
    assert decided["decision"]["state"] == "reserved"
    (record,) = await console.service.sql("select policy from decision_record where decision_id is not null")
    assert record["policy"] == DIGEST


async def test_the_latest_whose_time_has_come_holds_and_the_later_version_of_two_at_one_time(
    service: Service,
) -> None:
    later, third = utc_now() + timedelta(days=2), changed_policy(rendezvous_gap_minutes="7")
    for text, since in ((OTHER, later), (third, None), (packaged(), later)):
        async with service.live.pool.acquire() as connection:
            await set_policy(connection, "alpha", text, by="director", reason="trial", since=since)
    await until(service, lambda digest: digest == load_policy(third).digest)
    async with asyncio.timeout(20):
        while service.live.policies.of("alpha", later) != default_policy():
            await asyncio.sleep(0.05)
    _, listed = await tandem(service, "history", "alpha")
    lines = [line.split("\t") for line in listed.splitlines()]
    assert [(line[0], line[-1]) for line in lines] == [
        ("version 3", "to come"),
        ("version 2", "holds"),
        ("version 1", "to come"),
    ]
    assert all({"director", "trial"} <= set(line) for line in lines)
    assert "minutes = 6" in (await tandem(service, "show", "alpha", "--version", "1"))[1]
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await service.sql("update center_policy set effective_from = now()")


async def test_faulty_file_is_refused_with_line_and_fix_and_changes_nothing(
    service: Service, tmp_path: Path
) -> None:
    file = written(tmp_path, OTHER.replace('R2 = "COR"', 'R2 = "CORE"', 1))
    status, said = await tandem(service, "set", "alpha", file, *WHO)
    assert (status, "own.toml, line" in said, "use one of" in said) == (1, True, True), said
    assert await service.sql("select 1 from center_policy") == []


async def test_what_holds_is_shown_and_packaged_follows_the_package_again(service: Service) -> None:
    async with service.live.pool.acquire() as connection:
        await set_policy(connection, "alpha", OTHER, by="director", reason="trial")
    shown = (await commands.tandem(service, "policy", "show", "alpha")).out
    assert load_policy(shown).digest == DIGEST
    assert (await tandem(service, "set", "alpha", "packaged", *WHO))[0] == 0
    await until(service, lambda digest: digest == default_policy().digest)
    rows = await service.sql("select body from center_policy order by version")
    assert [row["body"] for row in rows] == [OTHER, ""]


async def test_version_that_an_upgrade_made_unusable_is_said_and_the_packaged_policy_holds(
    seeded: Seeded, engines: Engines
) -> None:
    running = running_service(seeded.postgres, engines.redis, seeded.tokens)
    async with running as service:
        insert = "insert into center_policy values ('alpha', 1, 'd', $1, now(), 'director', 'long ago')"
        await service.sql(insert, OTHER.replace("[travel]", "[travels]"))
        async with asyncio.timeout(20):
            while "policy" not in (await service.get("anonymous", "/readyz")).json()["degraded"]:
                await asyncio.sleep(0.1)
        assert (await service.live.center("alpha")).policy.digest == default_policy().digest
        assert (await post_call(service))["assessment"] is not None
        said = (await commands.tandem(service, "doctor")).out
        assert "travels: no such key" in " ".join(said.split())


async def test_policy_of_before_versions_were_kept_is_the_first_version(database_url: str) -> None:
    """The migration takes over what an older release had stored."""
    sql = (Path(__file__).parents[2] / "models/migrations/0017_policy_versions.sql").read_text()
    connection = await asyncpg.connect(database_url)
    await connection.execute("drop table center_policy")
    await connection.execute(
        "insert into center (id, name, timezone, policy) values ('old', '', 'UTC', $1), ('none', '', 'UTC', null)",
        OTHER,
    )
    await connection.execute(sql)
    rows = await connection.fetch(
        "select center_id, version, body, effective_from <= now() as begun from center_policy"
    )
    await connection.close()
    assert [tuple(row) for row in rows] == [("old", 1, OTHER, True)]
