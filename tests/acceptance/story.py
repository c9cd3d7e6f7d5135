"""The people and the machine of the story, and what each of them does with the screen in front of them."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.scenes import ack, append, current, many_calls, traffic
from tests.browser_kit import Room, Seat
from tests.service import PASSWORD, Json, good, now, post_call, status

TEAM = ("TRI-1", "PAT-1", "PAT-2", "EMS-1", "TEL-1")
#: Emoji of one, two and five code points stand before the evidence, so that a count of anything else goes astray.
NARRATIVE = "👩‍👩‍👧 😀 CAFÉ: FEMALE TALKING TO HERSELF HEARING VOICES, NO WEAPONS SEEN, IN HER APARTMENT"
MARKS = """() => [...document.querySelectorAll("[data-region=call] ol mark")].map(mark => [
  [...mark.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(""),
  mark.dataset.numbers.split(" ").map(Number), [...mark.querySelectorAll("sup")].map(sup => Number(sup.innerText)),
])"""
WITNESS = "() => { window.witness = 'the page that was opened first'; return performance.timeOrigin; }"
STILL = "() => [window.witness, performance.timeOrigin, performance.getEntriesByType('navigation').length]"


@dataclass
class Story:
    """One call, three people, one CAD."""

    room: Room
    clinician: Seat
    dispatcher: Seat
    manager: Seat
    opened: dict[str, float] = field(default_factory=dict)
    call: Json = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(988))  # noqa: S311 - where the link breaks is no secret

    @property
    def seats(self) -> tuple[Seat, Seat, Seat]:
        """Everybody's window."""
        return self.clinician, self.dispatcher, self.manager

    async def everybody_signs_in(self) -> None:
        """By name and password, as a person does."""
        for seat in self.seats:
            await seat.page.goto(seat.url)
            await seat("input[name=username]").fill(seat.name)
            await seat("input[name=password]").fill(PASSWORD)
            await seat.press("Enter")
            await seat.live()
            self.opened[seat.role] = await seat.js(WITNESS)
            assert all("401" in fault for fault in seat.faults), seat.faults  # nobody was signed in yet
            seat.faults.clear()
        await expect(self.clinician("h1.sr")).to_have_text("Clinician console")
        await self.number("confirmed", 0)

    async def the_cad_posts_a_call(self) -> None:
        """It is on both screens at once, with its evidence."""
        await self.room.units(*TEAM)
        body = {"priority": 2, "external_id": "CAD-1", "attributes": {"channel": "F2"}}
        self.call = (await post_call(self.room.service, NARRATIVE, **body))["call"]
        for seat in (self.clinician, self.dispatcher):
            await seat.select(self.call)
            await self.evidence_is_marked(seat)
        await expect(self.dispatcher("[data-actions] .btn.p")).to_have_count(
            0
        )  # nothing to accept before the review

    async def evidence_is_marked(self, seat: Seat) -> None:
        """Every mention stands in a mark of its own number, at its place in code points."""
        path = f"/v1/calls/{self.call['id']}"
        mentions = good(await self.room.service.get("dispatcher", path))["assessment"]["mentions"]
        wanted = {NARRATIVE[one["start"] : one["end"]] for one in mentions if one["entry"] == 0}
        await expect(seat("[data-region=call] ol mark")).not_to_have_count(0)
        marks: Any = await seat.js(MARKS)
        assert {"HEARING VOICES", "WEAPONS"} <= wanted
        assert all(any(words in text for text, _, _ in marks) for words in wanted), (wanted, marks)
        assert all(set(ends) <= set(numbers) for _, numbers, ends in marks)
        shown = [number for _, _, ends in marks for number in ends]
        assert shown == sorted(set(shown))

    async def the_clinician_flags_it(self) -> None:
        """With one key and Enter; a pairing is proposed to the dispatcher."""
        await self.clinician.press("f", "Enter")
        await expect(self.dispatcher("[data-pairing]")).to_be_visible()
        await expect(self.dispatcher("[data-region=call] .meta")).to_contain_text(
            f"Flagged by {self.clinician.name}"
        )
        review = (await current(self.room, self.call))["review"]
        assert (review["state"], review["by"]) == ("flagged", self.clinician.name)

    async def the_dispatcher_accepts(self) -> None:
        """With A, then Enter."""
        await expect(self.dispatcher("[data-actions] .btn.p")).to_have_attribute("aria-disabled", "false")
        await self.dispatcher.press("a", "Enter")
        await expect(self.step).to_have_text("Reserved")

    @property
    def step(self) -> Locator:
        """How far the order has come, on the dispatcher's screen."""
        return self.dispatcher("[data-decision] [aria-current=step]")

    async def the_cad_echoes_it(self) -> None:
        """From its own feed: sent, then received as the units answer."""
        feed = good(await self.room.service.get("integrator", "/v1/decisions"))["decisions"]
        decision = next(one["decision"] for one in feed if one["external_id"] == "CAD-1")
        assert "TRI-1" in self.units(decision)
        await ack(self.room, self.call, "sent")
        await expect(self.step).to_have_text("Sent")
        for unit in self.units(decision):
            await status(self.room.service, unit, "EnRoute")
        await expect(self.step).to_have_text("Received by unit")
        await expect(self.dispatcher.call(self.call)).to_contain_text("En route")

    @staticmethod
    def units(decision: Json) -> list[str]:
        """Who was sent."""
        return [unit["unit_id"] for unit in decision["units"]]

    async def a_knife_is_reported(self) -> None:
        """It alarms, in words of tier 1; X says that it was seen."""
        await append(self.room, self.call, "NOW HAS KNIFE")
        ribbon = self.dispatcher(".ribbon.tier1")
        await expect(ribbon).to_contain_text("New danger after units were sent")
        await expect(ribbon).to_contain_text(self.call["number"])
        await expect(self.dispatcher("[data-region=call] ol li").nth(1)).to_contain_text("NOW HAS KNIFE")
        await self.dispatcher.press("x")
        await expect(ribbon).to_have_count(0)
        await expect(self.dispatcher.call(self.call).locator(".tag.t1.seen")).to_be_visible()

    async def the_dispatcher_confirms_it_again_with_staging(self) -> None:
        """The clinicians wait outside until the scene is secured."""
        await self.dispatcher.press("a", "Enter")
        await expect(self.dispatcher.call(self.call).locator(".tag.t1")).to_have_count(0)
        await expect(self.dispatcher("[data-decision]")).to_contain_text("waits at staging")
        decision = (await current(self.room, self.call))["decision"]
        assert (decision["staging"], decision["reconfirm"]) == ("staging", []), decision

    async def the_scene_is_secured(self) -> None:
        """An officer has to be there first; then with S and Enter."""
        await expect(self.dispatcher("[data-actions]")).to_contain_text("No officer of this call is on scene")
        await self.dispatcher.press("s")
        await expect(self.dispatcher(".armed")).to_have_count(0)
        await status(self.room.service, "TRI-1", "OnScene")
        await expect(self.dispatcher("[data-actions] .btn.p")).to_contain_text("Scene secured")
        await self.dispatcher.press("s", "Enter")
        await expect(self.dispatcher("[data-decision]")).to_contain_text("Scene secured")
        await expect(self.dispatcher(".log tr").first).to_contain_text("Scene secured (")
        assert (await current(self.room, self.call))["decision"]["staging"] == "secured"

    async def the_dispatcher_records_the_outcome(self) -> None:
        """By keyboard alone; what it counts as is provisional."""
        for unit in self.units((await current(self.room, self.call))["decision"]):
            await status(self.room.service, unit, "OnScene")
        await expect(self.dispatcher("[data-actions]")).to_contain_text("Record outcome")
        await self.dispatcher.press("c")
        await expect(self.dispatcher("dialog[open]")).to_be_visible()
        await self.choose("resolution", "crisis_center")
        await self.dispatcher.press("Tab")
        await self.choose("linkage", "completed")
        await self.dispatcher.press("Tab")
        await self.choose("ed", "ems_protocol")
        await self.dispatcher.press("Enter")
        await self.number("provisional", 1)
        await self.number("confirmed", 0)

    async def choose(self, name: str, value: str) -> None:
        """Arrow down to a radio button of the group that has the focus."""
        wanted = self.dispatcher(f'input[name="{name}"][value="{value}"]')
        for _ in range(20):
            if await wanted.is_checked():
                return
            await self.dispatcher.press("ArrowDown")
        raise AssertionError(f"{value} cannot be reached by the arrow keys")

    async def the_clinician_confirms_it(self) -> None:
        """And the manager's number rises."""
        row = self.clinician("[data-outcome]")
        await expect(row).to_contain_text(self.call["number"])
        await row.get_by_role("button", name="Confirm").focus()
        await self.clinician.press("Enter")
        await self.number("confirmed", 1)
        await self.number("provisional", 0)

    async def number(self, which: str, value: int) -> None:
        """What the manager reads under ER diversion."""
        number = self.manager(f"[data-counter=er_diversion] [data-status={which}]")
        await expect(number).to_have_text(str(value))

    async def the_link_breaks(self) -> None:
        """Every connection is reset at a random moment, in the middle of other work."""
        busy = asyncio.create_task(self.other_work())
        await asyncio.sleep(self.chance.uniform(0, 0.3))
        await self.room.floor.wire.interrupt(len(self.seats))
        await busy
        for seat in self.seats:
            await seat.live()
            seat.faults[:] = [fault for fault in seat.faults if "net::" not in fault]  # the cable's own

    async def every_word_is_on_the_screens(self) -> None:
        """What was being read when the link broke is read again."""
        entries = good(await self.room.service.get("dispatcher", f"/v1/calls/{self.call['id']}"))["entries"]
        for seat in (self.clinician, self.dispatcher):
            await expect(seat("[data-region=call] ol").first.locator("> li")).to_have_count(len(entries))
        await self.number("confirmed", 1)
        for seat in self.seats:
            await expect(seat(".problem")).to_have_count(0)

    async def other_work(self) -> None:
        """Calls, remarks and positions of everybody else."""
        await asyncio.gather(
            many_calls(self.room, 3),
            traffic(self.room, self.chance.choice(TEAM), 5),
            append(self.room, self.call, f"RP CALLED AGAIN AT {now()[11:19]}"),
        )

    async def law(self) -> None:
        """State law: every window shows what the service has at the same seq, and nothing went wrong in it."""
        await asyncio.gather(*(seat.agrees() for seat in self.seats))
        for seat in self.seats:
            assert not (wrong := seat.faults + seat.strangers), f"{seat.role}: {wrong}"
            assert await seat.js(STILL) == ["the page that was opened first", self.opened[seat.role], 1]
