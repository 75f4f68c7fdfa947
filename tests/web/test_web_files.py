"""Files and feeds: the events of the filters in view, as the formats of exports."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

import pytest
from asking_pages import LINKS, NOW
from icalendar import Calendar

from tracker.errors import InputError, NotFoundError
from tracker.query import Timeline
from tracker.web import saved
from tracker.web.asking import Answer, Ask
from tracker.web.pages import files
from tracker.web.plugin import parsed
from tracker.web.settings import Settings

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def told(timeline: Timeline, end: str, query: str = "", queries: Path | None = None) -> Answer:
    settings = Settings(queries=queries)
    ask = Ask(timeline=timeline, links=LINKS, settings=settings, now=NOW, path={"form": end}, query=parsed(query))
    return files.show(ask)


def body(answer: Answer) -> bytes:
    assert isinstance(answer.body, bytes)
    return answer.body


def ids(timeline: Timeline, **filters: str) -> list[str]:
    return [one.id for one in timeline.stream(**filters)]  # type: ignore[arg-type]


def test_tables_and_json_hold_the_events_of_the_list(sample: Timeline) -> None:
    expected = ids(sample, type="export_control")
    assert len(expected) == 2
    query = "type=export_control&by=type&all=actor"
    assert [one["id"] for one in json.loads(body(told(sample, "json", query)))] == expected
    assert [json.loads(line)["id"] for line in body(told(sample, "jsonl", query)).splitlines()] == expected
    assert [row["id"] for row in csv.DictReader(io.StringIO(body(told(sample, "csv", query)).decode()))] == expected
    tabs = body(told(sample, "tsv", query)).decode().splitlines()
    assert [line.split("\t")[0] for line in tabs[1:]] == expected
    assert body(told(sample, "md", query)).count(b"\n") == len(expected) + 2
    oldest = json.loads(body(told(sample, "json", f"{query}&order=oldest")))
    assert [one["id"] for one in oldest] == expected[::-1]


def test_feeds_hold_what_changed_last_and_say_where_they_are(sample: Timeline) -> None:
    feed = ET.fromstring(body(told(sample, "atom", "type=export_control&country=US")))
    assert feed.findtext("a:title", "", ATOM) == "Policy events: type export control; country of either United States"
    link = feed.find("a:link[@rel='self']", ATOM)
    assert link is not None
    assert link.get("href") == "http://tracker.test/events.atom?type=export_control&country=US"
    assert len(feed.findall("a:entry", ATOM)) == sample.count(type="export_control", country="US")
    key = ids(sample, type="export_control", country="US")[0]
    links = [[one.get("href", "") for one in entry.findall("a:link", ATOM)] for entry in feed.findall("a:entry", ATOM)]
    assert f"http://tracker.test/event/{key}" in [some[0] for some in links]
    found = json.loads(body(told(sample, "feed.json", "size=3")))
    assert len(found["items"]) == 3
    assert found["title"] == "Policy events"


def test_a_calendar_holds_what_takes_effect(sample: Timeline) -> None:
    entries = Calendar.from_ical(body(told(sample, "ics"))).walk("VEVENT")
    assert sorted(str(one.decoded("dtstart")) for one in entries) == ["2024-07-09", "2024-12-01"]
    assert all(str(one["url"]).startswith("http://tracker.test/event/e-") for one in entries)


@pytest.mark.parametrize(("end", "starts"), [("parquet", b"PAR1"), ("stix", b"{"), ("graphml", b"<?xml")])
def test_other_programs_find_their_forms(sample: Timeline, end: str, starts: bytes) -> None:
    answer = told(sample, end)
    assert body(answer).startswith(starts)
    assert answer.headers["content-disposition"] == f'attachment; filename="events.{end}"'


@pytest.mark.parametrize("filters", [{}, {"pair": "US>"}], ids=["all", "of one country"])
def test_a_long_answer_says_where_the_rest_is(sample: Timeline, filters: dict[str, str]) -> None:
    found: list[str] = []
    query = "&".join(("order=oldest&size=2", *(f"{name}={value}" for name, value in filters.items())))
    for _ in range(10):
        answer = told(sample, "json", query)
        found += [one["id"] for one in json.loads(body(answer))]
        following = answer.headers.get("link")
        if following is None:
            break
        assert following.endswith('>; rel="next"')
        query = following.partition("?")[2].partition(">")[0]
    assert len(found) > 4
    assert found == ids(sample, **filters)[::-1]


def test_a_feed_of_a_saved_query_has_its_title(sample: Timeline, tmp_path: Path) -> None:
    file = tmp_path / "queries.yaml"
    file.write_text(
        "chips:\n  title: Chips & tools\n  filters: {type: export_control, actor: US}\n"
        "listed:\n  title: Duties\n  filters: {type: [tariff], target: [CN, US]}\n",  # as `tracker queries add` writes
        "utf-8",
    )
    for query, title in (
        ("actor=US&type=export_control", "Chips & tools"),
        ("target=US&target=CN&type=tariff", "Duties"),
        ("target=CN&type=tariff", "Policy events: who is hit or helped CN; type tariff"),
    ):
        feed = ET.fromstring(body(told(sample, "atom", query, file)))
        assert feed.findtext("a:title", "", ATOM) == title
    other = ET.fromstring(body(told(sample, "atom", "actor=US", file)))
    assert other.findtext("a:title", "", ATOM) == "Policy events: who acts US"


def test_what_is_no_form_or_no_filter_is_refused(sample: Timeline) -> None:
    with pytest.raises(NotFoundError, match="use json, jsonl"):
        told(sample, "xlsx")
    with pytest.raises(InputError, match="did you mean 'type'"):
        told(sample, "csv", "typ=tariff")
    with pytest.raises(InputError, match="from 1 to 500"):
        told(sample, "ics", "size=501")


TYPES: Mapping[str, str] = {
    "events.json": "application/json; charset=utf-8",
    "events.csv": "text/csv; charset=utf-8; header=present",
    "events.atom": "application/atom+xml; charset=utf-8",
    "events.feed.json": "application/feed+json; charset=utf-8",
    "events.ics": "text/calendar; charset=utf-8",
}


def test_a_server_gives_them_as_what_they_are(site: str) -> None:
    for name, kind in TYPES.items():
        with urlopen(Request(f"{site}/{name}?type=tariff")) as answer:
            assert answer.headers["content-type"] == kind
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.read(1)


def test_the_timeline_offers_saved_queries_unless_their_file_has_faults(sample: Timeline, tmp_path: Path) -> None:
    file = tmp_path / "queries.yaml"

    def links() -> list[tuple[str, str]]:
        ask = Ask(timeline=sample, links=LINKS, settings=Settings(queries=file), now=NOW, path={}, query={})
        return [(one.title, one.to) for one in saved.links(ask)]

    assert links() == []
    file.write_text("chips: {title: Chips, filters: {type: [tariff, sanction], actor: US}, order: oldest}\n", "utf-8")
    assert links() == [("Chips", "/?type=tariff&type=sanction&actor=US&order=oldest")]
    file.write_text("chips: {title: Chips, filters: {typ: tariff}}\n", "utf-8")
    os.utime(file, ns=(1, 1))
    assert links() == []
