"""The service under measurement: real engines in a folder of their own, and `tandem serve` as anybody starts it."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from api.embedded import Engines, embedded_engines
from models.store.migrate import migrate

TANDEM = Path(sys.executable).with_name("tandem")


@asynccontextmanager
async def engines() -> AsyncIterator[Engines]:
    """Fresh PostgreSQL and Redis with the schema, gone afterwards; TANDEM_POSTGRES and TANDEM_REDIS are ignored."""
    with TemporaryDirectory(prefix="tandem-bench-") as folder:
        Path(folder).chmod(0o755)  # where root runs this, the engines' own user has to get in
        async with embedded_engines(Path(folder)) as running:
            await migrate(running.postgres)
            yield running


@asynccontextmanager
async def serving(
    running: Engines, workers: int, unwanted: tuple[str, ...] = ("error", "warning")
) -> AsyncIterator[str]:
    """The service on a free port; its address. What it said of the levels that are unwanted is printed at the end."""
    knobs = {"POSTGRES": running.postgres, "REDIS": running.redis or "", "PORT": "0", "WORKERS": str(workers)}
    environment = {**os.environ, **{f"TANDEM_{name}": value for name, value in knobs.items()}}
    process = await asyncio.create_subprocess_exec(
        TANDEM, "serve", env=environment, stdout=DEVNULL, stderr=PIPE
    )
    said: list[str] = []
    async with asyncio.timeout(60):
        url = await _address(process, said)
    drain = asyncio.create_task(_drained(process, said))
    try:
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.gather(process.wait(), drain)
        if faults := [line for line in said if any(f'"level": "{level}"' in line for level in unwanted)]:
            print("The service said:", *faults[:20], sep="\n", file=sys.stderr)


async def _address(process: Process, said: list[str]) -> str:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        said.append(line)
        if "answers at " in line:
            return line.split("answers at ")[1].strip()
    raise SystemExit("The service did not start:\n" + "".join(said))


async def _drained(process: Process, said: list[str]) -> None:
    assert process.stderr is not None
    said.extend([line.decode() async for line in process.stderr])
