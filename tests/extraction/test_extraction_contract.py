"""The JSON contract of `tracker extract`, with a reader of our own making."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest

from tracker import extraction
from tracker.errors import InputError
from tracker.model import (
    Amount,
    AmountKind,
    Analysis,
    Article,
    Basis,
    Certainty,
    Comparison,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Reason,
    Span,
    Status,
    When,
)

TEXT = "OpenAI will block API access from China in July."


class OneEvent:
    """A reader that finds OpenAI's block in every text that names OpenAI."""

    version = "one event"

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        for article in articles:
            found = article.text.find("OpenAI")
            events = (block(found, article.published),) if found >= 0 else ()
            mentions = tuple(m for e in events for m in e.actors)
            yield Analysis(article_id=article.id, mentions=mentions, events=events, reader="one event")


def block(start: int, published: When | None) -> EventMention:
    return EventMention(
        type=EventType.ACCESS_RESTRICTION,
        status=Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=(
            Mention(
                party=Party(name="OpenAI", kind=PartyKind.COMPANY, country="US", wikidata="Q21708200"),
                span=Span(start=start, end=start + 6),
            ),
        ),
        targets=(Mention(party=Party(name="China", kind=PartyKind.PLACE, country="CN"), span=Span(start=34, end=39)),),
        items=(Phrase(text="API access", span=Span(start=18, end=28)),),
        instruments=(),
        announced_on=published,
        effective_on=When(value="2024-07", basis=Basis.RELATIVE, span=Span(start=40, end=47)),
        evidence=(Span(start=0, end=48),),
        confidence=0.81234,
        amounts=(
            Amount(
                kind=AmountKind.COUNT, value=Decimal(140), unit="users", text="140 users", span=Span(start=1, end=2)
            ),
            Amount(
                kind=AmountKind.RATE,
                value=Decimal("7.5"),
                upper=Decimal(10),
                comparison=Comparison.AT_MOST,
                unit="%",
                per="year",
                text="up to 7.5% to 10% a year",
                span=Span(start=3, end=4, field="title"),
            ),
        ),
        why=(Reason(what="status", words="modal 'will' before the cue", span=Span(start=7, end=11)),),
    )


def line(id: str = "a", text: str = TEXT, **more: object) -> str:  # noqa: A002
    return json.dumps({"id": id, "text": text, **more})


def run(*lines: str, explain: bool = False) -> list[extraction.JSON]:
    return list(extraction.extract(extraction.articles(lines), OneEvent(), explain=explain))


def test_an_event_has_every_field_of_the_contract() -> None:
    (out,) = run(line(published_at="2024-06-25", title=None, url=None, lang="en"))
    (event,) = out["events"]
    assert out["id"] == "a"
    assert (event["type"], event["status"], event["direction"]) == ("access_restriction", "announced", "restrict")
    assert event["actors"] == [{"name": "OpenAI", "kind": "company", "country": "US", "wikidata": "Q21708200"}]
    assert event["items"] == ["API access"]
    assert (event["announced_on"], event["effective_on"]) == ("2024-06-25", "2024-07")
    assert event["amounts"] == [
        {
            "kind": "count", "value": 140, "upper": None, "comparison": None, "unit": "users", "per": None,
            "text": "140 users",
        },
        {
            "kind": "rate", "value": 7.5, "upper": 10, "comparison": "at_most", "unit": "%", "per": "year",
            "text": "up to 7.5% to 10% a year",
        },
    ]  # fmt: skip
    assert event["spans"]["amounts"] == [{"start": 1, "end": 2}, {"start": 3, "end": 4, "field": "title"}]
    assert event["evidence"] == [{"start": 0, "end": 48}]
    assert event["confidence"] == 0.812
    assert event["spans"]["effective_on"] == [{"start": 40, "end": 47}]
    assert out["entities"][0]["mentions"] == [{"start": 0, "end": 6}]
    assert "why" not in event
    json.dumps(out)


def test_explain_adds_the_reasons() -> None:
    (out,) = run(line(), explain=True)
    assert out["events"][0]["why"] == [
        {"what": "status", "words": "modal 'will' before the cue", "span": {"start": 7, "end": 11}},
        {"what": "item", "words": "phrase of the sentence", "span": {"start": 18, "end": 28}},
        {"what": "amount", "words": "count in the clause", "span": {"start": 1, "end": 2}},
        {"what": "amount", "words": "rate in the clause", "span": {"start": 3, "end": 4, "field": "title"}},
        {"what": "effective", "words": "counted from the article's date", "span": {"start": 40, "end": 47}},
    ]


