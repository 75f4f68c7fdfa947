"""The HTTP client: timeouts, proxies, HTTP/2 where installed, and connections led elsewhere (`connect_to`).

As with curl's --connect-to, a host name led elsewhere keeps its Host header and, for https, its server name and
certificate; only the address of the connection changes. Proxies come from the environment (httpx reads it) and are
never used for loopback or for names led elsewhere. Keeps no cookies, follows no redirects.
"""

from __future__ import annotations

import ssl
from http.cookiejar import DefaultCookiePolicy
from importlib.util import find_spec
from urllib.parse import urlsplit

import httpx

from tracker.fetch import unpacking
from tracker.model import FetchSettings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
IDLE_CONNECTIONS = 8  # kept for the next request; the pool looks at each of them for every request
KEEPALIVE = 15.0  # seconds that an idle connection stays open
# How many connections there are is the business of turns.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=IDLE_CONNECTIONS, keepalive_expiry=KEEPALIVE)


def client(settings: FetchSettings) -> httpx.AsyncClient:
    """A client for one fetcher; close it."""
    context = httpx.create_ssl_context()
    mounts: dict[str, httpx.AsyncBaseTransport | None] = {f"all://{name}": None for name in LOOPBACK}
    for name, address in settings.connect_to:
        mounts[f"all://{name}"] = ConnectTo(address, context=context)
    made = httpx.AsyncClient(
        headers={"User-Agent": settings.user_agent, "Accept-Encoding": unpacking.ACCEPTED},
        timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout, pool=None),
        limits=LIMITS,
        verify=context,
        http2=find_spec("h2") is not None,
        mounts=mounts,
    )
    made.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


class ConnectTo(httpx.AsyncBaseTransport):
    """A transport that leads every connection to one `address:port`."""

    def __init__(self, address: str, *, context: ssl.SSLContext) -> None:
        parts = urlsplit(f"//{address}")
        self._host, self._port = parts.hostname or "", parts.port
        self._context = context
        self._transports: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the address; the Host header already names the host."""
        led = httpx.Request(
            request.method,
            request.url.copy_with(host=self._host, port=self._port or request.url.port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self._transport(request.url).handle_async_request(led)

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()

    def _transport(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        """One pool for plain HTTP; for https one per host, since a connection belongs to a certificate."""
        key = url.host if url.scheme == "https" else ""
        if key not in self._transports:
            self._transports[key] = httpx.AsyncHTTPTransport(
                verify=self._context, limits=LIMITS, http2=find_spec("h2") is not None
            )
        return self._transports[key]
