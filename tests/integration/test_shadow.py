"""A challenger judges beside the service: unseen by people, waited for by nobody, compared by number."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from api.embedded import Engines
from api.shadow_report import shadow_report
from tests.ageing import whole
from tests.challengers import challenger
from tests.commands import tandem
from tests.conftest import Seeded
from tests.process import children
from tests.service import Json, Service, good, post_call, running_service
from tests.story import say

PARTY = "LOUD MUSIC FROM THE APARTMENT ABOVE, ONGOING"


@asynccontextmanager
async def beside(seeded: Seeded, engines: Engines, folder: Path) -> AsyncIterator[Service]:
    """The service with this challenger."""
    given = {"challenger": folder}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **given) as service:
        yield service


async def shadows(service: Service, number: int) -> list[Any]:
    """Rows of the shadow, once there are so many."""
    async with asyncio.timeout(60):
        while len(rows := await service.sql("select * from shadow order by assessment_id")) < number:
            await asyncio.sleep(0.1)
    return rows


async def reported(service: Service) -> Json:
    async with service.live.pool.acquire() as connection:
        found = await shadow_report(connection, "alpha", None, None)
    assert found is not None
    return found


async def test_what_a_challenger_says_is_kept_and_nobody_on_the_floor_sees_it(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    challenger(tmp_path, homelessness=8.0)
    async with beside(seeded, engines, tmp_path) as service:
        answer = await post_call(service, PARTY, nature="NOISE")
        (row,) = await shadows(service, 1)
        assert (row["flag"], row["challenger_flag"], row["challenger_indicators"]) == (
            False,
            True,
            ["homelessness"],
        )
        assert (row["champion"], row["need"]) == (
            answer["assessment"]["artefact"],
            answer["assessment"]["need"],
        )
        assert row["challenger"] != row["champion"]
        read = await whole(service, answer["call"])
        assert read["assessment"] == answer["assessment"]
        assert row["challenger"] not in json.dumps([read, await service.snapshot()])
        assert await service.measure("tandem_shadow_total") >= 1


async def test_the_report_sets_both_against_what_people_decided(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    challenger(tmp_path, homelessness=8.0)
    async with beside(seeded, engines, tmp_path) as service:
        party, voices, duplicate = [
            (await post_call(service, text, nature=nature))["call"]
            for text, nature in ((PARTY, "NOISE"), ("FEMALE HEARING VOICES", ""), ("MAN HEARING VOICES", ""))
        ]
        await shadows(service, 3)
        await say(service, "clinician", party, "review", decision="set_aside", reason="no_behavioral_need")
        await say(service, "clinician", voices, "review", decision="flag")
        await say(service, "clinician", duplicate, "review", decision="set_aside", reason="duplicate")
        await say(service, "clinician", voices, "flags", indicator="psychosis", action="confirm")
        await say(service, "clinician", party, "flags", indicator="homelessness", action="dismiss")
        found = await reported(service)
        assert (found["calls"], found["agreement"]) == (3, 0.6667)
        assert found["flags"] == {"both": 2, "champion_only": 0, "challenger_only": 1, "neither": 0}
        assert (found["decided"]["calls"], found["decided"]["with_need"]) == (2, 1)
        assert found["decided"]["champion"]["precision"] == 1.0
        assert found["decided"]["challenger"] == {
            "hits": 1,
            "false": 1,
            "missed": 0,
            "precision": 0.5,
            "recall": 1.0,
        }
        told = {row.pop("name"): row for row in found["indicators"]}
        assert (told["homelessness"]["challenger_only"], told["psychosis"]["champion_only"]) == (3, 2)
        judged = {
            name: [told[name][who] for who in ("judged", "champion_right", "challenger_right")]
            for name in told
        }
        assert (judged["psychosis"], judged["homelessness"]) == ([1, 1, 0], [1, 1, 0])
        said = await tandem(service, "shadow", "report", "--center", "alpha", "--json")
        assert json.loads(said.out) == json.loads(
            json.dumps(found | {"indicators": json.loads(said.out)["indicators"]})
        )
        said = await tandem(service, "shadow", "report", "--center", "alpha")
        assert "3 calls, the same flag in 66.7%" in said.out


async def test_what_was_read_before_is_judged_too_and_a_call_counts_by_its_newest_reading(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        call = (await post_call(service, PARTY, nature="NOISE"))["call"]
    challenger(tmp_path)
    async with beside(seeded, engines, tmp_path) as service:
        await shadows(service, 1)
        good(
            await service.post(
                "integrator", f"/v1/calls/{call['id']}/entries", {"text": "MAN HEARING VOICES"}
            )
        )
        assert [row["flag"] for row in await shadows(service, 2)] == [False, True]
        assert (await reported(service))["flags"]["both"] == 1


async def test_a_challenger_that_is_no_classifier_costs_the_service_nothing(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with beside(seeded, engines, tmp_path / "nothing") as service:
        assert (await post_call(service))["assessment"]["flag"]
        assert "shadow" not in service.live.degraded


async def test_the_judging_goes_on_when_its_process_dies(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    challenger(tmp_path)
    async with beside(seeded, engines, tmp_path) as service:
        await post_call(service, PARTY)
        await shadows(service, 1)
        (judging,) = [pid for pid, line in children(os.getpid()).items() if "spawn_main" in " ".join(line)]
        os.kill(judging, signal.SIGKILL)
        await post_call(service, PARTY)
        assert len(await shadows(service, 2)) == 2