def test_one_event_told_by_two_articles_has_one_id() -> None:
    one, two, three = run(
        line("a", published_at="2024-06-25"), line("b", "Weather."), line("c", published_at="2024-06-25")
    )
    assert two["events"] == []
    assert one["events"][0]["event_id"] == three["events"][0]["event_id"]
    assert one["events"][0]["measure_id"] == three["events"][0]["measure_id"]


def test_an_article_that_comes_twice_tells_nothing_new() -> None:
    one, two = run(line(published_at="2024-06-25"), line(published_at="2024-06-25"))
    assert one == two


def test_it_streams_on_request() -> None:
    def endless() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield line(str(number), published_at="2024-06-25")

    found = extraction.extract(extraction.articles(endless()), OneEvent(), stream=True)
    first, second = next(found), next(found)
    assert [first["id"], second["id"]] == ["1", "2"]
    assert first["events"][0]["event_id"] == second["events"][0]["event_id"]


DAYS = ("2024-06-25", "2024-06-25", "2024-06", "2019-01-10", "2024-06-27", "2021-03-01", "2024-06-25", "2019-01-11")
ORDERS = ((7, 6, 5, 4, 3, 2, 1, 0), (2, 1, 5, 3, 4, 6, 7, 0), (3, 7, 0, 4, 1, 5, 2, 6))


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_the_input_does_not_matter(order: tuple[int, ...]) -> None:
    lines = [line(str(number), published_at=DAYS[number]) for number in range(len(DAYS))]
    expected = {answer["id"]: answer for answer in run(*lines)}
    assert {answer["id"]: answer for answer in run(*(lines[number] for number in order))} == expected
    assert len({answer["events"][0]["event_id"] for answer in expected.values()}) > 1


def test_a_streamed_name_is_kept_as_the_event_grows() -> None:
    lines = [line(str(number), published_at="2024-06-25") for number in range(4)]
    streamed = list(extraction.extract(extraction.articles(lines), OneEvent(), stream=True))
    assert len({answer["events"][0]["event_id"] for answer in streamed}) == 1
    assert len({answer["events"][0]["measure_id"] for answer in streamed}) == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "lines.jsonl:2: not JSON"),
        ("[1]", "lines.jsonl:2: a JSON list, not an object with 'id' and 'text'"),
        ('{"text": "x"}', "lines.jsonl:2: 'id' is missing; it must be a string"),
        ('{"id": "x", "text": 3}', "lines.jsonl:2: 'text' is a int; it must be a string"),
        ('{"id": "x", "text": "", "title": []}', "lines.jsonl:2: 'title' is a list; it must be a string or null"),
        (
            '{"id": "x", "text": "", "published_at": "June"}',
            "lines.jsonl:2: 'published_at' is 'June'; give an ISO date",
        ),
        ('{"id": "x", "text": "", "published_at": "2024-02-31"}', "lines.jsonl:2: 'published_at' is '2024-02-31'"),
    ],
)
def test_a_bad_line_is_named(text: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        list(extraction.articles([line(), text], name="lines.jsonl"))
    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize("value", ["2024", "2024-06", "2024-06-25", "2024-06-25T09:14:00Z"])
def test_publication_dates_may_be_partial_or_full(value: str) -> None:
    (article,) = extraction.articles([line(published_at=value)])
    assert article.published is not None
    assert article.published.value == value


def test_a_line_that_json_cannot_be_read_from_is_named() -> None:
    with pytest.raises(InputError, match=r"lines\.jsonl:1: a number has too many digits"):
        list(extraction.articles(['{"id": ' + "9" * 5_000 + "}"], name="lines.jsonl"))
    with pytest.raises(InputError, match=r"lines\.jsonl:1: nested too deeply"):
        list(extraction.articles(["[" * 100_000], name="lines.jsonl"))


def test_a_lone_surrogate_is_replaced_one_for_one() -> None:
    (article,) = extraction.articles(['{"id": "a", "text": "x\\ud800y"}'])
    assert article.text == "x\ufffdy"
