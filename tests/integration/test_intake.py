"""Calls come in once, in whatever shape a CAD sends them, and their words stay where they belong."""

import asyncio

import pytest

from tests.console import Console
from tests.service import Json, Service, code, good, now, post_call


async def state_of(service: Service) -> Json:
    """Counts of everything a half-write would change; what the service itself tells is left out."""
    tables = ("call", "entry", "assessment", "decision", "decision_record", "outcome", "alert", "answer",
              "gate_release", "indicator_flag", "call_link", "diversion", "idempotency")  # fmt: skip
    counted = ", ".join(f"(select count(*) from {table}) as {table}" for table in tables)  # noqa: S608
    told = "(select count(*) from event where body ->> 'by' is not null) as told"
    (row,) = await service.sql(f"select {counted}, {told}")
    return dict(row)


async def log_is_whole(service: Service) -> None:
    """Every center's log runs from 1 to its head without a gap."""
    rows = await service.sql(
        "select l.center_id, l.seq, count(e.seq) as n, coalesce(max(e.seq), 0) as last "
        "from center_log l left join event e using (center_id) group by 1, 2"
    )
    assert all(row["seq"] == row["n"] == row["last"] for row in rows), rows


async def test_the_same_key_and_body_give_the_same_answer_and_one_call(service: Service) -> None:
    body = {"narrative": "MALE HEARING VOICES", "received_at": now()}
    answers = [await service.post("integrator", "/v1/calls", body, key="one") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert (await service.sql("select count(*) as n from call"))[0]["n"] == 1
    taken = await service.sql("select 1 from event where type = 'call.taken.v1'")
    assert len(taken) == 1


async def test_twenty_at_once_with_one_key_make_one_call(service: Service) -> None:
    body = {"narrative": "MALE HEARING VOICES"}
    answers = await asyncio.gather(
        *(service.post("integrator", "/v1/calls", body, key="same") for _ in range(20))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["call"]["id"] for answer in answers}) == 1
    await log_is_whole(service)


async def test_a_key_with_another_body_is_refused_and_writes_nothing(service: Service) -> None:
    good(await service.post("integrator", "/v1/calls", {"narrative": "A"}, key="two"))
    before = await state_of(service)
    answer = await service.post("integrator", "/v1/calls", {"narrative": "B"}, key="two")
    assert code(answer, 422) == "idempotency_key_reused"
    assert await state_of(service) == before


async def test_a_key_belongs_to_its_sender_its_route_and_its_center(service: Service) -> None:
    bodies = [("integrator", "alpha"), ("dispatcher", "alpha"), ("integrator", "beta")]
    for role, center in bodies:
        assert good(await service.post(role, "/v1/calls", {}, key="k", center=center), 201)
    call = (await post_call(service))["call"]
    for path in ("entries", "close"):
        good(await service.post("integrator", f"/v1/calls/{call['id']}/{path}", {"text": "x"}, key="k"))
    long = "k" * 200
    for end in ("a", "b"):
        assert good(await service.post("integrator", "/v1/calls", {"narrative": end}, key=long + end), 201)


async def test_a_refused_request_leaves_its_key_free(service: Service) -> None:
    call = (await post_call(service))["call"]
    path = f"/v1/calls/{call['id']}/review"
    stale = {"decision": "flag", "decision_version": 99}
    assert code(await service.post("clinician", path, stale, key="r"), 409) == "decision_stale"
    good(
        await service.post(
            "clinician", path, {**stale, "decision_version": call["decision_version"]}, key="r"
        )
    )


async def resend(service: Service, **fields: object) -> Json:
    """The CAD sends call C-1 once more."""
    return dict(good(await service.post("integrator", "/v1/calls", {"external_id": "C-1", **fields}))["call"])


async def test_a_call_sent_again_is_an_update_and_only_new_text_is_an_entry(service: Service) -> None:
    first = await resend(service, nature="DISTURBANCE", narrative="MALE YELLING")
    assert (first["number"], first["text_version"]) == ("C-1", 1)
    same = await resend(service, nature="DISTURBANCE", narrative="MALE YELLING")
    assert (same["id"], same["text_version"], same["decision_version"]) == (
        first["id"],
        1,
        first["decision_version"],
    )
    more = await resend(
        service, nature="MENTAL", narrative="MALE YELLING\nNOW TALKING TO HIMSELF", priority=2
    )
    assert (more["nature"], more["priority"], more["text_version"]) == ("MENTAL", 2, 2)
    again = await resend(service, narrative="MALE YELLING\nNOW TALKING TO HIMSELF")
    assert (again["nature"], again["text_version"]) == ("MENTAL", 2)
    entries = good(await service.get("dispatcher", f"/v1/calls/{first['id']}"))["entries"]
    assert [entry["text"] for entry in entries] == ["MALE YELLING", "NOW TALKING TO HIMSELF"]


