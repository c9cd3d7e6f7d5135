"""A center that runs silently has its calls read, and sees nothing of it on any screen, answer or report."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models.store.database import open_pool, query
from tests.ageing import closed, whole
from tests.commands import tandem
from tests.conftest import Seeded
from tests.console import Console, listening_console
from tests.service import Json, Service, flag, good, post_call, running_service
from tests.story import append, gated

KNIFE = "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"
BLANK = {
    "need": 0.0, "flag": False, "flag_reason": "SILENT", "risk": 0, "indicators": {}, "dangers": {}, "gates": [],
    "info_gaps": [], "questions": [],
}  # fmt: skip


def hidden(call: Json) -> bool:
    """Whether the call says nothing of what was read in it."""
    shown = call["assessment"]
    return {name: shown[name] for name in BLANK} == BLANK and call["recommendation"] is None


@asynccontextmanager
async def watched(seeded: Seeded, *, silent: bool) -> AsyncIterator[Console]:
    """The service that was started after this was said of its center, with a dispatcher who watches."""
    async with open_pool(seeded.postgres, 2) as pool:
        await pool.execute(query("set_silent"), "alpha", silent)
    async with (
        running_service(seeded.postgres, None, seeded.tokens) as service,
        listening_console(service) as seat,
    ):
        yield seat


async def same_as_a_snapshot(console: Console) -> bool:
    await console.caught_up()
    return console.screen.digest() == type(console.screen).of(await console.service.snapshot()).digest()


async def test_calls_are_read_and_kept_and_nothing_of_it_is_shown(seeded: Seeded) -> None:
    async with watched(seeded, silent=True) as console:
        service = console.service
        answer = await post_call(service, KNIFE)
        call = answer["call"]
        assert (hidden(call), answer["assessment"]) == (True, None)
        again = good(
            await service.post("integrator", f"/v1/calls/{call['id']}/entries", {"text": "HE STABBED HER"})
        )
        assert (hidden(again["call"]), again["assessment"]) == (True, None)
        read = await whole(service, call)
        assert (hidden(read["call"]), read["assessment"], read["gates"]) == (True, None, [])
        assert [entry["text"] for entry in read["entries"]] == [KNIFE, "HE STABBED HER"]
        assert hidden(await console.call(call["id"], lambda c: c["text_version"] == 2))
        assert (await service.snapshot())["silent"] is True
        assert await same_as_a_snapshot(console)
        bodies = await service.sql("select body from assessment order by text_version")
        assert [body["body"]["flag"] for body in bodies] == [True, True]
        assert [body["body"]["gates"] != [] for body in bodies] == [True, True]


async def test_not_even_a_clinician_s_flag_brings_a_recommendation_or_a_count(seeded: Seeded) -> None:
    async with watched(seeded, silent=True) as console:
        service = console.service
        flagged = await flag(service, (await post_call(service, KNIFE))["call"])
        await closed(service, flagged)
        found = good(await service.get("manager", "/v1/reports/diversion"))
        assert (found["denominators"]["calls"], found["unserved"]) == (1, [])
        assert await service.sql("select * from recommendation") == []


async def test_what_stood_on_the_board_goes_and_comes_back_with_its_gates(seeded: Seeded) -> None:
    async with watched(seeded, silent=False) as before:
        call = await gated(before)
        plain = (await post_call(before.service, "CAT IN A TREE"))["call"]
    gates = [gate["name"] for gate in call["assessment"]["gates"]]
    async with watched(seeded, silent=True) as silent:
        assert hidden(await silent.call(call["id"], hidden))
        assert hidden(await silent.call(plain["id"], hidden))
        assert await same_as_a_snapshot(silent)
        await append(silent.service, call, "HE IS CALM NOW")
    async with watched(seeded, silent=False) as loud:
        back = await loud.call(call["id"], lambda c: c["recommendation"] is not None)
        assert back["assessment"]["flag"]
        assert [gate["name"] for gate in back["assessment"]["gates"]] == gates
        assert await same_as_a_snapshot(loud)


async def test_the_other_center_sees_what_is_read(seeded: Seeded) -> None:
    async with watched(seeded, silent=True) as console:
        body = {"narrative": KNIFE}
        answer = good(await console.service.post("integrator", "/v1/calls", body, center="beta"))
        assert answer["call"]["assessment"]["flag"]
        assert answer["assessment"]["flag"]


async def test_the_command_says_so_and_is_audited(service: Service) -> None:
    assert (await tandem(service, "center", "silent", "on", "alpha")).status == 0
    assert (await tandem(service, "center", "silent", "maybe", "alpha")).status != 0
    (row,) = await service.sql("select silent from center where id = 'alpha'")
    (kept,) = await service.sql("select action from audit where role = 'shell'")
    assert (row["silent"], kept["action"]) == (True, "center.silent_on")
