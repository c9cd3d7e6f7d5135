"""The tandem command on a service's database, as a person at the shell runs it."""

import asyncio
import os
from asyncio.subprocess import PIPE
from typing import NamedTuple

from tests.process import TANDEM
from tests.service import Service


class Said(NamedTuple):
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str


async def tandem(service: Service, *words: str, **settings: str) -> Said:
    """One command; `settings` are TANDEM_* in lower case."""
    given = {f"TANDEM_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "TANDEM_POSTGRES": service.postgres, **given}
    process = await asyncio.create_subprocess_exec(TANDEM, *words, env=environment, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    return Said(process.returncode or 0, out.decode(), " ".join(err.decode().split()))
