"""What goes with time, what stays for the council, and what a legal hold keeps."""

from itertools import product

import asyncpg
import pytest

from models.store.database import connect, query
from tests.ageing import MARK, WORDS, closed, hold, keep_words, marked, old, retained, whole, words_left
from tests.console import Console
from tests.service import HERE, Json, Service, accept, good, post_call
from tests.story import accepted, append, outcome, paired, say


async def spoken(service: Service) -> Json:
    """A closed call with words in every place that takes them."""
    call = await marked(service)
    said = {"reason": f"{MARK} said so"}
    await say(service, "clinician", call, "review", decision="flag", **said)
    await say(service, "clinician", call, "flags", indicator="psychosis", action="confirm", **said)
    gate = (await whole(service, call))["gates"][0]
    mentions = {"mentions": gate["mentions"], **said}
    await say(service, "supervisor", call, f"gates/{gate['name']}/release", **mentions)
    await append(service, call, f"{MARK} NOW CALM")
    return await closed(service, call)


async def report(service: Service) -> Json:
    """What the council sees."""
    return dict(good(await service.get("manager", "/v1/reports/diversion")))


async def test_words_are_kept_for_good_unless_the_center_says_otherwise(service: Service) -> None:
    await spoken(service)
    before = await words_left(service)
    await retained(service, 20_000)
    assert await words_left(service) == before
    assert {"call", "entry", "decision_record", "gate_release", "indicator_flag"} <= set(before)


async def test_words_of_an_old_call_become_blocks_of_the_same_length_everywhere(service: Service) -> None:
    call = await spoken(service)
    before = await whole(service, call)
    await keep_words(service, 90)
    await retained(service, 89)
    assert (await whole(service, call))["entries"] == before["entries"]
    await retained(service, 91)
    assert await words_left(service) == []
    after = await whole(service, call)
    assert [len(entry["text"]) for entry in after["entries"]] == [len(e["text"]) for e in before["entries"]]
    assert {char for entry in after["entries"] for char in entry["text"]} == {"█"}
    assert (after["call"]["place"], after["call"]["lat"]) == (None, None)
    assert after["assessment"] == before["assessment"]
    assert after["gates"] == before["gates"]


async def test_the_counts_stand_after_the_purge_and_so_does_who_decided(console: Console) -> None:
    service = console.service
    call = await accepted(console)
    ed = {"otherwise_ed": "ems_protocol", "otherwise_ed_reason": "PROTOCOL"}
    call = await closed(service, await outcome(service, call, resolution="crisis_center", **ed))
    await post_call(service)
    before = await report(service)
    assert before["denominators"]["eligible"] == 2
    await keep_words(service, 90)
    await retained(service, 91)
    assert await report(service) == before
    (record,) = await service.sql("select * from decision_record where action = 'accepted'")
    assert (record["by"], record["shown"]["call"]["place"]) == ("dispatcher", None)
    assert record["shown"]["call"]["recommendation"] is not None


async def test_every_purged_call_is_in_the_audit_and_only_once(service: Service) -> None:
    call = await old(service)
    await keep_words(service, 90)
    for _ in range(2):
        await retained(service, 91)
    rows = await service.sql("select * from audit where action = 'call.redacted'")
    assert [(r["object"], r["principal"], r["params"]["days"]) for r in rows] == [
        (call["id"], "retention", 90)
    ]


async def test_an_open_call_keeps_its_words_however_old(service: Service) -> None:
    call = (await post_call(service, WORDS))["call"]
    await keep_words(service, 90)
    await retained(service, 1000)
    assert (await whole(service, call))["entries"][0]["text"] == WORDS


async def test_another_center_keeps_what_it_wants(service: Service) -> None:
    await old(service)
    await keep_words(service, 90, center="beta")
    await retained(service, 91)
    assert "entry" in await words_left(service)


async def test_a_call_under_hold_and_every_call_linked_to_it_are_untouched(service: Service) -> None:
    held, linked, farther, free = [await old(service) for _ in range(4)]
    for one, other in ((held, linked), (farther, linked)):
        body = {"other": other["id"], "kind": "duplicate"}
        good(await service.post("integrator", f"/v1/calls/{one['id']}/link", body))
    before = [await whole(service, call) for call in (held, linked, farther)]
    standing = await hold(service, farther)
    await keep_words(service, 90)
    await retained(service, 91)
    after = [await whole(service, call) for call in (held, linked, farther)]
    assert [call["entries"] for call in after] == [call["entries"] for call in before]
    assert [call["call"] for call in after] == [call["call"] for call in before]
    assert MARK not in str((await whole(service, free))["entries"])
    await service.sql(query("release_hold"), "alpha", standing, "settled", "counsel", service.live.now())
    await retained(service, 91)
    assert await words_left(service) == []


async def test_a_hold_stands_until_the_last_of_several_is_released(service: Service) -> None:
    call = await old(service)
    first, second = await hold(service, call), await hold(service, call)
    await keep_words(service, 90)
    for number, left in ((first, True), (second, False)):
        await service.sql(query("release_hold"), "alpha", number, "settled", "counsel", service.live.now())
        await retained(service, 91)
        assert ("entry" in await words_left(service)) is left


