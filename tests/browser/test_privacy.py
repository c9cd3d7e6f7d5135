"""What never leaves the console, never runs in it, and what it must not be mistaken for."""

import json
from typing import Any

from playwright.async_api import expect

from tests.browser.scenes import accepted, paired
from tests.browser_kit import Room, Seat
from tests.service import post_call

SECRETS = ("HEARING VOICES", "ZEPHYRINE", "77 QUARTZ")
NARRATIVE = "ZEPHYRINE VANCE IS HEARING VOICES"
PLACE = {"lat": 39.1653, "lon": -86.5264, "place": "77 QUARTZ ROW"}
KEPT = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, url: location.href, title: document.title,
  bases: (await indexedDB.databases()).map(base => base.name), caches: await caches.keys(),
})"""
HOSTILE = (
    'FEMALE HEARING VOICES <img src=x onerror="window.owned=1"><script>owned=1</script> &lt;b&gt; {{7*7}}'
)


async def test_no_word_name_or_address_of_a_call_is_kept_in_the_browser_or_its_address(
    room: Room, seat: Seat
) -> None:
    await accepted(room, seat, narrative=NARRATIVE, location=PLACE)
    await seat("header").get_by_role("button", name="light theme").click()
    await seat("header").get_by_role("button", name="Compact rows").click()
    kept: Any = await seat.js(KEPT)
    assert not [secret for secret in SECRETS if secret in json.dumps(kept).upper()]
    assert (set(kept["local"]), kept["session"], kept["bases"], kept["caches"]) == (
        {"tandem.settings"},
        {},
        [],
        [],
    )
    assert kept["url"] == f"{seat.url}/#/dispatcher"


async def test_every_page_comes_with_a_content_security_policy_and_no_answer_is_stored(
    room: Room, seat: Seat
) -> None:
    page = await seat.context.request.get(seat.url)
    rules = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert (rules["default-src"], rules["connect-src"], rules["worker-src"]) == ("'self'", "'self'", "'self'")
    assert (rules["img-src"], rules["frame-ancestors"], rules["object-src"]) == (
        "'self' data:",
        "'none'",
        "'none'",
    )
    state = await seat.context.request.get(f"{seat.url}/v1/console/snapshot")
    assert state.headers["cache-control"] == "no-store"


async def test_nothing_is_asked_of_another_origin_in_any_view(room: Room) -> None:
    seat = await room.seat("supervisor")
    await post_call(room.service)
    for key in ("1", "2", "3"):
        await seat.press(key)
        await expect(seat(f'nav [aria-current=page] kbd:text-is("{key}")')).to_be_visible()
        await seat.page.wait_for_load_state("networkidle")
    assert seat.strangers == []


async def test_a_narrative_is_text_whatever_it_looks_like(room: Room, seat: Seat) -> None:
    await paired(room, seat, narrative=HOSTILE)
    assert (
        (await seat("[data-region=call] ol li p").inner_text())
        .replace("2", "", 1)
        .startswith("FEMALE HEARING")
    )
    assert 'onerror="window.owned=1"><script>' in await seat("[data-region=call] ol li p").inner_text()
    assert await seat.js("[typeof owned, document.querySelectorAll('ol img, ol script').length]") == [
        "undefined",
        0,
    ]


async def test_evidence_is_marked_where_it_stands_even_behind_an_emoji(room: Room, seat: Seat) -> None:
    await paired(room, seat, narrative="👩‍👩‍👧 😀😀 É FEMALE HEARING VOICES TODAY")
    mark = seat("[data-region=call] ol mark")
    text = await mark.evaluate(
        "mark => [...mark.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')"
    )
    assert text.strip() == "HEARING VOICES"


async def test_synthetic_data_is_marked_in_the_window_its_title_and_its_icon(room: Room, seat: Seat) -> None:
    await expect(seat.page).to_have_title("[SYNTHETIC] Tandem · " + room.center.title())
    await expect(seat(".synthetic")).to_have_text("Synthetic data")
    await expect(seat("#favicon")).to_have_attribute("href", "/favicon-synthetic.svg")
    live = await (await room.floor.room(synthetic=False)).seat("dispatcher")
    await expect(live.page).not_to_have_title("SYNTHETIC")
    await expect(live(".synthetic")).to_have_count(0)
    await expect(live("#favicon")).to_have_attribute("href", "/favicon.svg")
    await live.context.close()


async def test_a_wrong_password_is_refused_in_words_and_a_right_one_opens_the_desk(room: Room) -> None:
    seat = await room.seat("dispatcher", arrive=False, signed_in=False)
    await seat.page.goto(seat.url)
    await expect(seat.page).to_have_title("Tandem")
    await seat("input[name=username]").fill(seat.name)
    for password in ("wrong", "correct horse battery"):
        await seat("input[name=password]").fill(password)
        await seat.press("Enter")
        if password == "wrong":
            await expect(seat("dialog [role=alert]")).to_have_text("User name or password is wrong")
    await seat.live()
