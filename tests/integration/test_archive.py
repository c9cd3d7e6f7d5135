"""Any moment since a base backup comes back from the archive: a real cluster, archived and replayed."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest

from api.archive import Archive, name_at
from api.backup import base_backup, forget_older
from api.clock import utc_now
from api.embedded import embedded_engines
from api.engine_places import EnginesUnavailable
from api.pg_client import BackupRefused
from api.recovery import recover
from models.store.database import connect
from models.store.migrate import migrate
from tests.console import Screen, first_frames, listening_console
from tests.service import Service, on_shift, post_call, running_service, seed

Tokens = dict[tuple[str, str], str]


def quiet(_progress: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Story:
    """A service that was archived: a base backup, a call, `between`, another call, `after`, a third, the end."""

    folder: Path
    tokens: Tokens
    calls: tuple[str, str, str]
    between: datetime
    after: datetime
    screen: Screen  # what a console showed at the end

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def archive(self) -> Archive:
        """The archive."""
        return Archive(self.folder / "archive")

    async def recovered(self, when: datetime | None, timeline: int | None = None) -> None:
        """Go back to that moment."""
        await recover(self.data, self.archive.folder, when, timeline, utc_now(), quiet)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Service]:
        """The service on the data folder as it is."""
        async with (
            embedded_engines(self.data, archive=self.archive.folder) as engines,
            running_service(engines.postgres, engines.redis, self.tokens) as service,
        ):
            yield service

    async def standing(self) -> list[int]:
        """Which of the story's calls the database has."""
        async with embedded_engines(self.data, archive=self.archive.folder) as engines:
            connection = await connect(engines.postgres)
            rows = {str(row["id"]) for row in await connection.fetch("select id from call")}
            await connection.close()
        return [number for number, call in enumerate(self.calls) if call in rows]


@pytest.fixture(scope="module")
async def told() -> AsyncIterator[Story]:
    """The story, told once; each test works on a copy at the same path."""
    with TemporaryDirectory(prefix="tandem-") as name:
        Path(name).chmod(0o755)
        data, archive = Path(name) / "data", Archive(Path(name) / "archive")
        async with embedded_engines(data, archive=archive.folder) as engines:
            await migrate(engines.postgres)
            tokens = await seed(engines.postgres)
            await on_shift(engines.postgres)
            await base_backup(engines.postgres, archive, quiet)
            async with (
                running_service(engines.postgres, engines.redis, tokens) as service,
                listening_console(service) as console,
            ):
                calls, moments = [], []
                for _ in range(3):
                    calls.append((await post_call(service))["call"]["id"])
                    moments.append(utc_now())
                screen = await console.caught_up()
            # as a crash leaves it: what is in no archive yet is in the data folder
            subprocess.run(["cp", "-a", name, f"{name}-torn"], check=True)
        first, second, third = calls
        yield Story(Path(name), tokens, (first, second, third), moments[0], moments[1], screen)
        rmtree(f"{name}-torn")


@pytest.fixture
def story(told: Story) -> Iterator[Story]:
    """The story with its data folder and archive as they were at its end."""
    saved = told.folder.with_name(f"{told.folder.name}-saved")
    subprocess.run(["cp", "-a", str(told.folder), str(saved)], check=True)
    yield told
    put(saved, told.folder)


def put(source: Path, target: Path) -> None:
    """One folder in the place of another."""
    rmtree(target)
    source.rename(target)


async def test_the_call_before_a_moment_is_there_the_one_after_it_is_not_and_too_far_can_be_mended(
    story: Story,
) -> None:
    await story.recovered(story.between)
    first, second, third = story.calls
    async with story.running() as service:
        shown = {call["id"] for call in (await service.snapshot())["calls"]}
        assert (first in shown, second in shown, third in shown) == (True, False, False)
        for seq in (story.screen.seq, 1):
            frames = await first_frames(service, story.screen.epoch, seq)
            assert [frame["type"] for frame in frames] == ["resync"]
        async with listening_console(service) as console:
            assert console.screen.epoch != story.screen.epoch
            again = (await post_call(service))["call"]
            await console.call(again["id"], bool)
            await console.caught_up()
    await story.recovered(story.after, timeline=1)
    assert await story.standing() == [0, 1]


async def test_a_disk_that_was_lost_costs_nothing_that_was_archived(story: Story) -> None:
    rmtree(story.data)
    await story.recovered(None)
    assert await story.standing() == [0, 1, 2]


async def test_what_a_crash_kept_from_the_archive_comes_from_the_data_folder(story: Story) -> None:
    torn = story.folder.with_name(f"{story.folder.name}-torn")
    rmtree(story.folder)
    subprocess.run(["cp", "-a", str(torn), str(story.folder)], check=True)
    await story.recovered(None)
    assert await story.standing() == [0, 1, 2]


