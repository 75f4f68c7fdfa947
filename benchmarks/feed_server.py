"""A quick server of many feeds on many loopback addresses, for benchmarks; counts what it is asked.

    python benchmarks/feed_server.py --feeds 2000 --hosts 500 [--entries 20]

Prints its port, then serves until its standard input closes. Host n is the address 127.1.a.b, feed k lies at
http://HOST/feed/K.xml on host k mod hosts; every host has a robots.txt that allows all. A feed's entries are in German
and made up of invented words, so that no two are alike; it has an ETag and a Last-Modified date, and a request that
names either is answered 304. http://127.0.0.1/count gives the counts since /forget. Feeds only: the
pages of the entries are not there. HTTP/1.1 with keep-alive, no TLS, no compression.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

WORDS = 80  # of an entry's description
COMMON = "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als".split()
SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo wu zan ber dol fen gar".split()
DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
MODIFIED = format_datetime(DAY, usegmt=True)
ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{link}#g</guid>"
    "<pubDate>{date}</pubDate><description>{text}</description></item>\n"
)


def address(host: int) -> str:
    """The loopback address of a host."""
    return f"127.1.{host // 250}.{host % 250 + 1}"


def urls(feeds: int, hosts: int, port: int) -> list[str]:
    """The addresses of all feeds."""
    return [f"http://{address(feed % hosts)}:{port}/feed/{feed}.xml" for feed in range(feeds)]


def feed(number: int, base: str, entries: int) -> bytes:
    """One feed as RSS 2.0, the same at every call."""
    chance = random.Random(number)
    items = "".join(_item(chance, f"{base}/{number}/{n}.html", DAY - timedelta(hours=n)) for n in range(entries))
    head = f"<title>Blatt {number}</title><link>{base}/</link><description>Blatt {number}</description>"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'><channel>{head}<language>de</language>\n"
        f"{items}</channel></rss>\n"
    ).encode()


def _item(chance: random.Random, link: str, at: datetime) -> str:
    title, text = _words(chance, 8), _words(chance, WORDS)
    return ITEM.format(title=title, link=link, date=format_datetime(at, usegmt=True), text=text)


def _words(chance: random.Random, count: int) -> str:
    """A sentence, two words in five common ones, the rest invented."""
    return " ".join(
        chance.choice(COMMON) if chance.random() < 0.4 else "".join(chance.choices(SYLLABLES, k=3)).title()
        for _ in range(count)
    )


@cache
def answer(path: str, host: str, entries: int) -> bytes:
    """The whole answer to an unconditional GET."""
    if path == "/robots.txt":
        return _answer("200 OK", b"User-agent: *\nAllow: /\n", "Content-Type: text/plain\r\n")
    number = path.removeprefix("/feed/").removesuffix(".xml")
    if not number.isdecimal():
        return _answer("404 Not Found", b"")
    kinds = f'Content-Type: application/rss+xml\r\nETag: "{number}"\r\nLast-Modified: {MODIFIED}\r\n'
    return _answer("200 OK", feed(int(number), f"http://{host}", entries), kinds)


def _answer(status: str, body: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection(asyncio.Protocol):
    """One connection: requests in order, each answered at once."""

    def __init__(self, counts: Counter[str], entries: int) -> None:
        self._counts, self._entries, self._read = counts, entries, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._counts["connections"] += 1

    def data_received(self, data: bytes) -> None:
        """Answer every whole request that has come."""
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            self._transport.write(self._answered(head.decode("latin-1")))

    def _answered(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        if path in ("/count", "/forget"):
            told = json.dumps(self._counts).encode()
            if path == "/forget":
                self._counts.clear()
            return _answer("200 OK", told)
        sent = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        number = path.removeprefix("/feed/").removesuffix(".xml")
        if sent.get("if-none-match") == f'"{number}"' or sent.get("if-modified-since") == MODIFIED:
            self._counts["304"] += 1
            return f'HTTP/1.1 304 Not Modified\r\nETag: "{number}"\r\nLast-Modified: {MODIFIED}\r\n\r\n'.encode()
        self._counts["robots.txt" if path == "/robots.txt" else "200" if path.startswith("/feed/") else "other"] += 1
        return answer(path, sent.get("host", ""), self._entries)


async def serve(feeds: int, hosts: int, entries: int) -> None:
    """Serve on one port of every address, until standard input ends."""
    loop, counts = asyncio.get_running_loop(), Counter[str]()
    server = await loop.create_server(lambda: Connection(counts, entries), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    places = [address(host) for host in range(hosts)]
    others = await loop.create_server(lambda: Connection(counts, entries), places, port, backlog=1024)
    for number, url in enumerate(urls(feeds, hosts, port)):
        answer(f"/feed/{number}.xml", url.split("/")[2], entries)  # made before anybody is timed
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    others.close()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--entries", type=int, default=20)
    options = parser.parse_args()
    asyncio.run(serve(options.feeds, options.hosts, options.entries))


if __name__ == "__main__":
    main()
