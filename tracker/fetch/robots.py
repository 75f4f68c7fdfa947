"""robots.txt: what a host allows us (RFC 9309), read by Protego.

Pure: asking for the file is `visits`. A missing file allows everything; a host that cannot give its file just now
is not asked for anything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from tracker.fetch import addresses
from tracker.model import Skipped

MAX_BYTES = 512_000  # read of one file; RFC 9309 asks for at least 500 KiB
LONGEST_DELAY = 30.0  # seconds of Crawl-delay honoured; more would keep a source from ever being read


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us; `None` is a host without one."""

    parsed: Protego | None
    agent: str

    def refusal(self, url: str) -> Skipped | None:
        """Why `url` is not asked for, or None."""
        if self.parsed is None or self.parsed.can_fetch(url, self.agent):
            return None
        return Skipped(reason=f"robots.txt of {addresses.host(url)} forbids {addresses.path(url)}")

    def delay(self, usual: float) -> float:
        """The pause between two requests in seconds: Crawl-delay where it is longer than our own."""
        asked = self.parsed.crawl_delay(self.agent) if self.parsed else None
        return max(usual, min(asked, LONGEST_DELAY)) if asked and asked > 0 else usual


def read(body: bytes, user_agent: str) -> Rules:
    """The rules of a robots.txt."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return Rules(Protego.parse(text), product(user_agent))


def product(user_agent: str) -> str:
    """The product token by which robots.txt calls us: "tracker" of "tracker/0.1 (+https://…)"."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0] or "*"
