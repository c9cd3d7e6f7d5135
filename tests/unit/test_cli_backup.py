"""A backup or a restore that was asked for wrongly says how to ask, before anything is touched."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app


def said(*words: str) -> str:
    """What a command that must be refused says."""
    environment = {"TANDEM_POSTGRES": None, "TANDEM_ARCHIVE": None, "COLUMNS": "200"}
    result = CliRunner().invoke(app, words, env=environment)
    assert result.exit_code in (1, 2), result.output
    return result.output


@pytest.mark.parametrize("words", [(), ("x.dump", "--base")])
def test_a_backup_is_a_dump_or_a_base_backup(words: tuple[str, ...]) -> None:
    assert "tandem backup FILE, or" in said("backup", *words)


@pytest.mark.parametrize("words", [(), ("--to", "latest", "--discard"), (__file__, "--to", "latest")])
def test_a_restore_has_one_source(words: tuple[str, ...]) -> None:
    assert "One of: tandem restore FILE" in said("restore", *words)


def test_a_moment_needs_its_zone() -> None:
    assert "has no zone. Write e.g. 2026-05-01T12:03:00Z" in said("restore", "--to", "2026-05-01T12:03:00")
    assert "is no time" in said("restore", "--to", "noon")


def test_a_moment_needs_an_archive(tmp_path: Path) -> None:
    assert "TANDEM_ARCHIVE says" in said("restore", "--to", "latest", "--data", str(tmp_path / "data"))
    assert "TANDEM_ARCHIVE says" in said("backup", "--base", "--data", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_a_dump_that_is_not_there_is_not_restored() -> None:
    assert "does not exist" in said("restore", "nowhere.dump")
