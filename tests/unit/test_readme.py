"""What the README claims, the code has."""

import re
import tomllib
from pathlib import Path

import pytest

from api.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [re.split(r"[<>=;\[ ]", line)[0] for line in PROJECT["project"]["dependencies"]]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_readme(name: str) -> None:
    assert f"| `TANDEM_{name.upper()}` |" in README


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"^\| `TANDEM_(\w+)` \|", README, re.MULTILINE))))
def test_every_setting_of_the_readme_exists(variable: str) -> None:
    assert variable.lower() in Settings.model_fields


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_every_dependency_has_its_reason(name: str) -> None:
    assert f"`{name}`" in README.split("## Decisions")[1]


@pytest.mark.parametrize(
    "name",
    [
        "port",
        "ring",
        "replay_limit",
        "pool",
        "max_body",
        "inline_text",
        "rate_operator",
        "rate_machine",
        "rate_anonymous",
    ],
)
def test_the_readme_tells_the_default(name: str) -> None:
    assert f"| `TANDEM_{name.upper()}` | `{Settings.model_fields[name].default}` |" in README
