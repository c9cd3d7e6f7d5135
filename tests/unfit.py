"""A classifier that is not what its card says, for as long as a test needs one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triage import classifier, vocabulary


@contextmanager
def artifacts_in(folder: Path) -> Iterator[None]:
    """Weights are loaded from another folder, as if the service had been started with it."""
    try:
        classifier.use(folder)
        vocabulary.vocabulary.cache_clear()
        yield
    finally:
        classifier.use(classifier.ARTIFACTS)
        vocabulary.vocabulary.cache_clear()


def spoilt(folder: Path) -> Path:
    """A copy of the packaged weights with one feature's name changed."""
    shutil.copytree(classifier.ARTIFACTS, folder, dirs_exist_ok=True)
    names = folder / classifier.NAMES
    names.write_text(names.read_text(encoding="utf-8").replace("w:", "W:", 1), encoding="utf-8")
    return folder
