"""What the screens say of the engine that reads: that its classifier is unfit, and how it has been doing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from api.embedded import Engines
from tests.browser.scenes import many_calls
from tests.browser_kit import Floor, open_floor
from tests.service import post_call
from tests.unfit import artifacts_in

SAID = {"en-US": "the rules read calls alone", "es-MX": "solo las reglas leen las llamadas"}


@pytest.fixture
async def without_classifier(
    engines: Engines, migrated_template: str, chromium: Browser, dist: Path, tmp_path: Path
) -> AsyncIterator[Floor]:
    """A service that was started without its weights."""
    with artifacts_in(tmp_path):
        async with open_floor(engines, migrated_template, chromium, dist) as floor:
            yield floor


async def test_every_console_says_in_its_language_that_the_rules_read_alone(
    without_classifier: Floor,
) -> None:
    for locale, words in SAID.items():
        room = await without_classifier.room()
        for role in ("clinician", "dispatcher", "manager"):
            seat = await room.seat(role, locale=locale)
            row = seat('[data-degraded="classifier_missing"]')
            await expect(row).to_contain_text(words)
            box = await row.bounding_box()
            assert box is not None
            assert box["height"] >= 36, (role, locale)
            assert seat.faults == []
        await room.leave(shots=None)


async def test_fit_classifier_is_no_news(floor: Floor) -> None:
    room = await floor.room()
    await expect((await room.seat("dispatcher"))("[data-degraded]")).to_have_count(0)
    await room.leave(shots=None)


async def test_manager_sees_how_the_reader_is_doing_and_that_few_calls_say_nothing(floor: Floor) -> None:
    room = await floor.room()
    await post_call(room.service)
    seat = await room.seat("manager", locale="es-MX")
    for figure, said in (("flagged", "muy pocas llamadas"), ("calibration", "muy pocas revisiones: 0 de 50")):
        await expect(seat(f'[data-figure="{figure}"]')).to_contain_text(said)
    await many_calls(room, 120)
    await seat.page.reload()
    await expect(seat('[data-figure="flagged"] dd').first).to_contain_text("%")
    await expect(seat('[data-figure="unknown_words"] dd').first).to_contain_text("%")
    await expect(seat("[data-reader] .plot .column")).to_have_count(20)
    await seat.press("t")
    await expect(seat("[data-reader] tbody tr")).to_have_count(10)
    assert (seat.faults, seat.strangers) == ([], [])
    await room.leave(shots=None)
