"""What the screen says of decisions others made, of its own age, and of what a person judged."""

import asyncio
import re
from uuid import UUID

import asyncpg
from playwright.async_api import Route, expect

from tests.browser.scenes import accepted, ack, append, current, flagged, paired, traffic
from tests.browser.test_colour import alert_pixels, themes
from tests.browser.test_decisions import ACCEPT
from tests.browser.test_layout import SMALL
from tests.browser_kit import Room, Seat
from tests.service import Json, accept, good, post_call

CLOCK = re.compile(r"\d\d:\d\d:\d\d")
REPORT = "**/v1/reports/diversion*"


async def give_away(room: Room, unit: str, call: Json) -> None:
    """Another call gets this unit by override."""
    seen = await current(room, call)
    body = {"unit_ids": [unit], "reason": "OTHER", "decision_version": seen["decision_version"]}
    path = f"/v1/recommendations/{seen['recommendation']['id']}/override"
    good(await room.service.post("supervisor", path, body))


async def test_rule_26_a_unit_that_was_taken_meanwhile_is_named(room: Room) -> None:
    """The accept waits in the database's queue for the call while another call gets the unit."""
    seat = await room.seat("dispatcher")
    other = await flagged(room, "CRT-1", "CRT-2", "EMS-1", "TEL-1")
    call = await paired(room, seat)
    unit = (await current(room, call))["recommendation"]["pairings"][0]["units"][0]["unit_id"]
    keeper = await asyncpg.connect(room.service.postgres)
    async with keeper.transaction():
        await keeper.execute("select 1 from call where id = $1 for update", UUID(call["id"]))
        await seat.press("a", "Enter")
        await expect(seat("[data-stage=sending]")).to_be_visible()
        await asyncio.sleep(0.3)
        await give_away(room, unit, other)
    await keeper.close()
    await expect(seat("[data-problem=unit_unavailable]")).to_contain_text(unit)


async def test_rule_26_a_conflict_says_who_decided_what_and_when(room: Room) -> None:
    seat = await room.seat("dispatcher")
    call = await paired(room, seat)
    shown = await current(room, call)

    async def first(route: Route) -> None:
        good(await accept(room.service, shown, 1, role="supervisor"))
        await route.continue_()

    await seat.page.route(ACCEPT, first)
    await seat.press("a", "Enter")
    problem = seat("[data-problem]")
    await expect(problem).to_contain_text("Accepted as proposed")
    await expect(problem).to_contain_text("supervisor")
    for unit in (await current(room, call))["decision"]["units"]:
        await expect(problem).to_contain_text(unit["unit_id"])
    await expect(problem).to_contain_text(CLOCK)
    await expect(seat("[data-decision]")).to_contain_text("supervisor")


async def test_rule_22_every_live_panel_says_as_of_when_the_server_is_gone(room: Room) -> None:
    seat, reviewer = await room.seat("dispatcher"), await room.seat("clinician")
    await reviewer.select(await paired(room, seat))
    room.floor.wire.kill()
    for one, regions in (
        (seat, ("queue", "call", "map", "units")),
        (reviewer, ("queue", "call", "evidence")),
    ):
        await expect(one(".rows [role=alert]", has_text="Connection lost")).to_be_visible()
        for region in regions:
            panel = one(f"[data-region={region}]")
            await expect(panel).to_contain_text(re.compile(r"as of \d\d:\d\d:\d\d"), timeout=1000)


async def test_rule_1_a_call_that_is_handled_shows_no_alert_colour(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat, "CRT-1", "TEL-1", "PAT-1")
    await ack(room, call, "received")
    async for theme in themes(seat):
        assert await alert_pixels(seat) == 0, theme


