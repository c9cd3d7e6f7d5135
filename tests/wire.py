"""The cable between a browser and the service: it can be cut, left dangling, or go silent, as cables do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 2**16
FEED = b"GET /v1/console/feed"


@dataclass
class Wire:
    """Carries TCP connections to `target`; every fault lasts until `mend`."""

    target: int
    port: int = 0
    sockets: bool = True  # False: as behind a proxy that knows no WebSockets
    feeds: int = 0  # sockets to the console's feed that were ever dialled
    _server: asyncio.Server | None = None
    _pairs: set[asyncio.StreamWriter] = field(default_factory=set)
    _flows: asyncio.Event = field(default_factory=asyncio.Event)

    async def mend(self) -> None:
        """Listen, and let bytes through."""
        self._flows.set()
        self.sockets = True
        if self._server is None:
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def interrupt(self, consoles: int) -> None:
        """Drop everything, and wait until that many consoles have dialled again."""
        dialled = self.feeds + consoles
        self.drop()
        async with asyncio.timeout(20):
            while self.feeds < dialled:
                await asyncio.sleep(0.02)

    def drop(self) -> None:
        """Reset every open connection; new ones are taken at once."""
        for writer in list(self._pairs):
            writer.transport.abort()

    def kill(self) -> None:
        """As when the service is killed: every connection is reset, new ones are refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()

    def go_silent(self) -> None:
        """Connections stay open and carry nothing any more."""
        self._flows.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pairs.add(writer)
        onward: asyncio.StreamWriter | None = None
        try:
            back, onward = await asyncio.open_connection("127.0.0.1", self.target)
            self._pairs.add(onward)
            first = await reader.read(CHUNK)
            self.feeds += first.startswith(FEED)
            if first.startswith(FEED) and not self.sockets:
                return
            await self._flows.wait()
            onward.write(first)
            ways = [asyncio.create_task(self._pump(*way)) for way in ((reader, onward), (back, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass
        finally:
            for end in (writer, onward):
                if end is not None:
                    self._pairs.discard(end)
                    end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self._flows.wait()
                sink.write(chunk)
                await sink.drain()


@asynccontextmanager
async def wire_to(target: int) -> AsyncIterator[Wire]:
    """A whole cable to a port of this machine."""
    wire = Wire(target)
    await wire.mend()
    try:
        yield wire
    finally:
        wire.kill()
