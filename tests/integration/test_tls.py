"""TLS by the service itself: real certificates, real connections."""

import asyncio
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from trustme import KeyType
from websockets.exceptions import ConnectionClosed

from api.embedded import Engines
from api.serving import PlainRefused, listening
from api.settings import Settings
from api.tls import CertificateUnusable
from tests.certificates import Authority
from tests.conftest import Seeded
from tests.console import Console, feed_socket, listening_console
from tests.process import TANDEM, start
from tests.service import PASSWORD, Json, Service, client, code, good, post_call, running_service

ANYWHERE = "0.0.0.0"  # noqa: S104 - that this is refused is the test


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority of the test's own."""
    return Authority(tmp_path)


@pytest.fixture
async def secured(seeded: Seeded, engines: Engines, authority: Authority) -> AsyncIterator[Service]:
    """A service with a certificate of the authority."""
    files, trust = authority.issue("service"), authority.trust()
    async with running_service(
        seeded.postgres, engines.redis, seeded.tokens, trust=trust, **files
    ) as service:
        yield service


async def signed_in(service: Service, **headers: str) -> tuple[str, str]:
    """A session's cookie, and how it was set."""
    body = {"username": "dispatcher.a", "password": PASSWORD}
    answer = await service.http.post("/v1/session", json=body, headers=headers)
    good(answer, 201)
    cookie = answer.headers["set-cookie"]
    service.http.cookies.clear()
    return cookie.partition(";")[0], cookie


async def test_a_console_works_over_https_and_wss(secured: Service, authority: Authority) -> None:
    cookie, how = await signed_in(secured, Origin=secured.url)
    assert "Secure" in how
    page = await secured.http.get("/v1/session", headers={"Cookie": cookie})
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    headers = {"Cookie": cookie, "Origin": secured.url}
    async with listening_console(secured, ssl=authority.trust(), headers=headers) as console:
        await heard(console)
        await console.caught_up()


async def test_a_page_that_came_plain_is_another_site(secured: Service, authority: Authority) -> None:
    cookie, _ = await signed_in(secured)
    headers = {"Cookie": cookie, "Origin": secured.url.replace("https", "http")}
    assert code(await secured.http.post("/v1/calls", json={}, headers=headers), 403) == "foreign_origin"
    async with feed_socket(secured, "dispatcher", "", 0, headers=headers, ssl=authority.trust()) as feed:
        with pytest.raises(ConnectionClosed):
            await feed.recv()
        assert feed.close_code == 4403


async def test_the_port_speaks_nothing_plain_and_nothing_old(secured: Service, authority: Authority) -> None:
    with pytest.raises(httpx.TransportError):
        await secured.http.get(secured.url.replace("https", "http") + "/healthz")
    old = authority.trust()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):  # noqa: PT011 - an alert or a reset, whichever comes first
        await shown(secured, old)
    assert await shown(secured, authority.trust())


async def test_without_tls_nothing_claims_it(service: Service) -> None:
    _, how = await signed_in(service)
    assert "Secure" not in how
    assert "Strict-Transport-Security" not in (await service.http.get("/healthz")).headers


async def shown(service: Service, trust: ssl.SSLContext) -> str:
    """The serial number of the certificate that a new connection is shown."""
    address = urlsplit(service.url)
    _, writer = await asyncio.open_connection(address.hostname, address.port, ssl=trust)
    serial = writer.get_extra_info("ssl_object").getpeercert()["serialNumber"]
    writer.transport.abort()
    return str(serial)


async def changed(service: Service, trust: ssl.SSLContext, before: str) -> str:
    """The serial number as soon as it is another."""
    async with asyncio.timeout(30):
        while (serial := await shown(service, trust)) == before:
            await asyncio.sleep(0.1)
    return serial


async def test_a_renewed_certificate_is_shown_without_a_restart(
    secured: Service, authority: Authority
) -> None:
    trust = authority.trust()
    serials = [await shown(secured, trust)]
    async with listening_console(secured, ssl=trust) as console:
        for kind in (KeyType.RSA, KeyType.ECDSA):
            authority.issue("service", kind=kind)
            serials.append(await changed(secured, trust, serials[-1]))
        assert len(set(serials)) == 3
        await heard(console)


async def test_half_a_renewal_changes_nothing_until_the_other_half_is_there(
    secured: Service, authority: Authority, tmp_path: Path
) -> None:
    trust = authority.trust()
    before = await shown(secured, trust)
    other = authority.issue("other")
    (tmp_path / "service.key").unlink()
    (tmp_path / "service.pem").write_bytes(other["tls_cert"].read_bytes())
    await asyncio.sleep(1.5)  # longer than it takes to look
    assert await shown(secured, trust) == before
    (tmp_path / "service.key").write_bytes(other["tls_key"].read_bytes())
    assert await changed(secured, trust, before) != before


