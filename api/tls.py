"""The service's certificate: what is wrong with it is one sentence, and a renewed one is taken up while it runs."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from api.metrics import CERTIFICATE_ENDS
from api.settings import Settings

log = structlog.get_logger()
LOOKS_EVERY = 1.0  # seconds between two looks at the files: renewals need no signal and no restart
#: Those of the modern ones that TLS 1.2 has; TLS 1.3 has no others.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
RENEW = "Renew it, or point TANDEM_TLS_CERT and TANDEM_TLS_KEY at a pair that is valid now."


class CertificateUnusable(Exception):
    """Nobody would be served with these files."""


class Certificate:
    """The certificate and key in two files, checked as a client would."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Read both files; raises CertificateUnusable."""
        self._chain, self._key = chain, key
        self._seen = self._stamps()
        self._newest = self._read()
        #: For the listening socket. Each handshake is handed the newest context: a certificate loaded into a context
        #: that has one of another kind of key would only stand beside it.
        self.context = self._newest
        self.context.sni_callback = self._hand_over

    def _hand_over(self, handshake: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        handshake.context = self._newest

    def renewed(self) -> bool:
        """Take up the files where they have changed; raises CertificateUnusable and serves on with what it had."""
        stamps = self._stamps()
        if stamps == self._seen:
            return False
        self._newest = self._read()
        self._seen = stamps
        return True

    async def watch(self) -> None:
        """Take up whatever appears in the files for ever; half of a renewal is only told, not taken."""
        told = ""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            try:
                if self.renewed():
                    log.info("certificate.renewed")
                told = ""
            except (CertificateUnusable, OSError) as fault:  # the files may change between two of our looks
                if str(fault) != told:
                    log.warning("certificate.not_renewed", why=str(fault))
                told = str(fault)

    def client_context(self) -> ssl.SSLContext:
        """Trusts this very certificate, whoever issued it and whatever it is called; for this machine's own calls."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(self._chain)
        return context

    def _stamps(self) -> tuple[tuple[int, int, int], ...]:
        try:
            stats = [path.stat() for path in (self._chain, self._key)]
        except OSError:
            return ()
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)

    def _read(self) -> ssl.SSLContext:
        for setting, path in (("TANDEM_TLS_CERT", self._chain), ("TANDEM_TLS_KEY", self._key)):
            try:
                path.read_bytes()
            except OSError as fault:
                raise CertificateUnusable(
                    f"{setting}={path} cannot be read ({fault.strerror}). Correct the path, or let the user that runs "
                    "Tandem read the file."
                ) from fault
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS)
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self._chain, self._key, password=_no_passphrase)
        except (ssl.SSLError, OSError) as fault:
            raise CertificateUnusable(self._unfit(fault)) from fault
        self.ends = self._ends(context)
        CERTIFICATE_ENDS.set(self.ends)
        return context

    def _unfit(self, fault: OSError) -> str:
        if getattr(fault, "reason", None) == "KEY_VALUES_MISMATCH":
            return (
                f"The key in TANDEM_TLS_KEY={self._key} does not belong to the certificate in "
                f"TANDEM_TLS_CERT={self._chain}. Give the key that the certificate was issued for; the service's own "
                "certificate stands first in its file."
            )
        return (
            f"TANDEM_TLS_CERT={self._chain} with TANDEM_TLS_KEY={self._key} is no PEM certificate with its PEM key. "
            "Check that they are not exchanged and that the key has no passphrase."
        )

    def _ends(self, context: ssl.SSLContext) -> float:
        """When the certificate ends, in seconds since 1970: a handshake in memory says what clients would say."""
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(to_server, to_client, server_side=True)
        client = self.client_context().wrap_bio(to_client, to_server)
        try:
            for side in (client, server, client, server):
                _shake(side)
        except ssl.SSLError as fault:
            why = getattr(fault, "verify_message", None) or fault.reason
            raise CertificateUnusable(
                f"No client would take the certificate in TANDEM_TLS_CERT={self._chain}: {why}. {RENEW}"
            ) from fault
        about = client.getpeercert() or {}
        return float(ssl.cert_time_to_seconds(str(about["notAfter"])))


def _shake(side: ssl.SSLObject) -> None:
    with contextlib.suppress(ssl.SSLWantReadError):
        side.do_handshake()


def _no_passphrase() -> str:
    return ""  # without this, OpenSSL would stop and ask the terminal


@asynccontextmanager
async def kept_fresh(settings: Settings) -> AsyncIterator[Certificate | None]:
    """The certificate of the settings, renewed for as long as the block lasts; raises CertificateUnusable."""
    certificate = certificate_of(settings)
    if certificate is None:
        yield None
        return
    watch = asyncio.create_task(certificate.watch())
    try:
        yield certificate
    finally:
        watch.cancel()
        await asyncio.wait({watch})


def certificate_of(settings: Settings) -> Certificate | None:
    """The certificate of the settings, if any; raises CertificateUnusable."""
    if settings.tls_cert is None and settings.tls_key is None:
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        raise CertificateUnusable(
            "A certificate and its key go together: set TANDEM_TLS_CERT and TANDEM_TLS_KEY."
        )
    return Certificate(settings.tls_cert, settings.tls_key)
