"""tandem doctor: what is wrong with an installation, and what to do about it."""

from typing import Annotated

import orjson
import typer

from api.doctor.examine import examine
from api.doctor.findings import Finding, Status
from api.shell import Data, Host, Port, run, settings_with

COLOURS = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}


def doctor(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Check this installation, running or not: a line a check; the exit code is 1 if any failed."""
    settings = settings_with(data=data, port=port, host=host)
    findings: list[Finding] = []

    async def work() -> None:
        async for finding in examine(settings):
            findings.append(finding)
            if not as_json:
                typer.echo(line(finding))

    run(work(), settings)
    failed = any(finding.status is Status.FAIL for finding in findings)
    if as_json:
        typer.echo(
            orjson.dumps({"ok": not failed, "findings": findings}, option=orjson.OPT_INDENT_2).decode()
        )
    raise typer.Exit(int(failed))


def line(finding: Finding) -> str:
    """One finding, with what to do."""
    status = typer.style(f"{finding.status:<4}", fg=COLOURS[finding.status])
    return f"{status}  {finding.check:<16}{finding.said}" + (f" -> {finding.fix}" if finding.fix else "")
