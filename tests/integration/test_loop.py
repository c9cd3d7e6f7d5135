"""The human loop over HTTP, from the clinician's flag to the number that rises."""

import asyncpg
import pytest

from models.store.database import query
from tests.console import Console
from tests.service import Service, accept, code, flag, good, post_call, status
from tests.story import KNIFE, accepted, ack, act, append, gated, leave_only, outcome, paired


async def test_a_flagged_call_is_paired_and_an_unflagged_one_waits_for_the_clinician(
    console: Console,
) -> None:
    call = (await post_call(console.service))["call"]
    await console.call(call["id"], lambda c: c["assessment"]["flag"] and c["recommendation"] is None)
    flagged = await flag(console.service, call)
    assert (flagged["review"]["state"], flagged["review"]["by"]) == ("flagged", "clinician")
    shown = (await console.proposed(call["id"]))["recommendation"]
    assert shown["pairings"][0]["alternative"]
    assert shown["unserved"] is None
    assert len(shown["pairings"]) > 1


async def test_accepting_reserves_every_unit_and_the_cads_echo_moves_it_on(console: Console) -> None:
    call = await accepted(console)
    units = [unit["unit_id"] for unit in call["decision"]["units"]]
    assert call["decision"]["state"] == "reserved"
    screen = await console.caught_up()
    assert all(screen.units[unit]["hold"] == "reserved" for unit in units)
    await ack(console.service, call, "sent")
    await console.call(call["id"], lambda c: c["decision"]["state"] == "sent")
    for unit in units:
        await status(console.service, unit, "EnRoute")
    seen = await console.call(call["id"], lambda c: c["decision"]["state"] == "received")
    assert {unit["hold"] for unit in seen["decision"]["units"]} == {"received"}
    await console.caught_up()


async def test_a_cad_that_follows_another_log_or_one_that_ends_before_it_is_told_to_begin_again(
    console: Console,
) -> None:
    service = console.service
    await accepted(console)
    seen = good(await service.get("integrator", "/v1/decisions"))
    last = seen["decisions"][-1]["seq"]
    same = await service.get("integrator", f"/v1/decisions?after={last}&epoch={seen['epoch']}")
    assert good(same) == {"epoch": seen["epoch"], "decisions": []}
    for astray in (f"after={last}&epoch=another", f"after={last + 10_000}"):
        refused = await service.get("integrator", f"/v1/decisions?{astray}")
        assert code(refused, 410) == "resync_needed"
        assert refused.json()["params"]["epoch"] == seen["epoch"]


async def test_new_danger_after_acceptance_alarms_and_waits_for_the_dispatcher(console: Console) -> None:
    call = await accepted(console)
    call = await append(console.service, call, KNIFE)
    assert {"NEW_DANGER", "NEW_GATE"} <= {reason["code"] for reason in call["decision"]["reconfirm"]}
    alert = await console.until(lambda c: next(iter(c.screen.alerts.values()), None))
    assert alert is not None
    assert (alert["tier"], alert["code"], alert["call_id"]) == (1, "DANGER_AFTER_ACCEPT", call["id"])
    refused = await console.service.post("dispatcher", f"/v1/decisions/{call['decision']['id']}/secure",
                                         {"decision_version": call["decision_version"]})  # fmt: skip
    assert code(refused, 409) == "move_not_allowed"


async def test_the_whole_loop_raises_the_managers_number(console: Console) -> None:
    service = console.service
    await leave_only(service, "TEL-1", "TRI-1", "PAT-1", "EMS-1")
    call = await accepted(console)
    assert "TRI-1" in [unit["unit_id"] for unit in call["decision"]["units"]]
    await ack(service, call, "sent")
    await ack(service, call, "received")
    call = await append(service, call, KNIFE)
    call = await act(service, "dispatcher", call, "reconfirm", staging=True)
    assert (call["decision"]["reconfirm"], call["decision"]["staging"]) == ([], "staging")
    await status(service, "TRI-1", "OnScene")
    call = await act(service, "dispatcher", call, "secure")
    assert call["decision"]["staging"] == "secured"
    assert await console.until(lambda c: not c.screen.alerts or None)
    call = await outcome(service, call, resolution="crisis_center", otherwise_ed="clinician",
                         otherwise_ed_reason="SUICIDAL_PLAN")  # fmt: skip
    assert call["outcome"]["counters"] == ["er_diversion"]
    await console.until(lambda c: c.screen.counts["diversions"]["er_diversion"]["provisional"] == 1)
    good(await service.post("clinician", f"/v1/outcomes/{call['outcome']['id']}/confirm"))
    await console.until(lambda c: c.screen.counts["diversions"]["er_diversion"]["confirmed"] == 1)
    report = good(await service.get("manager", "/v1/reports/diversion"))
    counted = {count["counter"]: count for count in report["counts"]}["er_diversion"]
    assert (counted["provisional"], counted["confirmed"], counted["reversed"]) == (0, 1, 0)
    assert counted["definition"]
    assert "select" in counted["sql"]
    await console.caught_up()


