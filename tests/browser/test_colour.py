"""Colour and calm: rules 1 to 6 of the console."""

import base64
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import expect

from tests.browser.scenes import accepted, ack, alarmed, append, paired, quiet
from tests.browser_kit import Room, Seat
from tests.colours import DEUTERANOPIA, PROTANOPIA, contrast, difference, lab, linear, parse, seen_by

ALERT = ("--t1", "--t1f", "--t2", "--t2f")
#: Colours of a picture with the number of their pixels, counted where pictures can be read.
HISTOGRAM = """async picture => {
  const image = new Image(); image.src = picture; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0);
  const data = new Uint32Array(brush.getImageData(0, 0, image.width, image.height).data.buffer), seen = {};
  for (const pixel of data) seen[pixel & 0xffffff] = (seen[pixel & 0xffffff] ?? 0) + 1;
  return Object.entries(seen).map(([bgr, n]) => [bgr & 255, (bgr >> 8) & 255, bgr >> 16, n]);
}"""
#: Every text on the screen with its colour and the colour behind it, in one list without repeats.
TEXTS = """() => {
  const clear = c => c === "rgba(0, 0, 0, 0)" || c === "transparent", seen = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data.trim(), of = node.parentElement;
    if (!text || !of.checkVisibility({visibilityProperty: true}) || of.closest(".sr, script, style")) continue;
    let back = of; while (back && clear(getComputedStyle(back).backgroundColor)) back = back.parentElement;
    const pair = [getComputedStyle(of).color, back ? getComputedStyle(back).backgroundColor : "rgb(255, 255, 255)"];
    seen.set(pair.join(), [...pair, text.slice(0, 40), of.tagName + "." + of.className]);
  }
  return [...seen.values()];
}"""
#: Pairs of tokens and the contrast each needs: text 4.5, borders, focus and marks 3.
NEEDED = {
    4.5: (
        "tx panel", "tx raised", "tx sel", "tx2 panel", "tx2 sel", "tx3 panel", "tx3 raised", "tx3 bg", "tx3 sel",
        "t1 panel", "t1 sel", "t1tx t1f", "tx t1bg", "tx2 t1bg", "t2 panel", "t2 sel", "t2 raised", "t2tx t2f",
        "tx t2bg", "t3 panel", "tx evS", "tx evG", "tx2 evS", "tx2 evG", "primtx prim", "lbl land",
    ),
    3.0: (
        "t1 t1bg", "evSl panel", "evGl panel", "focus panel", "focus bg", "focus sel", "line2 panel", "line2 raised",
        "prim panel", "bar barbg", "bar panel", "t1f panel",
    ),
}  # fmt: skip


COUNT_MOTION = """() => {
  window.most = 0;
  const look = () => { most = Math.max(most, document.getAnimations().length); requestAnimationFrame(look); };
  look();
}"""


async def themes(seat: Seat) -> AsyncIterator[str]:
    """Both themes, one after the other, as the system asks for them."""
    for theme in ("dark", "light"):
        await seat.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        await expect(seat("html")).to_have_attribute("data-theme", theme)
        yield theme


async def tokens(seat: Seat, *names: str) -> list[str]:
    """Values of the theme's colours."""
    script = "names => names.map(name => getComputedStyle(document.documentElement).getPropertyValue(name))"
    return list(await seat.js(script, names))


async def alert_pixels(seat: Seat) -> int:
    """Pixels of the window within delta E 12 of an alert colour, once the service lacks nothing."""
    await expect(seat("[data-degraded]")).to_have_count(0)
    picture = base64.b64encode(await seat.page.screenshot()).decode()
    blank = await seat.context.new_page()
    colours: Any = await blank.evaluate(HISTOGRAM, f"data:image/png;base64,{picture}")
    await blank.close()
    alert = [lab(linear(parse(token))) for token in await tokens(seat, *ALERT)]
    found = ((lab(linear((r, g, b))), n) for r, g, b, n in colours)
    return sum(n for colour, n in found if min(difference(colour, one) for one in alert) <= 12)


async def test_rule_1_at_rest_no_pixel_has_an_alert_colour_and_an_alert_has_many(
    room: Room, seat: Seat
) -> None:
    calls = await quiet(room)
    await expect(seat('[role="row"][data-call]')).to_have_count(len(calls))
    await seat.select(calls[0])
    async for theme in themes(seat):
        assert await alert_pixels(seat) == 0, theme
    await alarmed(room, seat)
    async for theme in themes(seat):
        assert await alert_pixels(seat) > 1000, theme


