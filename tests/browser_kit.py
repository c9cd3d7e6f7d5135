"""Seats at the console for tests: real Chromium, the whole service behind a cable, a fresh center for every test."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, Request, async_playwright, expect

from api.embedded import Engines
from api.security import COOKIE, ROLES, add_token, hash_password, new_token
from models.ids import new_id
from models.store.database import open_pool, query
from tests.chromium import launch_options
from tests.conftest import administer, database_named, numbers
from tests.console import Screen
from tests.service import PASSWORD, ROOT, UNITS, Json, Service, put_unit, running_service, set_policy
from tests.wire import Wire, wire_to

SHOTS = Path(os.environ.get("TANDEM_SHOTS", gettempdir())) / "tandem-shots"
PATIENCE = 15_000  # ms; the machine may be busy with other things
DESKTOP = {"width": 1440, "height": 900}
centers = count(1)
expect.set_options(timeout=PATIENCE)

#: What the page knows, in one synchronous look, with the digest of exactly that.
WHERE = "async () => { const t = __tandem, hash = t.hash(), {seq, epoch} = t; return {seq, epoch, hash: await hash}; }"


@cache
def password_hash() -> str:
    """The hash of everybody's password; made once, because making it takes long on purpose."""
    return hash_password(PASSWORD)


@dataclass
class Seat:
    """One person's browser window; `faults` are its console errors, `strangers` its requests to other origins."""

    page: Page
    context: BrowserContext
    url: str
    role: str
    name: str
    faults: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Collect what must not happen."""
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.context.on("request", self._requested)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", f"blob:{self.url}")):
            self.strangers.append(request.url)

    async def arrive(self) -> "Seat":
        """Open the console with a session that exists, and wait until it is live."""
        await self.page.goto(self.url)
        return await self.live()

    async def live(self) -> "Seat":
        """Wait until the screen stands at the head of the log."""
        await expect(self.page.locator("header [data-phase]")).to_have_attribute("data-phase", "live")
        return self

    def __call__(self, selector: str, **more: Any) -> Locator:
        """What is on the screen."""
        return self.page.locator(selector, **more)

    def call(self, call: Json) -> Locator:
        """The row of a call."""
        return self.page.locator(f'[role="row"][data-call="{call["id"]}"]')

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def js(self, script: str, argument: Any = None) -> Any:
        """What a script in the page answers."""
        return await self.page.evaluate(script, argument)

    async def until(self, script: str, argument: Any = None, seconds: float = PATIENCE / 1000) -> Any:
        """What a function answers as soon as it is true; the page allows no script in a string."""
        handle = await self.page.wait_for_function(script, arg=argument, timeout=seconds * 1000, polling=50)
        return await handle.json_value()

    async def select(self, call: Json) -> "Seat":
        """Choose a call in the list and wait until it is read; a list that nobody works in takes new calls in."""
        await self.page.mouse.move(DESKTOP["width"] / 2, 4)
        await self.js("document.activeElement.blur()")
        await self.call(call).click()
        await expect(self('[data-region="call"] .head .mono')).to_have_text(call["number"])
        await expect(self('[data-region="call"] ol li').first).to_be_visible()
        return self

    async def settled(self, script: str) -> Any:
        """What a script answers once it has answered the same for longer than the list takes to sort itself."""
        before, same = await self.js(script), 0
        for _ in range(40):
            await asyncio.sleep(0.4)
            now = await self.js(script)
            same = same + 1 if now == before else 0
            if same == 3:
                return now
            before = now
        raise AssertionError("the screen never came to rest")

    async def agrees(self) -> int:
        """The state law: at one seq the page's digest is the digest of the service's snapshot; that seq."""
        for _ in range(40):
            answer = await self.context.request.get(f"{self.url}/v1/console/snapshot")
            assert answer.ok, await answer.text()
            server = Screen.of(await answer.json())
            await self.until("seq => __tandem.seq >= seq", server.seq)
            mine = await self.js(WHERE)
            if mine["seq"] == server.seq:
                assert mine == {"seq": server.seq, "epoch": server.epoch, "hash": server.digest()}
                return server.seq
        raise AssertionError("the log never stood still long enough to compare")

    async def shoot(self, name: str) -> Path:
        """A picture for whoever mends what failed."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}-{self.role}.png"
        await self.page.screenshot(path=path, timeout=5_000)
        return path


