"""A real HTTP server on loopback that serves a folder, and remembers what was asked of it."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class Running:
    """A server on loopback that runs within `with`."""

    scheme = "http"

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self._server.server_address[1]}/{path}"


class Site(Running):
    """Serves the files of a folder; what is not there is 404."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        server = Listener(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        server.asked = self.asked
        super().__init__(server)


class Listener(Quiet):
    asked: list[str]


class Handler(SimpleHTTPRequestHandler):
    server: Listener
    extensions_map = {  # noqa: RUF012 - as the library has it
        **SimpleHTTPRequestHandler.extensions_map, ".html": "text/html", ".txt": "text/plain",
        ".jsonl": "application/jsonl", ".pdf": "application/pdf",
    }  # fmt: skip

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Quiet."""
