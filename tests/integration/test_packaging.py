"""What is installed is what was written down: every dependency locked, hashed, and from no fixed address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


def locked(name: str) -> dict[str, str]:
    """Version by package name of one lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address(name: str) -> None:
    assert not re.search(r"https?:|file:|--index-url|--find-links", (ROOT / name).read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / name).read_text(), flags=re.MULTILINE)
    assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("declared", "lock"),
    [
        (PROJECT["project"]["dependencies"], "requirements.lock"),
        (PROJECT["build-system"]["requires"], "requirements.lock"),
        (PROJECT["dependency-groups"]["dev"], "requirements-dev.lock"),
        (PROJECT["dependency-groups"]["node"], "requirements-node.lock"),
    ],
)
def test_the_lock_holds_what_the_project_declares(declared: list[str], lock: str) -> None:
    versions = locked(lock)
    wanted = [Requirement(text) for text in declared]
    assert [str(one) for one in wanted if versions.get(one.name, "absent") not in one.specifier] == []


def test_both_locks_agree() -> None:
    service, tools = locked("requirements.lock"), locked("requirements-dev.lock")
    assert service.items() <= tools.items()
