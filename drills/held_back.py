"""Months of ordinary sources, and then each fault in each of them: what is held back wrongly, and what gets through.

The sources are invented, each with habits of its own (how often, with or without dates, in which languages, how many
events, series under one title), that wander, with busy weeks, days on which the tracker was off, and backlogs. Only
the decisions are tried (`tracker.assertions`), as a refresh takes them every hour; nothing is fetched or stored.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tracker import assertions
from tracker.model.assertions import USUAL, Arrival, Batch

START = datetime(2025, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN_AFTER = timedelta(days=60)  # faults begin when it is known what is usual
FAULT_LASTS = timedelta(days=3)
MOST_HELD = 1.0  # of ordinary sources, holds of one in a year on average
LEAST_SEEN = 0.95  # of faults that bring twenty articles or more
MOST_THROUGH = 20  # articles of a fault that are published before it is seen, in the middle of all faults

# What each fault makes of an article.
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "a wall in place of texts": {"origin": "wall", "has_text": True, "unread": None, "reports": 1},
    "one title for all": {"title": "Just a moment"},
    "dates are gone": {"has_date": False},
    "texts are cut": {"has_text": False},
    "pages cannot be read": {"unread": "captcha: the page wants to know", "reports": 0},
    "another language": {"language": "xx", "unread": "language: xx is not read yet"},
    "an event in every sentence": {"reports": 25, "unread": None},
}
# The habit of a source that is always a little so; where it is above HABIT the fault is no news.
LIKE: Mapping[str, str] = {
    "a wall in place of texts": "forms",
    "one title for all": "series",
    "dates are gone": "undated",
    "texts are cut": "textless",
    "pages cannot be read": "unread",
    "another language": "foreign",
    "an event in every sentence": "round_ups",
}
HABIT = 0.1


@dataclass(slots=True)
class Habits:
    """What a source is like."""

    random: Random
    a_day: float
    undated: float
    untitled: float
    textless: float
    unread: float
    foreign: float
    copies: float
    series: float  # under one title
    forms: float  # with nearly one text
    events: float  # in an article
    round_ups: float
    busy: float = 1.0

    @classmethod
    def of(cls, random: Random) -> Habits:
        """A source at random."""

        def habit(never: float, always: float, scale: float) -> float:
            drawn = random.random()
            return (
                0.0
                if drawn < never
                else random.uniform(0.9, 1.0)
                if drawn < never + always
                else random.betavariate(1, scale)
            )

        return cls(
            random=random,
            a_day=min(150.0, random.lognormvariate(1.0, 1.2)),
            undated=habit(0.6, 0.15, 3),
            untitled=habit(0.7, 0.15, 5),
            textless=habit(0.5, 0.15, 4),
            unread=habit(0.4, 0.05, 3),
            foreign=habit(0.5, 0.1, 4),
            copies=habit(0.3, 0.1, 3),
            series=habit(0.6, 0.05, 4),
            forms=habit(0.7, 0.05, 5),
            events=random.lognormvariate(-0.7, 1.0),
            round_ups=random.choice((0.0, 0.0, 0.01, 0.05)),
        )

    def wander(self) -> None:
        """Another week: a little different, now and then a busy one."""
        self.busy = self.random.choice((1.0,) * 8 + (0.3, 4.0))
        for name in ("undated", "untitled", "textless", "unread", "foreign", "copies", "series", "forms"):
            value = getattr(self, name)
            if 0.0 < value < 1.0:
                setattr(self, name, min(0.99, max(0.01, value + self.random.gauss(0, 0.03))))
        self.events *= self.random.lognormvariate(0, 0.1)

    def article(self, key: str, stored: datetime) -> Arrival:
        """One more."""
        draw = self.random.random
        told = 0 if draw() < 0.5 else min(40, round(self.random.expovariate(1 / (2 * self.events * self.busy**0.5))))
        return Arrival(
            id=key,
            title="The week" if draw() < self.series else f"Title {key}",
            stored=stored,
            is_titled=draw() >= self.untitled,
            has_text=draw() >= self.textless,
            has_date=draw() >= self.undated,
            has_author=draw() < 0.5,
            unread="too short: 9 words" if draw() < self.unread else None,
            language="fr" if draw() < self.foreign else "en",
            origin="form" if draw() < self.forms else f"of {key}" if draw() < self.copies else key,
            reports=self.random.randint(20, 80) if draw() < self.round_ups else told,
        )


@dataclass(slots=True)
class Life:
    """A source while time passes."""

    habits: Habits
    name: str
    last: deque[Arrival] = field(default_factory=lambda: deque(maxlen=assertions.WIDEST * USUAL.together))
    past: deque[Arrival] = field(default_factory=lambda: deque(maxlen=assertions.SAMPLE))
    count: int = 0
    is_released: bool = False

    def brings(self, now: datetime, hours: float) -> tuple[Arrival, ...]:
        """What is new after so many hours."""
        random = self.habits.random
        mean = self.habits.a_day * self.habits.busy * hours / 24
        number = max(0, round(random.gauss(mean, mean**0.5))) if mean > 20 else _poisson(random, mean)
        first, self.count = self.count, self.count + number
        return tuple(self.habits.article(f"{self.name}-{n}", now) for n in range(first, self.count))

    def batch(self, new: tuple[Arrival, ...]) -> Batch:
        """As the store tells it."""
        return Batch(new=new, last=tuple(self.last), past=tuple(self.past), is_released=self.is_released)

    def keep(self, new: tuple[Arrival, ...], *, is_held: bool, releases: bool = True) -> None:
        """Go on; what is held of ordinary articles is released by a person at once."""
        self.last.extendleft(reversed(new))
        if is_held and not releases:
            return
        if is_held:
            self.past.clear()
            self.is_released = True
        self.past.extendleft(reversed(new))


def _poisson(random: Random, mean: float) -> int:
    count, left = 0, random.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + random.expovariate(1.0)
    return count


def ordinary(seed: int, sources: int, days: int) -> tuple[Counter[str], int, list[Life]]:
    """Holds of sources that are as ever: assertion to how many, those of all together apart; articles; the sources."""
    random = Random(seed)
    lives = [Life(Habits.of(Random(random.random())), f"s{n}") for n in range(sources)]
    found: Counter[str] = Counter()
    for one in lives:
        one.keep(tuple(one.habits.article(f"{one.name}-b{n}", START) for n in range(20)), is_held=False)
    off = 0
    for hour in range(1, days * 24):
        now = START + hour * HOUR
        if hour % (24 * 7) == 0:
            for one in lives:
                one.habits.wander()
        if hour % (24 * 30) < 24 * 3:  # three days a month the tracker is off
            off += 1
            continue
        new = {one.name: one.brings(now, 1 + off) for one in lives}
        off = 0
        batches = {one.name: one.batch(new[one.name]) for one in lives if new[one.name]}
        held = assertions.judge(batches, {}, USUAL)
        found.update(f"{breach.assertion}{' (all)' * breach.overall}" for why in held.values() for breach in why)
        for one in lives:
            if new[one.name]:
                one.keep(new[one.name], is_held=one.name in held)
    return found, sum(one.count for one in lives), lives


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one fault in one source."""

    through: int  # articles that were published
    held: int
    lasted: int  # batches of good articles that were held after it


