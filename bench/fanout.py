"""One center's events to many consoles, beside `websockets.broadcast` to as many sockets in the same run.

    python -m bench.fanout --json

The same calls are posted with and without consoles, so that what intake costs is taken off: what is left is the price
of a frame on a console. The peer is a bare websockets server that broadcasts a frame of the same size as often. Then
one console stops reading: the others must not notice.
"""

import argparse
import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.table import Table

from bench.city import Center, Texts, settle
from bench.cpu import spent
from bench.figures import milliseconds
from bench.http import Client, dumped
from bench.service import engines, serving
from bench.sockets import Listener, listeners

screen = Console(stderr=True)
PACE = 20  # frames a second and console: what the service sends at the most
FRAME = 1000  # bytes of an event of the usual size
PEER = f"""
import asyncio, sys
import uvloop
from websockets.asyncio.server import broadcast, serve

FRAME = '[{{"filled": "' + "x" * {FRAME} + '"}}]'

async def main():
    async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", 0, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        while True:
            await asyncio.sleep(1 / {PACE})
            broadcast(server.connections, FRAME)

uvloop.run(main())
"""


async def service_figures(url: str, center: Center, number: int, seconds: float) -> dict[str, Any]:
    """Frames a second and processor time a frame of the service."""
    client, text = Client(url), Texts.load().plain[0]
    body = {"source": "911", "nature": text.nature, "narrative": text.first}
    idle = await _posting(client, center, body, seconds, [], "service")
    where = await _feed(client, center)
    heard = await listeners(url, where, center.console, number)
    busy = await _posting(client, center, body, seconds, heard, "service")
    stalled = await _with_one_that_stops(client, center, body, seconds, heard)
    for listener in heard:
        listener.transport.close()
    client.close()
    frames = busy["frames"]
    return {
        "frames_per_s": round(frames / busy["seconds"]),
        "us_per_frame": round((busy["cpu"] - idle["cpu"]) / frames * 1e6, 1),
        **stalled,
    }


async def _feed(client: Client, center: Center) -> str:
    snapshot = orjson.loads((await client.get("/v1/console/snapshot", center.console)).body)
    return f"/v1/console/feed?epoch={snapshot['epoch']}&after={snapshot['seq']}"


async def _posting(
    client: Client, center: Center, body: dict[str, Any], seconds: float, heard: list[Listener], part: str
) -> dict[str, float]:
    """Post at the pace; frames that came, seconds and processor seconds of that part."""
    await asyncio.sleep(1.5)  # what the dialling cost is not counted
    before, cpu, began = sum(len(one.came) for one in heard), spent()[part], time.perf_counter()
    for number in range(int(seconds * PACE)):
        await asyncio.sleep(max(0.0, began + number / PACE - time.perf_counter()))
        await client.post("/v1/calls", center.cad, dumped(body))
    await asyncio.sleep(0.3)
    frames = sum(len(one.came) for one in heard) - before
    return {"frames": frames, "seconds": time.perf_counter() - began, "cpu": spent()[part] - cpu}


async def _with_one_that_stops(
    client: Client, center: Center, body: dict[str, Any], seconds: float, heard: list[Listener]
) -> dict[str, Any]:
    """How late frames are for the others before and after one console stops reading."""
    calm = await _lateness(client, center, body, seconds / 2, heard[1:])
    heard[0].transport.pause_reading()
    stopped = await _lateness(client, center, body, seconds / 2, heard[1:])
    heard[0].transport.resume_reading()
    return {
        "others_p99_ms": milliseconds(calm, 0.99),
        "others_p99_ms_beside_one_that_stopped": milliseconds(stopped, 0.99),
    }


async def _lateness(
    client: Client, center: Center, body: dict[str, Any], seconds: float, heard: list[Listener]
) -> list[float]:
    """Seconds from posting a call to each console's next frame; calls are far enough apart to tell them."""
    late = []
    for _ in range(int(seconds * 4)):
        counts, began = [len(one.came) for one in heard], time.perf_counter()
        await client.post("/v1/calls", center.cad, dumped(body))
        await asyncio.sleep(max(0.0, began + 0.25 - time.perf_counter()))
        late += [
            one.came[count] - began if len(one.came) > count else 0.25
            for one, count in zip(heard, counts, strict=True)
        ]
    return late


async def peer_figures(number: int, seconds: float) -> dict[str, Any]:
    """The same of `websockets.broadcast`."""
    async with _peer() as url:
        heard = await listeners(url, "/", "", number)
        await asyncio.sleep(1.5)
        before, cpu, began = sum(len(one.came) for one in heard), spent()["other"], time.perf_counter()
        await asyncio.sleep(seconds)
        frames = sum(len(one.came) for one in heard) - before
        cost, took = spent()["other"] - cpu, time.perf_counter() - began
        for listener in heard:
            listener.transport.close()
    return {"peer_frames_per_s": round(frames / took), "peer_us_per_frame": round(cost / frames * 1e6, 1)}


@asynccontextmanager
async def _peer() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PEER, stdout=PIPE)
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def benchmark(consoles: list[int], seconds: float) -> list[dict[str, Any]]:
    """All numbers of consoles, one after the other."""
    results = []
    async with engines() as running, serving(running, 1) as url:
        centers = await settle(running.postgres, len(consoles), len(consoles))
        for center, number in zip(centers, consoles, strict=True):
            mine = await service_figures(url, center, number, seconds)
            peer = await peer_figures(number, seconds)
            ratio = round(mine["us_per_frame"] / peer["peer_us_per_frame"], 2)
            results.append({"consoles": number, **mine, **peer, "ratio": ratio})
    return results


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.fanout",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--consoles", type=int, nargs="+", default=[200, 1000], help="default: 200 1000")
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement (default 10)")
    parser.add_argument(
        "--json", action="store_true", help="end with one JSON line, that of the most consoles"
    )
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        results = runner.run(benchmark(options.consoles, options.seconds))
    table = Table(box=None, padding=(0, 2))
    for name in ("", *(str(result["consoles"]) for result in results)):
        table.add_column(name)
    for name in results[0]:
        table.add_row(name, *(str(result[name]) for result in results))
    screen.print(table)
    if options.json:
        print(orjson.dumps(results[-1]).decode())


if __name__ == "__main__":
    main()
