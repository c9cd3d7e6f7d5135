"""Thousands of console sockets in one process: only the length of each frame is read."""

import asyncio
import base64
import os
import time
from typing import cast
from urllib.parse import urlsplit


class Listener(asyncio.Protocol):
    """One console's socket; counts frames and notes when each came."""

    def __init__(self, host: str, path: str, token: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._hello = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n"
        )
        self._buffer = bytearray()
        self._open = False
        self.came: list[float] = []  # perf_counter of each frame
        self.closed = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._hello.encode())

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._open:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(bytes(buffer[:200]))
            del buffer[: end + 4]
            self._open = True
        now, at = time.perf_counter(), 0
        while (size := _size(buffer, at)) is not None and at + size <= len(buffer):
            if buffer[at] & 0x0F == 1:  # text; pings are left to their time limit, which no run reaches
                self.came.append(now)
            at += size
        del buffer[:at]

    def connection_lost(self, _: Exception | None) -> None:
        self.closed = True


def _size(buffer: bytearray, at: int) -> int | None:
    """Bytes of the frame that begins here, header included (RFC 6455, 5.2); None while the header is not whole."""
    if len(buffer) < at + 2:
        return None
    length = buffer[at + 1] & 0x7F
    if length < 126:
        return 2 + length
    wide = 2 if length == 126 else 8
    if len(buffer) < at + 2 + wide:
        return None
    return 2 + wide + int.from_bytes(buffer[at + 2 : at + 2 + wide], "big")


async def listeners(url: str, path: str, token: str, number: int) -> list[Listener]:
    """So many sockets, a few dialled at a time."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    room, loop = asyncio.Semaphore(20), asyncio.get_running_loop()

    async def dial() -> Listener:
        async with room:
            _, listener = await loop.create_connection(
                lambda: Listener(f"{host}:{port}", path, token), host, port
            )
            return listener

    return list(await asyncio.gather(*(dial() for _ in range(number))))
