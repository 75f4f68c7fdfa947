"""A real HTTP server on loopback that publishes what a test tells it to, and a tracker that watches it."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stand_ins import BlockReader, Clock, KeptExtractor

from tracker import pipeline
from tracker.config import Config, Settings
from tracker.model import FetchSettings, RunReport, Source, SourceKind, Tier
from tracker.store import Store

HOST = "http://outlet.example"
FEED = f"{HOST}/feed.json"
PLACES = "ports railways airports depots mills quarries foundries yards markets harbours".split()
WORDS = " ".join(
    f"For {place} the ministry published rule {number} on exports of {{name}}, which names the day it begins there."
    for number, place in enumerate(PLACES, start=1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0  # seconds


Route = Answer | Callable[[dict[str, str]], Answer]


def feed(*items: dict[str, object], etag: str | None = None, next_url: str | None = None, **headers: str) -> Answer:
    """A JSON Feed; without an ETag given, one that is right."""
    body = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Outlet", "items": items, "next_url": next_url}
    ).encode()
    return Answer(body=body, headers={"ETag": etag or f'"{hashlib.sha256(body).hexdigest()}"', **headers})


def entry(number: int, **changes: object) -> dict[str, object]:
    """One item of it, whose page is /N."""
    item = {"id": f"tag:{number}", "url": f"{HOST}/{number}", "title": f"Rules for goods of class {number} published"}
    return item | {"date_published": f"2026-01-05T0{number % 10}:00:00Z"} | changes


def story(number: int, text: str | None = None, title: str | None = None) -> Answer:
    """The page of an item."""
    title = title or f"Rules for goods of class {number} published"
    words = text or WORDS.format(name=f"goods of class {number}")
    body = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p></article>"
    return Answer(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


class Outlet:
    """Answers by path; without a route, 404. A route without its own handling of validators gets the usual one."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
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

    def publish(self, *numbers: int, **headers: str) -> None:
        """A feed of these items, newest first, and their pages."""
        self.routes["/feed.json"] = feed(*(entry(number) for number in numbers), **headers)
        self.routes |= {f"/{number}": story(number) for number in numbers if f"/{number}" not in self.routes}

    def paths(self) -> list[str]:
        """What was asked since the last look, robots.txt apart."""
        found = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return found


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: Outlet

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is its own affair."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def do_GET(self) -> None:
        sent = {name.lower(): value for name, value in self.headers.items()}
        self.server.owner.asked.append((self.path, sent))
        route = self.server.owner.routes.get(self.path) or Answer(status=404)
        answer = route if isinstance(route, Answer) else route(sent)
        if isinstance(route, Answer) and sent.get("if-none-match") == answer.headers.get("ETag", "none"):
            answer = Answer(status=304, headers=answer.headers)
        time.sleep(answer.after)
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@dataclass(slots=True)
class Watcher:
    """A tracker with one source or a few, its clock, and its database."""

    outlet: Outlet
    folder: Path
    extractor: KeptExtractor
    clock: Clock = field(default_factory=Clock)
    reader: BlockReader = field(default_factory=BlockReader)
    sources: tuple[Source, ...] = ()
    keep_pages: int = 90

    @property
    def config(self) -> Config:
        network = FetchSettings(
            user_agent="tracker/0.1 (+desk@tracker.example)",
            host_delay=0.0,
            read_timeout=2,
            connect_to=(("*.example", self.outlet.address),),
        )
        settings = Settings(database=self.folder / "t.db", fetch=network, keep_pages=self.keep_pages)
        return Config(path=self.folder / "feeds.yaml", sources=self.sources or (source(),), settings=settings)

    def refresh(self, after: timedelta = timedelta(0), **options: Any) -> RunReport:
        """One refresh, when so much time has passed."""
        self.clock.pass_(after)
        with Store.open(self.config.settings.database) as store:
            return pipeline.refresh(
                self.config, store, lambda: self.reader, clock=self.clock, extractor=self.extractor, **options
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with Store.open(self.config.settings.database) as store:
            return [tuple(row) for row in store._db.rows(sql)]

    def value(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


def source(**changes: Any) -> Source:
    values: dict[str, Any] = {
        "id": "outlet",
        "name": "Outlet",
        "kind": SourceKind.JSON_FEED,
        "url": FEED,
        "tier": Tier.SPECIALIST,
        "language": "en",
        "country": None,
        "interval": timedelta(hours=1),
    }
    return Source(**(values | changes))
