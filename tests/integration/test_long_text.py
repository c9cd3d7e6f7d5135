"""Text of any kind and length: offsets are true, and nobody waits for somebody else's megabyte."""

import asyncio
import json
import time

import pytest

from tests.service import Service, good, post_call
from tests.story import append


@pytest.mark.parametrize(
    "text",
    [
        "😀 HE HAS A KNIFE 😀", "e\u0301e\u0301 KNIFE IN HAND n\u0303", "A\x00B KNIFE",
        "\ud83d\ude00 THEN \ud83d A KNIFE",
        "\u200f\u202e KNIFE \u2066", "👩‍👩‍👧‍👦🇺🇸 MALE WITH KNIFE", "ﬁ ß ŉ İ KNIFE",
        "\r\n\r\n  KNIFE", "𝕂𝕟𝕚𝕗𝕖 AND A KNIFE",
    ],
)  # fmt: skip
async def test_every_mention_quotes_the_original_text_at_its_offsets(service: Service, text: str) -> None:
    body = b'{"narrative": ' + ascii_json(text) + b"}"
    answer = good(await service.ask("integrator", "POST", "/v1/calls", content=body), 201)
    entries = good(await service.get("dispatcher", f"/v1/calls/{answer['call']['id']}"))["entries"]
    assert len(entries[0]["text"]) <= len(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    knives = [m for m in answer["assessment"]["mentions"] if m["concept"] == "weapon" and m["entry"] == 0]
    quoted = [entries[0]["text"][m["start"] : m["end"]] for m in knives]
    assert any(words.startswith("KNIFE") for words in quoted), quoted


def ascii_json(text: str) -> bytes:
    """A JSON string in ASCII; lone surrogates stay as they are."""
    return json.dumps(text).encode()


async def test_a_narrative_of_a_megabyte_is_read_and_delays_no_other_call(service: Service) -> None:
    long = asyncio.create_task(post_call(service, "THE MALE IS YELLING AND HAS A KNIFE. " * 28_000))
    took = []
    while not long.done():
        began = time.perf_counter()
        await post_call(service)
        took.append(time.perf_counter() - began)
    call = (await long)["call"]
    assert sorted(took)[len(took) // 2] < 0.5
    async with asyncio.timeout(20):
        while (await service.sql("select assessed_version from call where id = $1::uuid", call["id"]))[0][
            0
        ] < 1:
            await asyncio.sleep(0.2)
    view = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))
    assert view["call"]["assessment"]["dangers"]["weapon"]["assertion"] == "affirmed"


async def test_texts_that_outlive_their_time_limit_cancel_nobody(service: Service) -> None:
    slow = [post_call(service, "= ( KNIFE " * 90_000) for _ in range(3)]
    answers = await asyncio.gather(*slow)
    assert all(answer["call"]["text_version"] == 1 for answer in answers)


async def test_a_call_with_three_hundred_remarks_stays_quick(service: Service) -> None:
    call = (await post_call(service))["call"]
    began = time.perf_counter()
    for number in range(300):
        call = await append(service, call, f"REMARK {number}")
    assert call["text_version"] == 301
    assert time.perf_counter() - began < 45


async def test_a_call_with_ten_thousand_remarks_takes_one_more(service: Service) -> None:
    call = (await post_call(service))["call"]
    await service.sql(
        "insert into entry (call_id, ordinal, text, received_at) "
        "select $1::uuid, n, 'MALE WALKING NORTH ' || n, now() from generate_series(1, 9999) n", call["id"]
    )  # fmt: skip
    await service.sql("update call set text_version = 10000 where id = $1::uuid", call["id"])
    body = {"text": "NOW HAS A KNIFE IN HIS HAND"}
    async with asyncio.timeout(20):
        while True:
            after = good(
                await service.post("integrator", f"/v1/calls/{call['id']}/entries", body | {"source_seq": 1})
            )
            if after["call"]["assessed_version"] == 10_001:
                break
    assert after["call"]["assessment"]["dangers"]["weapon"]["assertion"] == "affirmed"
    whole = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))
    assert len(whole["entries"]) == 10_001