def fault(life: Life, changes: Mapping[str, Any]) -> Seen:
    """One fault in a source that is known by now: three days of it, and a day after."""
    copy = Life(
        life.habits, life.name, deque(life.last, life.last.maxlen), deque(life.past, assertions.SAMPLE), life.count
    )
    now, through, held, lasted = max(one.stored for one in life.past), 0, 0, 0
    ends = now + FAULT_LASTS
    while now < ends + timedelta(days=1):
        now += HOUR
        new = copy.brings(now, 1)
        if not new:
            continue
        is_bad = now < ends
        if is_bad:
            new = tuple(replace(one, **changes) for one in new)
        is_held = bool(assertions.judge({copy.name: copy.batch(new)}, {}, USUAL))
        copy.keep(new, is_held=is_held, releases=False)
        if not is_bad:
            lasted += is_held
        elif is_held:
            held += len(new)
        else:
            through += len(new)
    return Seen(through, held, lasted)


def main() -> int:
    """Try both, tell the figures, and say whether they are within what is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=40)
    parser.add_argument("--days", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    found, articles, lives = ordinary(asked.seed, asked.sources, asked.days)
    rate = found.total() / asked.sources / (asked.days / 365)
    print(
        f"{asked.sources} ordinary sources, {asked.days} days, {articles:,} articles: {time.monotonic() - began:.0f} s"
    )
    print(f"  {found.total()} breaches, {rate:.2f} of a source in a year: {dict(found.most_common())}")
    known = [one for one in lives if len(one.past) >= USUAL.history]
    is_well, of_all, of_caught = rate <= MOST_HELD, 0, 0
    for name, changes in FAULTS.items():
        seen = [fault(one, changes) for one in known if getattr(one.habits, LIKE[name]) <= HABIT]
        enough = [one for one in seen if one.through + one.held >= 2 * USUAL.together]
        caught = [one for one in enough if one.held]
        through = sorted(one.through for one in caught)
        of_all, of_caught = of_all + len(enough), of_caught + len(caught)
        middle = through[len(through) // 2] if through else 0
        print(
            f"  {name}: seen in {len(caught)} of {len(enough)} sources, {middle} articles published before, at most"
            f" {max(through, default=0)}; {sum(one.lasted for one in caught)} good batches held after"
        )
        is_well &= middle <= MOST_THROUGH
    is_well &= of_caught >= LEAST_SEEN * of_all
    print("as promised" if is_well else "NOT as promised")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
