"""Every knob of the service, read once at the edge."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from TANDEM_* environment variables; the README's table is tested against this class."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", frozen=True)

    postgres: str | None = Field(default=None, description="DSN of an external PostgreSQL; none: embedded.")
    redis: str | None = Field(default=None, description="URL of an external Redis; none: embedded.")
    data: Path = Field(default=Path(".data"), description="Folder of the embedded engines.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8911, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer on the port.")
    pool: int = Field(default=12, ge=2, description="PostgreSQL connections of one process.")
    ring: int = Field(
        default=10_000, ge=10, description="Events a process keeps for consoles that fall behind."
    )
    replay_limit: int = Field(
        default=5_000, ge=1, description="Longest gap replayed from PostgreSQL before a resync."
    )
    heartbeat: timedelta = Field(
        default=timedelta(seconds=10), description="How often a quiet feed says it lives."
    )
    poll: timedelta = Field(default=timedelta(milliseconds=40), description="How often the log is looked at.")
    session: timedelta = Field(
        default=timedelta(hours=12), description="How long a sign-in lasts (CJIS IA-11)."
    )
    secure_cookie: bool = Field(default=False, description="Send the session cookie over TLS only.")
    max_body: int = Field(default=8 * 2**20, ge=1024, description="Largest request in bytes.")
    inline_text: int = Field(default=20_000, ge=0, description="Longer text is read in a killable process.")
    assess_timeout: timedelta = Field(
        default=timedelta(seconds=5), description="When that process is killed."
    )
    console: Path | None = Field(
        default=None, description="Folder of the built console; none: the one shipped."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")
