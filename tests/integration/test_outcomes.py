"""What counts as a diversion: the attested counterfactual, never the outcome alone."""

import pytest

from tests.console import Console
from tests.service import Json, Service, accept, code, good, post_call, sign_in, status
from tests.story import accepted, ack, act, current, outcome

ED = {"otherwise_ed": "ems_protocol", "otherwise_ed_reason": "PROTOCOL_TRANSPORT"}
JAIL = {"arrestable_offense_alleged": True, "offense_officer_unit": "PAT-1", "linkage": "completed"}
ER, AVOIDED, JAILED = "er_diversion", "police_dispatch_avoided", "jail_diversion"


@pytest.mark.parametrize(
    ("facts", "counters", "disposition"),
    [
        ({"resolution": "phone_resolved"}, [AVOIDED], "05"),
        ({"resolution": "on_scene_resolved"}, [], "18"),
        ({"resolution": "crisis_center"}, [], "16"),
        ({"resolution": "crisis_center", **ED}, [ER], "16"),
        ({"resolution": "phone_resolved", **ED}, [ER, AVOIDED], "05"),
        ({"resolution": "ed_voluntary", **ED}, [], "45"),
        ({"resolution": "emergency_detention", **ED, **JAIL}, [], "33"),
        ({"resolution": "on_scene_resolved", **JAIL}, [JAILED], "18"),
        ({"resolution": "sobering_center", **JAIL, "linkage": "none"}, [JAILED], "16"),
        ({"resolution": "referred", **JAIL, "linkage": "referred"}, [], "15"),
        ({"resolution": "on_scene_resolved", **JAIL, "offense_officer_unit": None}, [], "18"),
        ({"resolution": "on_scene_resolved", **JAIL, "arrestable_offense_alleged": None}, [], "18"),
        ({"resolution": "arrest", **JAIL}, [], "03"),
        ({"resolution": "gone_on_arrival", **ED}, [], "14"),
    ],
)  # fmt: skip
async def test_only_what_was_attested_counts(
    service: Service, facts: Json, counters: list[str], disposition: str
) -> None:
    told = await outcome(service, (await post_call(service))["call"], **facts)
    assert (told["outcome"]["counters"], told["outcome"]["disposition"]) == (sorted(counters), disposition)
    counted = (await service.snapshot())["counts"]["diversions"]
    assert {name for name, count in counted.items() if count["provisional"] == 1} == set(counters)


async def test_an_allegation_counts_on_the_word_of_an_officers_unit_only(service: Service) -> None:
    call = (await post_call(service))["call"]
    for unit in ("CRT-1", "TEL-1", "EMS-1", "NO-1"):
        facts = {"resolution": "shelter", **JAIL, "offense_officer_unit": unit}
        body = {"facts": facts, "decision_version": (await current(service, call))["decision_version"]}
        answer = await service.post("clinician", f"/v1/calls/{call['id']}/outcome", body)
        assert code(answer, 422) == "invalid_request"
        assert answer.json()["params"]["field"] == "offense_officer_unit"


async def test_only_a_clinician_attests_and_never_without_a_reason(service: Service) -> None:
    call = (await post_call(service))["call"]
    attested = {"resolution": "shelter", "otherwise_ed": "clinician", "otherwise_ed_reason": "PLAN"}
    for role, facts, status_code in (
        ("dispatcher", attested, 422),
        ("integrator", attested, 422),
        ("clinician", attested | {"otherwise_ed_reason": None}, 422),
        ("clinician", attested, 201),
    ):
        body = {"facts": facts, "decision_version": (await current(service, call))["decision_version"]}
        answer = await service.post(role, f"/v1/calls/{call['id']}/outcome", body)
        assert answer.status_code == status_code, (role, answer.text)


async def test_no_police_dispatch_is_avoided_where_a_unit_was_sent(console: Console) -> None:
    call = await accepted(console)
    await ack(console.service, call, "sent")
    told = await outcome(console.service, call, resolution="phone_resolved")
    assert told["outcome"]["counters"] == []


