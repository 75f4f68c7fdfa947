"""One event in full, search, parties, sources, numbers; and their JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import query_samples

from tracker.cli import event_text, measure_text, render
from tracker.errors import ForeignDatabaseError, NotFoundError, StoreError
from tracker.query import Timeline
from tracker.query.words import CLOSE, OPEN, match, snippet
from tracker.store import Store


def test_a_line_of_the_timeline(timeline: Timeline) -> None:
    (event,) = timeline.page(actor="OpenAI", status="announced").events
    assert event.to_dict() == {
        "id": "e-api",
        "date": "2024-06-25",
        "type": "access_restriction",
        "subtype": None,
        "status": "announced",
        "direction": "restrict",
        "certainty": "confirmed",
        "actors": ["OpenAI"],
        "targets": ["developers in China"],
        "items": ["API access"],
        "instruments": [],
        "announced_on": "2024-06-25",
        "effective_on": "2024-07-09",
        "summary": "OpenAI acts on API access against developers in China",
        "confidence": 0.95,
        "report_count": 3,
        "origins": 2,
        "sources": 3,
        "url": "https://gazette.example/api",
        "measure_id": "m-api",
    }


def test_an_event_rests_on_its_reports(timeline: Timeline) -> None:
    detail = timeline.event("e-api")
    by_source = {report.source_name: report for report in detail.reports}
    assert list(by_source) == ["The Gazette", "The Herald", "Chip Week"]
    gazette, copy = by_source["The Gazette"], by_source["Chip Week"]
    assert gazette.quote == "OpenAI acted on API access against developers in China."
    assert (gazette.tier, gazette.url, gazette.published) == ("official", "https://gazette.example/api", "2024-06-25")
    assert (gazette.copy_of, gazette.differs, gazette.leads, gazette.withdrawn) == (None, {}, True, False)
    assert (copy.copy_of, copy.differs, copy.leads) == ("api-herald", {"status": "proposed"}, False)


def test_copies_of_one_text_are_one_account(timeline: Timeline) -> None:
    detail = timeline.event("e-api")
    names = [[report.source_name for report in copies] for copies in detail.accounts]
    assert names == [["The Gazette"], ["The Herald", "Chip Week"]]
    shown = render.text(*event_text.event(detail))
    assert "the same text: Chip Week (specialist) https://chipweek.example/api" in shown
    assert shown.count("“OpenAI acted on API access") == 2


def test_accounts_that_contradict_each_other_stand_side_by_side(timeline: Timeline) -> None:
    (one,) = timeline.event("e-api").contradictions
    assert (one.field, one.because) == ("status", "most independent accounts")
    assert (one.taken.value, one.taken.origins, one.taken.sources) == ("announced", 2, ("The Gazette", "The Herald"))
    assert [(told.words, told.origins, told.sources) for told in one.others] == [("proposed", 1, ("Chip Week",))]
    shown = render.text(*event_text.event(timeline.event("e-api")))
    assert "status: announced (2 independent accounts: The Gazette, The Herald); taken: most independent" in shown
    assert "        proposed (1 independent account: Chip Week)" in shown
    assert "told as" not in shown  # what is contradicted is told once


def test_a_report_that_its_outlet_withdrew_is_marked(timeline: Timeline) -> None:
    (report,) = timeline.event("e-ruling").reports
    assert report.withdrawn
    assert "withdrawn by its own outlet" in render.text(*event_text.event(timeline.event("e-ruling")))


def test_an_event_has_the_amounts_of_its_reports_the_most_told_first(timeline: Timeline) -> None:
    detail = timeline.event("e-api")
    assert [one.text for one in detail.amounts] == ["up to $5m", "140 entities"]
    fine = detail.amounts[0]
    assert (fine.kind, fine.value, fine.comparison, fine.unit, fine.upper) == ("money", 5e6, "at_most", "USD", None)
    assert [[one.text for one in report.amounts] for report in detail.reports] == [
        ["140 entities", "up to $5m"],
        ["up to $5m"],
        ["up to $5m"],
    ]
    shown = render.text(*event_text.event(detail))
    assert re.search(r"^amounts +up to 5 million USD; 140 entities *$", shown, re.MULTILINE)
    assert shown.count("amounts: up to 5 million USD") == 1  # of the account that says no more


def test_an_event_names_its_parties_in_full(timeline: Timeline) -> None:
    detail = timeline.event("e-tools")
    (actor,) = detail.actors
    assert (actor.id, actor.name, actor.kind, actor.country) == (
        "gov:us:commerce",
        "US Commerce Department",
        "government",
        "US",
    )
    assert detail.event.instruments == ("Entity List",)


def test_an_event_is_a_step_of_its_measure(timeline: Timeline) -> None:
    detail = timeline.event("e-api")
    assert [(step.event_id, step.status, step.inferred) for step in detail.steps] == [
        ("e-api-leak", "considered", False),
        ("e-api", "announced", False),
        ("e-api", "in_force", True),
    ]
    assert detail.measure_title == detail.steps[0].words
    measure = timeline.measure("m-api")
    assert (measure.status, measure.since, measure.steps) == ("in_force", "2024-07-09", detail.steps)
    assert (measure.event_ids, measure.steps[1].origins) == (("e-api-leak", "e-api"), 2)
    assert measure.steps[1].quote == "OpenAI acted on API access against developers in China."


STORY = """
 2024-06-24  ○ considered  OpenAI acts on API access against developers in China
                “OpenAI acted on API access against developers in China.” Chip Week
                1 independent source  [e-api-le]
 2024-06-25  ◑ announced   OpenAI acts on API access against developers in China
                “OpenAI acted on API access against developers in China.” The Gazette
                2 independent sources  [e-api]