async def test_a_stale_decision_is_told_who_decided_and_what(console: Console) -> None:
    call = await paired(console)
    good(await accept(console.service, call))
    late = await accept(console.service, call, role="supervisor")
    assert code(late, 409) == "decision_stale"
    winner = late.json()["params"]["decision"]
    assert (winner["by"], winner["kind"], winner["state"]) == ("dispatcher", "accepted", "reserved")
    assert winner["units"]


async def test_the_winners_retry_gets_the_first_answer_again(console: Console) -> None:
    call = await paired(console)
    shown = call["recommendation"]
    body = {"pairing_id": shown["pairings"][0]["id"], "decision_version": call["decision_version"]}
    path = f"/v1/recommendations/{shown['id']}/accept"
    first, again = [await console.service.post("dispatcher", path, body, key="k1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


async def test_chatter_does_not_disarm_the_dispatchers_hand(console: Console) -> None:
    call = await paired(console)
    await append(console.service, call, "RP WILL MEET UNITS AT THE FRONT DOOR")
    good(await accept(console.service, call))


async def test_a_dispatcher_may_not_override_into_a_closed_gate_and_a_supervisor_may(
    console: Console,
) -> None:
    service = console.service
    call = await gated(console)
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    body = {"unit_ids": ["CRT-1"], "reason": "OTHER", "decision_version": call["decision_version"]}
    refused = await service.post("dispatcher", path, body)
    assert code(refused, 409) == "gate_closed"
    assert refused.json()["params"]["reasons"]
    assert good(await service.post("supervisor", path, body))["call"]["decision"]["kind"] == "overridden"


async def test_an_override_with_police_lets_the_unarmed_wait_outside(console: Console) -> None:
    service = console.service
    call = await gated(console)
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    body = {
        "unit_ids": ["CRT-1", "PAT-1", "TEL-1"],
        "reason": "OTHER",
        "decision_version": call["decision_version"],
    }
    decision = good(await service.post("dispatcher", path, body))["call"]["decision"]
    assert decision["staging"] == "staging"
    assert {unit["unit_id"] for unit in decision["units"] if unit["staged"]} == {"CRT-1"}


async def test_declining_counts_the_call_as_unserved_because_the_dispatcher_declined(
    console: Console,
) -> None:
    call = await paired(console)
    body = {"reason": "OTHER", "route": "ems", "decision_version": call["decision_version"]}
    path = f"/v1/recommendations/{call['recommendation']['id']}/decline"
    decision = good(await console.service.post("dispatcher", path, body))["call"]["decision"]
    assert (decision["kind"], decision["state"], decision["route"]) == ("declined", "standing", "ems")
    await console.until(lambda c: c.screen.counts["unserved"] == {"DISPATCHER_DECLINED": 1})


async def test_a_decision_that_is_taken_back_frees_the_units_and_is_planned_again(console: Console) -> None:
    call = await accepted(console)
    held = call["decision"]["units"][0]["unit_id"]
    call = await act(console.service, "dispatcher", call, "release", reason="CALLER CALLED BACK")
    assert call["decision"]["state"] == "released"
    again = await console.proposed(call["id"])
    assert again["recommendation"]["id"] != call["decision"]["recommendation_id"]
    assert console.screen.units[held]["call_id"] is None
    good(await accept(console.service, again))
    await console.caught_up()


async def test_a_gate_is_released_by_the_named_role_only_and_for_its_own_mentions(console: Console) -> None:
    service = console.service
    call = await gated(console)
    gates = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))["gates"]
    (gate,) = [gate for gate in gates if gate["name"] == "G1"]
    path = f"/v1/calls/{call['id']}/gates/G1/release"
    body = {
        "mentions": gate["mentions"],
        "reason": "SECURED BY 4A12",
        "decision_version": call["decision_version"],
    }
    assert code(await service.post("dispatcher", path, body), 403) == "not_allowed"
    assert code(await service.post("clinician", path, body), 403) == "not_allowed"
    wrong = body | {"mentions": ["0:1-2:weapon"]}
    assert code(await service.post("supervisor", path, wrong), 422) == "invalid_request"
    released = good(await service.post("supervisor", path, body))["call"]
    assert [g["released"] for g in released["assessment"]["gates"] if g["name"] == "G1"] == [True]
    again = await append(service, released, KNIFE)
    assert [g["released"] for g in again["assessment"]["gates"] if g["name"] == "G1"] == [False]


