"""Judges what the network sees: whether words are encrypted, until when, and whether the service answers."""

import ipaddress
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from api.clock import utc_now
from api.doctor.findings import Finding, fail, joined, ok, warn
from api.roads import Router, RouterFailed, RouterRefused
from api.settings import Settings
from api.tls import Certificate, CertificateUnusable, certificate_of

PATIENCE = 5.0  # seconds
SOON, AT_ONCE = timedelta(days=21), timedelta(days=3)
RENEW = "Renew it: the service takes up the new files by itself."


async def judge(settings: Settings) -> AsyncIterator[Finding]:
    """Every check of the network."""
    try:
        certificate = certificate_of(settings)
    except CertificateUnusable as fault:
        yield fail("certificate", str(fault), "Mend that first.")
        return
    yield encryption(settings)
    if certificate is not None:
        yield expiry(datetime.fromtimestamp(certificate.ends, UTC), utc_now())
    yield await service(settings, certificate)
    if settings.roads_url is not None:
        yield await roads(settings)


async def roads(settings: Settings) -> Finding:
    """The router tells times; that a place in the sea is off its map is an answer too."""
    router = Router(settings)
    try:
        async with router.connected():
            await router.table([(0.0, 0.0)], [(0.0, 0.0)])
    except RouterFailed as fault:
        how = "Start it, or correct TANDEM_ROADS_URL and TANDEM_ROADS_KIND; arrivals are estimated meanwhile."
        return warn("roads", f"{settings.roads_kind} does not tell times: {fault}", how)
    except RouterRefused:
        pass
    return ok("roads", f"{settings.roads_kind} answers")


def encryption(settings: Settings) -> Finding:
    """What is said about calls leaves this machine encrypted."""
    check = "encryption"
    if settings.tls_cert is not None:
        return ok(check, "TLS by the service")
    if settings.proxies:
        return ok(check, f"TLS by {joined(settings.proxies)}")
    if is_loopback(settings.host):
        return ok(check, "heard on this machine only")
    how = "Set TANDEM_TLS_CERT and TANDEM_TLS_KEY, or TANDEM_PROXIES."
    if settings.plain:
        return warn(check, f"TANDEM_PLAIN: whoever is on the way to {settings.host} can read along", how)
    return fail(
        check, f"{settings.host} is reached from elsewhere without TLS: the service refuses to start", how
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def expiry(ends: datetime, now: datetime) -> Finding:
    """A certificate that has run out locks everybody out."""
    said = f"valid until {ends:%Y-%m-%d %H:%M} UTC"
    if ends - now < AT_ONCE:
        return fail("certificate", said, RENEW)
    if ends - now < SOON:
        return warn("certificate", said, RENEW)
    return ok("certificate", said)


async def service(settings: Settings, certificate: Certificate | None) -> Finding:
    """Whether the service answers, and what it says is missing."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    scheme, trust = ("https", certificate.client_context()) if certificate else ("http", True)
    url = f"{scheme}://[{host}]:{settings.port}" if ":" in host else f"{scheme}://{host}:{settings.port}"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=trust) as http:
            answer = await http.get(f"{url}/readyz")
        about = answer.json()
    except (httpx.HTTPError, ValueError):
        return warn(
            "service",
            f"nothing answers at {url}",
            "Start it: tandem serve. Elsewhere? Set TANDEM_HOST and TANDEM_PORT.",
        )
    return readiness(url, answer.status_code, about)


def readiness(url: str, status: int, about: dict[str, Any]) -> Finding:
    """What /readyz means."""
    if status != httpx.codes.OK:
        return fail(
            "service", f"{url} is not ready: {about.get('code', status)}", "See the checks of the database."
        )
    if about.get("degraded"):
        return warn(
            "service", f"{url} runs without {joined(about['degraded'])}", "See the checks below, and its log."
        )
    return ok("service", f"{url} is ready")
