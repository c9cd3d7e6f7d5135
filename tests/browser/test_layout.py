"""Layout and density: rules 7 to 12 of the console."""

from typing import Any

from playwright.async_api import expect

from tests.browser.scenes import KNIFE, accepted, append, flagged, many_calls, paired
from tests.browser_kit import Room, Seat
from tests.service import UNITS

REGIONS = """() => Object.fromEntries([...document.querySelectorAll("[data-region]")].map(region => {
  const {x, y, width, bottom} = region.getBoundingClientRect();
  return [region.dataset.region, {x, y, width, bottom}];
}))"""
#: How many of these elements a person sees whole, their scrolling parent taken into account.
WHOLE = """([items, window]) => {
  const box = document.querySelector(window).getBoundingClientRect();
  return [...document.querySelectorAll(items)].map(item => item.getBoundingClientRect())
    .filter(one => one.height > 0 && one.top >= box.top - 1 && one.bottom <= box.bottom + 1).length;
}"""
#: Whether the middle of what has the focus is covered by something else; the name of it if so.
COVERED = """() => {
  const one = document.activeElement, {x, y, width, height} = one.getBoundingClientRect();
  if (one === document.body) return null;
  const at = document.elementFromPoint(x + width / 2, y + height / 2);
  if (one.contains(at) || at?.contains(one)) return null;
  return `${one.outerHTML.slice(0, 80)} under ${at?.outerHTML.slice(0, 80)}`;
}"""
#: What can be pressed and is smaller than it should be; links inside a sentence are excepted (WCAG 2.5.8).
SMALL = """least => [...document.querySelectorAll("button, a[href], input, select, summary, [role=row][data-call]")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr"))
  .filter(one => !(one.matches("a") && getComputedStyle(one).display === "inline"))
  .map(one => [one.closest("label") ?? one, one]).map(([area, one]) => [area.getBoundingClientRect(), one])
  .filter(([{width, height}]) => width > 0 && (width < least || height < least))
  .map(([{width, height}, one]) => `${Math.round(width)}x${Math.round(height)} ${one.outerHTML.slice(0, 90)}`)"""
#: How wide a text is where this cell stands.
WIDTH = """(cell, text) => {
  const one = cell.cloneNode(); one.style = "position: absolute; width: auto"; one.textContent = text;
  cell.after(one);
  const {width} = one.getBoundingClientRect();
  one.remove();
  return width;
}"""


async def at_rest(seat: Seat) -> Any:
    """Where the regions are, once no notice about the service stands above them."""
    await expect(seat("[data-degraded]")).to_have_count(0)
    return await seat.settled(REGIONS)


async def test_rule_7_only_the_alert_row_pushes_the_regions_down_and_by_its_own_height(
    room: Room, seat: Seat
) -> None:
    bare = await at_rest(seat)
    call = await accepted(room, seat)
    await many_calls(room, 30)
    assert await at_rest(seat) == bare
    await append(room, call, KNIFE)
    row = await seat("[data-alert]").bounding_box()
    assert row is not None
    pushed = await at_rest(seat)
    for name, region in bare.items():
        assert (pushed[name]["x"], pushed[name]["width"]) == (region["x"], region["width"])
    assert {pushed[name]["y"] - bare[name]["y"] for name in ("queue", "call", "map")} == {row["height"]}


async def test_rule_8_at_1440_by_900_everything_a_decision_needs_is_in_sight(room: Room, seat: Seat) -> None:
    await many_calls(room, 20)
    await paired(room, seat, *UNITS)
    await seat.until("() => document.querySelectorAll('[data-call]').length >= 13")
    assert await seat.js(WHOLE, ["[role=row][data-call]", "[data-region=queue] [role=rowgroup]"]) >= 13
    assert await seat.js(WHOLE, ["[data-region=units] tbody tr", "[data-region=units] .scroll"]) >= 12
    for part in ("[data-pairing]", "[data-actions]", "[data-region=map] .map", "[data-region=call] ol"):
        await expect(seat(part)).to_be_in_viewport()
    assert await seat.js("document.documentElement.scrollHeight === innerHeight")