async def test_rule_11_targets_are_24_pixels_or_more_with_a_mouse(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    assert await seat.js(SMALL, 24) == []
    await seat.press("o")
    assert await seat.js(SMALL, 24) == []
    await seat.press("Escape", "d")
    assert await seat.js(SMALL, 24) == []


async def test_rule_11_targets_are_44_pixels_or_more_on_a_tablet(room: Room) -> None:
    seat = await room.seat("dispatcher", viewport={"width": 1024, "height": 768})
    await paired(room, seat)
    assert await seat.js(SMALL, 44) == []


async def test_switching_views_quickly_leaves_no_error(room: Room) -> None:
    seat = await room.seat("supervisor")
    await flagged(room)
    for _ in range(6):
        for key in ("1", "2", "3"):
            await seat.press(key)
            await asyncio.sleep(0.15)
    assert seat.faults == []


async def test_wrong_evidence_is_shown_once_it_is_said(room: Room) -> None:
    seat = await room.seat("clinician")
    await seat.select(await flagged(room))
    item = seat("[data-evidence]", has_text="HEARING VOICES").first
    await item.click()
    await seat.press("w")
    await expect(item).to_contain_text("Wrong evidence (clinician", timeout=3000)
    await expect(seat("[data-region=call] .log")).to_contain_text("indicator judged", timeout=3000)


async def test_evidence_in_the_nature_is_painted_and_counted_with_the_rest(room: Room, seat: Seat) -> None:
    created = await post_call(room.service, "FEMALE HEARING VOICES", nature="SUICIDAL FEMALE")
    await seat.select(created["call"])
    narrative = seat("[data-region=call] .blk", has_text="Narrative").first
    await expect(narrative.locator("mark").first).to_have_attribute("data-numbers", re.compile(r"^1\b"))
    numbers = await narrative.locator("sup").all_inner_texts()
    await expect(narrative).to_contain_text(f"{len(set(numbers))} spans")
    await expect(narrative.locator(".key")).to_have_text("Supports flag")


async def test_a_flagged_call_waits_for_the_clinician_on_shift_by_name(room: Room, seat: Seat) -> None:
    await room.units("TEL-1")
    created = await post_call(room.service, "FEMALE HEARING VOICES")
    await expect(seat.call(created["call"])).to_contain_text("With the clinician")


def forgive_the_cable(seat: Seat) -> None:
    """What the browser itself says of a request that never arrived is no fault of the console."""
    seat.faults[:] = [fault for fault in seat.faults if "net::" not in fault]


async def test_a_report_that_could_not_be_read_is_read_again_by_itself(room: Room) -> None:
    seat = await room.seat("manager")
    await expect(seat("[data-counter]").first).to_be_visible()
    await seat.until(
        "() => __tandem.seq > 0"
    )  # the planner has told the day's numbers: no event comes to help
    await seat.page.route(REPORT, lambda route: route.abort())
    await seat("main [aria-pressed=false]").first.click()
    await expect(seat(".problem")).to_be_visible()
    await seat.page.unroute(REPORT)
    await expect(seat(".problem")).to_have_count(0)
    forgive_the_cable(seat)


async def test_words_that_could_not_be_read_are_read_again_by_themselves(room: Room, seat: Seat) -> None:
    call = await paired(room, seat)
    await seat.page.route(f"**/v1/calls/{call['id']}", lambda route: route.abort())
    await append(room, call, "SHE IS ON THE PORCH NOW")
    await asyncio.sleep(1.5)  # until the planner has said all it has to say: no event comes to help
    await seat.agrees()
    await seat.page.unroute(f"**/v1/calls/{call['id']}")
    await expect(seat("[data-region=call] ol")).to_contain_text("ON THE PORCH")
    forgive_the_cable(seat)


async def test_a_report_is_not_read_again_for_what_changes_no_number(room: Room) -> None:
    seat = await room.seat("manager")
    await room.units("TRI-1")
    await seat.agrees()
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url) if "/reports/" in request.url else None)
    await traffic(room, "TRI-1", 20)
    await seat.agrees()
    assert len(asked) <= 1  # the day's own counts arrive once, when the planner takes the center over
