"""Everything from the keyboard: rules 19 to 21 of the console."""

import asyncio

from playwright.async_api import Request, expect

from tests.browser.scenes import accepted, ack, alarmed, append, current, many_calls, paired
from tests.browser_kit import Room, Seat
from tests.service import post_call, status

#: What each key does in the dispatcher's view, kept by hand: the sheet and the handler have to agree with it.
KEYS = {
    "next": ["j", "ArrowDown"], "previous": ["k", "ArrowUp"], "open": ["Enter"], "cancel": ["Escape"],
    "accept": ["a"], "override": ["o"], "decline": ["d"], "compare_previous": ["["], "compare_next": ["]"],
    "place_new": ["n"], "secure": ["s"], "outcome": ["c"], "acknowledge": ["x"], "go_to_alert": ["g"],
    "filter": ["/"], "units": ["u"], "map": ["m"], "log": ["l"], "retry": ["r"], "view_clinician": ["1"],
    "view_dispatcher": ["2"], "view_manager": ["3"], "next_region": ["F6"], "previous_region": ["Shift+F6"],
    "keys": ["?"],
}  # fmt: skip
LISTED = """() => Object.fromEntries([...document.querySelectorAll("dialog [data-command]")].map(row =>
  [row.dataset.command, [...row.querySelectorAll("[data-key]")].map(key => key.dataset.key)]))"""
SEND = "[data-actions] .btn.p"


