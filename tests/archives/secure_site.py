"""A real https server on loopback that serves a folder, and parts of files where it is asked for them."""

from __future__ import annotations

import re
import ssl
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from folder_site import Quiet, Running

RANGE = re.compile(r"bytes=(\d+)-(\d+)")


class SecureSite(Running):
    """Serves the files of a folder over TLS; `asked` are the paths, with whether parts were asked for."""

    scheme = "https"

    def __init__(self, folder: Path, certificate: Path, *, parts: bool = True) -> None:
        self.asked: list[tuple[str, bool]] = []
        server = Listener(("127.0.0.1", 0), partial(Handler, folder=folder, asked=self.asked, parts=parts))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        super().__init__(server)


class Listener(Quiet):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust the certificate goes away."""


class Handler(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, folder: Path, asked: list[tuple[str, bool]], parts: bool) -> None:
        self._folder, self._asked, self._parts = folder, asked, parts
        super().__init__(*args)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        wanted = RANGE.match(self.headers.get("Range", "")) if self._parts else None
        self._asked.append((self.path, wanted is not None))
        file = self._folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        whole = len(data)
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2]), whole - 1)
            data = data[first : last + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{whole}")
        else:
            self.send_response(200)
        if self._parts:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
