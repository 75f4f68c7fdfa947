"""A small world for alerts: a database, a clock that is put forward by hand, events that come and change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from tracker.cli.alerting import CHECKS, ask
from tracker.config import alerts as settings
from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Contradiction,
    Direction,
    Event,
    EventMention,
    EventType,
    Measure,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Report,
    SavedQuery,
    Source,
    SourceKind,
    Span,
    Status,
    Step,
    TextFrom,
    Tier,
    Told,
    When,
)
from tracker.model.alerts import AlertReport, Alerts, Channel, Delivered, Form, Message, Undelivered
from tracker.pipeline import alerting
from tracker.store import Store

NOW = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
TEXT = "Washington will restrict exports of chips to China."
US = Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us")
CHINA = Party(name="China", kind=PartyKind.GOVERNMENT, country="CN", id="gov:cn")
HERE = Span(start=0, end=len(TEXT))
SAVED = {"chips": SavedQuery(name="chips", title="Chips", filters={"item": "chips"})}


@dataclass
class World:
    """A database and what is done with it."""

    folder: Path
    store: Store
    now: datetime = NOW
    taken: list[tuple[str, Message]] = field(default_factory=list)  # by channels that are stood in for
    down: dict[str, Undelivered] = field(default_factory=dict)  # channel to why it takes nothing
    reports: dict[str, Report] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def tell(
        self,
        key: str,
        *,
        status: str = "announced",
        kind: str = "export_control",
        effective: str | None = None,
        summary: str | None = None,
        took: tuple[str, ...] = (),
        disputed: tuple[str, ...] = (),
        measure: str | None = None,
        quote: str | None = None,
    ) -> Event:
        """An event as it now is, with the reports of those that it took."""
        reports = [self._report(one, quote=quote) for one in (key, *took)]
        event = Event(
            id=key,
            type=EventType(kind),
            status=Status(status),
            direction=Direction.RESTRICT,
            certainty=Certainty.CONFIRMED,
            actors=(US,),
            targets=(CHINA,),
            items=("chips",),
            instruments=(),
            announced_on=When(value="2024-10-01", basis=Basis.STATED),
            effective_on=When(value=effective, basis=Basis.STATED) if effective else None,
            confidence=0.9,
            summary=summary or f"United States restricts chips: {key}",
            report_ids=tuple(report.id for report in reports),
            origins=len(reports),
            measure_id=measure or f"m-{key}",
            lead_id=reports[0].id,
            contradictions=tuple(_dispute(name, reports[0].id) for name in disputed),
        )
        with self.store.batch():
            self.store.events.save([event], now=self.now, redirects=dict.fromkeys(took, key))
            self.store.measures.save([self._measure(event)], now=self.now)
        return event

    def _measure(self, event: Event) -> Measure:
        ids = tuple(dict.fromkeys([*self.store.events.of_measure(event.measure_id), event.id]))
        steps = tuple(
            Step(day=f"2024-10-{number:02}", status=one.status, event_id=one.id, words=one.summary)
            for number, one in enumerate([*self.store.events.events(ids[:-1]), event], start=1)
        )
        return Measure(
            id=event.measure_id, title="Chips", event_ids=ids, status=event.status, since="2024-10-01", steps=steps,
            lead_id=event.lead_id,
        )  # fmt: skip

    def _report(self, key: str, *, quote: str | None) -> Report:
        if key not in self.reports:
            text = quote or TEXT
            span = Span(start=0, end=len(text))
            article = Article(
                id=f"article {key}", url=f"https://news.example/{key}", title="Chips", text=text,
                text_from=TextFrom.PAGE, published=When(value="2024-10-01", basis=Basis.METADATA), language="en",
                source_id="herald", content_hash=key, signature=key.encode(),
            )  # fmt: skip
            self.store.articles.save(None, article, now=self.now)
            mention = EventMention(
                type=EventType.EXPORT_CONTROL, status=Status.ANNOUNCED, direction=Direction.RESTRICT,
                certainty=Certainty.CONFIRMED, actors=(Mention(party=US, span=HERE),),
                targets=(Mention(party=CHINA, span=HERE),), items=(Phrase(text="chips", span=HERE),), instruments=(),
                announced_on=When(value="2024-10-01", basis=Basis.STATED), effective_on=None, evidence=(span,),
                confidence=0.9,
            )  # fmt: skip
            analysis = Analysis(article_id=article.id, mentions=(), events=(mention,), reader="r")
            (self.reports[key],) = self.store.analyses.save(analysis, now=self.now)
        return self.reports[key]

    def silence(self, kind: str = "silent", detail: str = "nothing new since 2024-09-01") -> None:
        self.store.alarms.settle(
            "herald", {kind: detail} if kind else {}, among={"silent", "moved", "held"}, now=self.now
        )

    def alerts(self, text: str, environ: Mapping[str, str] | None = None) -> Alerts:
        path = self.folder / "alerts.yaml"
        path.write_text(text, encoding="utf-8")
        return settings.load(path, CHECKS, SAVED, environ=environ or {})

    def send(self, alerts: Alerts, *, really: bool = False) -> AlertReport:
        """Send what is due; channels are stood in for by a list, unless it is to be done really."""
        with ask(self.store.path, self.clock) as answers:
            how = {} if really else {"deliver": self._take}
            return alerting.send_due(alerts, self.store, answers, clock=self.clock, **how)

    def _take(self, channel: Channel, message: Message) -> Delivered | Undelivered:
        if channel.name in self.down:
            return self.down[channel.name]
        self.taken.append((channel.name, message))
        return Delivered()

    def told(self) -> list[str]:
        """What the channels took since they were asked last: trigger and subject of each thing, by message."""
        found = [" + ".join(map(_name, message.document["items"])) for _, message in self.taken]
        self.taken.clear()
        return found


def _name(item: Mapping[str, Mapping[str, str] | str]) -> str:
    about = item["event"] or item["source"]
    assert isinstance(about, Mapping)
    return f"{item['trigger']} {about['id']}"


def _dispute(name: str, report_id: str) -> Contradiction:
    taken, other = (Told(value=value, report_ids=(report_id,), origins=1) for value in ("one", "two"))
    return Contradiction(field=name, taken=taken, others=(other,), because="most accounts")


@cache
def _fresh() -> bytes:
    """A new database, made once, since that takes a while."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        Store.open(path).close()
        return path.read_bytes()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    (folder / "t.db").write_bytes(_fresh())
    with Store.open(folder / "t.db") as store:
        found = World(folder=folder, store=store)
        herald = Source(
            id="herald", name="The Herald", kind=SourceKind.FEED, url="https://news.example/feed", tier=Tier.MAJOR,
            language="en", country="US", tags=("press",),
        )  # fmt: skip
        store.sources.sync([herald], NOW)
        yield found


def message(**changes: object) -> Message:
    values: dict[str, object] = {
        "id": "0123456789abcdef0123456789abcdef",
        "alert": "chips",
        "channel": "desk",
        "title": "new event: chips – neu",
        "body": "First line\nSecond line",
        "document": {"id": "0123456789abcdef0123456789abcdef", "made_at": "2024-10-01T08:00:00+00:00", "items": []},
    }
    return Message(**(values | changes))  # type: ignore[arg-type]


def channel(**changes: object) -> Channel:
    values: dict[str, object] = {
        "name": "desk",
        "zone": ZoneInfo("UTC"),
        "form": Form.TEXT,
        "timeout": timedelta(seconds=2),
    }
    return Channel(**(values | changes))  # type: ignore[arg-type]