async def test_setting_aside_needs_a_reason_and_withdraws_the_pairing(console: Console) -> None:
    call = await paired(console)
    path = f"/v1/calls/{call['id']}/review"
    for reason in (None, "  "):
        body = {"decision": "set_aside", "reason": reason, "decision_version": call["decision_version"]}
        assert code(await console.service.post("clinician", path, body), 422) == "reason_required"
    await flag(console.service, call, "set_aside", reason="NO NEED")
    await console.call(call["id"], lambda c: c["recommendation"] is None)


async def test_the_caller_answers_an_open_question_and_the_answer_is_text_of_the_call(
    service: Service,
) -> None:
    call = (await post_call(service))["call"]
    path = f"/v1/calls/{call['id']}/answers"
    body = {"question": call["assessment"]["questions"][0]["code"], "answer": "YES, A GUN ON THE TABLE"}
    after = good(await service.post("dispatcher", path, body))["call"]
    assert after["text_version"] == 2
    assert after["assessment"]["dangers"]["weapon"]["assertion"] == "affirmed"
    closed = await service.post("dispatcher", path, {"question": "ASK_NOTHING", "answer": "NO"})
    assert code(closed, 422) == "invalid_request"


async def test_a_call_that_is_closed_undecided_is_counted_as_such(console: Console) -> None:
    call = await paired(console)
    good(await console.service.post("integrator", f"/v1/calls/{call['id']}/close"))
    await console.until(lambda c: c.screen.counts["unserved"] == {"NOT_DECIDED": 1})
    assert await console.until(lambda c: call["id"] not in c.screen.calls)


async def test_a_call_that_was_sent_to_stays_on_the_board_until_its_outcome_is_known(
    console: Console,
) -> None:
    call = await accepted(console)
    await ack(console.service, call, "sent")
    closed = good(await console.service.post("integrator", f"/v1/calls/{call['id']}/close"))["call"]
    assert (closed["state"], closed["on_board"], closed["decision"]["state"]) == ("closed", True, "finished")
    await outcome(console.service, call, resolution="on_scene_resolved")
    await console.until(lambda c: call["id"] not in c.screen.calls or None)
    await console.caught_up()


async def test_the_decision_record_holds_what_was_shown_and_cannot_be_changed(console: Console) -> None:
    call = await paired(console)
    good(await accept(console.service, call))
    records = await console.service.sql(query("records").replace("$1", "$1::uuid"), call["id"])
    record = records[-1]
    assert (record["by"], record["role"], record["action"]) == ("dispatcher", "dispatcher", "accepted")
    assert record["decision_version"] == call["decision_version"]
    assert record["shown"]["call"]["recommendation"] == call["recommendation"]
    assert record["shown"]["units"]
    for change in (
        "update decision_record set reason = 'x'",
        "delete from decision_record",
        "delete from entry",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await console.service.sql(change)


async def test_the_record_of_a_review_shows_the_call_as_it_was_before_it(console: Console) -> None:
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    (record,) = await console.service.sql(query("records").replace("$1", "$1::uuid"), call["id"])
    assert record["shown"]["call"]["review"]["state"] == "none"
    assert (
        record["shown"]["call"]["decision_version"] == record["decision_version"] == call["decision_version"]
    )


async def test_a_shared_line_answers_several_calls_at_once(console: Console) -> None:
    for _ in range(2):
        call = await paired(console)
        path = f"/v1/recommendations/{call['recommendation']['id']}/override"
        body = {"unit_ids": ["L-988"], "reason": "OTHER", "decision_version": call["decision_version"]}
        assert good(await console.service.post("dispatcher", path, body))["call"]["decision"]["units"]
    assert console.screen.units["L-988"]["call_id"] is None
    await console.caught_up()