@dataclass
class Room:
    """A center of its own with units, tokens and people: what one test sees of the service."""

    floor: "Floor"
    center: str
    service: Service
    seats: list[Seat] = field(default_factory=list)

    async def seat(self, role: str, *, arrive: bool = True, signed_in: bool = True, **options: Any) -> Seat:
        """A new browser window of somebody with that role; `options` are those of a browser context."""
        name = f"{role}.{self.center}"
        given: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-US", "color_scheme": "dark"} | options
        context = await self.floor.chromium.new_context(**given)
        context.set_default_timeout(PATIENCE)
        token = await self.account(name, role)
        if signed_in:
            await context.add_cookies([{"name": COOKIE, "value": token, "url": self.floor.url}])
        seat = Seat(await context.new_page(), context, self.floor.url, role, name)
        seat.watch()
        self.seats.append(seat)
        return await seat.arrive() if arrive else seat

    async def account(self, name: str, role: str) -> str:
        """A person's account and the token of a session: what signing in gives, without the time hashing takes."""
        token, kept = new_token()
        person = new_id()
        async with open_pool(self.service.postgres, 2) as pool:
            await pool.execute(
                query("add_account"), person, self.center, name, role.title(), role, password_hash()
            )
            await pool.execute(query("add_session"), kept, person, datetime.now(UTC) + timedelta(hours=1))
        return token

    async def units(self, *units: str) -> None:
        """Put these units of the roster on shift."""
        await asyncio.gather(*(put_unit(self.service, unit, UNITS[unit]) for unit in units))

    async def leave(self, *, shots: str | None) -> None:
        """Close every window; with a name, keep a picture of each."""
        for seat in self.seats:
            if shots is not None:
                print(await seat.shoot(shots))
            await seat.context.close()


@dataclass
class Floor:
    """One service, one cable, one browser: what a module of tests shares."""

    service: Service
    wire: Wire
    chromium: Browser

    @property
    def url(self) -> str:
        """Where browsers go."""
        return f"http://127.0.0.1:{self.wire.port}"

    async def room(self, *, synthetic: bool = True, **policy: str) -> Room:
        """A fresh center; `policy` replaces values of the shipped one."""
        center = f"center{next(centers)}"
        async with open_pool(self.service.postgres, 2) as pool:
            await pool.execute(
                query("add_center"), center, center.title(), "America/New_York", synthetic, "feed"
            )
            tokens = {("alpha", role): await add_token(pool, center, role, role) for role in ROLES}
        if policy:
            await set_policy(self.service.postgres, center, **policy)
        http, url = self.service.http, self.service.url
        return Room(self, center, Service(url, self.service.postgres, http, tokens, self.service.desk))


@asynccontextmanager
async def open_floor(
    engines: Engines, template: str, chromium: Browser, dist: Path, *, redis: bool = True, **settings: Any
) -> AsyncIterator[Floor]:
    """The whole service on a database of its own, behind a cable."""
    name = f"test_{next(numbers)}"
    await administer(engines, f"create database {name} template {template}")
    address = database_named(engines, name)
    store = engines.redis if redis else None
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(
            running_service(address, store, {}, console=dist, **settings)
        )
        wire = await stack.enter_async_context(wire_to(int(service.url.rsplit(":", 1)[1])))
        yield Floor(service, wire, chromium)
    await administer(engines, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests; every window has a context of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built console, copied: a build under way must not change what a running test sees."""
    built = ROOT / "console_ui" / "dist"
    assert (built / "index.html").exists(), "The console is not built: run `make install` first."
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("console") / "dist"))


@pytest.fixture(scope="module")
async def floor(
    engines: Engines, migrated_template: str, chromium: Browser, dist: Path
) -> AsyncIterator[Floor]:
    """One service for a module of tests."""
    async with open_floor(engines, migrated_template, chromium, dist) as opened:
        yield opened


@pytest.fixture
async def room(floor: Floor, request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    """A fresh center with the small roster; afterwards its windows have had no fault that the test does not expect."""
    room = await floor.room()
    failed = request.session.testsfailed
    yield room
    await floor.wire.mend()
    await room.leave(shots=request.node.name if request.session.testsfailed > failed else None)
