"""robots.txt: what a host allows us (RFC 9309), read by Protego.

Pure: asking for the file is `permissions`. A missing file allows everything; a host that cannot give its file just now
is not asked for anything else. Protego gets only the rules that are for us: it keeps every rule for every name before
it, so that a file of the size that is read could cost it hours and all memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from tracker.fetch import addresses
from tracker.model import Skipped

MAX_BYTES = 512_000  # read of one file; RFC 9309 asks for at least 500 KiB
LONGEST_DELAY = 30.0  # seconds of Crawl-delay honoured; more would keep a source from ever being read
MOST_LINES = 500  # for us in a file of which the rule that forbids is told
LONGEST_TOLD = 1_000  # characters of such a rule
MOST_STARS = 1_000  # rules for us with a * that are looked for within an address; of the rest what stands before it

ALL = "*"
_AGENT = re.compile(r"\s*user(?:-|\s*)agent\b\s*:?(.*)", re.IGNORECASE)  # as generous as Protego, or more
_RULE = re.compile(r"\s*(allow|dis+al{1,2}[ao]w|diasllow)\b\s*:?(.*)", re.IGNORECASE)
_LINE = re.compile(r".*:|\s*(?:allow|dis\w+|diasllow|crawl|request|visit)", re.IGNORECASE)  # it says something
_WHOLE_SITE = re.compile(r"\s*(?:site-?maps?|host)\b", re.IGNORECASE)  # these belong to no group and end none


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us; `None` is a host without one."""

    parsed: Protego | None
    agent: str
    lines: tuple[str, ...] = ()  # those for us

    def refusal(self, url: str) -> Skipped | None:
        """Why `url` is not asked for, or None."""
        if self.parsed is None or self.parsed.can_fetch(url, ALL):
            return None
        rule = self._rule(url)
        said = f": {rule}" if rule else ""
        host = addresses.host(url)
        return Skipped(reason=f"robots.txt of {host} forbids {addresses.path(url)} for {self.agent}{said}")

    def delay(self, usual: float) -> float:
        """The pause between two requests in seconds: Crawl-delay where it is longer than our own."""
        asked = self.parsed.crawl_delay(ALL) if self.parsed else None
        return max(usual, min(asked, LONGEST_DELAY)) if asked and asked > 0 else usual

    def _rule(self, url: str) -> str:
        """The line that forbids `url`, "" in a file that is too long: the longest that does so alone (RFC 9309, 2.2.2).

        Protego does not tell which it was.
        """
        if len(self.lines) > MOST_LINES:
            return ""
        told = (line for line in self.lines if len(line) <= LONGEST_TOLD and _is_disallow(line))
        forbidding = sorted(told, key=len, reverse=True)
        found = next((line for line in forbidding if not _alone(line).can_fetch(url, ALL)), "")
        return " ".join(found.split())


def read(body: bytes, user_agent: str) -> Rules:
    """The rules of a robots.txt."""
    agent = product(user_agent)
    lines = tuple(_bounded(_for_us(body[:MAX_BYTES].decode("utf-8-sig", "replace"), agent)))
    return Rules(_parsed(lines), agent, lines)


def product(user_agent: str) -> str:
    """The product token by which robots.txt calls us: "tracker" of "tracker/0.1 (+https://…)"."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0] or ALL


def _for_us(text: str, agent: str) -> list[str]:
    """The lines of the groups that name us most closely, or else everybody; without comments (RFC 9309, 2.2.1)."""
    groups = list(_groups(text))
    best = max((name for names, _ in groups for name in names if _means(name, agent)), key=_closeness, default=None)
    return [] if best is None else [line for names, lines in groups if best in names for line in lines]


def _groups(text: str) -> Iterator[tuple[set[str], list[str]]]:
    """Each group: the names that it is for, in small letters, and its lines."""
    names: set[str] = set()
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if (named := _AGENT.match(line)) is not None:
            if lines:
                yield names, lines
                names, lines = set(), []
            names.add(_name(named[1]))
        elif _LINE.match(line) and not _WHOLE_SITE.match(line):
            lines.append(line)
    yield names, lines


def _name(value: str) -> str:
    """Whom a group is for; a * within a name means nothing."""
    told = value.strip().lower()
    return told if told == ALL else told.replace(ALL, "")


def _means(name: str, agent: str) -> bool:
    """Whether a group's name is ours: "track" is of "track-news", not of "tracker's soundtrack"."""
    if not name or name == ALL or name not in (ours := agent.lower()):
        return name == ALL
    return re.search(rf"(?<![\w-]){re.escape(name)}", ours) is not None


def _closeness(name: str) -> int:
    return 0 if name == ALL else len(name)


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    """The lines, of which only so many are searched for in addresses: what is beyond forbids rather too much."""
    stars = 0
    for line in lines:
        rule = _RULE.match(line)
        if rule is None or ALL not in rule[2]:
            yield line
            continue
        stars += 1
        if stars <= MOST_STARS:
            yield line
        elif rule[1].lower() != "allow":
            yield f"Disallow: {rule[2].partition(ALL)[0].strip() or '/'}"


def _parsed(lines: Iterable[str]) -> Protego:
    return Protego.parse("\n".join((f"User-agent: {ALL}", *lines)))


@lru_cache(maxsize=2 * MOST_LINES)
def _alone(line: str) -> Protego:
    return _parsed((line,))


def _is_disallow(line: str) -> bool:
    rule = _RULE.match(line)
    return rule is not None and rule[1].lower() != "allow"
