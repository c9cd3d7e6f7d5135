"""Every knob of the service, read once at the edge."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from TANDEM_* environment variables; the README's table is tested against this class."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", frozen=True)

    postgres: str | None = Field(default=None, description="DSN of an external PostgreSQL; none: embedded.")
    redis: str | None = Field(default=None, description="URL of an external Redis; none: embedded.")
    data: Path = Field(default=Path(".data"), description="Folder of the embedded engines.")
    archive: Path | None = Field(
        default=None,
        description="Folder for the embedded PostgreSQL's log and base backups; none: no archive.",
    )
    artifacts: Path | None = Field(
        default=None, description="Folder of the classifier in service; without a card in it: the package's."
    )
    challenger: Path | None = Field(
        default=None, description="Folder of a classifier that judges beside the one in service, unseen."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8911, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer on the port.")
    tls_cert: Path | None = Field(default=None, description="PEM file: the certificate, then its chain.")
    tls_key: Path | None = Field(default=None, description="PEM file: the certificate's private key.")
    proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Addresses and networks whose X-Forwarded-For and -Proto are believed."
    )
    plain: bool = Field(default=False, description="Listen without TLS outside this machine.")
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
    secure_cookie: bool = Field(
        default=False, description="Send the session cookie over TLS only, whatever the request came over."
    )
    lock: Literal["address", "account"] = Field(
        default="address", description="What five wrong passwords lock (CJIS AC-7: the account or the node)."
    )
    rate_operator: int = Field(default=50, ge=1, description="Requests a second of one person.")
    rate_machine: int = Field(default=2_000, ge=1, description="Requests a second of one service token.")
    rate_anonymous: int = Field(
        default=100, ge=1, description="Requests a second from one address without credentials."
    )
    max_body: int = Field(default=8 * 2**20, ge=1024, description="Largest request in bytes.")
    inline_text: int = Field(default=20_000, ge=0, description="Longer text is read in a killable process.")
    assess_timeout: timedelta = Field(
        default=timedelta(seconds=5), description="When that process is killed."
    )
    roads_url: str | None = Field(
        default=None, pattern=r"^https?://", description="Address of a router that tells travel times."
    )
    roads_kind: Literal["osrm", "valhalla"] = Field(default="osrm", description="What that router speaks.")
    roads_timeout: timedelta = Field(
        default=timedelta(seconds=2), gt=timedelta(0), description="How long it may take to answer."
    )
    canary: timedelta = Field(
        default=timedelta(seconds=60), ge=timedelta(0), description="Between two calls to itself; 0: never."
    )
    keep_log: timedelta = Field(
        default=timedelta(days=35),
        ge=timedelta(days=2),
        description="How long events and superseded readings are kept.",
    )
    keep_keys: timedelta = Field(
        default=timedelta(days=7), ge=timedelta(hours=1), description="How long an Idempotency-Key is known."
    )
    console: Path | None = Field(
        default=None, description="Folder of the built console; none: the one shipped."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")

    @field_validator("proxies", mode="before")
    @classmethod
    def _separated(cls, given: Any) -> Any:
        if isinstance(given, str):
            return tuple(part.strip() for part in given.split(",") if part.strip())
        return given

    @field_serializer("proxies")
    def _joined(self, proxies: tuple[IPv4Network | IPv6Network, ...]) -> str:
        return ",".join(map(str, proxies))  # as the environment of a worker has it