async def test_a_person_replaces_an_unconfirmed_report_and_a_machine_does_not(console: Console) -> None:
    service, call = console.service, (await post_call(console.service))["call"]
    await outcome(service, call, resolution="shelter", **ED)
    body = {
        "facts": {"resolution": "arrest"},
        "decision_version": (await current(service, call))["decision_version"],
    }
    path = f"/v1/calls/{call['id']}/outcome"
    assert code(await service.post("clinician", path, body), 409) == "move_not_allowed"
    cookie = await sign_in(service, "clinician.a")
    good(await service.http.post(path, json=body, headers=cookie), 201)
    counts = (await console.caught_up()).counts["diversions"][ER]
    assert counts == {"provisional": 0, "confirmed": 0, "reversed": 1}


async def test_a_reversed_diversion_is_never_counted_as_a_standing_one(console: Console) -> None:
    service, call = console.service, (await post_call(console.service))["call"]
    told = await outcome(service, call, resolution="shelter", **ED)
    path = f"/v1/outcomes/{told['outcome']['id']}"
    good(await service.post("supervisor", f"{path}/confirm"))
    good(await service.post("clinician", f"{path}/reverse", {"reason": "ED VISIT NEXT DAY"}))
    await console.until(
        lambda c: c.screen.counts["diversions"][ER] == {"provisional": 0, "confirmed": 0, "reversed": 1}
    )
    listed = good(await service.get("manager", "/v1/outcomes", params={"status": "reversed"}))["outcomes"]
    assert [row["id"] for row in listed] == [told["outcome"]["id"]]


async def test_an_eligible_call_without_a_team_says_why(console: Console) -> None:
    service = console.service
    for unit in ("CRT-1", "CRT-2", "TRI-1", "COR-1", "PSW-1", "OUT-1", "TEL-1", "L-988"):
        await status(service, unit, "OutofService")
    call = (await post_call(service))["call"]
    seen = await console.call(call["id"], lambda c: c["recommendation"] and c["recommendation"]["unserved"])
    reason = seen["recommendation"]["unserved"]
    assert await console.until(lambda c: c.screen.counts["waiting"].get(reason)) == 1
    assert console.screen.counts["unserved"] == {}  # it is open and undecided: nobody has gone without yet
    report = good(await service.get("manager", "/v1/reports/diversion"))
    assert report["unserved"] == [{"code": reason, "calls": 0, "waiting": 1}]
    assert report["denominators"]["calls"] == 1
    good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))
    assert await console.until(lambda c: c.screen.counts["unserved"].get(reason)) == 1
    assert console.screen.counts["waiting"] == {}
    report = good(await service.get("manager", "/v1/reports/diversion"))
    assert report["unserved"] == [{"code": reason, "calls": 1, "waiting": 0}]


async def test_what_is_sent_in_place_of_a_team_ends_the_waiting_and_taking_it_back_begins_it_again(
    console: Console,
) -> None:
    service = console.service
    for unit in ("CRT-1", "CRT-2", "TRI-1", "COR-1", "PSW-1", "OUT-1", "TEL-1", "L-988"):
        await status(service, unit, "OutofService")
    call = (await post_call(service, "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"))["call"]
    call = await console.call(call["id"], lambda c: c["recommendation"] and c["recommendation"]["pairings"])
    reason = call["recommendation"]["unserved"]
    await console.until(lambda c: c.screen.counts["waiting"] == {reason: 1})
    call = dict(good(await accept(service, call))["call"])
    await console.until(lambda c: c.screen.counts["unserved"] == {reason: 1})
    await act(service, "dispatcher", call, "release", reason="sent in error")
    await console.until(lambda c: c.screen.counts["waiting"] == {reason: 1})
    assert console.screen.counts["unserved"] == {}
