"""What every use case needs, opened once and handed on by name."""

import asyncio
import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from api.artifacts import artifacts_of, weights_in
from api.assessor import Assessor
from api.clock import Clock
from api.metrics import CLASSIFIER_FIT, DEGRADED
from api.phrases import OwnPhrases
from api.policies import Policies
from api.ring import Rings
from api.roads import RoadTimes
from api.security import Tokens
from api.settings import Settings

if TYPE_CHECKING:
    from api.follow import Follower
from dispatch.policy import Policy
from models.errors import NotFound
from models.store.database import Pool, query
from triage.classifier import Unfit, classifier

PARTS = (
    "postgres",
    "redis",
    "planner",
    "follower",
    "relay",
    "sweep",
    "look",
    "vitals",
    "clock",
    "retention",
    "phrases",
    "policy",
    "roads",
    "classifier_missing",
    "classifier_mismatch",
)
#: The service's own center, where it calls itself: nobody belongs to it or signs in there.
CANARY = "canary"


#: Settings that may differ between processes of one service.
OF_ONE_PROCESS = frozenset(
    {
        "postgres",
        "redis",
        "data",
        "archive",
        "artifacts",
        "challenger",
        "host",
        "port",
        "workers",
        "tls_cert",
        "tls_key",
        "console",
        "log_level",
    }
)


def session_name(settings: Settings) -> str:
    """How a process names its connections, so that one sees whether all agree: version, settings and classifier."""
    told = settings.model_dump_json(exclude=set(OF_ONE_PROCESS)) + weights_in(artifacts_of(settings))
    return f"tandem {version('tandem')} {hashlib.sha256(told.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Center:
    """A tenant as the service runs it."""

    id: str
    name: str
    timezone: ZoneInfo
    synthetic: bool
    cad: bool
    policy: Policy
    silent: bool = False  # its calls are read, and nothing of it is shown

    def day(self, at: datetime) -> date:
        """The local calendar day of an instant."""
        return at.astimezone(self.timezone).date()


@dataclass(slots=True)
class Desk:
    """Shared parts of one process."""

    settings: Settings
    pool: Pool
    redis: "Redis | None"
    assessor: Assessor
    rings: Rings
    now: Callable[[], datetime] = field(
        default_factory=Clock
    )  # the one clock: the core gets time as an argument
    version: str = version("tandem")
    worker: int = 0  # which of the service's processes this is
    degraded: set[str] = field(default_factory=set)
    tokens: Tokens = field(default_factory=Tokens)
    phrases: OwnPhrases = field(default_factory=OwnPhrases)
    policies: Policies = field(default_factory=Policies)
    roads: RoadTimes | None = None  # where a router is configured
    follower: "Follower" = field(init=False)  # set by the composition root: it needs the desk itself
    #: Set after every commit of this process, so that its readers need not wait for their next look.
    committed: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    _centers: dict[str, Center] = field(default_factory=dict)

    def measure(self) -> None:
        """What is missing, as gauges: each worker says it once a second, for it may be another that is asked."""
        jumped = isinstance(self.now, Clock) and self.now.jumped
        (self.degraded.add if jumped else self.degraded.discard)("clock")
        fitted = classifier()
        if isinstance(fitted, Unfit):
            self.degraded.add(f"classifier_{fitted.reason}")
        CLASSIFIER_FIT.set(not isinstance(fitted, Unfit))
        for part in PARTS:
            DEGRADED.labels(part).set(part in self.degraded)

    async def take_up_phrases(self) -> None:
        """What centers wrote of their own since the last look; those that cannot be used are said on every screen."""
        usable = await self.phrases.take_up(self.pool)
        (self.degraded.discard if usable else self.degraded.add)("phrases")

    async def take_up_policies(self) -> None:
        """Policies that were set since the last look; one that holds and cannot be used is said on every screen."""
        await self.policies.take_up(self.pool, self.now())
        (self.degraded.discard if self.policies.usable(self.now()) else self.degraded.add)("policy")

    def wake(self) -> None:
        """Something was committed: everybody who follows the log looks now."""
        for event in self.committed.values():
            event.set()

    async def woken(self, follower: str, seconds: float) -> None:
        """Wait for the next commit, but not longer; `wait_for` of Python 3.11 may swallow a cancellation."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.committed[follower].wait()

    async def center(self, center_id: str) -> Center:
        """A center with the policy that holds in it now; raises NotFound."""
        if center_id not in self._centers:
            await self.load_centers()
        if center_id not in self._centers:
            raise NotFound
        center, policy = self._centers[center_id], self.policies.of(center_id, self.now())
        if policy is not center.policy:
            center = self._centers[center_id] = replace(center, policy=policy)
        return center

    async def load_centers(self) -> dict[str, Center]:
        """All centers: new ones come in without a restart, a changed silence with the next start."""
        await self.take_up_policies()
        for row in await self.pool.fetch(query("centers")):
            if row["id"] in self._centers:
                continue
            self._centers[row["id"]] = Center(
                row["id"],
                row["name"],
                ZoneInfo(row["timezone"]),
                row["synthetic"],
                row["cad"] == "feed",
                self.policies.of(row["id"], self.now()),
                row["silent"],
            )
        return self._centers
