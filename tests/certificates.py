"""Certificates of the tests' own authority, in files as an administrator lays them down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

from trustme import CA, KeyType


class Authority:
    """Issues for 127.0.0.1 into a folder, and is trusted by its own clients alone."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ca = folder, CA()

    def issue(
        self, name: str, *, days: tuple[float, float] = (-1, 90), kind: KeyType = KeyType.ECDSA
    ) -> dict[str, Any]:
        """The settings of a fresh certificate that is valid between these days from now; the same name overwrites."""
        begins, ends = (datetime.now(UTC) + timedelta(days=day) for day in days)
        issued = self._ca.issue_cert("127.0.0.1", not_before=begins, not_after=ends, key_type=kind)
        files = {"tls_cert": self._folder / f"{name}.pem", "tls_key": self._folder / f"{name}.key"}
        files["tls_cert"].write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        files["tls_key"].write_bytes(issued.private_key_pem.bytes())
        return files

    def trust(self) -> SSLContext:
        """What a client of this authority believes."""
        context = SSLContext(PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        return context
