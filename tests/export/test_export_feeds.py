"""Atom and JSON Feed: what their specifications ask for, read back by a feed reader; any text."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import export_samples as samples
import feedparser
import pytest
from hypothesis import given, settings
from lxml import etree

from tracker.export import cells, feeds
from tracker.model import About, Exported

NS = {"a": "http://www.w3.org/2005/Atom"}
LATER = replace(samples.EVENT, id="e2", changed_at="2024-06-28T00:00:00+00:00", url="javascript:alert(1)")


def atom(*events: Exported, about: About = samples.ABOUT) -> bytes:
    out = io.BytesIO()
    feeds.atom(events, out, about)
    return out.getvalue()


def jsonfeed(*events: Exported, about: About = samples.ABOUT) -> dict[str, Any]:
    out = io.BytesIO()
    feeds.jsonfeed(events, out, about)
    found: dict[str, Any] = json.loads(out.getvalue().decode("utf-8"))
    return found


def test_a_feed_reader_reads_the_atom_feed() -> None:
    feed = feedparser.parse(atom(LATER, samples.EVENT))  # type: ignore[attr-defined,no-untyped-call]
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert (feed.feed.title, feed.feed.id) == ("Chips & China", "tag:tracker.invalid,2024:timeline/chips")
    assert feed.feed.updated == LATER.changed_at
    assert [(link.rel, link.href) for link in feed.feed.links] == [("self", "https://feeds.example/chips.xml")]
    later, entry = feed.entries
    assert (entry.id, entry.title) == ("tag:tracker.invalid,2024:e1", "The US restricts AI chips")
    assert (entry.link, entry.updated) == ("https://herald.example/a?x=1&y=2", samples.EVENT.changed_at)
    assert (entry.published, [tag.term for tag in entry.tags]) == (
        samples.EVENT.first_seen_at,
        ["export_control", "announced", "restrict"],
    )
    assert "“Washington said so.”" in entry.content[0].value
    assert "javascript" not in str(later)


def test_the_atom_feed_has_what_rfc_4287_asks_for() -> None:
    root = etree.fromstring(atom(LATER, samples.EVENT))
    for element in (root, *root.findall("a:entry", NS)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NS)) == 1
        assert datetime.fromisoformat(element.findtext("a:updated", "", NS)).tzinfo is not None
    assert root.findtext("a:author/a:name", namespaces=NS) == "tracker"
    ids = [one.text for one in root.findall("a:entry/a:id", NS)]
    assert len(set(ids)) == len(ids) == 2


def test_a_feed_without_entries_is_as_old_as_its_question() -> None:
    root = etree.fromstring(atom())
    assert root.findtext("a:updated", namespaces=NS) == samples.ABOUT.as_of


@pytest.mark.parametrize(
    ("query", "filters", "key"),
    [
        ("chips", {"type": "tariff"}, "chips"),
        (None, {"type": ("tariff", "sanction"), "item": "AI chips"}, "item-AI-chips-type-tariff-sanction"),
        (None, {}, ""),
    ],
)
def test_a_feed_keeps_its_id(query: str | None, filters: dict[str, str | tuple[str, ...]], key: str) -> None:
    about = replace(samples.ABOUT, query=query, filters=filters)
    assert feeds.feed_id(about) == f"tag:tracker.invalid,2024:timeline/{key}"


def test_the_json_feed_has_what_its_specification_asks_for() -> None:
    found = jsonfeed(LATER, samples.EVENT)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert (found["title"], found["feed_url"]) == ("Chips & China", samples.ABOUT.link)
    later, item = found["items"]
    assert item["id"] == "tag:tracker.invalid,2024:e1"
    assert item["url"] == samples.EVENT.url
    assert item["content_text"].startswith("The US restricts AI chips\n“Washington said so.”\n")
    assert (item["date_published"], item["date_modified"]) == (samples.EVENT.first_seen_at, samples.EVENT.changed_at)
    assert item["tags"] == ["export_control", "announced", "restrict"]
    assert all(key.startswith("_") or key in {"id", "url", "title", "content_text", "date_published", "date_modified",
                                              "tags"} for key in item)  # fmt: skip
    assert "url" not in later


PAGED = replace(samples.ABOUT, pages="https://tracker.example/event/")


def test_where_events_have_pages_entries_lead_there_and_beside_that_to_a_report() -> None:
    item, hostile = jsonfeed(samples.EVENT, LATER, about=PAGED)["items"]
    assert (item["url"], item["external_url"]) == ("https://tracker.example/event/e1", samples.EVENT.url)
    assert (hostile["url"], hostile.get("external_url")) == ("https://tracker.example/event/e2", None)
    root = etree.fromstring(atom(samples.EVENT, LATER, about=PAGED))
    links = [
        [(link.get("rel"), link.get("href")) for link in entry.findall("a:link", NS)]
        for entry in root.findall("a:entry", NS)
    ]
    assert links == [
        [("alternate", "https://tracker.example/event/e1"), ("related", samples.EVENT.url)],
        [("alternate", "https://tracker.example/event/e2")],
    ]


@settings(max_examples=60)
@given(samples.EVENTS)
def test_any_event_has_its_place_in_a_feed(events: list[Exported]) -> None:
    root = etree.fromstring(atom(*events, about=PAGED))
    titles = [one.text for one in root.findall("a:entry/a:title", NS)]
    wanted = [cells.line(event.summary).strip() or event.id for event in events]
    assert [cells.xml(title or "") for title in titles] == [cells.xml(title).replace("\r", "\n") for title in wanted]
    assert len(jsonfeed(*events)["items"]) == len(events)