def posts(seat: Seat) -> list[str]:
    """Commands the page sends from now on, by path."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url.removeprefix(seat.url))

    seat.context.on("request", note)
    return sent


async def test_rule_19_accepting_takes_two_keys(room: Room, seat: Seat) -> None:
    call = await paired(room, seat)
    await seat.press("a", "Enter")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "reserved")
    decision = (await current(room, call))["decision"]
    assert (decision["kind"], decision["by"]) == ("accepted", seat.name)


async def test_rule_19_declining_takes_three_keys(room: Room, seat: Seat) -> None:
    call = await paired(room, seat)
    await seat.press("d", "2", "Enter")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "standing")
    decision = (await current(room, call))["decision"]
    assert decision["kind"] == "declined"
    assert decision["reason"]


async def test_rule_19_overriding_takes_four_keys(room: Room, seat: Seat) -> None:
    call = await paired(room, seat)
    second = await seat("[data-region=call] .pick").first.inner_text()
    await seat.press("o", "Enter", "2", "Enter")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "reserved")
    decision = (await current(room, call))["decision"]
    assert decision["kind"] == "overridden"
    assert decision["reason"]
    assert {unit["unit_id"] for unit in decision["units"]} == set(second.split(" + "))


async def test_rule_19_an_alarm_is_acknowledged_and_confirmed_again_by_keys(room: Room, seat: Seat) -> None:
    call = await alarmed(room, seat)
    await seat.press("x")
    await expect(seat("[data-alert]")).to_have_count(0)
    await expect(seat.call(call).locator(".tag.t1.seen")).to_be_visible()
    await seat.press("a", "Enter")
    await expect(seat.call(call).locator(".tag.t1")).to_have_count(0)
    decision = (await current(room, call))["decision"]
    assert (decision["reconfirm"], decision["staging"]) == ([], "staging")


async def test_rule_19_units_are_taken_back_by_keys(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat)
    await seat.press("d", "3", "Enter")
    await expect(seat("[data-decision]")).to_have_count(0)
    assert (await current(room, call))["decision"]["state"] == "released"


async def test_rule_19_an_outcome_is_recorded_by_keys(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat)
    for unit in (await current(room, call))["decision"]["units"]:
        await status(room.service, unit["unit_id"], "OnScene")
    await expect(seat("[data-actions]")).to_contain_text("Record outcome")
    await seat.press("c", "Space", "Enter")
    await expect(seat("dialog[open]")).to_have_count(0)
    await expect(seat("[data-decision]")).to_contain_text("Outcome recorded")


async def test_rule_19_filter_map_theme_and_every_region_are_reached_without_a_mouse(
    room: Room, seat: Seat
) -> None:
    await many_calls(room, 2)
    await post_call(room.service, "RP LOCKED OUT", nature="LOCKOUT")
    await expect(seat("[role=row][data-call]")).to_have_count(3)
    await seat.press("/")
    await seat.page.keyboard.type("lockout")
    await expect(seat("[role=row][data-call]")).to_have_count(1)
    await seat.press("Escape", "m", "Enter", "u", "F6", "F6")
    await expect(seat("[role=row][data-call]")).to_have_count(3)
    await seat("header").get_by_role("button", name="light theme").focus()
    await seat.press("Enter")
    await expect(seat("html")).to_have_attribute("data-theme", "light")


async def test_rule_20_the_sheet_of_keys_lists_exactly_what_the_keys_do(still: Seat) -> None:
    await still.press("?")
    await expect(still("dialog[open]")).to_be_visible()
    listed = await still.js(LISTED)
    assert listed == KEYS
    await still.press("Escape")


async def test_rule_20_single_keys_can_be_turned_off(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    await seat("header").get_by_role("button", name="Signed in as").click()
    await seat.page.get_by_label("Single-key shortcuts").uncheck()
    await seat.press("Escape", "a", "o", "d")
    await expect(seat(".armed, .sheet")).to_have_count(0)


async def test_rule_20_keys_do_nothing_while_a_person_types(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    sent = posts(seat)
    await seat.press("/")
    await seat.page.keyboard.type("adox")
    await expect(seat("[data-region=queue] input")).to_have_value("adox")
    await expect(seat(".armed, .sheet")).to_have_count(0)
    await seat.press("Enter")
    assert sent == []


async def test_rule_21_a_dangerous_key_only_arms_and_escape_disarms(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    sent = posts(seat)
    await seat.press("a")
    await expect(seat(f"{SEND}.armed")).to_contain_text("Enter")
    await seat.press("Escape")
    await expect(seat(".armed")).to_have_count(0)
    await seat.press("Enter")
    await asyncio.sleep(0.3)
    assert sent == []


async def test_rule_21_what_was_armed_lapses_after_five_seconds(room: Room) -> None:
    seat = await room.seat("dispatcher", arrive=False)
    await seat.page.clock.install()
    await seat.arrive()
    await paired(room, seat)
    sent = posts(seat)
    await seat.press("a")
    await expect(seat(".armed")).to_be_visible()
    await seat.page.clock.fast_forward(5_100)
    await seat.press("Enter")
    await expect(seat(".armed")).to_have_count(0)
    assert sent == []


async def test_rule_21_a_key_held_down_never_sends(room: Room, seat: Seat) -> None:
    await paired(room, seat)
    sent = posts(seat)
    for key in ("a", "Enter"):
        for _ in range(5):
            await seat.page.keyboard.down(key)
    await seat.page.keyboard.up("Enter")
    await asyncio.sleep(0.3)
    assert len(sent) == 1, "the first press of Enter sends, its repeats do not"
    await seat.page.keyboard.up("a")


async def test_rule_21_what_was_armed_is_disarmed_when_the_call_changes_under_it(
    room: Room, seat: Seat
) -> None:
    call = await paired(room, seat)
    sent = posts(seat)
    await seat.press("a")
    await expect(seat(".armed")).to_be_visible()
    await append(room, call, "NOW HAS KNIFE IN HER HAND")
    await expect(seat(".armed")).to_have_count(0)
    await seat.press("Enter")
    assert sent == []


async def test_rule_26_a_decision_is_reserved_then_sent_then_received_and_never_ahead_of_the_cad(
    room: Room, seat: Seat
) -> None:
    call = await accepted(room, seat)
    step = seat("[data-decision] [aria-current=step]")
    await expect(step).to_have_text("Reserved")
    for state, word in (("sent", "Sent"), ("received", "Received by unit")):
        await ack(room, call, state)
        await expect(step).to_have_text(word)
