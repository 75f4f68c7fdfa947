"""robots.txt: what a host allows us (RFC 9309), read by Protego.

Pure: asking for the file is `permissions`. A missing file allows everything; a host that cannot give its file just now
is not asked for anything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from tracker.fetch import addresses
from tracker.model import Skipped

MAX_BYTES = 512_000  # read of one file; RFC 9309 asks for at least 500 KiB
LONGEST_DELAY = 30.0  # seconds of Crawl-delay honoured; more would keep a source from ever being read
MOST_LINES = 2_000  # of a file in which the rule that forbids is looked for
MOST_TRIED = 5  # rules of them tried in their place

_RULES = ("disallow", "allow")


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us; `None` is a host without one."""

    parsed: Protego | None
    agent: str
    text: str = ""

    def refusal(self, url: str) -> Skipped | None:
        """Why `url` is not asked for, or None."""
        if self.parsed is None or self.parsed.can_fetch(url, self.agent):
            return None
        rule = self._rule(url)
        said = f": {rule}" if rule else ""
        host = addresses.host(url)
        return Skipped(reason=f"robots.txt of {host} forbids {addresses.path(url)} for {self.agent}{said}")

    def delay(self, usual: float) -> float:
        """The pause between two requests in seconds: Crawl-delay where it is longer than our own."""
        asked = self.parsed.crawl_delay(self.agent) if self.parsed else None
        return max(usual, min(asked, LONGEST_DELAY)) if asked and asked > 0 else usual

    def _rule(self, url: str) -> str:
        """The line that forbids `url`, or "" where no single line does.

        Protego does not tell, so the longest of the lines that forbid it alone is tried in its place in the file, all
        other rules emptied, which leaves the groups as they are.
        """
        lines = self.text.splitlines()
        if len(lines) > MOST_LINES:
            return ""
        alone = {at: line for at, line in enumerate(lines) if _word(line) == "disallow" and self._forbids(url, line)}
        for at in sorted(alone, key=lambda at: -len(alone[at]))[:MOST_TRIED]:
            others = [line if at == n or _word(line) not in _RULES else "Disallow:" for n, line in enumerate(lines)]
            if not Protego.parse("\n".join(others)).can_fetch(url, self.agent):
                return " ".join(alone[at].partition("#")[0].split())
        return ""

    def _forbids(self, url: str, line: str) -> bool:
        return not Protego.parse(f"User-agent: *\n{line}").can_fetch(url, self.agent)


def _word(line: str) -> str:
    return line.partition(":")[0].strip().lower()


def read(body: bytes, user_agent: str) -> Rules:
    """The rules of a robots.txt."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return Rules(Protego.parse(text), product(user_agent), text)


def product(user_agent: str) -> str:
    """The product token by which robots.txt calls us: "tracker" of "tracker/0.1 (+https://…)"."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0] or "*"
