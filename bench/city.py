"""What is posted where: centers with units, and calls of our own writing with a log's share of flagged ones."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any

from api.security import add_token
from models.store.database import open_pool, query
from triage.assess import assess

#: Of the 11,536 calls of a real police log (San Luis Obispo, 2021) this share is flagged.
FLAGGED = 0.131
HERE = (39.1653, -86.5264)
#: No tele-clinician: no clinician is on shift, so flagged calls are paired at once and the planner has work.
ROSTER = ("PAT", "PAT", "PAT", "CIT", "CIT", "SGT", "EMS", "EMS", "CRT", "CRT", "TRI", "COR")


@dataclass(frozen=True, slots=True)
class Center:
    """One tenant and who may speak to it."""

    id: str
    busy: bool
    cad: str  # the integrator's token
    console: str  # a dispatcher's token


@dataclass(frozen=True, slots=True)
class Text:
    """One call's words, entry by entry, as the demo tells them."""

    nature: str
    first: str
    later: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Calls of the demo city, by whether a clinician should look at their first words."""

    flagged: tuple[Text, ...]
    plain: tuple[Text, ...]

    @classmethod
    def load(cls) -> "Texts":
        """Read and sort the demo's calls."""
        told = tomllib.loads(files("api").joinpath("demo/calls.toml").read_text(encoding="utf-8"))["call"]
        texts = [
            Text(c["nature"], c["entries"][0]["text"], c["entries"][-1]["text"]) for c in told if c["entries"]
        ]
        flags = [assess(text.first, text.nature).flag for text in texts]
        return cls(
            tuple(t for t, flag in zip(texts, flags, strict=True) if flag),
            tuple(t for t, flag in zip(texts, flags, strict=True) if not flag),
        )


@dataclass(slots=True)
class Posting:
    """A call on its way, with the words that follow it."""

    center: Center
    body: dict[str, Any]
    later: str


class Calls:
    """An endless stream of calls; half of them go to the busy centers."""

    def __init__(self, centers: list[Center], texts: Texts, seed: int = 911) -> None:
        self._busy = [center for center in centers if center.busy]
        self._calm = [center for center in centers if not center.busy] or self._busy
        self._texts = texts
        self._chance = random.Random(seed)  # noqa: S311 - a bench wants the same calls every time
        self._numbers = count(1)

    def __iter__(self) -> Iterator[Posting]:
        return self

    def __next__(self) -> Posting:
        """The next call."""
        chance = self._chance
        center = chance.choice(self._busy if chance.random() < 0.5 else self._calm)
        text = chance.choice(self._texts.flagged if chance.random() < FLAGGED else self._texts.plain)
        place = {
            "lat": HERE[0] + chance.uniform(-0.05, 0.05),
            "lon": HERE[1] + chance.uniform(-0.05, 0.05),
            "place": f"{chance.randrange(100, 9900)} ELM ST",
        }
        body = {
            "external_id": f"B{next(self._numbers)}",
            "source": "911",
            "received_at": datetime.now(UTC).isoformat(),
            "nature": text.nature,
            "narrative": text.first,
            "priority": chance.randrange(1, 5),
            "beat": f"{chance.randrange(1, 9)}A",
            "location": place,
        }
        return Posting(center, body, text.later)


async def settle(postgres: str, number: int, busy: int) -> list[Center]:
    """Make the centers with their tokens and units; units are freshly heard of."""
    centers = []
    now = datetime.now(UTC)
    async with open_pool(postgres, 2) as pool:
        for at in range(number):
            center = f"bench{at:04}"
            await pool.execute(query("add_center"), center, center, "America/Chicago", True, "feed")
            cad = await add_token(pool, center, "cad", "integrator")
            console = await add_token(pool, center, "console", "dispatcher")
            for unit, kind in enumerate(ROSTER if at < busy else ROSTER[:3]):
                roster: tuple[Any, ...] = ("city", kind, [], [], now + timedelta(hours=8), now)
                await pool.execute(query("put_unit"), center, f"{kind}-{unit}", *roster)
            centers.append(Center(center, at < busy, cad, console))
        await pool.execute("update unit set position_at = now(), lat = $1, lon = $2", *HERE)
    return centers
