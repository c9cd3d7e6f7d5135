"""tandem policy: a center's policy is checked, tried, set from a moment on and planned by, without a restart."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api.clock import utc_now
from api.embedded import Engines
from api.policies import packaged
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


async def test_policy_of_later_holds_when_its_time_comes_with_no_event(
    console: Console, tmp_path: Path
) -> None:
    service = console.service
    call = (await post_call(service))["call"]
    await flag(service, call)
    await console.proposed(call["id"])
    begin = datetime.now(UTC) + timedelta(seconds=6)
    assert (await tandem(service, "set", "alpha", written(tmp_path), *WHO, "--from", begin.isoformat()))[
        0
    ] == 0
    assert (await service.live.center("alpha")).policy.digest == default_policy().digest
    after = await console.call(call["id"], lambda c: c["recommendation"]["policy"] == DIGEST)
    assert datetime.fromisoformat(after["recommendation"]["at"]) >= begin
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
    service: Service, tmp_path: Path
) -> None:
    begin = (datetime.now(UTC) + timedelta(days=2)).replace(tzinfo=None).isoformat(timespec="minutes")
    third = changed_policy(rendezvous_gap_minutes="7")
    for text, since in ((OTHER, begin), (third, "now"), (packaged(), begin)):
        said = await tandem(service, "set", "alpha", written(tmp_path, text), *WHO, "--from", since)
        assert said[0] == 0, said
    in_three_days = utc_now() + timedelta(days=3)
    async with asyncio.timeout(20):
        while service.live.policies.of("alpha", in_three_days) != default_policy():
            await asyncio.sleep(0.05)
    assert (await service.live.center("alpha")).policy == load_policy(third)
    _, listed = await tandem(service, "history", "alpha")
    lines = [line.split("\t") for line in listed.splitlines()]
    assert [(line[0], line[-1]) for line in lines] == [
        ("version 3", "to come"), ("version 2", "holds"), ("version 1", "to come"),
    ]  # fmt: skip
    assert all({"director", "trial in the north"} <= set(line) for line in lines)
    shown = [(await tandem(service, "show", "alpha", *more))[1] for more in ((), ("--version", "1"))]
    assert ("minutes = 7" in shown[0], "minutes = 6" in shown[1]) == (True, True)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await service.sql("update center_policy set effective_from = now()")


async def test_time_without_a_zone_is_the_centers_and_the_past_is_refused(
    service: Service, tmp_path: Path
) -> None:
    file = written(tmp_path)
    for since, fault in (("2020-01-01T06:00", "has passed"), ("tomorrow", "is no time")):
        status, said = await tandem(service, "set", "alpha", file, *WHO, "--from", since)
        assert (status, fault in said) == (1, True), said
    await tandem(service, "set", "alpha", file, *WHO, "--from", "2099-07-01T06:00")
    (row,) = await service.sql("select effective_from from center_policy")
    assert row["effective_from"] == datetime(2099, 7, 1, 10, tzinfo=UTC)


async def test_faulty_file_is_refused_with_line_and_fix_and_changes_nothing(
    service: Service, tmp_path: Path
) -> None:
    file = written(tmp_path, OTHER.replace('R2 = "COR"', 'R2 = "CORE"', 1))
    line = next(n for n, text in enumerate(OTHER.splitlines(), 1) if text == 'R2 = "COR"')
    for words in (("check", file), ("set", "alpha", file, *WHO), ("diff", "packaged", file)):
        status, said = await tandem(service, *words)
        assert (status, f"own.toml, line {line}" in said, "use one of" in said) == (1, True, True), said
    assert await service.sql("select 1 from center_policy") == []
    status, said = await tandem(service, "check", written(tmp_path))
    assert (status, "Units that meet arrive within 6 minutes" in said, DIGEST in said) == (0, True, True)


async def test_what_is_shown_can_be_set_and_packaged_follows_the_package_again(
    service: Service, tmp_path: Path
) -> None:
    shown = (await commands.tandem(service, "policy", "show", "alpha")).out
    assert load_policy(shown).digest == default_policy().digest
    for file in (written(tmp_path), "packaged"):
        assert (await tandem(service, "set", "alpha", file, *WHO))[0] == 0
    await until(service, lambda digest: digest == default_policy().digest)
    assert [row["body"] for row in await service.sql("select body from center_policy order by version")] == [
        OTHER, "",
    ]  # fmt: skip


async def test_dry_run_names_the_calls_that_would_be_answered_otherwise(
    service: Service, tmp_path: Path
) -> None:
    calls = tmp_path / "calls.jsonl"
    said = ("HEARING VOICES TALKING TO HERSELF IN HER APARTMENT", "CAR PARKED AT THE HYDRANT")
    calls.write_text(
        "".join(json.dumps({"id": f"c-{n}", "narrative": text}) + "\n" for n, text in enumerate(said))
    )
    file = written(tmp_path, packaged().replace('wait = "when_clinician_on_shift"', 'wait = "never"'))
    status, told = await tandem(service, "diff", "packaged", file, "--on", str(calls))
    assert status == 0, told
    assert "2 calls read, 1 eligible, 1 would be answered otherwise." in told
    assert "c-0\tno longer waits for the clinician" in told
    assert "- Review: A pairing waits for the clinician's look at the call: when_clinician_on_shift." in told
    assert "APARTMENT" not in told
    board = tmp_path / "units.json"
    board.write_text(json.dumps({"units": (await service.snapshot())["units"]}))
    out = (await commands.tandem(
        service, "policy", "diff", "packaged", file, "--on", str(calls), "--units", str(board), "--json"
    )).out  # fmt: skip
    found = [json.loads(line) for line in out.splitlines()]
    assert found[0] == {"id": "c-0", "changes": ["no longer waits for the clinician"]}
    assert (found[-1]["read"], found[-1]["changed"]) == (2, 1)


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
