"""Keeps every center's recommendations true: follows the log, plans, and commits what changed."""

import asyncio
import time
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zlib import crc32

import asyncpg
import structlog

from api.desk import Center, Desk
from api.metrics import LOG_LAG, PLAN_SECONDS, PLANNED, PLANNER_ROUND, PLANS
from api.progress import expire
from api.silence import tune
from api.unserved import count_unserved, settle
from dispatch.board import Board, Withdrawal
from dispatch.policy import told
from models.errors import NotFound, TandemError
from models.events import PairingProposed, PairingWithdrawn, parse_event
from models.ids import new_id
from models.recommendation import Plan, RecommendationView
from models.store.calls import lock_call
from models.store.counting import recount
from models.store.database import LOST, connect, query
from models.store.snapshot import snapshot
from models.store.writing import Writing, writing_on

log = structlog.get_logger()
LOCK = 911_002  # first key; the second is a hash of the center
BATCH = 1_000
PATIENCE = "set local lock_timeout = '500ms'"
IDLE = 0.25  # seconds between looks when nothing wakes it
PACE = 0.05  # seconds between two rounds at the least: what is committed meanwhile is planned together
REST, LONGEST_REST = 6.0, 1.0  # times as long as a plan took its center rests; seconds at the most
AGAIN = 1.0  # seconds between two tries for the centers of others
HOMELESS = 2.0  # seconds a center may be without a planner before a worker takes one that is not its own
TIDY = 1.0  # seconds
ALIVE = 1.0  # seconds of planning between two signs of life to PostgreSQL


@dataclass(slots=True)
class Planned:
    """A center this process plans for, up to `seq` of its log."""

    center: Center
    board: Board
    seq: int
    day: date | None = None
    dirty: bool = True
    wake: datetime | None = None
    rests_until: float = 0.0  # monotonic


