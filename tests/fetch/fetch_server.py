"""A real HTTP server on loopback that answers what a test lays down and counts who asks at once."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    host: str
    path: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: bytes = b"ok"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0  # seconds


Route = Answer | Callable[[Asked], Answer]


class Server:
    """Routes by host and path ("*" for any host); without a route, 404."""

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], Route] = {}
        self.asked: list[Asked] = []
        self.now: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()
        self.lock = threading.Lock()
        self._server = Listener(("127.0.0.1", 0), Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def route(self, url: str, answer: Route) -> None:
        """Lay down the answer to `host/path`."""
        host, _, path = url.partition("/")
        self.routes[host, f"/{path}"] = answer

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def answer(self, asked: Asked) -> Answer:
        route = self.routes.get((asked.host, asked.path)) or self.routes.get(("*", asked.path)) or Answer(status=404)
        return route if isinstance(route, Answer) else route(asked)

    def paths(self, host: str) -> list[str]:
        return [asked.path for asked in self.asked if asked.host == host]

    def times(self, host: str) -> list[float]:
        return [asked.at for asked in self.asked if asked.host == host]


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    owner: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many of these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def do_GET(self) -> None:
        owner, headers = self.server.owner, {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(host=headers["host"].partition(":")[0], path=self.path, headers=headers, at=time.monotonic())
        with owner.lock:
            owner.asked.append(asked)
            for key in (asked.host, "*"):
                owner.now[key] += 1
                owner.peak[key] = max(owner.peak[key], owner.now[key])
        answer = owner.answer(asked)
        time.sleep(answer.after)
        with owner.lock:
            owner.now.subtract([asked.host, "*"])
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
