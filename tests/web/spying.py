"""A server that nobody may ask, and that tells who did."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler


@dataclass
class Spy:
    """Its address, and what came: the first line of each request, or "connected" for a connection without one."""

    address: str
    seen: list[str] = field(default_factory=list)


@contextmanager
def spying() -> Iterator[Spy]:
    """A server on loopback that answers every request with an empty page."""
    spy = Spy("")

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            spy.seen.append("connected")
            super().setup()

        def do_GET(self) -> None:
            spy.seen.append(self.requestline)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name is the library's

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    kind: type[BaseRequestHandler] = Handler
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        spy.address = f"http://127.0.0.1:{server.server_address[1]}"
        yield spy
        server.shutdown()
        thread.join()
