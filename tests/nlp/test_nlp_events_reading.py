"""The real reader on sentences that an analyst would code without thinking, and on texts that nobody would."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import tracker.nlp
from tracker.model import Article, Basis, EventMention, TextFrom, When
from tracker.nlp.reader import Reader, clip
from tracker.reach import MOST_WORK

pytestmark = pytest.mark.real_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return tracker.nlp.load()


def article(text: str, title: str = "", *, unread: str | None = None) -> Article:
    return Article(
        id="a", url=None, title=title, text=text, published=When(value="2024-06-25", basis=Basis.METADATA),
        language="en", text_from=TextFrom.INPUT, unread=unread,
    )  # fmt: skip


def told(reader: Reader, text: str) -> list[EventMention]:
    return list(reader.read(article(text)).events)


@pytest.mark.parametrize(
    ("text", "kind", "actor"),
    [
        ("The US Commerce Department added 12 Chinese firms to its Entity List on Thursday.", "entity_listing", "US"),
        ("India has banned exports of wheat with immediate effect, the trade ministry said.", "export_control", "IN"),
        ("The European Commission fined Apple 500 million euros on Wednesday.", "enforcement", "EU"),
        ("A federal judge blocked the ban on TikTok on Friday.", "court_ruling", "US"),
        ("China raised tariffs on American soybeans to 25 percent on Monday.", "tariff", "CN"),
        ("Britain imposed sanctions on 30 Russian tankers on Tuesday.", "sanction", "GB"),
        ("OpenAI blocks API access from China.", "access_restriction", "US"),
    ],
)
def test_plain_sentences_are_read(reader: Reader, text: str, kind: str, actor: str) -> None:
    events = told(reader, text)
    assert kind in [e.type.value for e in events]
    best = next(e for e in events if e.type.value == kind)
    assert actor in [m.party.country for m in best.actors]


@pytest.mark.parametrize("dateline", ["", "BEIJING - ", "BEIJING, April 4 (Reuters) - "])
def test_what_others_say_beside_it_hides_no_sure_event(reader: Reader, dateline: str) -> None:
    lead = "China's commerce ministry said on Friday it would restrict exports of gallium to America from May 1."
    beside = "Analysts said the move would raise prices within weeks, since the country supplies most of the metal."
    (event,) = told(reader, f"{dateline}{lead}\n\n{beside}")
    assert (event.type, [m.party.country for m in event.actors]) == ("export_control", ["CN"])


def test_what_a_title_alone_tells_has_its_places_there(reader: Reader) -> None:
    title = "US bans exports of AI chips to China from 1 July 2024"
    text = "Our weekly newsletter is sent to all readers on Fridays. Write to us with what you would like to read."
    found = [event for event in reader.read(article(text, title)).events if event.items]
    assert found
    for event in found:
        spans = {item.text: item.span for item in event.items}
        dates = [when for when in (event.announced_on, event.effective_on) if when and when.span]
        assert {span.field for span in (*spans.values(), *(when.span for when in dates if when.span))} == {"title"}
        assert all(title[span.start : span.end] == words for words, span in spans.items())


def test_the_subject_acts_and_not_what_refers_to_it(reader: Reader) -> None:
    text = "The European Commission on Tuesday lifted its suspension of the data deal with Ghana."
    title = "Brussels restores adequacy after court win"

    (event,) = reader.read(article(text, title)).events

    assert [m.party.name for m in event.actors] == ["European Commission"]
    assert event.direction == "ease"


@pytest.mark.parametrize(
    "text",
    [
        "The foreign ministry urged Washington to stop politicising trade.",
        "Anglers face a two-year ban from the lake if they are caught without a permit.",
        "Our new tariff gives you unlimited calls for 15 euros a month.",
        "Shares of chip makers fell 3% on Monday on worries about tariffs.",
    ],
)
def test_what_is_no_event_is_left_alone(reader: Reader, text: str) -> None:
    assert told(reader, text) == []


def test_every_field_can_be_explained_and_lies_in_the_text(reader: Reader) -> None:
    text = "The US Commerce Department added 12 Chinese firms to its Entity List on Thursday."
    for event in told(reader, text):
        assert {"event", "status", "direction", "actor"} <= {reason.what for reason in event.why}
        spans = [*event.evidence, *(m.span for m in (*event.actors, *event.targets)), *(p.span for p in event.items)]
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert 0 <= event.confidence <= 1


def test_articles_keep_their_order_and_unread_ones_are_left(reader: Reader) -> None:
    banned = "India has banned exports of wheat with immediate effect, the trade ministry said."
    stream = [article(banned), article(banned, unread="language: hi is not read yet"), article("")]
    first, second, third = reader.read_many(stream)
    assert first.events
    assert not second.events
    assert not third.events
    assert first.reader == reader.version


def test_words_that_the_model_did_not_know_are_forgotten(reader: Reader) -> None:
    text = "India has banned exports of Qworzil wheat to Zembrukistan, the ministry of Plontheria said."
    [before] = told(reader, text)
    known = len(reader.language.vocab.strings)
    [again] = told(reader, text.replace("Plontheria", "Drovenheim"))
    assert len(reader.language.vocab.strings) == known
    assert again.type == before.type


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "the export ban on gallium and " * 30_000,
        "SANCTIONS! " * 3_000,
        "\n" * 100_000,
        "((((" * 50_000,
    ],
    ids=["no spaces", "one sentence", "capitals", "blank", "brackets"],
)
def test_no_text_makes_it_hang(reader: Reader, text: str) -> None:
    start = time.monotonic()
    reader.read(article(text))
    assert time.monotonic() - start < 60


def test_clipping_keeps_offsets() -> None:
    text = "a" * 5_000 + " b"
    assert len(clip(text)) == len(text)
    assert len(clip("a " * MOST_WORK)) == 2 * MOST_WORK


def test_the_room_can_be_entered_without_spacy() -> None:
    code = "import sys, tracker.nlp; print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
