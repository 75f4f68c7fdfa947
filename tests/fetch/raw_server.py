"""A loopback server that says whatever bytes a test wants, for what no proper server would say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Say = Callable[[socket.socket], None]


class RawServer:
    """Reads one request per connection, then hands the connection to `say`; counts the connections."""

    def __init__(self, say: Say) -> None:
        self.connections = 0
        self.heads: list[bytes] = []  # what was sent to the end of each request's headers, and what came with it
        self._say = say
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
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            heard = b""
            while b"\r\n\r\n" not in heard and (piece := connection.recv(4_096)):
                heard += piece
            self.heads.append(heard)
            self._say(connection)
