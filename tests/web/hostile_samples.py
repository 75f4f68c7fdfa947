"""A database in which everything that comes from outside is an attack, written through the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from example_pages import Ids

from tracker.model import (
    Amount,
    AmountKind,
    Analysis,
    Article,
    Basis,
    Certainty,
    Contradiction,
    Direction,
    Event,
    EventMention,
    EventType,
    Item,
    Judgement,
    JudgementKind,
    Measure,
    Mention,
    Page,
    Party,
    PartyKind,
    Phrase,
    Report,
    Scope,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    Step,
    TextFrom,
    Tier,
    Told,
    When,
)
from tracker.store import Store

NOW, LATER = datetime(2024, 11, 1, tzinfo=UTC), datetime(2024, 11, 2, tzinfo=UTC)
DAY = When(value="2024-11-01", basis=Basis.STATED)
# Each sets `pwned` where it runs, asks {spy} where it loads, or moves what stands around it.
ATTACKS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "</title></textarea></style></script><script>window.pwned=1</script>",
    "<!--",
    "{{{{ 7*7 }}}}{{% raw %}}",
    "<style>*{{display:none!important}}</style>",
    "<iframe src={spy}/frame></iframe>",
    "<meta http-equiv=refresh content='0;url={spy}/refresh'>",
    "<link rel=stylesheet href={spy}/style><base href={spy}/>",
    "<form action={spy}/form><button>Press</button></form>",
    "\u202egpj.exe\u202c\u2066\x00\x1b[31m\x07\u2028\u2029",
    "=cmd|'/C calc'!A0",
)
# What no link may lead to; the last is an address, with markup in it.
ADDRESSES = (
    "javascript:window.pwned=1//",
    "data:text/html,<script>window.pwned=1</script>",
    " jAvAsCrIpT:window.pwned=1",
    'https://evil.example/"><script>window.pwned=1</script>',
)
LONG = "w" * 200_000


def attack(field: str, spy: str) -> str:
    """All attacks in a row, with the name of the field that they are in."""
    return f"{field} {' '.join(ATTACKS)}".format(spy=spy) if spy else field


def build(path: Path, spy: str, body: bytes) -> Ids:
    """The database; `spy` is the address of a server that nobody may ask, `body` the page that was kept."""
    with Store.open(path) as store:
        store.sources.sync([_source(spy)], NOW)
        with store.batch():
            reports = [_article(store, n, url, spy, body) for n, url in enumerate(ADDRESSES)]
            event = _event(reports, spy)
            store.events.save([event], now=NOW)
            steps = (Step(day="2024-11-01", status=event.status, event_id=event.id, words=attack("step", spy)),)
            measure = Measure(
                id=event.measure_id,
                title=attack("measure", spy),
                event_ids=(event.id,),
                status=event.status,
                since="2024-11-01",
                steps=steps,
            )
            store.measures.save([measure], (), now=NOW)
            store.judgements.add(_judgement(event, reports, spy))
        store.articles.save(None, _told(0, ADDRESSES[0], spy, "Edited. "), now=LATER)
    return Ids(event.id, event.measure_id, "co:hostile", "article0", "hostile")


def _source(spy: str) -> Source:
    return Source(
        id="hostile",
        name=attack("source", spy),
        kind=SourceKind.FEED,
        url=ADDRESSES[-1],
        tier=Tier.MAJOR,
        language="en",
        country=None,
        tags=(attack("tag", spy),),
    )


def _told(n: int, url: str, spy: str, first: str = "") -> Article:
    words = f"{first}{attack('text', spy)} acted. {LONG if n == 1 else ''} Others watched."
    return Article(
        id=f"article{n}",
        url=url,
        title=attack("title", spy) + (LONG if n == 1 else ""),
        text=words,
        published=DAY,
        language='en"><script>window.pwned=1</script>' if n == 2 else "en",
        text_from=TextFrom.PAGE,
        source_id="hostile",
        author=attack("author", spy),
        site=attack("site", spy),
        wire=attack("wire", spy),
        modified="2024-11-01",
        unread=attack("unread", spy) if n == 3 else None,
        content_hash=words,
    )


def _article(store: Store, n: int, url: str, spy: str, body: bytes) -> Report:
    article = _told(n, url, spy)
    item = Item(
        source_id="hostile",
        url=url,
        title=attack("listed", spy),
        guid=f"{n}",
        author=attack("listed author", spy),
        summary=attack("summary", spy),
        content=attack("content", spy),
        via=url,
    )
    store.items.see([(item, article.id)], NOW)
    store.articles.save(None, article, now=NOW)
    if n == 1:
        follows = Standing(id=article.id, group="", rank=article.id, profile="", lead="article0")
        store.articles.follow([follows], {article.id: ()}, scheme="by hand")
    kind = "text/html; charset=utf-8"
    store.pages.keep(article.id, Page(url=url, final_url=url, status=200, content_type=kind, body=body, fetched_at=NOW))
    mention = _mention(article, spy)
    mentions = (*mention.actors, *mention.targets)
    analysis = Analysis(article_id=article.id, mentions=mentions, events=(mention,), reader=attack("reader", spy))
    (report,) = store.analyses.save(analysis, now=NOW)
    return report


def _parties(spy: str) -> Mapping[str, Party]:
    return {
        "actor": Party(name=attack("party", spy), kind=PartyKind.COMPANY, country="US", id="co:hostile"),
        "target": Party(name=attack("target", spy), kind=PartyKind.GROUP, country="CN"),
    }


def _mention(article: Article, spy: str) -> EventMention:
    parties = _parties(spy)
    whole = Span(start=0, end=article.text.index(" acted") + len(" acted."))
    piece = Span(start=5, end=10)
    return EventMention(
        type=EventType.EXPORT_CONTROL,
        status=Status.PROPOSED if article.id == "article2" else Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.REPORTED,
        actors=(Mention(party=parties["actor"], span=Span(start=0, end=4)),),
        targets=(Mention(party=parties["target"], span=piece),),
        items=(Phrase(text=attack("item", spy), span=piece),),
        instruments=(Phrase(text=attack("instrument", spy), span=piece),),
        announced_on=When(value="2024-11-01", basis=Basis.STATED, span=piece),
        effective_on=When(value="2099-01-01", basis=Basis.STATED, span=piece),
        evidence=(whole, Span(start=0, end=5, field="title")),
        confidence=0.9,
        amounts=(
            Amount(
                kind=AmountKind.COUNT,
                value=Decimal(7),
                unit=attack("unit", spy),
                text=attack("amount", spy),
                span=piece,
            ),
        ),
    )


def _event(reports: list[Report], spy: str) -> Event:
    parties = _parties(spy)
    ids = tuple(report.id for report in reports)
    return Event(
        id="e-hostile",
        type=EventType.EXPORT_CONTROL,
        status=Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.REPORTED,
        actors=(parties["actor"],),
        targets=(parties["target"],),
        items=(attack("item", spy),),
        instruments=(attack("instrument", spy),),
        announced_on=DAY,
        effective_on=When(value="2099-01-01", basis=Basis.STATED),
        confidence=0.9,
        summary=attack("summary", spy),
        report_ids=ids,
        origins=len(ids),
        measure_id="m-hostile",
        subtype=attack("subtype", spy),
        lead_id=ids[0],
        contradictions=(
            Contradiction(
                field="status",
                taken=Told(value="announced", report_ids=ids[:2], origins=2),
                others=(Told(value="proposed", report_ids=ids[2:3], origins=1),),
                because=attack("because", spy),
            ),
        ),
        withdrawn=(),
    )


def _judgement(event: Event, reports: list[Report], spy: str) -> Judgement:
    return Judgement(
        id="j-hostile",
        kind=JudgementKind.ACCEPT,
        scope=Scope.EVENT,
        subject=event.id,
        object=None,
        left=tuple(report.id for report in reports),
        right=(),
        who=attack("who", spy),
        why=attack("why", spy),
        decided=NOW,
    )
