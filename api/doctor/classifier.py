"""Judges the classifier: fit to serve, and the one that somebody answers for."""

from typing import Any

from api.artifacts import artifacts_of
from api.doctor.findings import Finding, ok, warn
from api.settings import Settings
from triage.classifier import Classifier, load


def judge(settings: Settings, promoted: Any | None) -> Finding:
    """`promoted` is the newest row of promotions.sql."""
    folder = artifacts_of(settings)
    found = load(folder)
    if not isinstance(found, Classifier):
        return warn(
            "classifier", f"the weights in {folder} are unfit ({found.reason}): the rules decide alone",
            "Promote one that is fit: tandem promote DIR --by WHO --reason WHY",
        )  # fmt: skip
    if promoted is None:
        return ok("classifier", f"{found.digest}, as shipped")
    who = f"promoted on {promoted['at']:%Y-%m-%d} by {promoted['by']}"
    if promoted["after"] != found.digest:
        return warn(
            "classifier", f"{found.digest} is in {folder}, but {promoted['after']} was {who}",
            "Give this shell the service's TANDEM_ARTIFACTS, or promote it again.",
        )  # fmt: skip
    return ok("classifier", f"{found.digest}, {who}")
