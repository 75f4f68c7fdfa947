"""What httpcore does for us: HTTP/2 over a connection of ours, and everything that goes through a proxy.

Its connections run over our own streams. Its errors are translated here.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import h2.exceptions
import httpcore

from tracker.fetch.addresses import PORTS, Address
from tracker.fetch.dialling import Dialler
from tracker.fetch.faults import BrokenOffError, UnaskableError, UnreachableError
from tracker.fetch.streams import Stream

Headers = Sequence[tuple[bytes, bytes]]


@contextmanager
def translated() -> Iterator[None]:
    """Around anything of httpcore's: its errors as ours."""
    try:
        yield
    except httpcore.ProxyError as error:
        raise UnreachableError(f"the proxy refuses: {error}") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise UnaskableError(str(error)) from error
    except (
        httpcore.RemoteProtocolError,
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ConnectionNotAvailable,
        h2.exceptions.H2Error,
    ) as error:
        raise BrokenOffError(str(error) or type(error).__name__) from error


class Core:
    """An HTTP/2 connection, or a proxy's pool: what can be asked and answers with httpcore's responses."""

    def __init__(self, asked: httpcore.AsyncHTTP2Connection | httpcore.AsyncConnectionPool, seconds: float) -> None:
        self._asked = asked
        self._timeout = {"connect": seconds, "read": seconds, "write": seconds, "pool": None}
        self._response: httpcore.Response | None = None
        self._pieces: AsyncIterator[bytes] | None = None
        self._is_whole = False

    async def ask(self, origin: str, target: str, headers: Headers) -> tuple[int, Headers]:
        """Send a GET and read status and headers."""
        where = urlsplit(origin)
        url = httpcore.URL(
            scheme=where.scheme,
            host=where.hostname or "",
            port=where.port,
            target=target.encode("ascii"),
        )
        sent = httpcore.Request("GET", url, headers=list(headers), extensions={"timeout": self._timeout})
        self._is_whole = False
        with translated():
            self._response = await self._asked.handle_async_request(sent)
        self._pieces = aiter(cast("AsyncIterator[bytes]", self._response.stream))
        return self._response.status, self._response.headers

    async def piece(self) -> bytes | None:
        """The next piece of the body, None at its end."""
        assert self._pieces is not None
        with translated():
            piece = await anext(self._pieces, None)
            self._is_whole = piece is None
            if self._is_whole and self._response is not None:
                await self._response.aclose()
        return piece

    @property
    def is_free(self) -> bool:
        """Whether the last answer is whole and the connection still stands."""
        return self._is_whole and not isinstance(self._asked, httpcore.AsyncConnectionPool) and self._asked.is_idle()

    def renew(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Close the answer, and the connection where it is not a pool's."""
        with translated():
            if self._response is not None:
                await self._response.aclose()
            if isinstance(self._asked, httpcore.AsyncHTTP2Connection):
                await self._asked.aclose()


def http2(address: Address, stream: Stream, seconds: float) -> Core:
    """An HTTP/2 connection over a stream that has agreed on it."""
    origin = httpcore.Origin(address.scheme.encode(), address.host.encode(), address.port)
    return Core(httpcore.AsyncHTTP2Connection(origin, cast("Any", stream)), seconds)


class Backend(httpcore.AsyncNetworkBackend):
    """How httpcore reaches a proxy: by our own dialling. The proxy is the user's own choice, so it is not judged."""

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  httpcore's
        local_address: str | None = None,  # noqa: ARG002  httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the proxy."""
        stream = await self._dialler.dial(host, port, tls_name=None, private=True, exempt=True)
        return cast("httpcore.AsyncNetworkStream", stream)


def through(proxy: str, *, dialler: Dialler, context: ssl.SSLContext, idle: int) -> httpcore.AsyncConnectionPool:
    """The connections through one proxy, whose URL may hold a user name and a password."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in PORTS or not parts.hostname:
        raise UnreachableError(f"{parts.scheme} is no kind of proxy that can be used; http and https are")
    url = httpcore.URL(scheme=parts.scheme, host=parts.hostname, port=parts.port or PORTS[parts.scheme], target=b"/")
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=httpcore.Proxy(url, auth=auth, ssl_context=context if parts.scheme == "https" else None),
        max_connections=None,
        max_keepalive_connections=idle,
        http2=True,
        network_backend=Backend(dialler),
    )
