"""How a challenger compares with the champion: agreement, disagreements by kind, and both against people's word."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from models.store.database import Connection, query

BIAS = (
    "Clinicians mostly judge calls that the champion flagged: what both missed is not among them, and the champion is "
    "favoured in recall."
)


async def shadow_report(
    connection: Connection, center: str, challenger: str | None, since: datetime | None
) -> dict[str, Any] | None:
    """The numbers of a center, of its newest challenger where none is named; None where none ever judged a call."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        challenger = challenger or await connection.fetchval(query("newest_challenger"), center)
        calls = await connection.fetch(query("shadow_calls"), center, challenger, since)
        indicators = await connection.fetch(query("shadow_indicators"), center, challenger, since)
    total = sum(row["calls"] for row in calls)
    if not total:
        return None
    return {
        "center": center,
        "challenger": challenger,
        "champions": sorted({champion for row in calls for champion in row["champions"]}),
        "since": since,
        "calls": total,
        "need_apart": round(sum(row["apart"] for row in calls) / total, 4),
        "flags": {
            "both": _sum(calls, lambda row: row["champion"] and row["challenger"]),
            "champion_only": _sum(calls, lambda row: row["champion"] and not row["challenger"]),
            "challenger_only": _sum(calls, lambda row: row["challenger"] and not row["champion"]),
            "neither": _sum(calls, lambda row: not row["champion"] and not row["challenger"]),
        },
        "agreement": _share(_sum(calls, lambda row: row["champion"] == row["challenger"]), total),
        "decided": {
            "calls": _sum(calls, lambda row: row["said"] is not None),
            "with_need": _sum(calls, lambda row: row["said"] is True),
            "champion": _against(calls, "champion"),
            "challenger": _against(calls, "challenger"),
            "bias": BIAS,
        },
        "indicators": [dict(row) for row in indicators],
    }


def _sum(rows: Sequence[Any], fits: Callable[[Any], object]) -> int:
    return sum(row["calls"] for row in rows if fits(row))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _against(rows: Sequence[Any], who: str) -> dict[str, Any]:
    """Flags of one of the two where people said whether there is a need."""
    hits = _sum(rows, lambda row: row["said"] is True and row[who])
    false = _sum(rows, lambda row: row["said"] is False and row[who])
    missed = _sum(rows, lambda row: row["said"] is True and not row[who])
    return {
        "hits": hits,
        "false": false,
        "missed": missed,
        "precision": _share(hits, hits + false),
        "recall": _share(hits, hits + missed),
    }
