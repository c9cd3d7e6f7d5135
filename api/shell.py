"""What every command of the command line shares."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console

from api.engine_places import EnginesUnavailable
from api.logs import configure
from api.pg_client import BackupRefused
from api.serving import PlainRefused, PortTaken
from api.settings import Settings
from api.tls import CertificateUnusable

#: Where Docker and Kubernetes mount secrets: a file named like a setting's variable, in lower case, holds its value.
SECRETS = Path("/run/secrets")
screen = Console(stderr=True)
T = TypeVar("T")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded engines.")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes that answer, e.g. one a core.")]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]


def settings_with(**given: Any) -> Settings:
    """Settings of mounted secrets, the environment and the command line; what comes later wins."""
    given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(_secrets_dir=SECRETS if SECRETS.is_dir() else None, **given)
    except ValidationError as fault:
        for error in fault.errors():
            screen.print(f"TANDEM_{str(error['loc'][0]).upper()}: {error['msg']}", style="red")
        raise typer.Exit(2) from fault


def refuse(message: str) -> typer.Exit:
    """Say what is wrong and what to do, and end with 1."""
    screen.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)


def run(work: Coroutine[Any, Any, T], settings: Settings) -> T:
    """Run a command; what a person can mend is one sentence, not a traceback."""
    configure(settings.log_level)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except (EnginesUnavailable, PortTaken, PlainRefused, CertificateUnusable, BackupRefused) as fault:
        screen.print(str(fault), style="red", highlight=False)
        raise typer.Exit(1) from fault
    except PermissionError as fault:
        screen.print(f"{fault}. Choose a port above 1023, or run with the right to use it.", style="red")
        raise typer.Exit(1) from fault
    except KeyboardInterrupt as fault:
        raise typer.Exit(130) from fault
