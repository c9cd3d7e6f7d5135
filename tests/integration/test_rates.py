"""A flood is its sender's own trouble: everybody else is served as before."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import feed_socket, listening_console
from tests.service import Service, code, good, post_call, running_service, sign_in

#: So small that a flood is one on the slowest machine; a bucket holds ten seconds' worth.
SMALL = {"rate_operator": 2, "rate_anonymous": 1}


@pytest.fixture
async def limited(seeded: Seeded, engines: Engines) -> AsyncIterator[Service]:
    """A service with small limits for people and strangers, and the usual one for machines."""
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **SMALL) as service:
        yield service


async def answers(service: Service, times: int, path: str = "/v1/session", **headers: str) -> Counter[int]:
    """What so many requests at once are answered."""
    requests = (service.http.get(path, headers=headers) for _ in range(times))
    return Counter(answer.status_code for answer in await asyncio.gather(*requests))


async def test_every_call_is_taken_while_the_same_address_is_flooding(limited: Service) -> None:
    await post_call(limited)
    flood = asyncio.create_task(answers(limited, 300))
    posted = 0
    while not flood.done() or posted < 20:
        await post_call(limited)  # fails unless it is taken
        posted += 1
    taken = await flood
    assert taken.keys() == {401, 429}
    assert taken[429] > taken[401] >= 10


async def test_a_refused_request_says_when_to_come_again_and_is_counted_by_kind(limited: Service) -> None:
    many = [limited.http.get("/v1/calls") for _ in range(60)]
    refused = [answer for answer in await asyncio.gather(*many) if answer.status_code != 401]
    assert {code(answer, 429) for answer in refused} == {"too_many_requests"}
    assert {answer.headers["Content-Type"] for answer in refused} == {"application/problem+json"}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert {answer.headers["Cache-Control"] for answer in refused} == {"no-store"}
    assert all(0 < answer.json()["params"]["seconds"] <= 1 for answer in refused)
    shown = (await limited.get("integrator", "/metrics")).text
    assert 'tandem_too_many_requests_total{kind="anonymous"}' in shown


async def test_in_a_flood_the_service_still_says_how_it_is(limited: Service) -> None:
    assert (await answers(limited, 60))[429] > 0
    for path in ("/healthz", "/readyz", "/metrics"):
        assert await answers(limited, 10, path) == {200: 10}
    assert (await answers(limited, 60, "/readyz"))[429] > 0


async def test_invented_tokens_are_one_stranger(limited: Service) -> None:
    flood = (limited.http.get("/v1/calls", headers={"Authorization": f"Bearer {n}"}) for n in range(100))
    taken = Counter(answer.status_code for answer in await asyncio.gather(*flood))
    assert taken.keys() == {401, 429}
    # whoever has no credentials yet may still come in
    assert (await limited.http.get("/")).status_code != 429


async def test_one_person_that_floods_is_refused_and_another_is_not(limited: Service) -> None:
    names = ("dispatcher.a", "dispatcher.a", "supervisor.a")
    flood, again, calm = [await sign_in(limited, name) for name in names]
    for cookie in (flood, again, calm):
        good(await limited.http.get("/v1/session", headers=cookie))
    taken = await answers(limited, 100, **flood)
    assert taken.keys() == {200, 429}
    assert (await answers(limited, 30, **again))[429] > 0  # a second sign-in is the same person
    assert await answers(limited, 15, **calm) == {200: 15}


async def test_a_flood_of_sockets_is_refused_before_it_is_one(limited: Service) -> None:
    refused: list[Response] = []

    async def dial() -> int:
        try:
            async with feed_socket(limited, "anonymous", "", 0, headers={}) as feed:
                await feed.wait_closed()
                return feed.close_code or 0
        except InvalidStatus as answer:
            refused.append(answer.response)
            return answer.response.status_code

    taken = Counter(await asyncio.gather(*(dial() for _ in range(30))))
    assert taken.keys() == {4401, 429}
    assert {1 <= int(answer.headers["Retry-After"]) <= 10 for answer in refused} == {True}
    assert all(b"too_many_requests" in (answer.body or b"") for answer in refused)
    async with listening_console(limited) as console:
        await console.caught_up()
