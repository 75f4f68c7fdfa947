"""One article: what it tells and where, who listed it, and whose text it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import NotFoundError
from tracker.model import (
    Amount,
    AmountKind,
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Item,
    Mention,
    Page,
    Party,
    PartyKind,
    Phrase,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    TextFrom,
    Tier,
    When,
)
from tracker.query import ArticleDetail, Timeline
from tracker.store import Store
from tracker.urls import article_id

NOW, LATER = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 7, 2, tzinfo=UTC)
URL, COPY = "https://herald.example/1", "https://chipweek.example/1"
TITLE = "Commerce fines Acme"
TEXT = "The Commerce Department fined Acme $5m over chip tools on Monday. Its lawyers were silent."
COMMERCE = Party(name="Commerce Department", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:commerce")
ACME = Party(name="Acme", kind=PartyKind.COMPANY)


def span(words: str) -> Span:
    return Span(start=TEXT.index(words), end=TEXT.index(words) + len(words))


FINE = Amount(kind=AmountKind.MONEY, value=5_000_000, unit="USD", text="$5m", span=span("$5m"))  # type: ignore[arg-type]
EVENT = EventMention(
    type=EventType.ENFORCEMENT,
    status=Status.IN_FORCE,
    direction=Direction.RESTRICT,
    certainty=Certainty.CONFIRMED,
    actors=(Mention(party=COMMERCE, span=span("The Commerce Department")),),
    targets=(Mention(party=ACME, span=span("Acme")),),
    items=(Phrase(text="chip tools", span=span("chip tools")), Phrase(text="Acme", span=Span(start=2, end=9))),
    instruments=(),
    announced_on=When(value="2024-07-01", basis=Basis.RELATIVE, span=span("Monday")),
    effective_on=None,
    evidence=(
        Span(start=0, end=TEXT.index(".") + 1),
        Span(start=0, end=len(TITLE), field="title"),
        Span(start=500, end=900),
    ),
    confidence=0.9,
    amounts=(FINE,),
)


def article(url: str, text: str = TEXT) -> Article:
    return Article(
        id=article_id(url),
        url=url,
        title=TITLE,
        text=text,
        published=When(value="2024-07-01", basis=Basis.PAGE, span=span("Monday")),
        language="en",
        text_from=TextFrom.PAGE,
        source_id="herald",
        content_hash=text,
    )


def build(path: Path) -> Path:
    key, copy = article_id(URL), article_id(COPY)
    with Store.open(path) as store:
        source = Source(
            id="herald",
            name="The Herald",
            kind=SourceKind.FEED,
            url="https://herald.example/feed",
            tier=Tier.MAJOR,
            language="en",
            country=None,
        )
        store.sources.sync([source], NOW)
        store.items.see([(Item(source_id="herald", url=URL, title="Fine!", guid="1"), article_id(URL))], NOW)
        for url in (URL, COPY):
            store.articles.save(None, article(url), now=NOW)
        store.articles.follow([Standing(id=copy, group="", rank="b", profile="", lead=key)], {copy: ()}, scheme="x")
        page = Page(url=URL, final_url=URL, status=200, content_type="text/html", body=b"<p>Hello", fetched_at=NOW)
        store.pages.keep(key, page)
        mentions = (*EVENT.actors, *EVENT.targets)
        store.analyses.save(Analysis(article_id=key, mentions=mentions, events=(EVENT,), reader="r1"), now=NOW)
    return path


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    with Timeline.open(build(tmp_path_factory.mktemp("articles") / "t.db")) as opened:
        yield opened


@pytest.fixture
def found(timeline: Timeline) -> ArticleDetail:
    return timeline.article(URL)


def test_places_are_where_the_text_tells_something(found: ArticleDetail) -> None:
    fields = {"text": TEXT, "title": TITLE}
    told = [(one.kind, one.words, fields[one.field][one.start : one.end]) for one in found.places]
    assert told == [
        ("quote", "enforcement", TITLE),
        ("quote", "enforcement", "The Commerce Department fined Acme $5m over chip tools on Monday."),
        ("party", "Commerce Department", "The Commerce Department"),
        ("party", "Acme", "Acme"),
        ("amount", "money", "$5m"),
        ("item", "item", "chip tools"),
        ("date", "announced", "Monday"),
        ("date", "published", "Monday"),
    ]
    assert {one.leads_to for one in found.places if one.kind == "party"} == {"gov:us:commerce", "name:company:acme"}


def test_it_says_how_it_was_come_by(found: ArticleDetail) -> None:
    (sighting,) = found.sightings
    assert (sighting.source_name, sighting.title, sighting.first_seen_at) == ("The Herald", "Fine!", NOW.isoformat())
    assert found.original is not None
    assert (found.original.kept, found.original.size, found.original.content_type) == (True, 8, "text/html")
    assert (found.tier, found.published_basis, found.revisions) == ("major", "page", 0)


def test_a_copy_names_whose_text_it_is_and_the_text_its_copies(timeline: Timeline) -> None:
    first, copy = timeline.article(URL), timeline.article(COPY)
    assert first.copy_of is None
    assert [one.id for one in first.copies] == [copy.id]
    assert first.copy_count == 1
    assert copy.copy_of is not None
    assert (copy.copy_of.id, copy.copies, copy.copy_count, copy.original) == (first.id, (), 0, None)


def test_what_was_read_in_a_text_that_is_no_more_is_not_shown_in_the_new_one(tmp_path: Path) -> None:
    path = build(tmp_path / "t.db")
    with Store.open(path) as store:
        store.articles.save(None, article(URL, "Another text altogether."), now=LATER)
    with Timeline.open(path) as timeline:
        found = timeline.article(URL)
    assert (found.outdated, found.places, found.revisions, len(found.accounts)) == (True, (), 1, 1)


@pytest.mark.parametrize("named", [URL, f"{URL}?utm_source=x", article_id(URL), article_id(URL)[:8]])
def test_it_is_found_by_address_id_and_beginning(timeline: Timeline, named: str) -> None:
    assert timeline.article(named).url == URL
    original = timeline.original(named)
    assert original is not None
    assert original.body == b"<p>Hello"


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("https://herald.example/2", "no article 'https://herald.example/2'"),
        ("zz", "no article 'zz'"),
        ("", "no article"),
    ],
)
def test_what_is_not_there_is_named(timeline: Timeline, named: str, says: str) -> None:
    with pytest.raises(NotFoundError, match=says):
        timeline.article(named)
    with pytest.raises(NotFoundError, match=says):
        timeline.original(named)
