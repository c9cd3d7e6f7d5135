"""A proxy in front: what it says about a request is believed, what anybody else says is not."""

from collections.abc import AsyncIterator

import pytest
from pydantic import ValidationError
from websockets.exceptions import ConnectionClosed

from api.embedded import Engines
from api.settings import Settings
from tests.conftest import Seeded
from tests.console import feed_socket, listening_console
from tests.service import PASSWORD, Service, code, good, running_service

PUBLIC = "https://tandem.example"
#: As a proxy passes a browser's request on.
PASSED = {"Host": "tandem.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
PERSON = {"username": "dispatcher.a", "password": PASSWORD}


@pytest.fixture
async def fronted(seeded: Seeded, engines: Engines) -> AsyncIterator[Service]:
    """A service behind a proxy on this machine."""
    known = "10.9.0.0/16, 127.0.0.1"
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, proxies=known) as service:
        yield service


async def test_a_console_behind_a_proxy_with_tls_is_our_own_and_its_cookie_secure(fronted: Service) -> None:
    browser = {**PASSED, "Origin": PUBLIC}
    answer = await fronted.http.post("/v1/session", json=PERSON, headers=browser)
    good(answer, 201)
    assert "Secure" in answer.headers["set-cookie"]
    assert "Strict-Transport-Security" in answer.headers
    browser["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    fronted.http.cookies.clear()
    async with listening_console(fronted, headers=browser) as console:
        await console.caught_up()
    good(await fronted.http.delete("/v1/session", headers={**browser, "Host": "tandem.example:443"}), 204)


@pytest.mark.parametrize(
    "origin", ["http://tandem.example", "https://evil.example", "https://tandem.example:8443"]
)
async def test_another_sites_page_is_foreign_behind_a_proxy_too(fronted: Service, origin: str) -> None:
    browser = {**PASSED, "Origin": origin}
    assert code(await fronted.http.post("/v1/session", json=PERSON, headers=browser), 403) == "foreign_origin"
    browser["Authorization"] = f"Bearer {fronted.tokens['alpha', 'dispatcher']}"
    async with feed_socket(fronted, "dispatcher", "", 0, headers=browser) as feed:
        with pytest.raises(ConnectionClosed):
            await feed.recv()
        assert feed.close_code == 4403


async def test_nobody_else_is_believed(service: Service) -> None:
    answer = await service.http.post("/v1/session", json=PERSON, headers=PASSED)
    good(answer, 201)
    assert "Secure" not in answer.headers["set-cookie"]
    assert "Strict-Transport-Security" not in answer.headers
    refused = await service.http.post("/v1/session", json=PERSON, headers={**PASSED, "Origin": PUBLIC})
    assert code(refused, 403) == "foreign_origin"
    (row,) = await service.sql("select params from audit where action = 'sign_in'")
    assert row["params"] == {"address": "127.0.0.1"}


async def test_a_client_does_not_choose_its_own_address_through_a_proxy(fronted: Service) -> None:
    invented = {**PASSED, "X-Forwarded-For": "198.51.100.1, 203.0.113.7, 10.9.3.4"}
    good(await fronted.http.post("/v1/session", json=PERSON, headers=invented), 201)
    (row,) = await fronted.sql("select params from audit where action = 'sign_in'")
    assert row["params"] == {"address": "203.0.113.7"}


def test_a_proxy_that_is_no_address_is_refused_at_the_start() -> None:
    for wrong in ("proxy.internal", "10.0.0.1/8", "*"):
        with pytest.raises(ValidationError, match="proxies"):
            Settings(proxies=wrong)  # type: ignore[arg-type]