async def test_a_word_is_never_cut_in_two_when_a_call_is_sent_again(service: Service) -> None:
    await resend(service, narrative="MALE WITH KNIFE")
    call = await resend(service, narrative="MALE WITH KNIFEPOINT TATTOO")
    entries = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))["entries"]
    assert entries[-1]["text"] == "MALE WITH KNIFEPOINT TATTOO"


async def test_the_same_remark_twice_under_its_number_is_one_entry(service: Service) -> None:
    call = (await post_call(service))["call"]
    path = f"/v1/calls/{call['id']}/entries"
    body = {"text": "RP CALLED BACK", "source_seq": 7}
    answers = [good(await service.post("integrator", path, body))["call"] for _ in range(2)]
    assert [answer["text_version"] for answer in answers] == [2, 2]
    other = good(await service.post("integrator", path, {"text": "ANOTHER", "source_seq": 7}))["call"]
    assert other["text_version"] == 3
    entries = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))["entries"]
    assert "SOURCE_SEQ_REUSED" in entries[-1]["quality"]


async def test_a_corrected_nature_is_read_again(service: Service) -> None:
    call = (await post_call(service, "", nature="NOISE"))["call"]
    assert not call["assessment"]["flag"]
    patched = good(
        await service.ask("integrator", "PATCH", f"/v1/calls/{call['id']}", {"nature": "SUICIDAL SUBJECT"})
    )
    assert patched["call"]["assessment"]["flag"]
    assert patched["call"]["decision_version"] > call["decision_version"]


async def test_a_corrected_location_raises_the_version_and_a_priority_does_not(service: Service) -> None:
    call = (await post_call(service))["call"]
    path = f"/v1/calls/{call['id']}"
    same = good(await service.ask("integrator", "PATCH", path, {"priority": 1}))["call"]
    assert same["decision_version"] == call["decision_version"]
    moved = good(await service.ask("integrator", "PATCH", path, {"location": {"lat": 39.2, "lon": -86.5}}))[
        "call"
    ]
    assert (moved["lat"], moved["place"], moved["decision_version"] > call["decision_version"]) == (
        39.2,
        "12 ELM ST",
        True,
    )


async def test_two_calls_are_linked_and_a_closed_call_closes_once(console: Console) -> None:
    service = console.service
    one, two = [(await post_call(service))["call"] for _ in range(2)]
    body = {"other": two["id"], "kind": "duplicate"}
    assert good(await service.post("integrator", f"/v1/calls/{one['id']}/link", body))["call"]["links"] == [
        two["id"]
    ]
    await console.call(two["id"], lambda c: c["links"] == [one["id"]])
    for _ in range(2):
        assert (
            good(await service.post("integrator", f"/v1/calls/{one['id']}/close"))["call"]["state"]
            == "closed"
        )
    await console.caught_up()
    assert sum(event["type"] == "call.closed.v1" for event in console.events) == 1


