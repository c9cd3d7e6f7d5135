"""Two hosts on one PostgreSQL and Redis: one log, one planner at a time, and the other plans when that one is lost."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from api import embedded
from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import Console, lasting_console
from tests.ledger import everything_is_there, more, posting
from tests.process import OwnRedis, Served, served
from tests.service import Json, Service, flag, post_call
from tests.spare import own_engines

TOLD_AS_OFTEN_AS_MADE = """
select id from call c where (select count(*) from recommendation r where r.call_id = c.id)
    <> (select count(*) from event e where e.call_id = c.id and type = 'pairing.proposed.v1')
"""


async def plans(host: Served, center: str = "alpha") -> None:
    """Wait until this host plans the center."""
    async with asyncio.timeout(20):
        while not any("planner.took_over" in line and f'"{center}"' in line for line in host.said):
            await asyncio.sleep(0.05)


async def flagged(service: Service) -> Json:
    """A call that a clinician flagged."""
    return await flag(service, (await post_call(service))["call"])


async def each_was_proposed_once(service: Service, calls: list[Json]) -> None:
    """None of these flagged calls is without a recommendation, and no revision was made or told twice."""
    for wrong in (
        "select call_id from recommendation where status = 'proposed' group by 1 having count(*) > 1",
        "select call_id from recommendation group by 1 having count(*) <> max(revision)",
        "select call_id from recommendation group by call_id, decision_version having count(*) > 1",
        TOLD_AS_OFTEN_AS_MADE,
    ):
        assert await service.sql(wrong) == [], wrong
    standing = await service.sql("select id from call where recommendation_id is not null")
    assert {call["id"] for call in calls} <= {str(row["id"]) for row in standing}


async def test_two_hosts_show_one_log_and_the_other_plans_when_one_is_killed(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    first = served(seeded.postgres, engines.redis, seeded.tokens, tmp_path)
    second = served(seeded.postgres, engines.redis, seeded.tokens, tmp_path)
    async with first as (planner, one), second as (_, two), lasting_console(two) as there:
        await plans(planner)
        async with lasting_console(one) as here:
            async with posting(one, 6) as ours, posting(two, 6) as theirs:
                calls = [await flagged(service) for service in (one, two, one, two)]
                for call in calls:
                    await here.proposed(call["id"])
                    await there.proposed(call["id"])
            await here.caught_up()
            await there.caught_up()
        async with posting(two, 6) as later:
            await planner.kill()
            calls.append(await flagged(two))
            await there.proposed(calls[-1]["id"], 5)
        for ledger in (ours, theirs, later):
            await everything_is_there(two, ledger)
        await each_was_proposed_once(two, calls)
        await there.caught_up()
        assert not there.resynced


@dataclass(frozen=True, slots=True)
class Link:
    """A cable to another host, which is a network namespace of this machine."""

    name: str
    here: str
    there: str

    def pull(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        run("ip", "-n", self.name, "link", "set", "far", "down")

    def plug(self) -> None:
        """As it was."""
        run("ip", "-n", self.name, "link", "set", "far", "up")

    @property
    def beyond(self) -> tuple[str, ...]:
        """What runs a program on the other host."""
        return ("ip", "netns", "exec", self.name)


def run(*words: str) -> None:
    """One command that has to work."""
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def link() -> Iterator[Link]:
    """Another host and the cable to it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux makes another host out of a network namespace")
    net = f"10.213.{os.getpid() % 250}"
    link = Link(f"tandem{os.getpid()}", f"{net}.1", f"{net}.2")
    near = f"tandem{os.getpid() % 10**8}"
    try:
        run("ip", "netns", "add", link.name)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("network namespaces cannot be made here")
    try:
        run("ip", "link", "add", near, "type", "veth", "peer", "name", "far", "netns", link.name)
        run("ip", "address", "add", f"{link.here}/30", "dev", near)
        run("ip", "link", "set", near, "up")
        run("ip", "-n", link.name, "address", "add", f"{link.there}/30", "dev", "far")
        link.plug()
        yield link
    finally:
        run("ip", "netns", "delete", link.name)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The host that plans, beyond the cable, and the one beside PostgreSQL and Redis."""

    link: Link
    far: Service
    near: Service


@pytest.fixture
async def hosts(link: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hosts]:
    """Both hosts, the far one planning, everything between them over TCP."""
    monkeypatch.setitem(embedded.POSTGRES_SETTINGS, "listen_addresses", link.here)
    with TemporaryDirectory(prefix="tandem-") as folder:
        redis = OwnRedis(Path(folder), link.here)
        async with own_engines(Path(folder)) as own:
            with (Path(folder) / "postgres" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {link.here}/30 trust\n")
            postgres = f"postgresql://tandem@{link.here}:5432/tandem"
            await own.reload()
            await redis.start()
            away = {"within": link.beyond, "host": link.there, "plain": "true"}
            try:
                async with (
                    served(postgres, redis.url, own.tokens, tmp_path, **away) as (planner, far),
                    served(postgres, redis.url, own.tokens, tmp_path) as (_, near),
                ):
                    await plans(planner)
                    yield Hosts(link, far, near)
            finally:
                await redis.kill()


async def test_the_other_host_plans_when_the_cable_of_the_one_that_does_is_pulled(hosts: Hosts) -> None:
    near, link = hosts.near, hosts.link
    async with lasting_console(near) as here, lasting_console(hosts.far) as there:
        calls = [await flagged(hosts.far)]
        await here.proposed(calls[0]["id"])
        async with posting(near, 6) as ledger, posting(hosts.far, 6) as cut_off:
            await more(cut_off, 20)
            link.pull()
            calls.append(await flagged(near))
            await here.proposed(calls[-1]["id"], 5)
            await more(ledger, 20)
            link.plug()
            calls.append(await flagged(hosts.far))
            await here.proposed(calls[-1]["id"])
            await more(cut_off, 20)
        for each in (ledger, cut_off):
            await everything_is_there(near, each)
        await each_was_proposed_once(near, calls)
        await healthy(here, there)


async def healthy(*consoles: Console) -> None:
    """Each agrees with its host, and none had to start anew."""
    for console in consoles:
        await console.caught_up()
        assert not console.resynced
