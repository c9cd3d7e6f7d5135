"""The clinician's and the manager's desks: their keys, and the rules that hold for every view."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.scenes import CALM, TEAM, current, flagged
from tests.browser.test_colour import faint_texts
from tests.browser.test_layout import SMALL
from tests.browser_kit import DESKTOP, Floor, Room, Seat
from tests.service import Json, good, post_call

EVERY_VIEW = pytest.mark.parametrize("view", ["clinician", "dispatcher", "manager"], indirect=True)
#: Roles that a screen reader says with a name, or the person who hears it does not know what it is.
NAMED = {
    "button",
    "link",
    "textbox",
    "searchbox",
    "radio",
    "checkbox",
    "combobox",
    "grid",
    "region",
    "dialog",
}
REPEATED_IDS = """() => [...document.querySelectorAll("[id]")].map(one => one.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""
SIDEWAYS = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) > innerWidth"
PRINTED = "of => [...document.querySelectorAll(of)].map(key => key.innerText.toLowerCase())"
PLACE = {"lat": 39.1653, "lon": -86.5264, "place": "77 QUARTZ ROW"}


@pytest.fixture(scope="module")
async def views(floor: Floor) -> AsyncIterator[Mapping[str, Seat]]:
    """A window of every role on one board with something in it, for tests that only look."""
    room = await floor.room()
    yield {role: await busy(room, role) for role in ("clinician", "dispatcher", "manager")}
    await room.leave(shots=None)


@pytest.fixture
async def view(views: Mapping[str, Seat], request: pytest.FixtureRequest) -> AsyncIterator[Seat]:
    """One of these windows, as it was before afterwards."""
    seat = views[request.param]
    yield seat
    await seat.page.set_viewport_size(ViewportSize(width=DESKTOP["width"], height=DESKTOP["height"]))


@pytest.fixture
async def clinician(room: Room) -> Seat:
    """A clinician's window."""
    return await room.seat("clinician")


async def to_review(room: Room, seat: Seat) -> Json:
    """A selected call that waits for the clinician's word."""
    await room.units(*TEAM)
    call = (await post_call(room.service))["call"]
    await seat.select(call)
    await expect(seat("[data-actions] .btn.p")).to_have_attribute("aria-disabled", "false")
    return dict(call)


async def busy(room: Room, role: str) -> Seat:
    """A view with something in it: one call flagged and paired, one to review, plain ones."""
    await flagged(room, location=PLACE)
    call = (await post_call(room.service, "MALE HEARING VOICES, HAS A KNIFE IN HIS HAND", location=PLACE))[
        "call"
    ]
    for text in CALM:
        await post_call(room.service, text)
    seat = await room.seat(role)
    if role != "manager":
        await seat.select(call)
    else:
        await expect(seat("[data-counter=er_diversion]")).to_be_visible()
    return seat


async def test_rule_19_a_clinician_flags_with_one_key_and_enter(room: Room, clinician: Seat) -> None:
    call = await to_review(room, clinician)
    await clinician.press("f", "Enter")
    await expect(clinician("[data-region=call] .meta")).to_contain_text("Flagged by")
    assert (await current(room, call))["review"]["by"] == clinician.name


async def test_rule_21_the_flag_key_only_arms(room: Room, clinician: Seat) -> None:
    call = await to_review(room, clinician)
    await clinician.press("f")
    await expect(clinician("[data-actions] .armed")).to_be_visible()
    await clinician.press("Escape", "Enter")
    await expect(clinician("[data-actions] .armed")).to_have_count(0)
    assert (await current(room, call))["review"]["state"] == "none"


async def test_rule_19_a_call_is_set_aside_with_three_keys_and_a_reason(room: Room, clinician: Seat) -> None:
    call = await to_review(room, clinician)
    await clinician.press("u", "1", "Enter")
    await expect(clinician("[data-region=call] .meta")).to_contain_text("Set aside by")
    review = (await current(room, call))["review"]
    assert review["state"] == "set_aside"
    assert review["reason"]


async def test_rule_19_wrong_evidence_is_dismissed_by_key(room: Room, clinician: Seat) -> None:
    call = await to_review(room, clinician)
    await clinician("[data-region=evidence]").get_by_text("HEARING VOICES").first.click()
    async with clinician.page.expect_response("**/flags") as answer:
        await clinician.press("w")
    assert (await answer.value).ok
    flags = good(await room.service.get("clinician", f"/v1/calls/{call['id']}"))["flags"]
    assert [(one["indicator"], one["action"], one["by"]) for one in flags] == [
        ("psychosis", "dismiss", clinician.name)
    ]


async def test_rule_19_the_managers_figures_turn_into_a_table_by_key(room: Room) -> None:
    seat = await room.seat("manager")
    await expect(seat("[data-counter=er_diversion]")).to_contain_text("would otherwise have gone")
    await seat.press("t")
    await expect(seat("table")).not_to_have_count(0)
    await expect(seat("section[data-counter]")).to_have_count(0)


async def test_a_manager_never_gets_a_place_or_a_word_of_a_call(room: Room) -> None:
    seat = await busy(room, "manager")
    snapshot = await seat.context.request.get(f"{seat.url}/v1/console/snapshot")
    for text in (await snapshot.text(), await seat.page.content()):
        assert not [word for word in ("QUARTZ", "VOICES", "39.1653") if word in text]
    await seat.agrees()


@EVERY_VIEW
async def test_rule_3_every_text_of_every_view_can_be_read(view: Seat) -> None:
    assert await faint_texts(view) == []


@EVERY_VIEW
async def test_every_control_of_every_view_has_a_name_that_can_be_said(view: Seat) -> None:
    tree: Any = await (await view.context.new_cdp_session(view.page)).send("Accessibility.getFullAXTree")
    nodes = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in NAMED]
    assert len(nodes) > 5
    assert [node["role"]["value"] for node in nodes if not node.get("name", {}).get("value")] == []
    assert await view.js(REPEATED_IDS) == []


@EVERY_VIEW
async def test_rule_12_no_view_scrolls_sideways_at_320_pixels(view: Seat) -> None:
    await view.page.set_viewport_size({"width": 320, "height": 640})
    assert not await view.js(SIDEWAYS)


@pytest.mark.parametrize("view", ["clinician", "manager"], indirect=True)
async def test_rule_11_targets_of_the_other_views_are_24_pixels_or_more(view: Seat) -> None:
    assert await view.js(SMALL, 24) == []


@EVERY_VIEW
async def test_rule_20_the_keys_that_are_printed_are_those_of_the_sheet(view: Seat) -> None:
    printed = await view.js(PRINTED, "footer .hint kbd")
    await view.press("?")
    listed = await view.js(PRINTED, "dialog [data-key]")
    await view.press("Escape")
    assert set(printed) <= {*listed, "enter"}


@EVERY_VIEW
async def test_every_view_speaks_spanish_to_who_asks_for_it(view: Seat) -> None:
    await view("header").get_by_role("button", name="Signed in as").click()
    language = view("#person select").first
    await language.select_option("es")
    await expect(view("html")).to_have_attribute("lang", "es")
    await expect(view(".synthetic")).to_have_text("Datos sintéticos")
    await view.page.reload()
    await expect((await view.live())("html")).to_have_attribute("lang", "es")
    await view.js("localStorage.clear()")
    await view.page.reload()
    await view.live()
    assert view.faults == []
