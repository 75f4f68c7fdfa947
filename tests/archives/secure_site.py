"""A real https server on loopback that serves a folder, and parts of files where it is asked for them."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

RANGE = re.compile(r"bytes=(\d+)-(\d+)")


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, which nobody vouches for but itself."""
    path = folder / "both.pem"
    openssl = shutil.which("openssl")
    assert openssl, "openssl makes the certificates of tests"
    words = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    more = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt")
    subprocess.run([*words.split(), *more], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


class SecureSite:
    """Serves the files of a folder over TLS; `asked` are the paths, with the parts that were asked for."""

    def __init__(self, folder: Path, certificate: Path, *, parts: bool = True) -> None:
        self.asked: list[tuple[str, bool]] = []
        handler = partial(Handler, folder=folder, asked=self.asked, parts=parts)
        self._server = Listener(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
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

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self._server.server_address[1]}/{path}"


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

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
