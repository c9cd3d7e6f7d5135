"""PostgreSQL restarted, killed or out of disk under load: what was acknowledged is there, and it heals by itself."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.console import Console, lasting_console
from tests.ledger import Ledger, everything_is_there, more, posting
from tests.process import Served, served
from tests.service import Service, flag, good, post_call
from tests.spare import Own, own_engines

DISK = 300  # megabytes; a new cluster takes about forty


@asynccontextmanager
async def watched_service(own: Own, data: Path) -> AsyncIterator[tuple[Served, Service, Console]]:
    """The service as a process of its own, which must outlive the test, and a console that listens."""
    running = served(own.engines.postgres, own.engines.redis, own.tokens, data)
    async with running as (process, service), lasting_console(service) as console:
        try:
            yield process, service, console
            assert process.process.returncode is None
        finally:  # what it says of a fault nobody foresaw explains any other failure
            faults = [line for line in process.said if '"level": "error"' in line and "disk_full" not in line]
            assert faults == []


async def refusals(ledger: Ledger, *codes: str) -> None:
    """Wait until the CAD was told one of these problems."""
    async with asyncio.timeout(60):
        while not any(ledger.refused[code] for code in codes):
            await asyncio.sleep(0.01)


async def healed(service: Service, console: Console, ledger: Ledger) -> None:
    """All there, nothing missing any more, and a new call is paired on a console that agrees with the service."""
    await everything_is_there(service, ledger)
    async with asyncio.timeout(20):
        while good(await service.get("anonymous", "/readyz"))["degraded"]:
            await asyncio.sleep(0.1)
    call = (await post_call(service))["call"]
    await flag(service, call)
    await console.proposed(call["id"])
    await console.caught_up()
    assert not console.resynced


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_postgres_restarted_under_load_loses_nothing_and_the_service_heals_by_itself(
    number: signal.Signals, tmp_path: Path
) -> None:
    with TemporaryDirectory(prefix="tandem-") as folder:
        async with (
            own_engines(Path(folder)) as own,
            watched_service(own, tmp_path) as (_, service, console),
        ):
            async with posting(service) as ledger:
                await more(ledger, 40)
                os.kill(own.postmaster, number)
                await refusals(ledger, "not_ready")
                await more(ledger, 40)
            assert set(ledger.refused) == {"not_ready"}
            await healed(service, console, ledger)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of this size."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small file system")
    with TemporaryDirectory(prefix="tandem-") as folder:
        size = ("-o", f"size={megabytes}m,mode=0755")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", *size, "tmpfs", folder], check=False, capture_output=True
        )
        if mounted.returncode:
            pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode().strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            while True:
                try:
                    file.write(b"\0" * size)
                except OSError:
                    break
    return ballast


async def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with small_disk(DISK) as folder:
        async with (
            own_engines(folder) as own,
            watched_service(own, tmp_path) as (_, service, console),
        ):
            async with posting(service) as ledger:
                await more(ledger, 40)
                ballast = fill(folder)
                await refusals(ledger, "disk_full")
                kept = good(await service.get("dispatcher", "/v1/calls", params={"limit": 500}))["calls"]
                assert set(ledger.calls.values()) <= {call["id"] for call in kept}
                await asyncio.sleep(2)
                ballast.unlink()
                await more(ledger, 40)
            assert set(ledger.refused) <= {"disk_full", "not_ready"}
            await healed(service, console, ledger)