async def heard(console: Console) -> None:
    """An open socket has outlived what happened meanwhile."""
    await console.call((await post_call(console.service))["call"]["id"], lambda _: True)


def swapped(authority: Authority) -> Json:
    """The two files, each in the place of the other."""
    files = authority.issue("service")
    return {"tls_cert": files["tls_key"], "tls_key": files["tls_cert"]}


def missing(authority: Authority) -> Json:
    """No key where the settings say."""
    files = authority.issue("service")
    files["tls_key"].unlink()
    return files


BAD: dict[str, tuple[str, Callable[[Authority], Json]]] = {
    "missing": (r"TANDEM_TLS_KEY=.*No such file.*Correct the path", missing),
    "a folder": (r"TANDEM_TLS_CERT=.*cannot be read", lambda a: {**a.issue("x"), "tls_cert": Path("/")}),
    "swapped": (r"not exchanged", swapped),
    "another's key": (
        r"does not belong.*issued for",
        lambda a: {**a.issue("x"), "tls_key": a.issue("y")["tls_key"]},
    ),
    "expired": (r"certificate has expired.*Renew it", lambda a: a.issue("x", days=(-9, -1))),
    "not yet valid": (r"not yet valid.*valid now", lambda a: a.issue("x", days=(1, 9))),
    "no key": (r"TANDEM_TLS_CERT and TANDEM_TLS_KEY", lambda a: {"tls_cert": a.issue("x")["tls_cert"]}),
}


@pytest.mark.parametrize("case", BAD)
def test_a_certificate_that_serves_nobody_is_refused_with_what_to_do(authority: Authority, case: str) -> None:
    says, files = BAD[case]
    with pytest.raises(CertificateUnusable, match=f"(?s){says}"):
        listening(Settings(port=0, **files(authority)))


def test_a_key_with_a_passphrase_asks_nobody(authority: Authority) -> None:
    files = authority.issue("service")
    key = load_pem_private_key(files["tls_key"].read_bytes(), None)
    closed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    files["tls_key"].write_bytes(closed)
    with pytest.raises(CertificateUnusable, match="no passphrase"):
        listening(Settings(port=0, **files))


def test_nothing_plain_is_served_to_other_machines_unless_somebody_says_so(authority: Authority) -> None:
    with pytest.raises(PlainRefused) as refused:
        listening(Settings(host=ANYWHERE, port=0))
    for setting in ("TANDEM_TLS_CERT", "TANDEM_TLS_KEY", "TANDEM_PROXIES", "TANDEM_PLAIN=true"):
        assert setting in str(refused.value)
    ways: tuple[Json, ...] = (authority.issue("service"), {"plain": True}, {"proxies": "10.0.0.0/8"})
    for way in ways:
        listening(Settings(host=ANYWHERE, port=0, **way)).close()
    for host in ("127.0.0.1", "localhost", "127.0.0.2"):
        listening(Settings(host=host, port=0)).close()
    if socket.has_ipv6:
        listening(Settings(host="::1", port=0)).close()


async def test_every_worker_has_the_certificate_and_knows_the_proxies(
    seeded: Seeded, engines: Engines, authority: Authority, tmp_path: Path
) -> None:
    files = {name: str(path) for name, path in authority.issue("service").items()}
    more = {"workers": "2", "host": "127.0.0.1", "proxies": "10.0.0.0/8, 127.0.0.1"}
    running = await start(seeded.postgres, engines.redis, tmp_path, **files, **more)
    assert running.url.startswith("https://127.0.0.1:")
    once = {"Connection": "close", "X-Forwarded-Proto": "http"}  # each connection goes to any worker
    async with client(running.url, authority.trust()) as http:
        for _ in range(12):
            answer = await http.get("/readyz", headers=once)
            assert answer.status_code == 200
            assert (
                "Strict-Transport-Security" not in answer.headers
            )  # the proxy says that its client came plain
    running.process.terminate()
    await running.process.communicate()
    assert running.process.returncode == 0


async def test_a_refusal_to_serve_is_one_sentence_on_the_terminal(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        TANDEM,
        "serve",
        "--host",
        ANYWHERE,
        "--port",
        "0",
        "--data",
        tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert "TANDEM_PLAIN=true" in said.decode().replace("\n", " ")
    assert "Traceback" not in said.decode()
