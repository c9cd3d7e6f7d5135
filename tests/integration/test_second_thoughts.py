"""What is decided is looked at again when the words change: after a decline, after setting aside, after a knife."""

from tests.console import Console
from tests.service import UNITS, Json, accept, code, flag, good, post_call, status
from tests.story import KNIFE, accepted, act, append, current, gated, leave_only, paired


async def declined(console: Console) -> Json:
    call = await paired(console)
    body = {"reason": "closer unit", "route": "advise_only", "decision_version": call["decision_version"]}
    path = f"/v1/recommendations/{call['recommendation']['id']}/decline"
    return dict(good(await console.service.post("dispatcher", path, body))["call"])


async def test_a_danger_after_a_decline_alarms_and_taking_it_back_plans_again(console: Console) -> None:
    call = await append(console.service, await declined(console), KNIFE)
    assert "NEW_DANGER" in {reason["code"] for reason in call["decision"]["reconfirm"]}
    await console.until(lambda c: c.screen.alerts or None)
    call = await act(console.service, "dispatcher", call, "release", reason="has a knife now")
    again = await console.call(
        call["id"], lambda c: c["recommendation"] and c["decision"]["state"] == "released"
    )
    assert again["decision"]["reconfirm"] == []  # nobody is asked to confirm what was taken back
    assert "G1" in {gate["name"] for gate in again["assessment"]["gates"]}
    await console.until(lambda c: not c.screen.alerts or None)


async def test_a_decline_can_be_kept_in_the_face_of_a_new_danger(console: Console) -> None:
    call = await append(console.service, await declined(console), KNIFE)
    call = await act(console.service, "dispatcher", call, "reconfirm", staging=True)
    assert (call["decision"]["reconfirm"], call["decision"]["staging"]) == ([], "none")
    assert call["decision"]["state"] == "standing"


async def test_a_call_that_was_set_aside_comes_back_with_a_new_danger(console: Console) -> None:
    call = (await post_call(console.service))["call"]
    call = await flag(console.service, call, "set_aside", reason="known to the team")
    call = await append(console.service, call, KNIFE)
    assert call["review"]["state"] == "none"
    await console.call(call["id"], lambda c: c["recommendation"] is not None)


async def test_chatter_leaves_a_call_set_aside(console: Console) -> None:
    call = (await post_call(console.service))["call"]
    call = await flag(console.service, call, "set_aside", reason="known to the team")
    assert (await append(console.service, call, "RP WILL WAIT OUTSIDE"))["review"]["state"] == "set_aside"


async def test_a_gun_after_a_knife_alarms_again(console: Console) -> None:
    await leave_only(console.service, "TEL-1", "TRI-1", "PAT-1", "EMS-1")
    call = await append(console.service, await accepted(console), KNIFE)
    call = await act(console.service, "dispatcher", call, "reconfirm", staging=True)
    call = await append(console.service, call, "SHE NOW HAS A GUN IN HER HAND")
    assert {r["params"]["danger"] for r in call["decision"]["reconfirm"]} == {"weapon"}


async def test_without_an_officer_nobody_secures_the_scene(console: Console) -> None:
    service = console.service
    call = dict(good(await accept(service, await gated(console)))["call"])
    assert call["decision"]["staging"] == "staging"
    for unit in call["decision"]["units"]:
        await status(service, unit["unit_id"], "EnRoute")
        if not unit["staged"]:
            await status(service, unit["unit_id"], "OnScene")
            await status(service, unit["unit_id"], "Cleared")
    call = await current(service, call)
    body = {"decision_version": call["decision_version"]}
    refused = await service.post("dispatcher", f"/v1/decisions/{call['decision']['id']}/secure", body)
    assert code(refused, 409) == "move_not_allowed"


async def test_nobody_has_secured_a_scene_where_no_officer_has_arrived(console: Console) -> None:
    service = console.service
    call = dict(good(await accept(service, await gated(console)))["call"])
    kinds = {unit["unit_id"]: UNITS[unit["unit_id"]] for unit in call["decision"]["units"]}
    officer = next(unit for unit, kind in kinds.items() if kind in ("PAT", "CIT", "SGT"))
    path = f"/v1/decisions/{call['decision']['id']}/secure"
    for unit in kinds:  # the clinician is there and the officer is not
        await status(service, unit, "EnRoute" if unit == officer else "OnScene")
    body = {"decision_version": (await current(service, call))["decision_version"]}
    assert code(await service.post("dispatcher", path, body | {"reason": "x"}), 409) == "move_not_allowed"
    assert code(await service.post("supervisor", path, body), 422) == "reason_required"
    await status(service, officer, "Arrived")
    secured = good(await service.post("dispatcher", path, body))["call"]
    assert secured["decision"]["staging"] == "secured"


async def test_a_supervisor_may_say_that_a_scene_is_secure_of_which_no_arrival_was_heard(
    console: Console,
) -> None:
    call = dict(good(await accept(console.service, await gated(console)))["call"])
    call = await act(console.service, "supervisor", call, "secure", reason="officer says so by radio")
    assert (call["decision"]["staging"], call["decision"]["state"]) == ("secured", "reserved")


async def test_another_place_without_coordinates_has_none(console: Console) -> None:
    call = (await post_call(console.service))["call"]
    path = f"/v1/calls/{call['id']}"
    moved = good(
        await console.service.ask("integrator", "PATCH", path, {"location": {"place": "9 BIRCH ST"}})
    )
    assert (moved["call"]["place"], moved["call"]["lat"], moved["call"]["lon"]) == ("9 BIRCH ST", None, None)


async def test_a_senders_numbers_may_begin_again(console: Console) -> None:
    good_status = await status(console.service, "PAT-1", "Meal", source_seq=900)
    again = await status(console.service, "PAT-1", "InService", source_seq=1)
    assert (good_status["taken"], again["taken"]) == (True, True)


async def test_an_eligible_call_that_ends_before_a_plan_is_counted(console: Console) -> None:
    call = (await post_call(console.service))["call"]
    assert call["assessment"]["flag"]
    good(await console.service.post("integrator", f"/v1/calls/{call['id']}/close"))
    await console.until(lambda c: c.screen.counts["unserved"].get("NOT_DECIDED") == 1 or None)
