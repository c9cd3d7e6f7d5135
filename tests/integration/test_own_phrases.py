"""tandem phrases: a center's own phrases are checked, tried, set and read with, each center its own."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from tests import commands
from tests.integration.test_hold_commands import audited
from tests.service import Json, Service, good, post_call

ZULU = '[[group]]\nconcept = "weapon"\nid = "zulu"\nseverity = 3\naccess = "in_hand"\nen = ["CODE ZULU"]\n'
SAID = "MALE IS CODE ZULU AT THE BUS STOP"
WHO = ("--by", "director", "--reason", "our spears")


def written(folder: Path, text: str = ZULU) -> str:
    (folder / "own.toml").write_text(text)
    return str(folder / "own.toml")


def weapons(answer: Json) -> list[str]:
    return [each["id"] for each in answer["assessment"]["mentions"] if each["concept"] == "weapon"]


async def tandem(service: Service, *words: str) -> tuple[int, str]:
    """A command's status and all that it wrote."""
    said = await commands.tandem(service, *words)
    return said.status, said.out + said.err


async def taken_up(service: Service) -> None:
    """Wait until the service has looked again, as it does once a second."""
    async with asyncio.timeout(20):
        while not await service.live.phrases.take_up(service.live.pool):
            await asyncio.sleep(0.1)


async def test_center_reads_with_its_own_phrases_without_a_restart(service: Service, tmp_path: Path) -> None:
    before = await post_call(service, SAID)
    status, said = await tandem(service, "phrases", "set", "alpha", written(tmp_path), *WHO)
    assert (status, "version 1: 1 patterns" in said) == (0, True), said
    await taken_up(service)
    after = await post_call(service, SAID)
    body = {"center": "beta", "narrative": SAID}
    other = good(await service.post("integrator", "/v1/calls", body, center="beta"), 201)
    assert [weapons(each) for each in (before, after, other)] == [[], ["0:8-17:weapon:center"], []]
    artefact = after["assessment"]["artefact"]
    assert artefact in said
    assert artefact != other["assessment"]["artefact"] == before["assessment"]["artefact"]
    assert await audited(service) == [("phrases.set", "director", "our spears")]


async def test_long_text_is_read_with_them_in_its_own_process(service: Service, tmp_path: Path) -> None:
    await tandem(service, "phrases", "set", "alpha", written(tmp_path), *WHO)
    await taken_up(service)
    answer = await post_call(service, SAID + ". " + "THE CALLER IS WAITING BY THE DOOR. " * 1_000)
    assert weapons(answer) == ["0:8-17:weapon:center"]


async def test_versions_are_kept_shown_and_taken_away_by_an_empty_one(
    service: Service, tmp_path: Path
) -> None:
    for text in (ZULU, "# none\n"):
        assert (await tandem(service, "phrases", "set", "alpha", written(tmp_path, text), *WHO))[0] == 0
    await taken_up(service)
    assert weapons(await post_call(service, SAID)) == []
    first, now, all_ = [
        (await tandem(service, "phrases", "show", "alpha", *more))[1]
        for more in (("--version", "1"), (), ("--history",))
    ]
    assert ("CODE ZULU" in first, "director" in first, "# none" in now) == (True, True, True)
    assert all_.index("version 2") < all_.index("version 1")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await service.sql("update center_phrases set body = ''")


async def test_faulty_file_is_refused_with_line_and_fix_and_changes_nothing(
    service: Service, tmp_path: Path
) -> None:
    file = written(tmp_path, ZULU.replace("CODE ZULU", "KNIFFE"))
    for words in (("check", file), ("set", "alpha", file, *WHO), ("diff", file, "--center", "alpha")):
        status, said = await tandem(service, "phrases", *words)
        assert (status, "own.toml, line 6: 'KNIFFE' is read as 'KNIFE'" in said) == (1, True), said
    assert await service.sql("select 1 from center_phrases") == []
    assert (await tandem(service, "phrases", "check", written(tmp_path)))[0] == 0


async def test_dry_run_names_the_calls_that_would_be_read_otherwise(service: Service, tmp_path: Path) -> None:
    number = (await post_call(service, SAID))["call"]["number"]
    await post_call(service)
    file = written(tmp_path)
    status, said = await tandem(service, "phrases", "diff", file, "--center", "alpha", "--json")
    assert status == 0, said
    found = json.loads(said)
    assert (found["read"], found["changed"], found["calls"][0]["id"]) == (2, 1, number)
    assert found["counts"]["gate G1 added"] == 1
    assert found["counts"]["danger weapon not mentioned -> affirmed/in_hand"] == 1
    assert "BUS STOP" not in said
    await tandem(service, "phrases", "set", "alpha", file, *WHO)
    again = await tandem(service, "phrases", "diff", file, "--center", "alpha")
    assert "2 calls read, 0 would be read otherwise" in again[1]


async def test_dry_run_on_a_file_of_calls(service: Service, tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(json.dumps({"id": "c-1", "narrative": SAID}) + "\n" + json.dumps({"id": "c-2"}) + "\n")
    _, said = await tandem(service, "phrases", "diff", written(tmp_path), "--on", str(calls))
    assert "2 calls read, 1 would be read otherwise." in said
    assert ("c-1" in said, "c-2" in said) == (True, False)


async def test_version_that_an_upgrade_made_unusable_is_said_and_blocks_no_call(service: Service) -> None:
    body = ZULU.replace("weapon", "no_such_concept")
    insert = "insert into center_phrases values ('alpha', 1, 'd', $1, 'director', 'long ago')"
    await service.sql(insert, body)
    async with asyncio.timeout(20):
        while "phrases" not in (await service.get("anonymous", "/readyz")).json()["degraded"]:
            await asyncio.sleep(0.1)
    assert (await post_call(service, SAID))["assessment"] is not None
