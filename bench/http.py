"""An HTTP/1.1 client so thin that the machine's time goes to the service that is measured."""

import asyncio
from collections import deque
from typing import cast
from urllib.parse import urlsplit

import httptools
import orjson


class Answer:
    """One response."""

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body


class _Line(asyncio.Protocol):
    """One kept-alive connection with at most one request under way."""

    def __init__(self) -> None:
        self.waiting: asyncio.Future[Answer] | None = None
        self.closed = False
        self._parts: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        answer, self._parts = Answer(self._parser.get_status_code(), b"".join(self._parts)), []
        waiting, self.waiting = self.waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(exc or ConnectionResetError("the service closed the connection"))


class Client:
    """Requests over at most `lines` connections to one address; others wait for a free one."""

    def __init__(self, url: str, lines: int = 128) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._free: deque[_Line] = deque()
        self._room = asyncio.Semaphore(lines)

    async def post(self, path: str, token: str, body: bytes, key: str | None = None) -> Answer:
        """POST a JSON body as the holder of a token."""
        named = f"Idempotency-Key: {key}\r\n" if key else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n{named}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def get(self, path: str, token: str) -> Answer:
        """GET as the holder of a token."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        return await self._ask(head.encode())

    async def _ask(self, request: bytes) -> Answer:
        async with self._room:
            line = await self._line()
            line.waiting = asyncio.get_running_loop().create_future()
            line.transport.write(request)
            answer = await line.waiting
            self._free.append(line)
            return answer

    async def _line(self) -> _Line:
        while self._free:
            line = self._free.pop()
            if not line.closed:
                return line
        _, line = await asyncio.get_running_loop().create_connection(_Line, self._host, self._port)
        return line

    def close(self) -> None:
        """Hang up."""
        for line in self._free:
            line.transport.close()


def dumped(value: object) -> bytes:
    """JSON bytes of a body."""
    return orjson.dumps(value)
