"""The newsroom's HTTP/1.1 server on loopback: virtual hosts by Host header, a record of requests, faults on demand.

What is answered is decided in `site` and `answers`; this file only reads requests and writes bytes.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import formatdate
from fnmatch import fnmatchcase
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.errors import TrackerError
from tracker.newsroom.answers import Answer, Ask, answer
from tracker.newsroom.faults import WHOLE, Fault, Huge, RateLimit, altered, deliver, without
from tracker.newsroom.site import hosts, resource
from tracker.newsroom.stories import Story, as_shown, load

KEPT_HEADERS = ("user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since", "connection", "from")
CONFIG = Path(__file__).parent / "feeds.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that was answered: what was asked, with the headers that matter to fetching, and the status."""

    host: str
    path: str
    query: str
    method: str
    headers: dict[str, str]
    status: int
    at: float  # monotonic seconds


@dataclass(slots=True)
class Mischief:
    """A fault laid on some addresses and how many requests met it."""

    host: str
    path_glob: str
    fault: Fault
    count: int = 0
    since: float = 0.0

    def meets(self, ask: Ask) -> bool:
        """Whether a request falls under it."""
        return fnmatchcase(ask.host, self.host) and fnmatchcase(ask.path, self.path_glob)

    def take(self, now: float) -> int:
        """Count one more request; the number before it. A rate limit starts anew after its pause."""
        pause = self.fault.retry_after if isinstance(self.fault, RateLimit) else None
        if self.count == 0 or (isinstance(pause, int) and now - self.since > pause):
            self.count, self.since = 0, now
        self.count += 1
        return self.count - 1


class Newsroom:
    """The sample newsroom as a context manager: a real server in a daemon thread, on loopback only.

    `as_of` (an ISO date or time) hides what was published later; `advance` moves it. A date stands for its end in UTC.
    Raises TrackerError if the port is taken.
    """

    def __init__(self, *, port: int = 0, as_of: str | None = None) -> None:
        self._bundle = load()
        self._moment = _moment(as_of)
        self._lock = threading.Lock()
        self._mischief: list[Mischief] = []
        self._seen: list[Seen] = []
        self._closing = threading.Event()
        self._server = _listen(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port that was given or found."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`, what `connect_to` wants."""
        return f"127.0.0.1:{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every virtual host."""
        return hosts(self._bundle)

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories that the room shows at its moment, as they stand then, with their truth; oldest first."""
        shown = (as_shown(story, self._moment) for story in self._bundle.stories)
        return tuple(story for story in shown if story)

    @property
    def requests(self) -> tuple[Seen, ...]:
        """What was asked so far, in order of the answers."""
        with self._lock:
            return tuple(self._seen)

    def config_text(self) -> str:
        """The bundled feeds.yaml of the room's outlets."""
        return CONFIG.read_text(encoding="utf-8")

    def misbehave(self, host: str, path_glob: str, fault: Fault) -> None:
        """Lay a fault on the addresses that match; host and path are shell patterns, the latest match wins."""
        with self._lock:
            self._mischief.insert(0, Mischief(host, path_glob, fault))

    def calm(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._mischief.clear()

    def forget(self) -> None:
        """Empty the record of requests."""
        with self._lock:
            self._seen.clear()

    def advance(self, to: str | None) -> None:
        """Move the moment that the room shows; None shows everything."""
        self._moment = _moment(to)

    def serve(self, handler: Handler) -> bool:
        """Answer one request; False if the connection must be closed."""
        ask = handler.ask()
        fault, count = self._fault(ask)
        given = self._answer(ask, fault, count)
        with self._lock:
            self._seen.append(_seen(ask, handler.path, given.status))
        body = replace(given, body=b"") if ask.method == "HEAD" else given
        head = head_of(given, close=isinstance(fault, Huge))
        return deliver(fault, body, head, handler.wfile.write, self._closing.wait)

    def _fault(self, ask: Ask) -> tuple[Fault | None, int]:
        with self._lock:
            for mischief in self._mischief:
                if mischief.meets(ask):
                    return mischief.fault, mischief.take(monotonic())
        return None, 0

    def _answer(self, ask: Ask, fault: Fault | None, count: int) -> Answer:
        if isinstance(fault, WHOLE):
            dropped = ("accept-encoding", "if-none-match", "if-modified-since")
            plain = replace(ask, headers={key: value for key, value in ask.headers.items() if key not in dropped})
            return altered(fault, answer(resource(self._bundle, plain, self._moment), plain), ask, count=count)
        true = answer(resource(self._bundle, ask, self._moment), ask)
        return altered(fault, true, ask, count=count) if fault else true


class Room(Protocol):
    """Whatever answers the requests of a server."""

    def serve(self, handler: Handler) -> bool:
        """Answer one request; False if the connection must be closed."""


class Server(ThreadingHTTPServer):
    """A threading server that can hang up on idle keep-alive connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], room: Room) -> None:
        self.room = room
        self._open: set[socket.socket] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection while it lasts."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget it."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Close every connection that is still open."""
        for request in tuple(self._open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already gone


class Handler(BaseHTTPRequestHandler):
    """Reads one request after another from a connection and lets the room answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self.close_connection = not self.server.room.serve(self) or self.close_connection

    do_HEAD = do_GET  # noqa: N815

    def ask(self) -> Ask:
        """The request as a value."""
        parts = urlsplit(self.path)
        headers = {key.lower(): value for key, value in self.headers.items()}
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Ask(method=self.command, host=host, path=unquote(parts.path), query=query, headers=headers)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def _listen(port: int, room: Newsroom) -> Server:
    try:
        return Server(("127.0.0.1", port), room)
    except OSError as error:
        raise TrackerError(
            f"newsroom: port {port} on 127.0.0.1 cannot be used ({error.strerror}): choose another with --port, "
            "or 0 for any that is free"
        ) from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(f"{text}T23:59:59+00:00" if len(text) == 10 else text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seen(ask: Ask, target: str, status: int) -> Seen:
    kept = {key: value for key, value in ask.headers.items() if key in KEPT_HEADERS}
    query = urlsplit(target).query
    return Seen(
        host=ask.host, path=ask.path, query=query, method=ask.method, headers=kept, status=status, at=monotonic()
    )


def head_of(given: Answer, *, close: bool) -> bytes:
    """Status line and headers as they are sent; with `close`, no length is promised."""
    return "".join(_head_lines(given, close=close)).encode("latin-1")


def _head_lines(given: Answer, *, close: bool) -> Iterator[str]:
    yield f"HTTP/1.1 {given.status} {responses.get(given.status, 'Unknown')}\r\n"
    yield f"Date: {formatdate(usegmt=True)}\r\n"
    for key, value in without(given.headers, "content-length") if close else given.headers:
        yield f"{key}: {value}\r\n"
    yield "Connection: close\r\n\r\n" if close else "\r\n"
