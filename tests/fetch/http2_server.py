"""A small HTTP/2 server behind TLS on loopback, for one connection after another."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import h2.config
import h2.connection
import h2.events


class Http2Server:
    """Answers every request with its path; keeps the headers of each request and counts the connections."""

    def __init__(self, certificate: Path) -> None:
        self.asked: list[dict[str, str]] = []
        self.connections = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._context.set_alpn_protocols(["h2"])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(connection, server_side=True) as encrypted:
            state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
            state.initiate_connection()
            encrypted.sendall(state.data_to_send())
            while heard := encrypted.recv(65_536):
                for event in state.receive_data(heard):
                    if isinstance(event, h2.events.RequestReceived):
                        self._answer(state, event)
                encrypted.sendall(state.data_to_send())

    def _answer(self, state: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        asked = {str(name): str(value) for name, value in event.headers or ()}
        assert event.stream_id is not None
        self.asked.append(asked)
        if asked[":path"] == "/robots.txt":
            state.send_headers(event.stream_id, [(":status", "404")], end_stream=True)
        elif "if-none-match" in asked:
            state.send_headers(event.stream_id, [(":status", "304"), ("etag", '"2"')], end_stream=True)
        else:
            state.send_headers(event.stream_id, [(":status", "200"), ("etag", '"2"')])
            state.send_data(event.stream_id, asked[":path"].encode(), end_stream=True)
