"""What clinicians say of calls leaves the service as lines to learn from, and nothing else does."""

import json
from collections import Counter
from datetime import date, timedelta

from api.cli_feedback import feedback_of
from tests.ageing import closed, hold, keep_words, retained, whole
from tests.commands import tandem
from tests.service import Json, Service, code, flag, post_call
from tests.story import append, say

MARK = "ZYXWORD"


async def exported(service: Service, since: date | None = None) -> list[Json]:
    """Lines of `tandem feedback export`."""
    async with service.live.pool.acquire() as connection:
        kept, _ = await feedback_of(connection, "alpha", since, "ada")
    return [json.loads(line.model_dump_json()) for line in kept]


async def judged(service: Service, narrative: str = f"{MARK} FEMALE HEARING VOICES", **words: str) -> Json:
    """A flagged call with the clinician's word on indicators."""
    call = (await post_call(service, narrative))["call"]
    await say(service, "clinician", call, "review", decision="flag")
    for indicator, action in words.items():
        await say(service, "clinician", call, "flags", indicator=indicator, action=action)
    return dict(call)


async def test_a_line_has_the_words_the_labels_and_no_name(service: Service) -> None:
    call = await judged(service, psychosis="confirm", medication="dismiss", homelessness="add")
    await append(service, call, "SHE LEFT ON FOOT")
    (line,) = await exported(service)
    assert line["entries"] == [f"{MARK} FEMALE HEARING VOICES"]  # what came after the last word nobody judged
    assert (line["need"], line["confirmed"], line["dismissed"], line["added"]) == (
        True, ["psychosis"], ["medication"], ["homelessness"],
    )  # fmt: skip
    read = (await whole(service, call))["assessment"]
    assert (line["nature"], line["artefact"], line["role"]) == (
        "WELFARE CHECK",
        read["artefact"],
        "clinician",
    )
    assert "clinician.a" not in str(line)
    (kept,) = await service.sql(
        "select principal, object, params from audit where action = 'feedback.export'"
    )
    assert (kept["principal"], kept["object"], kept["params"]) == (
        "ada",
        "alpha",
        {"calls": 1, "since": None},
    )


async def test_the_last_word_on_an_indicator_is_the_one_that_counts(service: Service) -> None:
    call = await judged(service, psychosis="dismiss")
    await say(service, "clinician", call, "flags", indicator="psychosis", action="confirm")
    (line,) = await exported(service)
    assert (line["confirmed"], line["dismissed"]) == (["psychosis"], [])


async def test_only_a_reason_that_says_so_means_that_there_is_no_need(service: Service) -> None:
    needs = {"no_behavioral_need": False, "crime_only": False, "duplicate": None, "other: busy": None}
    for reason in needs:
        call = (await post_call(service, f"VOICES AGAIN {reason}"))["call"]
        await say(service, "clinician", call, "review", decision="set_aside", reason=reason)
        await say(service, "clinician", call, "flags", indicator="psychosis", action="confirm")
    told = {
        line["entries"][0].removeprefix("VOICES AGAIN "): line["need"] for line in await exported(service)
    }
    assert told == needs


async def test_a_word_that_labels_nothing_is_no_line(service: Service) -> None:
    await flag(service, (await post_call(service))["call"], "set_aside", reason="duplicate")
    assert await exported(service) == []


async def test_wrong_evidence_names_its_mention_and_leaves_the_indicator(service: Service) -> None:
    call = (await post_call(service))["call"]
    (mention, *_) = [
        m for m in (await whole(service, call))["assessment"]["mentions"] if m["concept"] == "psychosis"
    ]
    await say(
        service, "clinician", call, "flags", indicator="psychosis", action="dismiss", mention=mention["id"]
    )
    assert (await whole(service, call))["flags"][0]["mention"] == mention["id"]
    (line,) = await exported(service)
    assert (line["wrong_evidence"], line["dismissed"], line["need"]) == ([mention["id"]], [], None)


async def test_evidence_that_was_never_read_is_not_dismissed(service: Service) -> None:
    call = (await post_call(service))["call"]
    path, body = f"/v1/calls/{call['id']}/flags", {"indicator": "psychosis", "decision_version": 1}
    unread = await service.post("clinician", path, body | {"action": "dismiss", "mention": "0:0-3:psychosis"})
    added = await service.post("clinician", path, body | {"action": "add", "mention": "0:0-3:psychosis"})
    assert {code(unread, 422), code(added, 422)} == {"invalid_request"}
    assert (await whole(service, call))["flags"] == []


async def test_words_that_are_gone_due_or_held_stay_where_they_are(service: Service) -> None:
    calls = [await judged(service, f"{MARK} {name} VOICES") for name in ("GONE", "DUE", "HELD", "OPEN")]
    gone, due, held, _ = calls
    await closed(service, gone)
    await keep_words(service, 90)
    await retained(service, 91)
    await closed(service, due)
    await service.sql("update call set closed_at = now() - interval '91 days' where id = $1", due["id"])
    await hold(service, held)
    said = await tandem(service, "feedback", "export", "--center", "alpha", "--since", "2026-01-01")
    assert MARK not in said.err
    assert [json.loads(line)["entries"] for line in said.out.splitlines()] == [[f"{MARK} OPEN VOICES"]]
    assert (
        "1 calls. Left out: 2 whose words are gone or due to go. Left out: 1 kept for a legal hold."
        in said.err
    )


async def test_a_line_says_until_when_its_words_may_be_kept(service: Service) -> None:
    await closed(service, await judged(service))
    assert (await exported(service))[0]["until"] is None
    await keep_words(service, 90)
    (row,) = await service.sql("select closed_at from call")
    assert (await exported(service))[0]["until"].startswith(
        f"{row['closed_at'] + timedelta(days=90):%Y-%m-%dT%H:%M}"
    )


async def test_an_earlier_word_is_left_out_where_a_day_is_given(service: Service) -> None:
    await judged(service)
    assert len(await exported(service, date(2026, 1, 1))) == 1
    assert await exported(service, date(2100, 1, 1)) == []


async def test_another_center_s_calls_are_not_in_it(service: Service) -> None:
    await judged(service)
    async with service.live.pool.acquire() as connection:
        assert await feedback_of(connection, "beta", None, "ada") == ([], Counter())


async def test_a_word_carries_its_hash_however_it_is_typed(service: Service) -> None:
    for words in ("HEARING  VOICES", "hearing voices", "SEEING THINGS"):
        await judged(service, words)
    first, second, third = [line["text_hash"] for line in await exported(service)]
    assert first == second != third