class Planner:
    """Plans every center whose lock it holds; the lock lives on the connection that commits: both go together."""

    def __init__(self, desk: Desk, dsn: str) -> None:
        self._desk = desk
        self._dsn = dsn
        self._planned: dict[str, Planned] = {}
        self._tidied = 0.0
        self._until: dict[UUID, float] = {}
        self._next_try: dict[str, float] = {}

    async def run(self) -> None:
        """Work until cancelled; a lost connection loses the locks and starts again."""
        while True:
            try:
                await self._with_connection()
            except LOST as fault:
                self._desk.degraded.add("planner")
                log.warning("planner.lost", fault=type(fault).__name__)
                await asyncio.sleep(1)

    async def _with_connection(self) -> None:
        connection = await connect(self._dsn)
        self._planned, self._next_try = {}, {}
        try:
            while True:
                self._desk.committed["planner"].clear()
                await self._round(connection)
                self._desk.degraded.discard("planner")
                PLANNER_ROUND.set_to_current_time()
                await self._sleep()
        finally:
            PLANNED.set(0)
            connection.terminate()

    async def _sleep(self) -> None:
        await asyncio.sleep(PACE)
        now = self._desk.now()
        wakes = [p.wake for p in self._planned.values() if p.wake is not None]
        rests = [
            p.rests_until - time.monotonic()
            for p in self._planned.values()
            if p.dirty and not p.center.silent
        ]
        until = min([IDLE, *rests, *((wake - now).total_seconds() for wake in wakes)])
        await self._desk.woken("planner", max(until, 0.005))

    async def _round(self, connection: asyncpg.Connection) -> None:
        await self._follow(connection)
        now = self._desk.now()
        for planned in list(self._planned.values()):
            await self._adopt(planned)
            if self._desk.roads is not None:
                told = self._desk.roads.told(planned.center.id)
                planned.dirty = planned.board.hear_roads(told) or planned.dirty
            due = planned.dirty or (planned.wake is not None and planned.wake <= now)
            if due and not planned.center.silent and time.monotonic() >= planned.rests_until:
                await self._plan(connection, planned)
        if time.monotonic() - self._tidied >= TIDY:
            self._tidied = time.monotonic()
            await self._tidy(connection, now)

    async def _follow(self, connection: asyncpg.Connection) -> None:
        """Read every event since the last look into the boards."""
        heads = {row["center_id"]: row["seq"] for row in await connection.fetch(query("log_heads"))}
        await self._take_over_what_is_free(connection, heads.keys() - self._planned.keys())
        behind = {c: p.seq for c, p in self._planned.items() if p.seq < heads.get(c, 0)}
        LOG_LAG.set(sum(heads[c] - seq for c, seq in behind.items()))
        while behind:
            rows = await connection.fetch(query("read_events"), list(behind), list(behind.values()), BATCH)
            for row in rows:
                planned = self._planned[row["center_id"]]
                changes = planned.board.apply(parse_event.validate_json(row["body"]))
                planned.seq, planned.dirty = row["seq"], planned.dirty or changes
            behind = {c: p.seq for c, p in self._planned.items() if p.seq < heads.get(c, 0)} if rows else {}

    async def _take_over_what_is_free(self, connection: asyncpg.Connection, centers: Set[str]) -> None:
        """Centers are spread over workers by name; those of a worker that died are taken by the others."""
        now = time.monotonic()
        for center_id in centers - self._next_try.keys():
            self._next_try[center_id] = now if self._at_home(center_id) else now + HOMELESS
        due = [center_id for center_id in centers if self._next_try[center_id] <= now]
        if not due:
            return
        self._next_try |= dict.fromkeys(due, now + AGAIN)
        for row in await connection.fetch(query("lock_centers"), LOCK, due):
            await self._take_over(connection, row["center_id"])
        PLANNED.set(len(self._planned))

    def _at_home(self, center_id: str) -> bool:
        return crc32(center_id.encode()) % self._desk.settings.workers == self._desk.worker

    async def _take_over(self, connection: asyncpg.Connection, center_id: str) -> None:
        center = await self._desk.center(center_id)
        await tune(self._desk, connection, center)
        now = self._desk.now()
        today, policy = center.day(now), told(center.policy)
        seen = await snapshot(connection, center_id, policy, now=now, today=today, version="")
        board = Board(center.policy, center.timezone, time.monotonic)
        for unit in seen.units:
            board.put_unit(unit)
        for call in seen.calls:
            board.put_call(call)
        self._planned[center_id] = Planned(center, board, seen.seq)
        log.info("planner.took_over", center=center_id, seq=seen.seq)

    async def _adopt(self, planned: Planned) -> None:
        """Another policy holds since the last round: set by a person, or its time has come."""
        center = await self._desk.center(planned.center.id)
        if center.policy.digest != planned.center.policy.digest:
            planned.board.adopt(center.policy)
            planned.dirty = True
            log.info("planner.adopted", center=center.id, policy=center.policy.digest)
        planned.center = center

    async def _plan(self, connection: asyncpg.Connection, planned: Planned) -> None:
        now = self._desk.now()
        began = time.perf_counter()
        planned.dirty = False
        work = asyncio.ensure_future(asyncio.to_thread(planned.board.plan, now))
        while not (await asyncio.wait({work}, timeout=ALIVE))[0]:
            await connection.execute("select 1")  # it takes a silent planner for a dead one
        changes = work.result()
        took = time.perf_counter() - began
        PLAN_SECONDS.observe(took)
        planned.rests_until = time.monotonic() + min(REST * took, LONGEST_REST)
        for change in changes:
            try:
                async with writing_on(connection, planned.center.id, self._desk.now(), None) as pen:
                    await pen.connection.execute(PATIENCE)
                    result = await self._commit(pen, planned.center, change)
            except asyncpg.LockNotAvailableError:
                result, planned.dirty = "busy", True  # its text is being read: all other calls go first
            PLANS.labels(result).inc()
        planned.wake = planned.board.next_wake(now)
        if changes:
            self._desk.wake()
        if self._desk.roads is not None:
            # asked for after what stands was committed: the first plan goes by the estimate and waits for nobody
            self._desk.roads.want(planned.center.id, await asyncio.to_thread(planned.board.ways))

    async def _commit(self, pen: Writing, center: Center, change: Plan | Withdrawal) -> str:
        """Commit one change, only where the call still is what was planned for."""
        try:
            call = await lock_call(pen, UUID(change.call_id))
        except NotFound:
            return "gone"
        if call["state"] == "closed" or call["decision_version"] != change.decision_version:
            return "stale"
        if isinstance(change, Plan) and (
            call["assessed_version"] != call["text_version"] or change.policy != center.policy.digest
        ):
            return "stale"
        if call["recommendation_id"] is not None:
            status = "withdrawn" if isinstance(change, Withdrawal) else "superseded"
            await pen.connection.execute(query("move_recommendation"), call["recommendation_id"], status)
        version = change.decision_version + 1
        if isinstance(change, Withdrawal):
            await pen.connection.execute(query("set_recommendation"), call["id"], None, version)
            await settle(pen, center, call["id"])
            pen.tell_call(PairingWithdrawn, call["id"])
            return "withdrawn"
        await self._propose(pen, call["id"], change, version)
        if change.unserved is not None:
            await count_unserved(pen, center, call["id"], change.unserved)
        else:
            await settle(pen, center, call["id"])
        return "proposed"

    async def _propose(self, pen: Writing, call_id: UUID, plan: Plan, version: int) -> None:
        recommendation_id = new_id()
        revision = await pen.connection.fetchval(query("last_revision"), call_id) + 1
        view = RecommendationView(
            id=str(recommendation_id),
            revision=revision,
            at=pen.at,
            decision_version=version,
            policy=plan.policy,
            pairings=plan.pairings,
            candidates=plan.candidates,
            unserved=plan.unserved,
            holds=plan.holds,
        )
        await pen.connection.execute(
            query("add_recommendation"), recommendation_id, pen.center, call_id, revision, pen.at, version, plan.policy,
            view.model_dump(mode="json"), [exclusion.model_dump(mode="json") for exclusion in plan.exclusions],
        )  # fmt: skip
        await pen.connection.execute(query("set_recommendation"), call_id, recommendation_id, version)
        pen.tell_call(PairingProposed, call_id)

    async def _tidy(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Once a second: reservations nobody echoed expire, and a new local day begins its counts at zero."""
        rows = self._overdue(await connection.fetch(query("reserved_decisions"), list(self._planned)), now)
        for row in rows:
            try:
                async with writing_on(connection, row["center_id"], self._desk.now(), None) as pen:
                    await expire(pen, row["id"])
            except TandemError as fault:  # one that cannot expire stops no other center's planning
                log.error("planner.cannot_expire", decision=str(row["id"]), fault=fault.code)
        for planned in self._planned.values():
            today = planned.center.day(now)
            if planned.day != today:
                async with writing_on(connection, planned.center.id, now, None) as pen:
                    await recount(pen, today)
                planned.day = today
                self._desk.wake()
        if rows:
            self._desk.wake()

    def _overdue(self, reserved: list[asyncpg.Record], now: datetime) -> list[asyncpg.Record]:
        """Reservations whose time has passed since they were first seen, on a clock that nobody can set."""
        at = time.monotonic()
        self._until = {row["id"]: self._until.get(row["id"]) or at + self._left(row, now) for row in reserved}
        return [row for row in reserved if self._until[row["id"]] <= at]

    def _left(self, row: asyncpg.Record, now: datetime) -> float:
        """Seconds; all of them where clocks disagree or nobody was there who could have heard the CAD's echo."""
        whole = float(self._planned[row["center_id"]].center.policy.limits.reservation_seconds)
        left = float((row["expires_at"] - now).total_seconds())
        return left if 0 <= left <= whole else whole