~2024-07-09  ● in_force    takes effect
~ no report tells this step; it follows from a date that one gives
"""


def test_the_story_of_a_measure_reads_as_a_time_line(timeline: Timeline) -> None:
    shown = render.text(*measure_text.measure(timeline.measure("m-api")))
    assert STORY in "\n".join(line.rstrip() for line in shown.splitlines())
    assert "now     in_force, since 2024-07-09" in shown


def test_where_a_measure_stands_on_a_day(timeline: Timeline) -> None:
    found = timeline.measure("m-api", day="2024-07-01")
    assert (found.status, found.since, found.as_of) == ("announced", "2024-06-25", "2024-07-01")
    lines = [line.strip() for line in render.text(*measure_text.measure(found)).splitlines()]
    assert lines.index("2024-07-01  · today") == next(n for n, line in enumerate(lines) if "takes effect" in line) - 1
    assert timeline.measure("m-api", day="2024-01-01").status is None
    assert timeline.measure("m-api", day="2024-08-01").status == "in_force"


def test_a_measure_without_a_day_says_so(timeline: Timeline) -> None:
    found = replace(timeline.measure("m-api"), steps=(), status=None, event_ids=("e-api",))
    shown = render.text(*measure_text.measure(found))
    assert "no report gives a day, so that none is told; see tracker show e-api" in shown


def test_ties_between_measures_read_from_both_ends(timeline: Timeline) -> None:
    answer, answered = timeline.measure("m-gallium"), timeline.measure("m-tools")
    assert [(one.words, one.measure_id) for one in answer.links] == [("retaliates against", "m-tools")]
    assert [(one.words, one.measure_id) for one in answered.links] == [("drew retaliation in", "m-gallium")]
    shown = render.text(*measure_text.measure(answer))
    assert "retaliates against m-tools: US Commerce Department acts on chip tools" in shown
    assert "“in response to”" in shown


def test_a_measure_is_found_by_an_event_of_it(timeline: Timeline) -> None:
    assert timeline.measure("e-api-leak").id == timeline.measure("m-api").id == "m-api"


def test_an_event_is_found_by_a_beginning_of_its_id(timeline: Timeline) -> None:
    assert timeline.event("e-gal").id == "e-gallium"
    assert timeline.event("e-api").id == "e-api"  # though e-api-leak begins so too
    assert timeline.measure("m-gal").id == "m-gallium"


MISSING = [
    ("e-ap", "several events begin with 'e-ap': e-api, e-api-leak; give more of the id"),
    ("e-", "several events begin with 'e-': e-api, e-api-leak, e-gallium, e-halt, e-licence, …"),
    ("e-galium", r"no event 'e-galium'; did you mean e-gallium\?"),
    ("zzz", "no event 'zzz'; `tracker timeline` lists events with their ids"),
    ("", "no event ''"),
    ("%", "no event '%'"),
    ("e-gallium" + "x" * 50_000, r"; did you mean e-gallium\?"),
    ("e-\ud800", r"no event 'e-\\ud800'"),
]


@pytest.mark.parametrize(("text", "message"), MISSING, ids=[message for _, message in MISSING])
def test_an_id_that_nothing_has(timeline: Timeline, text: str, message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        timeline.event(text)


def test_a_measure_that_is_not_there(timeline: Timeline) -> None:
    for text, words in (("zzz", "no measure"), ("", "no measure"), ("m-", "several measures begin")):
        with pytest.raises(NotFoundError, match=words):
            timeline.measure(text)


ANOTHER_KIND = [
    ("co:openai", ("event", "report"), "'co:openai' is no event or report but a party; `tracker party ID` says which"),
    ("m-api", ("event",), "'m-api' is no event but a measure"),
    ("e-gallium", ("measure",), "'e-gallium' is no measure but an event"),
    ("e-ap", ("event",), "several events begin with 'e-ap'"),
    ("zzz", ("event",), "no event 'zzz'"),
]


@pytest.mark.parametrize(("text", "among", "message"), ANOTHER_KIND)
def test_an_id_of_another_kind_is_said_to_be_one(
    timeline: Timeline, text: str, among: tuple[str, ...], message: str
) -> None:
    with pytest.raises(NotFoundError, match=message):
        timeline.subject(text, among=among)


def test_a_former_id_leads_to_the_event_that_is_now(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with Store.open(path) as store:
        store.events.save([], now=query_samples.NOW, redirects={"e-api-leak": "e-api"})
    with Timeline.open(path) as timeline:
        assert timeline.event("e-api-leak").id == "e-api"


def test_a_beginning_of_a_former_id_will_do_where_it_leads_to_one_event(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    redirects = {"e-old-one": "e-api", "e-old-two": "e-api", "e-past": "e-gallium", "e-ha": "e-api", "e-past2": "e-api"}
    with Store.open(path) as store:
        store.events.save([], now=query_samples.NOW, redirects=redirects)
    with Timeline.open(path) as timeline:
        assert timeline.event("e-old").id == "e-api"
        assert timeline.event("e-hal").id == "e-halt"
        with pytest.raises(NotFoundError, match="several events begin with 'e-pas': e-gallium, e-api; give"):
            timeline.event("e-pas")


def test_a_former_id_of_a_measure_filters_as_its_present_one(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with Store.open(path) as store:
        store.measures.save([], now=query_samples.NOW, redirects={"m-of-old": "m-api"})
    with Timeline.open(path) as timeline:
        found = list(timeline.timeline(measure="m-of-old"))
        assert len(found) == 2
        assert found == list(timeline.timeline(measure="m-api"))


def test_search_finds_events_and_articles(timeline: Timeline) -> None:
    hits = timeline.search("gallium")
    assert [hit.event.id for hit in hits.events] == ["e-gallium"]
    (article,) = hits.articles
    assert (article.id, article.event_ids, article.source_id) == ("gallium-herald", ("e-gallium",), "herald")
    for hit in (hits.events[0].snippet, article.snippet):
        assert {hit.text[start:end].casefold() for start, end in hit.hits} == {"gallium"}


def test_search_finds_words_that_only_articles_hold(timeline: Timeline) -> None:
    hits = timeline.search('"in Lisbon" -drones', limit=50)
    assert hits.events == ()
    assert len(hits.articles) == 9
    assert len(timeline.search("lisbon", limit=4).articles) == 4


def test_a_word_in_the_summary_counts_most(timeline: Timeline) -> None:
    assert timeline.search("openai").events[0].event.actors == ("OpenAI",)


@pytest.mark.parametrize("text", ["", "  ", "-chips", "!!!", '"', "\ud800\udc85"])
def test_a_search_for_nothing_finds_nothing(timeline: Timeline, text: str) -> None:
    hits = timeline.search(text)
    assert (hits.events, hits.articles) == ((), ())


QUERIES = [
    ("chip tools", '("chip" AND "tools")', None),
    ('"chip tools" gallium', '("chip tools" AND "gallium")', None),
    ("chip -nvidia", '("chip")', '("nvidia")'),
    ('-"export ban" curb*', '("curb"*)', '("export ban")'),
    ('"never closed', '("never closed")', None),
    ("a OR NEAR(b)", '(("a" OR "NEAR(b)"))', None),
    ('a OR "b c" OR def* e', '(("a" OR "b c" OR "def"*) AND "e")', None),
    ("de* e", '("de" AND "e")', None),  # too short for a beginning
    ("OR a OR OR b OR", '(("a" OR "b"))', None),
    ("-a OR b", '("b")', '("a")'),
    ("b OR -a c", '("b" AND "c")', '("a")'),
    ("a or b", '("a" AND "or" AND "b")', None),
    ('"a OR b"', '("a OR b")', None),
    ("title: col:umn", '("title:" AND "col:umn")', None),
    ("* - ()", None, None),
]


@pytest.mark.parametrize(("text", "wanted", "unwanted"), QUERIES)
def test_a_text_as_a_query(text: str, wanted: str | None, unwanted: str | None) -> None:
    assert (match(text).wanted, match(text).unwanted) == (wanted, unwanted)


def test_marks_become_offsets() -> None:
    found = snippet(f"a {OPEN}b{CLOSE} c {OPEN}dd{CLOSE}")
    assert (found.text, found.hits) == ("a b c dd", ((2, 3), (6, 8)))


def test_parties_by_name(timeline: Timeline) -> None:
    openai, *rest = timeline.parties("OpenAI")
    assert rest == []
    assert (openai.id, openai.acts, openai.targeted, openai.aliases) == ("co:openai", 2, 0, ("OpenAI",))
    assert {party.id for party in timeline.parties("alibaba")} == {"co:alibaba", "co:alibaba:cloud"}
    assert len(timeline.parties()) == 11
    assert len(timeline.parties(limit=2)) == 2
    assert timeline.parties("nobody") == []


def test_sources_and_their_health(timeline: Timeline) -> None:
    sources = {source.id: source for source in timeline.sources()}
    assert list(sources) == ["chipweek", "gazette", "herald"]
    assert (sources["gazette"].articles, sources["gazette"].reports, sources["gazette"].active) == (2, 2, True)


def test_the_database_in_numbers(timeline: Timeline) -> None:
    stats = timeline.stats()
    assert (stats.events, stats.reports, stats.articles, stats.copies, stats.measures) == (8, 10, 10, 1, 7)
    assert (stats.first_date, stats.last_date) == ("2023-10-17", "2024-09-15")
    assert list(stats.types.items())[:2] == [("access_restriction", 2), ("export_control", 2)]
    assert list(stats.months) == sorted(stats.months)


def test_changes_after_a_cursor(timeline: Timeline) -> None:
    everything = timeline.changes().changes
    assert [change.cursor for change in everything] == sorted({change.cursor for change in everything})
    assert timeline.changes(since=everything[-2].cursor).changes == everything[-1:]
    assert timeline.changes(since=everything[-1].cursor).changes == ()
    assert len(timeline.changes(limit=3).changes) == 3


def test_every_answer_has_a_json_form(timeline: Timeline) -> None:
    answers: list[Any] = [
        timeline.event("e-api"),
        timeline.measure("m-api"),
        timeline.search("chips"),
        timeline.stats(),
        *timeline.timeline(),
        *timeline.parties(),
        *timeline.sources(),
        *timeline.changes().changes,
        timeline.changes(),
        *timeline.event("e-api").reports,
    ]
    for answer in answers:
        told = answer.to_dict()
        assert json.loads(json.dumps(told)) == told
        assert told


def test_an_event_in_json_has_its_own_fields_first(timeline: Timeline) -> None:
    told = timeline.event("e-api").to_dict()
    assert list(told)[:5] == ["id", "date", "type", "subtype", "status"]
    assert told["actors"][0]["id"] == "co:openai"
    assert len(told["reports"]) == 3


# ---- opening


def test_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database yet"):
        Timeline.open(tmp_path / "t.db")


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("notes")
    with pytest.raises(ForeignDatabaseError):
        Timeline.open(tmp_path / "t.db")


def test_an_empty_database_answers(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    with Timeline.open(str(tmp_path / "t.db")) as timeline:
        assert not timeline.timeline(actor="US", text="x", since="2024")
        assert timeline.stats().first_date is None
        assert timeline.count() == 0


def test_asking_changes_no_byte(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    before = path.read_bytes()
    with Timeline.open(path) as timeline:
        timeline.timeline()
        timeline.search("chips")
    assert path.read_bytes() == before
