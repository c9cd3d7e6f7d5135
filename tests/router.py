"""A road router on a real port that speaks OSRM's and Valhalla's table, with every fault one can have."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dispatch.travel import kilometres

Point = tuple[float, float]
KMH = 30.0


@dataclass
class RoadServer:
    """What it answers: minutes at 30 km/h on the straight line, and a detour north of the river."""

    url: str = ""
    fault: str = ""  # slow, drip, 500, no_json, shape, text, negative
    river: float = 90.0  # latitude; from there on every way takes an hour more
    off_the_map: float = 180.0  # longitude beyond which nothing is near a road
    most: int = 100  # places of one table
    tables: list[tuple[list[Point], list[Point]]] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)
    short: bool = False  # Valhalla's short form

    def seconds(self, start: Point, end: Point) -> float | None:
        """The time of one way; none where there is no way."""
        if start[0] < -80:
            return None
        return kilometres(start, end) / KMH * 3600 + (3600 if start[0] >= self.river else 0)

    def refused(self, starts: list[Point], ends: list[Point]) -> str:
        """OSRM's word for why it will not answer."""
        if len(starts) + len(ends) > self.most:
            return "TooBig"
        return "NoSegment" if any(lon > self.off_the_map for _, lon in (*starts, *ends)) else ""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    told: RoadServer

    def do_GET(self) -> None:
        """OSRM: /table/v1/driving/lon,lat;...?sources=0&destinations=1&annotations=duration."""
        path, _, query = self.path.partition("?")
        prefix, _, places = path.rpartition("/")
        params = dict(part.split("=", 1) for part in query.split("&"))
        points = [(float(lat), float(lon)) for lon, lat in (place.split(",") for place in places.split(";"))]
        assert (prefix, params["annotations"]) == ("/table/v1/driving", "duration")
        sides = [[points[int(i)] for i in params[name].split(";")] for name in ("sources", "destinations")]
        if word := self.told.refused(*sides):
            return self.answer(400, {"code": word, "message": "no"})
        return self.answer(200, {"code": "Ok", "durations": self.table(*sides)})

    def do_POST(self) -> None:
        """Valhalla: {"sources", "targets", "costing"} to /sources_to_targets."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert (self.path, body["costing"]) == ("/sources_to_targets", "auto")
        sides = [[(p["lat"], p["lon"]) for p in body[name]] for name in ("sources", "targets")]
        if self.told.refused(*sides):
            return self.answer(400, {"error_code": 171, "error": "No suitable edges near location"})
        table = self.table(*sides)
        if self.told.short:
            return self.answer(200, {"sources_to_targets": {"durations": table, "distances": []}})
        rows = [
            [{"time": t, "distance": 1.0, "from_index": i, "to_index": j} for j, t in enumerate(row)]
            for i, row in enumerate(table)
        ]
        return self.answer(200, {"sources_to_targets": rows, "units": "kilometers"})

    def table(self, starts: list[Point], ends: list[Point]) -> list[list[Any]]:
        """Seconds, or what a fault makes of them."""
        told = self.told
        told.tables.append((starts, ends))
        table: list[list[Any]] = [[told.seconds(start, end) for end in ends] for start in starts]
        if told.fault == "shape":
            return table[1:]
        if told.fault in {"text", "negative"}:
            table[0][0] = "an hour" if told.fault == "text" else -1
        return table

    def answer(self, status: int, body: Any) -> None:
        """Send it, as the fault of the day has it."""
        fault, content = self.told.fault, json.dumps(body).encode()
        self.told.may_answer.wait(20)
        if fault == "slow":
            time.sleep(2)
        if fault == "500":
            status, content = 500, b"{}"
        if fault == "no_json":
            content = b"<html>" + content
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if fault == "drip":  # never silent for long, and never done
            for at in range(0, len(content), 4):
                self.wfile.write(content[at : at + 4])
                self.wfile.flush()
                time.sleep(0.2)
            return
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def road_server(port: int = 0) -> Iterator[RoadServer]:
    """The router, answering for as long as the block lasts."""
    told = RoadServer()
    told.may_answer.set()

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that hung up is what some tests are about."""

    server = Quiet(("127.0.0.1", port), type("Told", (Handler,), {"told": told}))
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
