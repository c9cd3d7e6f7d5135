"""tandem train: fits a challenger on our corpus and on what clinicians said, in a process apart from any service."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from api.artifacts import artifacts_of
from api.shell import refuse, screen, settings_with
from triage.classifier import ARTIFACTS
from triage.feedback import WEIGHT

#: A whole fit takes minutes; nothing a person started is ended by a clock.
PYTHON = (sys.executable, "-m")


def train(
    feedback: Annotated[
        Path,
        typer.Option("--with-feedback", exists=True, dir_okay=False, help="Lines of tandem feedback export."),
    ],
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder of the challenger.")],
    weight: Annotated[
        float, typer.Option("--weight", min=0.1, max=100, help="Of a line against a narrative of our corpus.")
    ] = WEIGHT,
) -> None:
    """Fit a challenger and score it on the held-out narratives. Nothing changes in service: see TANDEM_CHALLENGER."""
    if find_spec("sklearn") is None:
        raise refuse(
            "Training needs scikit-learn, which the service does without: pip install 'tandem[train]'"
        )
    champion = artifacts_of(settings_with())
    if out.resolve() in {champion.resolve(), ARTIFACTS.resolve()}:
        raise refuse(f"{out} is the champion's folder. Train elsewhere, then: tandem promote")
    _run("triage.train", "--feedback", feedback, "--weight", weight, "--champion", champion, "--out", out)
    _run("triage.evaluate", "--artifacts", out, "--page", out / "card.md")
    screen.print(
        f"The challenger is in {out}, its scores in {out / 'card.md'}.", markup=False, highlight=False
    )


def _run(module: str, *arguments: object) -> None:
    status = subprocess.run([*PYTHON, module, *map(str, arguments)], check=False).returncode
    if status:
        raise typer.Exit(status)
