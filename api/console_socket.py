"""A console's socket on the server's side, which may be closing at the moment the service stops."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState


class ConsoleSocket(WebSocketsSansIOProtocol):
    """As uvicorn has it, but for a console that says goodbye while the service does.

    A close that was heard and not answered yet would end the stopping of the whole service, its tasks still running.
    """

    def shutdown(self) -> None:
        """Close, or let go what is closing already."""
        try:
            super().shutdown()
        except InvalidState:
            self.transport.close()
