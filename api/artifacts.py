"""Where the classifier in service lives, and how another takes its place."""

import shutil
from pathlib import Path

from api.settings import Settings
from triage.classifier import ARTIFACTS, CARD, NAMES, WEIGHTS, Classifier, load

#: The card last: until it is there the others are not what it says, and the rules decide alone.
FILES = (WEIGHTS, NAMES, CARD)


def artifacts_of(settings: Settings) -> Path:
    """The folder a process of these settings judges by: the package's until something was promoted."""
    own = settings.artifacts
    return own if own is not None and (own / CARD).exists() else ARTIFACTS


def weights_in(folder: Path) -> str:
    """Digest of the weights in a folder, or why there are none."""
    found = load(folder)
    return found.digest if isinstance(found, Classifier) else found.reason


def put_in_service(challenger: Path, folder: Path) -> None:
    """Copy a challenger into the folder of the champion, which stays beside it under its digest.

    Raises OSError where that cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / CARD).exists():
        former = folder / weights_in(folder)
        former.mkdir(exist_ok=True)
        for name in FILES:
            if (folder / name).exists():
                shutil.copy2(folder / name, former / name)
    for name in FILES:
        shutil.copyfile(challenger / name, folder / f"{name}.new")
    for name in FILES:
        (folder / f"{name}.new").replace(folder / name)
