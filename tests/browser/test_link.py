"""Connection and truth: rules 22 to 24 of the console, and what it says when it falls back."""

import asyncio
from pathlib import Path
from random import Random

from playwright.async_api import Browser, expect

from api.embedded import Engines
from tests.browser.scenes import TEAM, many_calls, paired, traffic
from tests.browser_kit import Room, Seat, open_floor
from tests.service import post_call

BANNER = ".rows [role=alert]"


async def test_rule_22_a_killed_server_is_said_within_five_seconds_and_nothing_can_be_decided(
    room: Room,
) -> None:
    seat = await room.seat("dispatcher")
    call = await paired(room, seat)
    room.floor.wire.kill()
    await expect(seat(BANNER)).to_contain_text("Connection lost", timeout=5_000)
    await expect(seat(BANNER)).to_contain_text("as of ")
    age = seat(".tag.t2", has_text="as of ").first
    said = await age.inner_text()
    await asyncio.sleep(3)  # several tries, none of which brings anything
    assert await age.inner_text() == said
    for button in await seat("[data-actions] button").all():
        await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(seat("[data-actions]")).to_contain_text("Offline: use radio")
    await seat.press("a", "Enter")
    await expect(seat("[data-spoken=answer]")).to_have_text("Offline: use radio")
    await expect(seat(".armed")).to_have_count(0)
    await room.floor.wire.mend()
    await seat.live()
    await expect(seat(BANNER)).to_have_count(0)
    await expect(seat.call(call)).to_have_attribute("aria-selected", "true")
    await seat.press("a", "Enter")
    await expect(seat("[data-decision]")).to_be_visible()


async def test_rule_23_a_cable_that_carries_nothing_is_noticed_within_two_heartbeats(room: Room) -> None:
    seat = await room.seat("dispatcher")
    room.floor.wire.go_silent()
    await expect(seat(BANNER)).to_contain_text("Connection lost", timeout=22_000)
    await room.floor.wire.mend()
    await seat.live()
    await seat.agrees()


async def test_rule_24_no_event_is_lost_or_doubled_when_the_link_breaks_again_and_again(room: Room) -> None:
    seat = await room.seat("dispatcher")
    chance = Random(911)  # noqa: S311 - where the link breaks is no secret
    await room.units(*TEAM)
    posting = asyncio.create_task(keep_busy(room, chance))
    for _ in range(6):
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        await room.floor.wire.interrupt(1)
        await seat.agrees()
    await posting
    assert await seat.agrees() > 100
    await expect(seat("[data-region=queue] .ph")).to_contain_text("40 live")


async def keep_busy(room: Room, chance: Random) -> None:
    """Calls and positions, a few at a time, for some seconds."""
    for _ in range(8):
        await many_calls(room, 5)
        await traffic(room, chance.choice(TEAM), 10)
        await asyncio.sleep(chance.uniform(0.1, 0.5))


async def test_rule_24_what_happened_while_the_console_was_away_is_there_when_it_is_back(room: Room) -> None:
    seat = await room.seat("dispatcher")
    room.floor.wire.kill()
    await expect(seat(BANNER)).to_be_visible()
    call = (await post_call(room.service))["call"]
    await many_calls(room, 20)
    await room.floor.wire.mend()
    await expect(seat.call(call)).to_be_visible()
    await seat.agrees()


async def test_where_sockets_are_blocked_the_console_polls_says_so_and_decides_all_the_same(
    room: Room,
) -> None:
    seat = await room.seat("dispatcher", arrive=False)
    room.floor.wire.sockets = False
    await seat.page.goto(seat.url)
    await expect(seat("header [data-phase]")).to_have_attribute("data-phase", "polling")
    await expect(seat(".rows [role=status]", has_text="Polling")).to_be_visible()
    await paired(room, seat)
    await seat.press("a", "Enter")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "reserved")
    await seat.agrees()


async def test_without_redis_the_console_says_so_and_works(
    engines: Engines, migrated_template: str, chromium: Browser, dist: Path
) -> None:
    async with open_floor(engines, migrated_template, chromium, dist, redis=False) as floor:
        room = await floor.room()
        seat: Seat = await room.seat("dispatcher")
        await expect(seat("[data-degraded=redis]")).to_contain_text("nothing is lost")
        await paired(room, seat)
        await seat.press("a", "Enter")
        await expect(seat("[data-decision]")).to_have_attribute("data-decision", "reserved")
        await seat.agrees()
        await room.leave(shots=None)


async def test_a_session_that_ends_asks_for_the_password_over_the_kept_screen(room: Room) -> None:
    seat = await room.seat("dispatcher")
    call = await paired(room, seat)
    await seat.context.request.delete(f"{seat.url}/v1/session")
    room.floor.wire.drop()
    await expect(seat("dialog[open] h1")).to_have_text("Your session has ended")
    await expect(seat.call(call)).to_be_visible()
    await expect(seat("input[name=password]")).to_be_focused()
    await seat("input[name=username]").fill(seat.name)
    await seat("input[name=password]").fill("correct horse battery")
    await seat.press("Enter")
    await seat.live()
    await expect(seat("dialog[open]")).to_have_count(0)
    await seat.agrees()


async def test_rule_25_an_eta_older_than_its_limit_shows_its_age(room: Room) -> None:
    seat = await room.seat("dispatcher", arrive=False)
    await seat.page.clock.install()
    await seat.arrive()
    await paired(room, seat)
    await seat.page.clock.fast_forward(70_000)
    await expect(seat("[data-pairing] .unit").first).to_contain_text("ago")
    await seat.page.clock.fast_forward(130_000)
    await expect(seat("[data-pairing] .unit .eta").first).to_contain_text("unknown")


async def test_rule_25_arrival_times_age_once_the_planner_is_heard_of_no_more(room: Room) -> None:
    seat = await room.seat("dispatcher", arrive=False)
    await seat.page.clock.install()
    await seat.arrive()
    await paired(room, seat)
    plan = seat("[data-pairing] [data-plan]")
    await expect(plan).to_contain_text("ago, holds")
    room.floor.wire.kill()
    await seat.page.clock.fast_forward(40_000)
    await expect(plan).to_have_attribute("data-plan", "aged")
    await expect(plan).to_contain_text("unchecked")
    await seat.page.clock.fast_forward(60_000)
    await expect(seat("[data-pairing] .unit .eta").first).to_contain_text("unknown")
    await room.floor.wire.mend()
