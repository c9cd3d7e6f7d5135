"""A board that holds still under live data: rules 13 to 16 of the console, as far as they are quick."""

import asyncio

from playwright.async_api import expect

from tests.browser.scenes import TEAM, append, many_calls, paired, traffic
from tests.browser_kit import Room, Seat
from tests.service import post_call

#: Notes in every frame where the selected row stands below the rows of alerts and notices, and what has the focus.
WITNESS = """() => {
  const focus = document.activeElement;
  window.seen = {ys: new Set(), focus: true, frames: 0};
  const look = () => {
    const top = document.querySelector("main").getBoundingClientRect().y;
    seen.ys.add(document.querySelector("[aria-selected=true]")?.getBoundingClientRect().y - top);
    seen.focus &&= document.activeElement === focus; seen.frames++;
    requestAnimationFrame(look);
  };
  look();
}"""
#: Scrolls the whole list; the most nodes the queue ever had, and the last row's number.
SCROLL = """async () => {
  const queue = document.querySelector("[data-region=queue]"), box = queue.querySelector("[role=rowgroup]");
  const frame = () => new Promise(requestAnimationFrame);
  let most = 0;
  for (let y = 0; y <= box.scrollHeight; y += 700) {
    box.scrollTop = y; await frame(); await frame();
    most = Math.max(most, queue.querySelectorAll("*").length);
  }
  return [most, Math.max(...[...queue.querySelectorAll("[aria-rowindex]")].map(row => row.ariaRowIndex))];
}"""
SEEN = "() => ({ys: [...seen.ys], focus: seen.focus, frames: seen.frames})"


async def test_rule_14_new_calls_wait_until_they_are_asked_for_while_the_list_is_in_hand(
    room: Room, seat: Seat
) -> None:
    await many_calls(room, 3)
    rows = seat("[role=row][data-call]")
    await expect(rows).to_have_count(3)
    await seat.press("j")
    await rows.nth(1).focus()
    await post_call(room.service, "LOUD MUSIC", priority=1)
    await expect(seat(".new button")).to_contain_text("1 new")
    await expect(rows).to_have_count(3)
    await seat.press("n")
    await expect(rows).to_have_count(4)


async def test_rules_13_15_and_16_a_thousand_calls_come_in_while_the_selected_one_stands_still_and_keeps_the_focus(
    room: Room, seat: Seat
) -> None:
    await many_calls(room, 12)
    call = (await post_call(room.service, "LOUD MUSIC", priority=4))["call"]
    await seat.select(call)
    await seat.page.mouse.move(720, 4)
    await seat("[data-region=call] .scroll").focus()
    await seat.js(WITNESS)
    await many_calls(room, 987)
    await expect(seat("[data-region=queue] .ph")).to_contain_text("1000 live")
    assert await seat.agrees() >= 1000
    seen = await seat.js(SEEN)
    assert (len(seen["ys"]), seen["focus"]) == (1, True), seen
    most, last = await seat.js(SCROLL)
    assert 100 < most < 600
    assert last == 1000


async def test_rule_15_the_focus_stays_on_a_row_while_its_list_changes(room: Room, seat: Seat) -> None:
    await many_calls(room, 12)
    await room.units(*TEAM)
    call = await paired(room, seat)
    await seat.call(call).focus()
    await seat.js(WITNESS)
    await asyncio.gather(
        *(traffic(room, unit, 10) for unit in TEAM), many_calls(room, 20), append(room, call, "RP AT DOOR")
    )
    await seat.agrees()
    seen = await seat.js(SEEN)
    assert (len(seen["ys"]), seen["focus"]) == (1, True), seen