async def test_without_a_timeline_the_present_one_is_followed_not_that_of_an_attempt_given_up(
    story: Story,
) -> None:
    subprocess.run(["cp", "-a", str(story.data), f"{story.data}-kept"], check=True)
    await story.recovered(story.between)
    put(Path(f"{story.data}-kept"), story.data)
    await story.recovered(story.after)
    assert await story.standing() == [0, 1]


async def refusal(story: Story, when: datetime | None) -> str:
    """Why nothing was restored; the database is as it was, and nothing beside it."""
    control = story.data / "postgres" / "global" / "pg_control"
    stood = control.read_bytes()
    with pytest.raises(BackupRefused) as caught:
        await story.recovered(when)
    assert control.read_bytes() == stood
    assert [path.name for path in story.data.glob("postgres*") if path.is_dir()] == ["postgres"]
    return str(caught.value)


async def test_a_moment_beyond_the_archive_is_refused(told: Story) -> None:
    words = await refusal(told, utc_now() + timedelta(hours=1))
    assert "The archive ends at " in words


async def test_a_moment_before_the_first_base_backup_is_refused(told: Story) -> None:
    assert "The oldest base backup" in await refusal(told, told.between - timedelta(hours=1))


async def test_without_a_base_backup_nothing_is_restored(story: Story) -> None:
    rmtree(story.archive.bases()[0])
    assert "has no base backup. Take one" in await refusal(story, None)


async def test_a_damaged_base_backup_is_refused(story: Story) -> None:
    file = story.archive.bases()[0] / "base.tar.gz"
    file.write_bytes(file.read_bytes()[:100_000])
    assert "cannot be unpacked" in await refusal(story, None)


async def test_a_restore_cut_short_between_two_renames_never_becomes_an_empty_database(story: Story) -> None:
    (story.data / "postgres").rename(story.data / "postgres.before-20260501T120300Z")
    with pytest.raises(EnginesUnavailable, match=r"a restore was cut short. Restore again, or move"):
        await story.standing()


async def test_only_so_many_base_backups_and_the_log_since_the_first_of_them_are_kept(story: Story) -> None:
    async with embedded_engines(story.data, archive=story.archive.folder) as engines:
        newest = await base_backup(engines.postgres, story.archive, quiet)
        pieces = sorted(story.archive.wal.glob("*.gz"))
        assert await forget_older(engines.postgres, story.archive, 1) == 1
        assert story.archive.bases() == [newest]
        assert not pieces[0].exists()
        assert await forget_older(engines.postgres, story.archive, 1) == 0
    await story.recovered(None)
    assert await story.standing() == [0, 1, 2]


async def test_a_base_backup_of_a_database_that_does_not_archive_is_refused(told: Story) -> None:
    async with embedded_engines(told.data) as engines:
        with pytest.raises(BackupRefused, match=r"does not archive into .* Start the service with the same"):
            await base_backup(engines.postgres, told.archive, quiet)


async def test_nothing_is_restored_under_a_running_service(told: Story) -> None:
    async with embedded_engines(told.data):
        with pytest.raises(EnginesUnavailable, match="is using"):
            await told.recovered(None)


@pytest.mark.parametrize("name", ["plain", "with space", "it's 100%"])
def test_a_piece_archived_twice_is_there_once_and_never_replaced_by_another(
    tmp_path: Path, name: str
) -> None:
    archive = Archive(tmp_path / name)
    archive.wal.mkdir(parents=True)
    piece = tmp_path / "piece"
    piece.write_bytes(b"a" * 1000)

    def shell(command: str, file: str, path: Path) -> int:
        words = command.replace("%p", str(path)).replace("%f", file).replace("%%", "%")
        return subprocess.run(["sh", "-c", words], check=False, stderr=subprocess.DEVNULL).returncode

    keep, fetch = archive.settings()["archive_command"], archive.fetching(tmp_path / "newest")
    assert [shell(keep, "0001", piece), shell(keep, "0001", piece)] == [0, 0]
    piece.write_bytes(b"b" * 1000)
    assert shell(keep, "0001", piece) != 0
    assert shell(fetch, "0001", tmp_path / "back") == 0
    assert (tmp_path / "back").read_bytes() == b"a" * 1000
    assert shell(fetch, "0002", tmp_path / "back") != 0
    assert [path.name for path in archive.wal.glob("*.gz")] == ["0001.gz"]


def test_the_base_backup_for_a_moment_is_the_newest_that_was_complete(tmp_path: Path) -> None:
    archive, noon = Archive(tmp_path), datetime.fromisoformat("2026-05-01T12:00:00+00:00")
    for hours in (0, 1, 2):
        (archive.base / name_at(noon + timedelta(hours=hours))).mkdir(parents=True)
    (archive.base / "unfinished").mkdir()
    found = [archive.base_for(noon + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 61, 600)]
    names = [path and path.name for path in found]
    one, two, three = (path.name for path in archive.bases())
    assert names == [None, one, one, two, three]
    assert archive.base_for(None) == archive.bases()[-1]
