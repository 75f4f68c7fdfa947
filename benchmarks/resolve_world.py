"""A made-up world of policy and its press, for the benchmark of resolution: years of articles with known truth.

Measures by few actors of many kinds (Zipf) go through their steps; each step is an event that is told a few times or
a thousand (Zipf), most on its day, some copied from another outlet; articles mention earlier steps, and old events
years later with no more than a year or a month. What is told is noised as a reader would: a target is missed, a
status or type is taken for its neighbour, a date is a day off, the ministry acts or its state. The same seed gives
the same articles; what is kept in mind does not grow with the years.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import TypeVar

from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Span,
    Status,
    TextFrom,
    When,
)

T = TypeVar("T")
BEGIN = date(2010, 1, 4)
MEASURES_A_DAY = 12
OUTLETS = 400
COMPANIES = 6_000
FAMOUS = 3_000  # past events that articles may come back to
LARGEST = 2_000  # reports of one event, at the most
# How often a reader goes wrong, or an article says less.
NOISE = {
    "no actor": 0.03, "no target": 0.15, "no item": 0.2, "no instrument": 0.5, "other status": 0.06, "other type": 0.05,
    "day off": 0.12, "month only": 0.04, "no date": 0.05, "state for ministry": 0.4, "one target of more": 0.3,
    "one item of two": 0.5, "no effective date": 0.5,
}  # fmt: skip
COPIES, BACKGROUND, OWN_PAST = 0.25, 0.12, 0.7  # shares of articles; of background, how much is of the same measure
COUNTRIES = {
    "US": "United States", "CN": "China", "EU": "European Union", "RU": "Russia", "GB": "United Kingdom", "JP": "Japan",
    "IN": "India", "KR": "South Korea", "DE": "Germany", "IR": "Iran", "TW": "Taiwan", "NL": "Netherlands",
    "FR": "France", "CA": "Canada", "AU": "Australia", "BR": "Brazil", "MX": "Mexico", "TR": "Türkiye",
    "ID": "Indonesia",
    "VN": "Vietnam", "UA": "Ukraine", "PL": "Poland", "IT": "Italy", "ES": "Spain", "SA": "Saudi Arabia",
    "AE": "United Arab Emirates", "IL": "Israel", "ZA": "South Africa", "NG": "Nigeria", "KE": "Kenya",
    "AR": "Argentina",
    "CL": "Chile", "MY": "Malaysia", "TH": "Thailand", "PH": "Philippines", "PK": "Pakistan", "EG": "Egypt",
}  # fmt: skip
BODIES = ("Ministry of Commerce", "Finance Ministry", "Trade Agency", "Parliament")
TYPES = {
    EventType.SANCTION: 14, EventType.TARIFF: 14, EventType.EXPORT_CONTROL: 12, EventType.ENFORCEMENT: 12,
    EventType.REGULATION: 11, EventType.PRODUCT_BAN: 8, EventType.IMPORT_RESTRICTION: 6, EventType.SUBSIDY: 5,
    EventType.INVESTMENT_RESTRICTION: 5, EventType.ACCESS_RESTRICTION: 5, EventType.LICENCE_DECISION: 4,
    EventType.ENTITY_LISTING: 4,
}  # fmt: skip
MISTAKEN = {
    EventType.SANCTION: EventType.ENTITY_LISTING, EventType.TARIFF: EventType.IMPORT_RESTRICTION,
    EventType.EXPORT_CONTROL: EventType.LICENCE_DECISION, EventType.ENFORCEMENT: EventType.REGULATION,
    EventType.REGULATION: EventType.PRODUCT_BAN, EventType.PRODUCT_BAN: EventType.REGULATION,
    EventType.IMPORT_RESTRICTION: EventType.TARIFF, EventType.SUBSIDY: EventType.REGULATION,
    EventType.INVESTMENT_RESTRICTION: EventType.PRODUCT_BAN, EventType.ACCESS_RESTRICTION: EventType.PRODUCT_BAN,
    EventType.LICENCE_DECISION: EventType.EXPORT_CONTROL, EventType.ENTITY_LISTING: EventType.SANCTION,
}  # fmt: skip
COURSES = (
    (Status.IN_FORCE,), (Status.IN_FORCE,), (Status.ANNOUNCED,), (Status.ANNOUNCED, Status.IN_FORCE),
    (Status.PROPOSED, Status.ANNOUNCED, Status.IN_FORCE), (Status.CONSIDERED, Status.PROPOSED, Status.REJECTED),
    (Status.ANNOUNCED, Status.DELAYED, Status.IN_FORCE), (Status.IN_FORCE, Status.SUSPENDED, Status.ENDED),
    (Status.CONSIDERED, Status.ANNOUNCED, Status.IN_FORCE, Status.ENDED),
)  # fmt: skip
STATUS_FOR = {
    Status.CONSIDERED: Status.PROPOSED, Status.PROPOSED: Status.CONSIDERED, Status.ANNOUNCED: Status.IN_FORCE,
    Status.IN_FORCE: Status.ANNOUNCED, Status.DELAYED: Status.ANNOUNCED, Status.SUSPENDED: Status.ENDED,
    Status.ENDED: Status.SUSPENDED, Status.REJECTED: Status.ENDED,
}  # fmt: skip
EASING = {Status.SUSPENDED, Status.ENDED, Status.REJECTED}
QUALITIES = """advanced used refined medical industrial recycled frozen low-cost imported military agricultural marine
heavy light organic synthetic domestic civilian nuclear legacy portable raw processed luxury""".split()
GOODS = """chips lithography vehicles batteries magnets gallium germanium graphite tungsten nickel lithium steel
aluminium crude LNG coal polysilicon wheat maize rice soybeans beef pork poultry seafood salmon milk cheese wine timber
cotton garments vaccines insulin masks gloves smartphones laptops servers routers antennas drones aircraft helicopters
vessels missiles ammunition newspapers antivirus spyware bitcoin stablecoins property visas parcels locomotives sugar
onions potash urea cement glass tyres toys furniture cosmetics tobacco jewellery gold diamonds copper cobalt uranium
helium turbines transformers cranes satellites telescopes lasers sensors valves pumps ceramics leather paper rubber
bananas coffee cocoa tea honey tomatoes garlic olives nuts shrimp""".split()
SYLLABLES = (
    "ka lo mi ren tor vel dan sol bri nex qua zin pol har mon tek gra fen ul ost var lin dro pex ima sek".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """An event as it was: what its reports tell more or less of."""

    number: int
    measure: int
    type: EventType
    status: Status
    day: date
    effective: date | None
    actor: Party
    state: Party | None  # for which the actor acts
    targets: tuple[Party, ...]
    items: tuple[str, ...]
    instrument: str | None
    past: tuple[Step, ...]  # earlier steps of the measure


@dataclass(frozen=True, slots=True)
class Told:
    """An article, what a reader finds in it, and what its reports in truth tell: events and measures in their order."""

    article: Article
    analysis: Analysis
    truth: tuple[tuple[int, int], ...]


class World:
    """Articles day by day, without end."""

    def __init__(self, seed: int = 1) -> None:
        """Begin anew."""
        self._random = Random(seed)
        self._states = [
            Party(name=name, kind=PartyKind.GOVERNMENT, country=code, id=f"gov:{code.lower()}")
            for code, name in COUNTRIES.items()
        ]
        names = dict.fromkeys(self._name() for _ in range(2 * COMPANIES))
        self._companies = [
            Party(name=name, kind=PartyKind.COMPANY, country=self._zipf(self._states).country)
            for name in itertools.islice(names, COMPANIES)
        ]
        self._steps: list[tuple[int, int, Step]] = []  # to come, by day
        self._articles: list[tuple[int, int, Step, int]] = []  # to come: day, order, event, whose text it copies
        self._originals: dict[int, Told] = {}  # texts that may yet be copied
        self._famous: list[Step] = []
        self._numbers = itertools.count()

    def articles(self) -> Iterator[Told]:
        """In order of publication."""
        for day in itertools.count():
            for _ in range(MEASURES_A_DAY):
                self._plan(day)
            while self._steps and self._steps[0][0] <= day:
                self._cover(heapq.heappop(self._steps)[2], day)
            while self._articles and self._articles[0][0] <= day:
                yield self._written(*heapq.heappop(self._articles))

    def _plan(self, day: int) -> None:
        """A measure with all its steps to come."""
        random, measure = self._random, next(self._numbers)
        type_ = random.choices(list(TYPES), list(TYPES.values()))[0]
        state = self._zipf(self._states)
        if type_ is EventType.ACCESS_RESTRICTION:
            actor, acting = self._zipf(self._companies), None
        else:
            body = random.choice(BODIES)
            acting, actor = state, Party(
                name=f"{state.name} {body}", kind=PartyKind.GOVERNMENT, country=state.country,
                id=f"{state.id}:{body.split()[0].lower()}", parent=state.id,
            )  # fmt: skip
        known = self._companies if random.random() < 0.5 else [s for s in self._states if s != state]
        targets = tuple(dict.fromkeys(self._zipf(known) for _ in range(random.choice([1, 1, 1, 2, 3]))))
        items = tuple(
            dict.fromkeys(f"{random.choice(QUALITIES)} {self._zipf(GOODS)}" for _ in range(random.choice([1, 1, 2])))
        )
        law = f"{random.choice(QUALITIES).title()} {self._zipf(GOODS).title()} Act" if random.random() < 0.4 else None
        past: tuple[Step, ...] = ()
        when = day
        for status in random.choice(COURSES):
            begun = BEGIN + timedelta(days=when)
            later = begun + timedelta(days=random.randint(10, 90))
            step = Step(
                next(self._numbers), measure, type_, status, begun, later if status is Status.ANNOUNCED else None,
                actor, acting, targets, items, law, past,
            )  # fmt: skip
            past = (*past, step)
            heapq.heappush(self._steps, (when, step.number, step))
            when += (later - begun).days if status is Status.ANNOUNCED else random.randint(15, 240)

    def _cover(self, step: Step, day: int) -> None:
        """The articles on an event, and a chance of being remembered."""
        random = self._random
        size = min(LARGEST, int(random.paretovariate(1.1)))
        first = next(self._numbers)
        for place in range(size):
            lag = int(random.expovariate(1 / 1.5)) if place else 0
            copied = first if place and random.random() < COPIES else -1
            heapq.heappush(self._articles, (day + lag, next(self._numbers) if place else first, step, copied))
        if len(self._famous) < FAMOUS:
            self._famous.append(step)
        elif size > 10:
            self._famous[random.randrange(FAMOUS)] = step

    def _written(self, day: int, number: int, step: Step, copied: int) -> Told:
        original = self._originals.get(copied)
        published = BEGIN + timedelta(days=day)
        if original is not None and (published - step.day).days < 10:
            return _copy(original, number, published)
        steps = [step]
        if self._random.random() < BACKGROUND:
            own = step.past and self._random.random() < OWN_PAST
            steps.append(self._random.choice(step.past if own else self._famous))
        told = _article(number, published, [s for n, s in enumerate(steps) if s not in steps[:n]], self._random)
        if len(self._originals) > 5_000:
            for old in list(self._originals)[:2_500]:
                del self._originals[old]
        self._originals[number] = told
        return told

    def _zipf(self, known: list[T]) -> T:
        """The first of them often, the last hardly ever."""
        return known[int(len(known) ** self._random.random()) - 1]

    def _name(self) -> str:
        return "".join(self._random.choices(SYLLABLES, k=self._random.choice([2, 3]))).title()


def _copy(original: Told, number: int, published: date) -> Told:
    """The same text in another outlet."""
    article, url = original.article, f"https://outlet{number % OUTLETS}.example/{number}"
    id_ = _id(url)
    when = When(value=published.isoformat(), basis=Basis.METADATA)
    made = Article(
        id=id_, url=url, title=article.title, text=article.text, published=when, language="en",
        text_from=TextFrom.PAGE, content_hash=article.content_hash,
    )  # fmt: skip
    found = Analysis(article_id=id_, mentions=(), events=original.analysis.events, reader="synthetic")
    return Told(made, found, original.truth)


def _article(number: int, published: date, steps: list[Step], random: Random) -> Told:
    url = f"https://outlet{number % OUTLETS}.example/{number}"
    text = _Text()
    events = tuple(_report(step, published, text, random) for step in steps)
    body = text.whole()
    article = Article(
        id=_id(url), url=url, title=f"Story {number}", text=body, language="en", text_from=TextFrom.PAGE,
        published=When(value=published.isoformat(), basis=Basis.METADATA), content_hash=_id(body + url),
    )  # fmt: skip
    found = Analysis(article_id=article.id, mentions=(), events=events, reader="synthetic")
    return Told(article, found, tuple((step.number, step.measure) for step in steps))


def _report(step: Step, published: date, text: _Text, random: Random) -> EventMention:
    """What a reader makes of an account of an event."""

    def fails(what: str) -> bool:
        return random.random() < NOISE[what]

    begun = text.length
    actor = step.state if step.state and fails("state for ministry") else step.actor
    actors = () if fails("no actor") else (Mention(party=actor, span=text.add(actor.name)),)
    targets = step.targets[:1] if fails("one target of more") else step.targets
    told = () if fails("no target") else tuple(Mention(party=t, span=text.add(t.name)) for t in targets)
    goods = step.items[:1] if fails("one item of two") else step.items
    items = () if fails("no item") else tuple(Phrase(text=g, span=text.add(g)) for g in goods)
    laws = (step.instrument,) if step.instrument and not fails("no instrument") else ()
    instruments = tuple(Phrase(text=law, span=text.add(law)) for law in laws)
    text.add(f"{step.type} {published.isoformat()}.")
    effective = None if step.effective is None or fails("no effective date") else step.effective.isoformat()
    status = STATUS_FOR[step.status] if fails("other status") else step.status
    return EventMention(
        type=MISTAKEN[step.type] if fails("other type") else step.type,
        status=status,
        direction=Direction.EASE if step.status in EASING else Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=actors,
        targets=told,
        items=items,
        instruments=instruments,
        announced_on=_when(_announced(step.day, published, random)),
        effective_on=_when(effective),
        evidence=(Span(start=begun, end=text.length - 1),),
        confidence=0.8,
    )


def _announced(day: date, published: date, random: Random) -> str | None:
    """The date as it is told: of what is long past, less than the day."""
    if random.random() < NOISE["no date"]:
        return None
    if (published - day).days > 200:
        return day.isoformat()[: random.choice([4, 7, 7, 10])]
    if random.random() < NOISE["month only"]:
        return day.isoformat()[:7]
    if random.random() < NOISE["day off"]:
        day += timedelta(days=random.choice([-1, 1, 1, 2]))
    return day.isoformat()


def _when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None


def _id(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


class _Text:
    """An article as it grows: words are added, and where they stand is told."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0

    def add(self, words: str) -> Span:
        span = Span(start=self.length, end=self.length + len(words))
        self._parts.append(words)
        self.length = span.end + 1
        return span

    def whole(self) -> str:
        return " ".join(self._parts)
