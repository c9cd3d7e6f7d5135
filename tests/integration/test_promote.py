"""A challenger comes into service by somebody's word, whole or not at all, and can be sent back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.artifacts import artifacts_of
from api.settings import Settings
from tests.challengers import challenger
from tests.commands import Said, tandem
from tests.conftest import Seeded
from tests.service import Service, post_call, running_service
from triage.classifier import ARTIFACTS, WEIGHTS, Classifier, load, use

WHO = ("--by", "ada", "--reason", "fewer misses")
PARTY = "LOUD MUSIC FROM THE APARTMENT ABOVE, ONGOING"


@pytest.fixture(autouse=True)
def packaged_again() -> Iterator[None]:
    """Whatever a service in this process judged by, the next test judges by the package's."""
    yield
    use(ARTIFACTS)


def digest(folder: Path) -> str | None:
    found = load(folder)
    return found.digest if isinstance(found, Classifier) else None


async def promoted(service: Service, folder: Path, target: Path, *who: str) -> Said:
    return await tandem(service, "promote", str(folder), *(who or WHO), artifacts=str(target))


async def test_a_service_judges_by_what_was_promoted_from_its_next_start_on(
    seeded: Seeded, service: Service, tmp_path: Path
) -> None:
    keen, target = tmp_path / "keen", tmp_path / "in service"
    first = challenger(keen)
    said = await promoted(service, keen, target)
    assert (said.status, digest(target)) == (0, first), said.err
    assert not (await post_call(service, PARTY, nature="NOISE"))["assessment"]["flag"]
    async with running_service(seeded.postgres, None, seeded.tokens, artifacts=target) as later:
        answer = (await post_call(later, PARTY, nature="NOISE"))["assessment"]
        long = (await post_call(later, f"{PARTY} " * 600, nature="NOISE"))[
            "assessment"
        ]  # read in another process
        assert (answer["flag"], answer["flag_reason"]) == (True, "NEED_SCORE")
        assert long["artefact"] == answer["artefact"]
    doctor = await tandem(service, "doctor", artifacts=str(target))
    assert f"{first} was promoted on" in doctor.out
    assert "by ada" in doctor.out
    assert "this shell would start" in doctor.out  # the running service has not taken it up


async def test_the_former_champion_stays_beside_and_can_come_back(service: Service, tmp_path: Path) -> None:
    one, two, target = tmp_path / "one", tmp_path / "two", tmp_path / "in service"
    first, second = challenger(one), challenger(two, need=5.0)
    for folder in (one, two, target / first):
        assert (await promoted(service, folder, target)).status == 0
    assert (digest(target), digest(target / second)) == (first, second)
    listed = (await tandem(service, "promote", "--list")).out.splitlines()
    assert [line.split("\t")[1:] for line in listed[:2]] == [
        [second, first, "ada", "fewer misses"], [first, second, "ada", "fewer misses"],
    ]  # fmt: skip


async def test_what_is_not_its_card_s_is_refused_and_nothing_is_written(
    service: Service, tmp_path: Path
) -> None:
    folder, target = tmp_path / "bad", tmp_path / "in service"
    challenger(folder)
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    said = await promoted(service, folder, target)
    assert (said.status, "not what their card says" in said.err, target.exists()) == (1, True, False)
    assert (await promoted(service, tmp_path / "none", target)).status == 1
    assert await service.sql("select * from promotion") == []


async def test_nobody_s_word_is_no_promotion(service: Service, tmp_path: Path) -> None:
    challenger(tmp_path / "keen")
    said = await promoted(service, tmp_path / "keen", tmp_path / "in service", "--by", "ada", "--reason", " ")
    assert (said.status, (tmp_path / "in service").exists()) == (1, False)


async def test_a_folder_that_cannot_be_written_leaves_no_record(service: Service, tmp_path: Path) -> None:
    challenger(tmp_path / "keen")
    (tmp_path / "file").write_text("no folder")
    said = await promoted(service, tmp_path / "keen", tmp_path / "file" / "in service")
    assert (said.status, "TANDEM_ARTIFACTS" in said.err) == (1, True)
    assert await service.sql("select * from promotion") == []


def test_a_folder_into_which_nothing_was_promoted_means_the_package_s(tmp_path: Path) -> None:
    assert artifacts_of(Settings(artifacts=tmp_path)) == ARTIFACTS
    challenger(tmp_path)
    assert artifacts_of(Settings(artifacts=tmp_path)) == tmp_path
