"""Signing in: wrong passwords lock where they come from, and a flood of them is somebody's own trouble."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from api.embedded import Engines
from api.rates import SIGN_INS_AT_ONCE
from api.security import hash_password
from api.sign_in import Hashing
from models.errors import TooManyRequests
from models.store.database import query
from tests.conftest import Seeded
from tests.service import PASSWORD, Service, code, good, running_service

WRONG = "not this one"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.1"


@pytest.fixture
async def fronted(seeded: Seeded, engines: Engines) -> AsyncIterator[Service]:
    """A service behind a proxy that says where each request comes from."""
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, proxies="127.0.0.1") as service:
        yield service


async def attempt(
    service: Service, address: str, password: str = WRONG, username: str = "clinician.a"
) -> httpx.Response:
    """One attempt to sign in."""
    body = {"username": username, "password": password}
    answer = await service.http.post("/v1/session", json=body, headers={"X-Forwarded-For": address})
    service.http.cookies.clear()
    return answer


async def guess(service: Service, address: str, times: int = 5) -> None:
    """Wrong passwords that are refused as such."""
    for _ in range(times):
        assert code(await attempt(service, address), 401) == "sign_in_refused"


async def test_five_wrong_passwords_lock_the_account_only_for_the_address_they_came_from(
    fronted: Service,
) -> None:
    await guess(fronted, ELSEWHERE)
    assert code(await attempt(fronted, ELSEWHERE, PASSWORD), 403) == "account_locked"
    good(await attempt(fronted, HOME, PASSWORD), 201)
    good(await attempt(fronted, ELSEWHERE, PASSWORD, "manager.a"), 201)
    assert code(await attempt(fronted, ELSEWHERE, PASSWORD), 403) == "account_locked"


async def test_a_right_password_forgets_the_wrong_ones_from_its_own_address_alone(fronted: Service) -> None:
    await guess(fronted, ELSEWHERE, 3)
    await guess(fronted, HOME, 3)
    good(await attempt(fronted, HOME, PASSWORD), 201)
    await guess(fronted, HOME, 1)
    places = await fronted.sql("select address, failures from sign_in_place")
    assert {place["address"]: place["failures"] for place in places} == {ELSEWHERE: 3, HOME: 1}


async def test_guesses_from_many_addresses_lock_the_account_but_not_where_its_person_works(
    fronted: Service,
) -> None:
    good(await attempt(fronted, HOME, PASSWORD), 201)
    await fronted.sql(
        "insert into sign_in_place (account_id, address, failures, failing_since, locked_at) select a.id, "
        "'198.51.100.' || n, 5, now(), now() from account a, generate_series(1, 4) n where username = 'clinician.a'"
    )
    await guess(fronted, "198.51.100.5", 4)
    good(await attempt(fronted, "198.51.100.6", PASSWORD), 201)  # twenty-four
    await guess(fronted, "198.51.100.5", 1)
    assert code(await attempt(fronted, "198.51.100.7", PASSWORD), 403) == "account_locked"
    good(await attempt(fronted, HOME, PASSWORD), 201)
    await fronted.sql("update sign_in_place set worked_at = worked_at - interval '31 days'")
    assert code(await attempt(fronted, HOME, PASSWORD), 403) == "account_locked"


async def test_wrong_passwords_count_for_a_quarter_of_an_hour(fronted: Service) -> None:
    await guess(fronted, ELSEWHERE, 3)
    await fronted.sql("update sign_in_place set failing_since = failing_since - interval '15 minutes'")
    await guess(fronted, ELSEWHERE, 2)
    good(await attempt(fronted, ELSEWHERE, PASSWORD), 201)
    await guess(fronted, "198.51.100.2", 1)
    await fronted.sql("update sign_in_place set failing_since = failing_since - interval '15 minutes'")
    await guess(fronted, "198.51.100.3", 1)
    places = await fronted.sql("select address from sign_in_place order by address")
    assert [place["address"] for place in places] == [ELSEWHERE, "198.51.100.3"]  # passers-by are forgotten


async def test_the_strict_policy_locks_the_account_everywhere(seeded: Seeded, engines: Engines) -> None:
    strict = running_service(
        seeded.postgres, engines.redis, seeded.tokens, proxies="127.0.0.1", lock="account"
    )
    async with strict as service:
        good(await attempt(service, HOME, PASSWORD), 201)
        await guess(service, ELSEWHERE, 3)
        await guess(service, "198.51.100.2", 2)
        assert code(await attempt(service, HOME, PASSWORD), 403) == "account_locked"


async def test_a_new_password_releases_the_account_and_every_address(fronted: Service) -> None:
    await guess(fronted, ELSEWHERE)
    await fronted.sql("update account set locked_at = now()")
    assert code(await attempt(fronted, HOME, PASSWORD), 403) == "account_locked"
    new = "battery horse correct"
    await fronted.sql(query("set_password"), "alpha", "clinician.a", hash_password(new))
    good(await attempt(fronted, ELSEWHERE, new), 201)
    good(await attempt(fronted, HOME, new), 201)


async def test_attempts_at_the_same_moment_are_counted_one_by_one(fronted: Service) -> None:
    answers = await asyncio.gather(*(attempt(fronted, ELSEWHERE) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [403] * 7
    (account,) = await fronted.sql("select failures from sign_in_place")
    assert account["failures"] == 5


async def test_a_flood_of_attempts_is_refused_for_its_own_address(fronted: Service) -> None:
    answers = await asyncio.gather(*(attempt(fronted, ELSEWHERE) for _ in range(int(SIGN_INS_AT_ONCE) + 40)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.json()["code"] for answer in refused} == {"too_many_requests"}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    good(await attempt(fronted, HOME, PASSWORD), 201)


async def test_where_an_attempt_came_from_is_audited(fronted: Service) -> None:
    await attempt(fronted, ELSEWHERE)
    await attempt(fronted, "2001:db8::1", PASSWORD)
    rows = await fronted.sql("select action, params from audit order by id")
    assert [(row["action"], row["params"]["address"]) for row in rows] == [
        ("sign_in_refused", ELSEWHERE),
        ("sign_in", "2001:db8::/64"),
    ]


async def test_only_so_many_passwords_wait_to_be_hashed() -> None:
    hashing = Hashing(most=2)
    kept = hash_password(PASSWORD)
    waits = [hashing.verified(kept, PASSWORD) for _ in range(5)]
    results = await asyncio.gather(*waits, return_exceptions=True)
    assert results[:2] == [True, True]
    assert all(isinstance(result, TooManyRequests) for result in results[2:])
    assert await hashing.verified(kept, "another") is False
