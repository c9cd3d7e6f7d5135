"""Judges whether the classifier in service is the one that somebody answers for."""

from typing import Any

from api.artifacts import artifacts_of, weights_in
from api.doctor.findings import Finding, ok, warn
from api.settings import Settings


def judge(settings: Settings, promoted: Any | None) -> Finding:
    """`promoted` is the newest row of promotions.sql."""
    folder = artifacts_of(settings)
    digest = weights_in(folder)
    if promoted is None:
        return ok("promotion", "the classifier is the one shipped")
    who = f"promoted on {promoted['at']:%Y-%m-%d} by {promoted['by']}"
    if promoted["after"] != digest:
        return warn(
            "promotion", f"{digest} is in {folder}, but {promoted['after']} was {who}",
            "Give this shell the service's TANDEM_ARTIFACTS, or promote it again.",
        )  # fmt: skip
    return ok("promotion", f"{digest} was {who}")
