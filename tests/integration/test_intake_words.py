"""A call's words and places stay where they belong, whoever looks."""

import json
import re

from tests.console import Console, listening_console
from tests.service import HERE, Service, flag, good, post_call
from tests.story import accepted, append

MARK = "ZYXWORD"


async def test_words_of_a_call_are_in_its_entries_and_nowhere_else(console: Console) -> None:
    service = console.service
    call = await accepted(console)
    call = await append(service, call, f"{MARK} SAYS HE HAS A KNIFE")
    answer = {"question": call["assessment"]["questions"][0]["code"], "answer": f"{MARK} YES"}
    good(await service.post("dispatcher", f"/v1/calls/{call['id']}/answers", answer))
    await post_call(service, f"{MARK} AT THE DOOR", location={**HERE, "place": f"9 {MARK} RD"})
    tables = ("event", "audit", "alert", "decision", "recommendation", "assessment", "center_counts")
    for table in tables:
        hide = "#- '{call,place}'" if table == "event" else ""
        row = (
            "to_jsonb(t) || jsonb_build_object('body', t.body::jsonb #- '{call,place}')"
            if hide
            else "to_jsonb(t)"
        )
        hits = await service.sql(f"select 1 from {table} t where ({row})::text like '%{MARK}%'")  # noqa: S608
        assert hits == [], table
    assert MARK not in (await service.get("anonymous", "/metrics")).text
    listed = json.dumps(good(await service.get("integrator", "/v1/calls")))
    assert MARK not in listed
    good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))
    read = await service.sql("select object, principal from audit where action = 'call.read'")
    assert [(row["object"], row["principal"]) for row in read] == [(call["id"], "dispatcher")]


async def test_a_manager_sees_no_place_and_no_crew_wherever_they_look(service: Service) -> None:
    async with listening_console(service, "manager") as manager, listening_console(service) as dispatcher:
        call = (await post_call(service))["call"]
        await flag(service, call)
        await dispatcher.proposed(call["id"])
        await dispatcher.caught_up()
        await manager.caught_up()
        screen = manager.screen
        polled = await service.get(
            "manager", "/v1/console/events", params={"epoch": screen.epoch, "after": 0}
        )
        shown = [
            json.dumps([manager.events, vars(screen)]),
            polled.text,
            json.dumps(await service.snapshot("manager")),
        ]
        for text in shown:
            assert "12 ELM ST" not in text
            assert "Ada" not in text
            assert not re.search(r'"(lat|lon)": ?-?\d', text)
        assert dispatcher.screen.calls[call["id"]]["place"] == "12 ELM ST"
        assert dispatcher.screen.units["PAT-1"]["crew"] == [{"role": "lead", "name": "Ada"}]
