"""tandem shadow: what a challenger would have said."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.cli_feedback import Center, Since
from api.cli_people import need_center, with_pool
from api.shadow_report import shadow_report
from api.shell import Data, refuse
from models.store.database import Pool, the_row

shadow_app = typer.Typer(help="A challenger beside the classifier in service.", no_args_is_help=True)


@shadow_app.command("report")
def report(
    center: Center,
    since: Since = None,
    challenger: Annotated[
        str | None, typer.Option("--challenger", help="Its artefact; the newest where none is named.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    data: Data = None,
) -> None:
    """Say where champion and challenger agree, where not, and which of them people's decisions bear out."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection:
            zone = ZoneInfo((await the_row(connection, "center", center))["timezone"])
            begin = since and datetime.combine(since.date(), time.min, zone)
            found = await shadow_report(connection, center, challenger, begin)
        if found is None:
            raise refuse(
                f"No challenger has judged a call of {center} yet: TANDEM_CHALLENGER names its folder."
            )
        if as_json:
            typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        else:
            _show(found)

    with_pool(data, work)


def _show(found: dict[str, Any]) -> None:
    paper = Console(highlight=False, markup=False, width=100)
    paper.print(
        f"Center {found['center']}: challenger {found['challenger']} beside {', '.join(found['champions'])}.\n"
        f"{found['calls']} calls, the same flag in {_percent(found['agreement'])}; "
        f"need {found['need_apart']:.3f} apart on average."
    )
    flags, decided = found["flags"], found["decided"]
    paper.print(_table(("flagged by", "calls"), [(name.replace("_", " "), n) for name, n in flags.items()]))
    paper.print(
        f"People decided {decided['calls']} of them, {decided['with_need']} with a need. {decided['bias']}"
    )
    rows = [
        (who, *(decided[who][n] for n in ("hits", "false", "missed")), *map(_percent, _rates(decided[who])))
        for who in ("champion", "challenger")
    ]
    paper.print(_table(("", "hits", "false", "missed", "precision", "recall"), rows))
    columns = (
        "name",
        "both",
        "champion_only",
        "challenger_only",
        "judged",
        "champion_right",
        "challenger_right",
    )
    rows = [tuple(each[name] for name in columns) for each in found["indicators"]]
    paper.print(_table(("indicator", *(name.replace("_", " ") for name in columns[1:])), rows))


def _rates(scores: dict[str, Any]) -> tuple[float | None, float | None]:
    return scores["precision"], scores["recall"]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at else "left")
    for row in rows:
        table.add_row(*map(str, row))
    return table