FORGERIES = (
    "update entry set text = 'X'",
    "update entry set author = 'X'",
    "update entry set text = repeat('█', length(text) + 1), author = null",
    "update entry set text = repeat('█', length(text)), author = null, ordinal = ordinal + 7",
    "delete from entry",
    "update decision_record set by = 'X'",
    "update decision_record set shown = '{}'",
    "delete from decision_record",
)


async def test_nothing_but_blanking_ever_passes_the_append_only_tables(service: Service) -> None:
    await spoken(service)
    connection = await connect(service.postgres)
    try:
        for statement, redacting in product(FORGERIES, ("", "yes")):
            await connection.execute("select set_config('tandem.redacting', $1, false)", redacting)
            with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_blanking_itself_passes_only_on_its_own_way(service: Service) -> None:
    await old(service)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
        await service.sql("update entry set text = blanked_v1(text), author = null")


async def test_the_one_way_refuses_held_and_open_calls_itself(service: Service) -> None:
    held, opened = await old(service), (await post_call(service, WORDS))["call"]
    await hold(service, held)
    assert await service.sql(query("redact_calls"), [held["id"], opened["id"]], 1) == []
    assert "entry" in await words_left(service)


async def test_a_board_that_still_shows_a_purged_call_is_told(console: Console) -> None:
    service = console.service
    shown = await paired(console, location={**HERE, "place": f"9 {MARK} RD"})
    call = good(await accept(service, shown))["call"]
    good(await service.post("integrator", f"/v1/decisions/{call['decision']['id']}/ack", {"state": "sent"}))
    assert (await closed(service, call))["on_board"]
    await keep_words(service, 90)
    await retained(service, 91)
    assert (await console.call(call["id"], lambda c: c["place"] is None))["on_board"]
    await console.caught_up()
    assert console.screen.digest() == await _digest(console)


async def _digest(console: Console) -> str:
    snapshot = await console.service.snapshot()
    assert snapshot["seq"] == console.screen.seq
    return type(console.screen).of(snapshot).digest()


async def test_words_that_come_after_the_purge_are_taken_and_go_with_the_next(service: Service) -> None:
    call = await old(service)
    await keep_words(service, 90)
    await retained(service, 91)
    await append(service, call, f"{MARK} LATE REMARK")
    body = {"location": {"place": f"9 {MARK} RD"}}
    good(await service.ask("integrator", "PATCH", f"/v1/calls/{call['id']}", body))
    assert await words_left(service) == ["call", "entry"]
    await retained(service, 91)
    assert await words_left(service) == []


async def test_superseded_readings_go_and_what_a_decision_names_stays(console: Console) -> None:
    service = console.service
    call = await accepted(console)
    for text in ("SHE HAS A KNIFE", "SHE PUT IT DOWN", "SHE IS CALM"):
        call = await append(service, call, text)
    await closed(service, call)
    named = "select assessment_id as id from decision_record union select assessment_id from call"
    kept = {row["id"] for row in await service.sql(named)}
    assert len(await service.sql("select 1 from assessment")) > len(kept)
    await retained(service, 34)
    assert len(await service.sql("select 1 from assessment")) > len(kept)
    await retained(service, 36)
    assert {row["id"] for row in await service.sql("select id from assessment")} == kept
    assert [row["status"] for row in await service.sql("select status from recommendation")] == ["accepted"]
    assert (await whole(service, call))["assessment"]["entries"] == 4


async def test_superseded_readings_of_a_held_call_go_after_the_hold(service: Service) -> None:
    call = await append(service, await old(service), "SHE IS CALM NOW")
    standing = await hold(service, call)
    before = await service.sql("select id from assessment")
    await retained(service, 36)
    assert await service.sql("select id from assessment") == before
    await service.sql(query("release_hold"), "alpha", standing, "settled", "counsel", service.live.now())
    await retained(service, 36)
    assert len(await service.sql("select id from assessment")) < len(before)


async def test_an_answered_key_is_forgotten_after_its_time_and_not_before(service: Service) -> None:
    body = {"narrative": WORDS}
    first = good(await service.post("integrator", "/v1/calls", body, key="one"))["call"]["id"]
    await retained(service, 6)
    assert good(await service.post("integrator", "/v1/calls", body, key="one"))["call"]["id"] == first
    await retained(service, 8)
    assert good(await service.post("integrator", "/v1/calls", body, key="one"))["call"]["id"] != first


async def test_quarantine_that_was_dealt_with_goes_with_the_words_unless_a_call_is_held(
    service: Service,
) -> None:
    unread = [await service.ask("integrator", "POST", "/v1/calls", content=body) for body in (b"[1]", b"[2]")]
    good(await service.post("admin", f"/v1/quarantine/{unread[0].json()['params']['id']}/resolve"))
    await keep_words(service, 90)
    standing = await hold(service, (await post_call(service))["call"])
    await retained(service, 91)
    assert len(await service.sql("select 1 from quarantine")) == 2
    await service.sql(query("release_hold"), "alpha", standing, "settled", "counsel", service.live.now())
    await retained(service, 91)
    (row,) = await service.sql("select resolved_at from quarantine")
    assert row["resolved_at"] is None