async def test_rule_9_the_decision_buttons_stay_in_view_wherever_the_call_is_scrolled(
    room: Room, seat: Seat
) -> None:
    narrative = "FEMALE HEARING VOICES. " + "RP STAYS ON THE LINE AND WAITS. " * 60
    await paired(room, seat, narrative=narrative)
    for y in (0, 400, 100_000):
        await seat.js("y => document.querySelector('[data-region=call] .scroll').scrollTo(0, y)", y)
        for button in await seat("[data-actions] button").all():
            await expect(button).to_be_in_viewport(ratio=1)
            await button.focus()
            assert await seat.js(COVERED) is None


async def test_rule_9_nothing_that_has_the_focus_is_covered(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    await many_calls(room, 20)
    for _ in range(45):
        await seat.press("Tab")
        assert await seat.js(COVERED) is None


async def test_rule_10_digits_are_of_one_width_and_times_stand_to_the_right(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    for place in (
        "header time",
        "[data-call] .time",
        "[data-region=units] td.num",
        "[data-region=call] .wait",
    ):
        cell = seat(place).first
        assert await cell.evaluate(WIDTH, "11:11") == await cell.evaluate(WIDTH, "08:48")
    for column in ("[data-call] .time", "[data-region=units] td.num"):
        await expect(seat(column).first).to_have_css("text-align", "right")


async def test_rule_12_at_320_pixels_nothing_scrolls_sideways_and_a_call_can_be_accepted(room: Room) -> None:
    seat = await room.seat("dispatcher", viewport={"width": 320, "height": 640})
    call = await flagged(room)
    sideways = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
    assert not await seat.js(sideways)
    await seat.call(call).click()
    await expect(seat("[data-actions] .btn.p")).to_be_in_viewport()
    assert not await seat.js(sideways)
    await seat("[data-actions] .btn.p").click()
    await expect(seat("[data-decision]")).to_be_visible()


TABLET = {"width": 1024, "height": 768}


async def test_on_a_tablet_enter_on_the_row_and_escape_bring_the_call_back_from_map_and_units(
    room: Room,
) -> None:
    seat = await room.seat("dispatcher", viewport=TABLET)
    call = await paired(room, seat)
    for panel, key in (("map", "Enter"), ("units", "Enter"), ("map", "Escape"), ("units", "Escape")):
        await seat.press(panel[0])
        await expect(seat(f"[data-region={panel}] [tabindex='0']").first).to_be_focused()
        if key == "Enter":
            await seat.call(call).focus()
        await seat.press(key)
        await expect(seat("[data-region=call] .scroll")).to_be_focused()


async def test_on_a_tablet_the_buttons_of_a_sheet_stand_above_the_decision_bar(room: Room) -> None:
    seat = await room.seat("dispatcher", viewport=TABLET)
    await paired(room, seat)
    await seat.press("o")
    for button in await seat(".sheet .row-actions button, [data-actions] button").all():
        await expect(button).to_be_in_viewport(ratio=1)
        await button.focus()
        assert await seat.js(COVERED) is None


async def test_on_a_tablet_a_clinician_sees_need_and_safety_of_a_short_call(room: Room) -> None:
    seat = await room.seat("clinician", viewport=TABLET)
    words = (
        "SON HEARING VOICES SINCE MONDAY, OFF MEDS, HE HAS A KNIFE IN HIS HAND AND STANDS IN THE KITCHEN, "
    )
    words += (
        "MOTHER IS OUTSIDE WITH THE YOUNGER ONE, NOBODY IS HURT, SPEAKS CALMLY WITH HIS UNCLE ON THE PHONE"
    )
    call = await flagged(room, narrative=words, nature="DISTURBANCE", external_id="26-0412-118")
    await seat.select(call)
    await expect(seat("[data-gate]").first).to_be_visible()
    assert await seat.js(WHOLE, ["[data-gate], [data-danger]", "[data-region=call] .scroll"]) >= 3
    place = await seat.call(call).locator(".place").bounding_box()
    assert place is not None
    assert place["width"] > 80, "the address is cut by the chip beside it"