async def test_rule_2_tiers_differ_by_shape_and_word_and_not_by_colour_alone(room: Room, seat: Seat) -> None:
    call = await alarmed(room, seat)
    other = await paired(room, seat, narrative="MALE HEARING VOICES", nature="PSYCH")
    await append(room, other, "NOW HAS KNIFE")
    first, second = seat.call(call).locator(".tag.t1"), seat.call(other).locator(".tag.t2")
    await expect(first).to_be_visible()
    await expect(second).to_be_visible()
    words = [await tag.inner_text() for tag in (first, second)]
    shapes = [await tag.locator("svg").inner_html() for tag in (first, second)]
    assert all(words)
    assert len(set(words)) == len(set(shapes)) == 2


async def test_rule_3_colour_tokens_have_the_contrast_their_use_needs(still: Seat) -> None:
    async for theme in themes(still):
        for need, pairs in NEEDED.items():
            for pair in pairs:
                colour, behind = await tokens(still, *(f"--{name}" for name in pair.split()))
                assert contrast(colour, behind) >= need, f"{theme} {pair}: {contrast(colour, behind):.2f}"


async def test_rule_3_every_text_on_the_screen_can_be_read_in_every_state(room: Room) -> None:
    seat = await room.seat("dispatcher")
    await paired(room, seat)
    faint = await faint_texts(seat)
    await seat.press("o")
    faint += await faint_texts(seat)
    await seat.press("Escape")
    await alarmed(room, seat)
    faint += await faint_texts(seat)
    room.floor.wire.kill()
    await expect(seat(".rows [role=alert]", has_text="Connection lost")).to_be_visible()
    assert faint + await faint_texts(seat) == []


async def faint_texts(seat: Seat) -> list[str]:
    """Texts of either theme below a contrast of 4.5 against what is painted behind them."""
    async for theme in themes(seat):
        seen = await seat.js(TEXTS)
        found = [f"{theme}: {text} ({of}) {c} on {b}" for c, b, text, of in seen if contrast(c, b) < 4.5]
        if found:
            return found
    return []


async def test_rule_4_the_tiers_stay_apart_for_the_colour_blind(still: Seat) -> None:
    async for theme in themes(still):
        text, other_text, fill, other_fill = await tokens(still, "--t1", "--t2", "--t1f", "--t2f")
        for eyes in (DEUTERANOPIA, PROTANOPIA):
            assert difference(seen_by(eyes, text), seen_by(eyes, other_text)) >= 20, theme
            assert difference(seen_by(eyes, fill), seen_by(eyes, other_fill)) >= 20, theme


async def test_rule_5_nothing_moves_for_longer_than_six_seconds(room: Room, seat: Seat) -> None:
    await alarmed(room, seat)
    endless = "document.getAnimations().filter(a => a.effect.getComputedTiming().endTime > 6000).length"
    assert await seat.js(endless) == 0
    await seat.until("() => document.getAnimations().length === 0", seconds=6)


async def test_rule_5_who_wants_no_motion_gets_none(room: Room) -> None:
    seat = await room.seat("dispatcher", reduced_motion="reduce")
    await seat.js(COUNT_MOTION)
    await alarmed(room, seat)
    assert await seat.js("most") == 0


BOXES = """() => [...document.querySelectorAll("body *")].filter(e => !e.closest("time, .wait, .time, .c, .link, svg"))
  .map(e => [e.tagName, ...["x", "y", "width", "height"].map(side => e.getBoundingClientRect()[side])].join())"""


async def test_rule_6_a_switch_of_theme_moves_nothing_and_survives_a_reload(room: Room, seat: Seat) -> None:
    call = await accepted(room, seat)
    await ack(room, call, "received")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "received")
    await expect(seat("[data-degraded]")).to_have_count(0)
    before = await seat.settled(BOXES)
    await seat("header").get_by_role("button", name="light theme").click()
    await expect(seat("html")).to_have_attribute("data-theme", "light")
    assert await seat.js(BOXES) == before
    await seat.page.reload()
    await (await seat.live())("html[data-theme=light]").wait_for()
