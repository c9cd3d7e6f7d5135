"""python -m api.ready: ends with 0 when the service on this machine is ready; what a container's health check runs."""

import os
import ssl
import sys
import urllib.request


def main() -> int:
    """Ask /readyz where the service listens; only the standard library, for it is started every few seconds."""
    scheme = "https" if os.environ.get("TANDEM_TLS_CERT") else "http"
    address = f"{scheme}://127.0.0.1:{os.environ.get('TANDEM_PORT', '8911')}/readyz"
    own = ssl.create_default_context()
    own.check_hostname, own.verify_mode = (
        False,
        ssl.CERT_NONE,
    )  # the certificate names the host, not the loopback
    try:
        urllib.request.urlopen(address, timeout=4, context=own).close()  # noqa: S310 - our own address
    except OSError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
