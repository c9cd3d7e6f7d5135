"""Where a setting comes from."""

from pathlib import Path

import pytest

from api import shell


def test_a_mounted_secret_is_a_setting_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "SECRETS", tmp_path)
    monkeypatch.delenv("TANDEM_REDIS", raising=False)
    (tmp_path / "tandem_postgres").write_text("postgresql://secret@database/tandem\n")
    (tmp_path / "tandem_redis").write_text("redis://:secret@cache\n")
    monkeypatch.setenv("TANDEM_POSTGRES", "postgresql://elsewhere/tandem")
    settings = shell.settings_with(port=7)
    assert (settings.redis, settings.port) == ("redis://:secret@cache", 7)
    assert settings.postgres == "postgresql://elsewhere/tandem"


def test_without_mounted_secrets_nothing_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "SECRETS", tmp_path / "none")
    monkeypatch.delenv("TANDEM_POSTGRES", raising=False)
    assert shell.settings_with().postgres is None
