"""Truth of decisions, alerts and advice: rules 26, 28 and 30 of the console."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.scenes import KNIFE, accepted, ack, alarmed, append, current, flagged, paired
from tests.browser_kit import Room, Seat
from tests.service import Json, accept, good, post_call

ACCEPT = "**/v1/recommendations/*/accept"
#: Whether everything of the first list stands before everything of the second in the document.
BEFORE = """([first, then]) => {
  const one = [...document.querySelectorAll(first)], other = [...document.querySelectorAll(then)];
  return one.length > 0 && other.length > 0 && one.every(a =>
    other.every(b => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING));
}"""


async def test_rule_26_a_decision_on_its_way_is_shown_as_sending_and_as_nothing_more(
    room: Room, seat: Seat
) -> None:
    call = await paired(room, seat)
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await seat.page.route(ACCEPT, hold)
    await seat.press("a", "Enter")
    await expect(seat("[data-stage=sending]")).to_contain_text("Sending")
    await expect(seat("[data-decision]")).to_have_count(0)
    await expect(seat.call(call)).to_contain_text("Proposed")
    held.set()
    await expect(seat("[data-decision] [aria-current=step]")).to_have_text("Reserved")


async def test_rule_26_an_answer_that_got_lost_is_no_success_and_trying_again_is_safe(room: Room) -> None:
    seat = await room.seat("dispatcher")
    call = await paired(room, seat)

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await seat.page.route(ACCEPT, lose, times=1)
    await seat.press("a", "Enter")
    await expect(seat("[data-stage=unconfirmed]")).to_contain_text("may or may not")
    await seat.page.get_by_role("button", name="Try again").click()
    await expect(seat("[data-stage]")).to_have_count(0)
    assert (await current(room, call))["decision"]["kind"] == "accepted"


async def test_rule_28_the_same_cause_on_the_same_call_is_one_alert_with_a_counter(
    room: Room, seat: Seat
) -> None:
    call = await alarmed(room, seat)
    await append(room, call, "SHE IS STABBING AT THE DOOR WITH THE KNIFE, BLEEDING BADLY, NOT BREATHING")
    await expect(seat("[data-alert]")).to_contain_text("×2")
    await expect(seat("[data-alert]")).to_have_count(1)
    await expect(seat("[data-alert]")).not_to_contain_text("more")


async def test_rule_29_an_alert_leads_to_its_call_with_one_key(room: Room, seat: Seat) -> None:
    call = await alarmed(room, seat)
    await seat.select((await post_call(room.service, "LOUD MUSIC"))["call"])
    await seat.press("g")
    await expect(seat.call(call)).to_have_attribute("aria-selected", "true")


async def test_rule_30_reasons_gates_age_and_alternatives_stand_before_the_accept_button(
    room: Room, seat: Seat
) -> None:
    await paired(room, seat)
    button = "[data-actions] .btn.p"
    for part in (
        ".two li",
        ".safety [data-danger]",
        "[data-pairing] h3 .num",
        "[data-region=call] .pick",
        "mark",
    ):
        assert await seat.js(BEFORE, [part, button]), part


async def test_rule_30_an_override_without_a_reason_cannot_be_sent(room: Room, seat: Seat) -> None:
    call = await paired(room, seat)
    await seat.press("o", "Enter", "Enter", "Enter")
    await expect(seat(".sheet .btn.p")).to_have_attribute("aria-disabled", "true")
    await seat(".sheet .btn.p").click(force=True)
    await expect(seat(".sheet")).to_be_visible()
    assert (await current(room, call))["decision"] is None


async def test_rule_30_a_call_that_nobody_may_go_to_has_no_accept_control(room: Room, seat: Seat) -> None:
    call = await flagged(room, "OUT-1")
    await seat.select(call)
    await expect(seat("[data-region=call]")).to_contain_text("No pairing")
    await expect(seat("[data-actions] .btn.p")).to_have_count(0)
    await seat.press("a", "Enter")
    await expect(seat(".armed, [data-stage], [data-decision]")).to_have_count(0)


async def test_a_dispatcher_who_was_sent_sees_the_units_move_with_the_cad(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat)
    await ack(room, call, "received")
    unit = (await current(room, call))["decision"]["units"][0]["unit_id"]
    await expect(seat(f'[data-region=units] tr[data-unit="{unit}"]')).to_contain_text(call["number"])


async def release_offered(room: Room, role: str, call: Json, times: int) -> None:
    """A seat of that role may let go so many gates of the call, once its policy has come."""
    seat = await (await room.seat(role)).select(call)
    await expect(seat('[data-gate="G1"]')).to_be_visible()
    await seat.page.wait_for_load_state("networkidle")
    await expect(seat('[data-gate="G1"] button.btn')).to_have_count(times)


async def test_a_gate_is_let_go_by_whom_the_policy_names_and_offered_to_nobody_else(room: Room) -> None:
    other = await room.floor.room(roles='{ G1 = ["dispatcher"] }')
    for center, may in ((room, "supervisor"), (other, "dispatcher")):
        call = (await post_call(center.service, "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"))["call"]
        for role in ("clinician", "dispatcher", "supervisor"):
            await release_offered(center, role, call, int(role == may))
    dispatcher = other.seats[1]
    await dispatcher('[data-gate="G1"] button.btn').click()
    await dispatcher("dialog[open] input[type=radio]").first.check()
    await dispatcher("dialog[open] .btn.p").click()
    await expect(dispatcher('[data-gate="G1"]')).to_have_attribute("data-released", "true")
    await other.leave(shots=None)


async def test_what_was_confirmed_again_is_not_listed_as_new_and_a_decision_taken_back_asks_nothing(
    room: Room, seat: Seat
) -> None:
    call = await alarmed(room, seat)
    panel = seat("[data-region=call] .again")
    await expect(panel).to_contain_text("KNIFE IN HER HAND")
    await expect(panel.locator("li", has_text="Weapon:")).to_have_count(0)  # the quoted words say it
    await seat.press("a", "Enter")
    await expect(panel).to_have_count(0)
    await append(room, call, "SHE IS BLEEDING BADLY AND NOT BREATHING")
    await expect(panel).to_contain_text("NOT BREATHING")
    await expect(panel).not_to_contain_text("KNIFE")
    await seat.press("d", "1", "Enter")
    await expect(seat("[data-pairing]")).to_be_visible()
    await expect(panel).to_have_count(0)


async def test_an_unarmed_team_is_called_back_and_never_asked_to_confirm(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat, "CRT-1", "PSW-1")
    await append(room, call, KNIFE)
    await expect(seat("[data-region=call] .again h3")).to_contain_text("take them back")
    await expect(seat(".ribbon")).to_contain_text("Decide again on this call")
    for text in ("onfirm again", "onfirm the pairing"):
        await expect(seat("body")).not_to_contain_text(text)


async def test_a_refused_override_keeps_its_picks_and_is_forgotten_with_the_next_decision(room: Room) -> None:
    seat = await room.seat("dispatcher")
    await room.units("TRI-1", "PAT-1", "CRT-1", "TEL-1", "EMS-1")
    call = (await post_call(room.service, "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"))["call"]
    await seat.select(call)
    await expect(seat("[data-pairing]")).to_be_visible()
    await seat.press("o")
    await seat.page.keyboard.type("crt1")
    await seat.press("Enter", "1", "Enter")
    await expect(seat("[data-stage=refused]")).to_be_visible()
    await expect(seat(".sheet .picked")).to_contain_text("CRT-1")
    await seat.press("Escape")
    await expect(seat(".sheet")).to_have_count(0)
    await asyncio.sleep(1)  # what is decided in the same second may be what the refusal speaks of
    good(await accept(room.service, await current(room, call)))
    await expect(seat("[data-decision]")).to_be_visible()
    await expect(seat("[data-stage]")).to_have_count(0)
