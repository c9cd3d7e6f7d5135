"""The one story: from a call's text to an accepted pairing, an alarm, an outcome and a number that rises."""

import pytest

from tests.acceptance.story import Story
from tests.browser_kit import Room

RECONNECTS = 20
ROLES = ("clinician", "dispatcher", "manager")


@pytest.fixture
async def story(room: Room) -> Story:
    """Three windows open at once."""
    clinician, dispatcher, manager = [await room.seat(role, arrive=False, signed_in=False) for role in ROLES]
    return Story(room, clinician, dispatcher, manager)


async def test_a_call_becomes_a_confirmed_diversion_on_three_screens_without_a_reload(story: Story) -> None:
    await story.everybody_signs_in()
    for chapter in (
        story.the_cad_posts_a_call,
        story.the_clinician_flags_it,
        story.the_dispatcher_accepts,
        story.the_cad_echoes_it,
        story.a_knife_is_reported,
        story.the_dispatcher_confirms_it_again_with_staging,
        story.the_scene_is_secured,
        story.the_dispatcher_records_the_outcome,
        story.the_clinician_confirms_it,
        *[story.the_link_breaks] * RECONNECTS,
        story.every_word_is_on_the_screens,
    ):
        await chapter()
        await story.law()