@pytest.mark.parametrize(
    ("fields", "flag_code"),
    [
        ({"received_at": "1900-01-01T00:00:00Z"}, "TIME_ODD:received_at"),
        ({"received_at": "2100-01-01T00:00:00Z"}, "TIME_ODD:received_at"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "TIME_IMPOSSIBLE:received_at"),
        ({"received_at": "9999-12-31T23:59:59"}, "TIME_IMPOSSIBLE:received_at"),
        ({"received_at": "2026-11-01T01:30:00"}, "TIME_WITHOUT_ZONE:received_at"),
        ({"received_at": "yesterday"}, "BAD_FIELD:received_at"),
        ({"received_at": None}, "RECEIVED_AT_MISSING"),
        ({"received_at": 10**18}, "BAD_FIELD:received_at"),
        ({"location": {"lat": 91, "lon": 0}}, "LOCATION_OFF_GLOBE"),
        ({"location": {"lat": 45, "lon": -181}}, "LOCATION_OFF_GLOBE"),
        ({"location": {"lat": 45}}, "LOCATION_OFF_GLOBE"),
        ({"location": {"lat": "north", "lon": 1, "place": "12 ELM"}}, "BAD_FIELD:location.lat"),
        ({"location": "12 ELM"}, "BAD_FIELD:location"),
        ({"source": "carrier pigeon"}, "BAD_FIELD:source"),
        ({"priority": "high"}, "BAD_FIELD:priority"),
        ({"priority": 10**30}, "BAD_FIELD:priority"),
        ({"narrative": {"text": "MALE"}}, "BAD_FIELD:narrative"),
        ({"nature": ["A"]}, "BAD_FIELD:nature"),
        ({"nature": "N" * 900}, "SHORTENED:nature"),
        ({"external_id": "E" * 900}, "SHORTENED:external_id"),
        ({"weather": "rain"}, "UNKNOWN_FIELD:weather"),
        ({"narrative": "NUL \x00 HERE"}, "TEXT_REPLACED"),
        ({"caller": "neighbor"}, "BAD_FIELD:caller"),
        ({"attributes": [1]}, "BAD_FIELD:attributes"),
        ({"attributes": {"n": 10**40}}, None),
    ],
)  # fmt: skip
async def test_a_blemish_is_flagged_and_never_refused(
    service: Service, fields: Json, flag_code: str | None
) -> None:
    call = good(
        await service.post("integrator", "/v1/calls", {"received_at": now(), "narrative": "x"} | fields), 201
    )["call"]
    assert flag_code is None or flag_code in call["quality"]


async def test_a_bad_latitude_does_not_take_the_address_with_it(service: Service) -> None:
    call = (await post_call(service, location={"lat": "north", "lon": 1.0, "place": "12 ELM ST"}))["call"]
    assert (call["lat"], call["lon"], call["place"]) == (None, None, "12 ELM ST")


async def test_thousands_of_unknown_fields_do_not_travel_with_every_event(service: Service) -> None:
    call = good(await service.post("integrator", "/v1/calls", {f"f{n}": n for n in range(5_000)}), 201)[
        "call"
    ]
    assert len(call["quality"]) < 40


async def test_what_cannot_be_parsed_is_kept_where_people_see_it(service: Service) -> None:
    answer = await service.ask("integrator", "POST", "/v1/calls", content=b'{"narrative": "HELP ')
    kept = answer.json()["params"]["id"]
    assert code(answer, 422) == "quarantined"
    (row,) = good(await service.get("admin", "/v1/quarantine"))["quarantine"]
    assert (row["id"], row["bytes"], "body" in row) == (kept, 20, False)
    assert good(await service.get("supervisor", f"/v1/quarantine/{kept}"))["body"] == '{"narrative": "HELP '
    good(await service.post("admin", f"/v1/quarantine/{kept}/resolve"))
    assert good(await service.get("admin", "/v1/quarantine"))["quarantine"] == []


EVERYTHING = {
    "external_id": "E-1",
    "source": "988",
    "received_at": "2026-03-01T10:00:00.123456-06:00",
    "nature": "WELFARE CHECK",
    "narrative": "MALE HAS A KNIFE, HEARING VOICES 😀",
    "priority": 3,
    "beat": "4B",
    "location": {"lat": 39.16, "lon": -86.52, "place": "12 ELM ST"},
    "caller": {"relation": "mother"},
    "attributes": {"channel": "F2", "language": "es"},
}
BLEMISHED = {
    "narrative": "A\x00B",
    "received_at": "1900-01-01",
    "location": {"lat": 99},
    "priority": "x",
    "odd": 1,
}


@pytest.mark.parametrize("body", [{}, {"narrative": "LOUD MUSIC"}, EVERYTHING, BLEMISHED])
async def test_a_new_call_is_told_as_any_query_would_find_it(
    service: Service, console: Console, body: Json
) -> None:
    """Its view is made from what was sent and never read back: it has to be the same to the letter."""
    answered = good(await service.post("integrator", "/v1/calls", body), 201)["call"]
    found = good(await service.get("dispatcher", f"/v1/calls/{answered['id']}"))["call"]
    await console.call(answered["id"], lambda _: True)
    (seen,) = (event["call"] for event in console.events if event["type"] == "call.taken.v1")
    assert answered == seen
    quiet = ("decision_version", "recommendation")  # the planner may have been here since
    assert {k: v for k, v in found.items() if k not in quiet} == {
        k: v for k, v in seen.items() if k not in quiet
    }
