"""Events, measures, who belongs where, and the log of what changed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from store_samples import LATER, NOW, analysis, article, event, event_mention, measure, source

from tracker.model import Basis, EventType, Placement, Reason, Report, Score, Status, When
from tracker.store import Store
from tracker.store.compare import dump

KEYS = ("a1", "a2", "a3")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for number, key in enumerate(KEYS):
        published = When(value=f"2024-06-{25 + number}", basis=Basis.FEED)
        store.articles.save(None, article(key, published=published), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW, keys=lambda report: ("all", report.article_id))
    return store


@pytest.fixture
def reports(store: Store) -> list[Report]:
    return store.reports.unplaced(9)


def changes(store: Store, key: str) -> list[tuple[str, dict[str, object]]]:
    rows = store._db.rows("SELECT kind, fields FROM change WHERE id = ? ORDER BY cursor", (key,))
    return [(row["kind"], json.loads(row["fields"])) for row in rows]


def home(store: Store) -> dict[str, str | None]:
    return {row["article_id"]: row["event_id"] for row in store._db.rows("SELECT article_id, event_id FROM report")}


def test_unplaced_reports_come_oldest_first(reports: list[Report]) -> None:
    assert [report.article_id for report in reports] == ["a1", "a2", "a3"]


def test_a_new_event_takes_its_reports(store: Store, reports: list[Report]) -> None:
    made = event(reports[0], reports[1])
    assert store.reports.waiting() == 3
    assert store.events.save([made], now=NOW) == 1
    assert store.reports.unplaced(9) == [reports[2]]
    assert store.reports.waiting() == 1
    assert changes(store, made.id) == [("new", {})]


def test_saving_twice_is_saving_once(store: Store, reports: list[Report]) -> None:
    made = event(reports[0])
    store.events.save([made], measures=[measure(made)], now=NOW)
    before = dump(store.path)
    assert store.events.save([made], measures=[measure(made)], now=LATER) == 0
    assert dump(store.path) == before
    assert len(changes(store, made.id)) == 1
    assert store._db.rows("SELECT changed_at FROM event")[0][0] == NOW.isoformat()


def test_a_change_says_what_was_and_what_is(store: Store, reports: list[Report]) -> None:
    made = event(reports[0])
    store.events.save([made], now=NOW)
    grown = dataclasses.replace(
        made, status=Status.IN_FORCE, items=("chip tools", "masks"), report_ids=(reports[0].id, reports[1].id)
    )
    store.events.save([grown], now=LATER)
    kind, fields = changes(store, made.id)[-1]
    assert kind == "updated"
    assert fields == {
        "status": ["announced", "in_force"],
        "items": [["chip tools"], ["chip tools", "masks"]],
        "reports": [[reports[0].id], sorted([reports[0].id, reports[1].id])],
    }
    assert store._db.rows("SELECT changed_at, first_seen_at FROM event")[0][:] == (LATER.isoformat(), NOW.isoformat())


def test_candidates_are_whole_events(store: Store, reports: list[Report]) -> None:
    first, second = event(reports[0], reports[1]), event(reports[2])
    store.events.save([first, second], now=NOW)
    assert [cluster.event_id for cluster in store.reports.sharing(["a2"])] == [first.id]
    (cluster,) = store.reports.sharing(["a2", "nothing"])
    assert cluster.measure_id == first.measure_id
    assert cluster.reports == (reports[0], reports[1])
    assert {found.event_id for found in store.reports.sharing(["all"])} == {first.id, second.id}
    assert store.reports.sharing([]) == ()


def test_an_unplaced_report_is_no_candidate(store: Store, reports: list[Report]) -> None:
    assert reports
    assert store.reports.sharing(["all"]) == ()


def test_why_a_report_is_where_it_is(store: Store, reports: list[Report]) -> None:
    made = event(reports[0], reports[1])
    score = Score(value=0.875, reasons=(Reason(what="actor", words="same actor", weight=0.5),))
    decided = Placement(report_id=reports[1].id, event_id=made.id, measure_id=made.measure_id, event_score=score)
    store.events.save([made], [decided], now=NOW)
    assert store.reports.placement(reports[1].id) == decided
    assert store.reports.placement(reports[0].id) is None
    assert store._db.number("SELECT event_score * 1000 FROM report WHERE id = ?", (reports[1].id,)) == 875


def test_a_report_that_is_no_longer_named_is_unplaced(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0], reports[1])], now=NOW)
    store.events.save([event(reports[0])], now=LATER)
    assert store.reports.unplaced(9) == [reports[1], reports[2]]


def test_reports_may_change_places(store: Store, reports: list[Report]) -> None:
    first, second = event(reports[0], reports[1]), event(reports[2])
    store.events.save([first, second], now=NOW)
    store.events.save([event(reports[0]), event(reports[2], reports[1])], now=LATER)
    assert home(store) == {"a1": first.id, "a2": second.id, "a3": second.id}


def test_an_event_that_was_robbed_is_stale(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0], reports[1])], now=NOW)
    store.events.save([event(reports[2], reports[1])], now=LATER)
    assert store.events.stale(9) == [reports[0].id]


def test_an_event_that_was_emptied_goes(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0])], now=NOW)
    store.events.save([event(reports[2], reports[0])], now=LATER)
    assert store.counts()["event"] == store.counts()["measure"] == 1
    assert [kind for kind, _ in changes(store, reports[0].id)] == ["new", "removed"]


def test_a_merged_event_leads_to_the_one_that_took_its_reports(store: Store, reports: list[Report]) -> None:
    one, two, three = (event(report) for report in reports)
    store.events.save([one, two, three], now=NOW)
    store.events.save([event(*reports[:2])], now=LATER, redirects={two.id: one.id})
    store.events.save([event(reports[2], *reports[:2])], now=LATER, redirects={one.id: three.id})
    redirects = store._db.rows("SELECT old_id, new_id FROM redirect")
    assert {row["old_id"]: row["new_id"] for row in redirects} == {two.id: three.id, one.id: three.id}
    assert [kind for kind, _ in changes(store, two.id)] == ["new", "merged"]
    assert store.counts()["event"] == 1


def test_an_event_that_comes_back_is_itself_again(store: Store, reports: list[Report]) -> None:
    one, two = event(reports[0]), event(reports[1])
    store.events.save([one, two], now=NOW)
    store.events.save([event(*reports[:2])], now=NOW, redirects={two.id: one.id})
    store.events.save([one, two], now=LATER)
    assert dump(store.path)["redirect"] == []
    assert home(store)["a2"] == two.id


# ---- measures


def titles(store: Store) -> dict[str, str]:
    return {row["id"]: row["title"] for row in store._db.rows("SELECT id, title FROM measure")}


def test_a_measure_bears_the_summary_of_its_first_step(store: Store, reports: list[Report]) -> None:
    later = event(
        reports[0], measure_id="m", summary="in force", announced_on=When(value="2024-08", basis=Basis.STATED)
    )
    first = event(reports[1], measure_id="m", summary="announced", announced_on=When(value="2024", basis=Basis.STATED))
    store.events.save([later], now=NOW)
    assert titles(store) == {"m": "in force"}
    store.events.save([first], now=NOW)
    assert titles(store) == {"m": "announced"}
    assert store.events.of_measure("m") == [first.id, later.id]
    assert changes(store, "m")[-1] == ("updated", {"title": ["in force", "announced"]})


def test_a_given_title_wins(store: Store, reports: list[Report]) -> None:
    made = event(reports[0])
    store.events.save([made], measures=[measure(made, "Chip tools")], now=NOW)
    assert titles(store) == {made.measure_id: "Chip tools"}


def test_a_measure_without_steps_goes(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0], measure_id="m1")], now=NOW)
    store.events.save([event(reports[0], measure_id="m2")], now=NOW)
    assert list(titles(store)) == ["m2"]


# ---- dates and views


@pytest.mark.parametrize(
    ("announced", "day"),
    [("2024", "2024-01-01"), ("2024-06", "2024-06-01"), ("2024-06-20", "2024-06-20"), (None, "2024-06-25")],
)
def test_the_day_of_an_event(store: Store, reports: list[Report], announced: str | None, day: str) -> None:
    when = When(value=announced, basis=Basis.STATED) if announced else None
    store.events.save([event(reports[0], reports[1], announced_on=when)], now=NOW)
    assert store._db.rows("SELECT date FROM timeline")[0][0] == day


def test_the_timeline_for_people(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0], reports[1], instruments=("Export rules", "Entity List"))], now=NOW)
    (row,) = store._db.rows("SELECT * FROM timeline")
    told = {
        name: row[name] for name in ("date", "type", "actors", "targets", "items", "instruments", "reports", "sources")
    }
    assert told == {
        "date": "2024-06-25",
        "type": "export_control",
        "actors": "US Commerce Department",
        "targets": "China",
        "items": "chip tools",
        "instruments": "Export rules, Entity List",
        "reports": 2,
        "sources": 1,
    }
    assert row["first_url"] == "https://herald.example/a1"


def test_the_history_of_a_measure(store: Store, reports: list[Report]) -> None:
    for report, status, day in zip(
        reports, (Status.IN_FORCE, Status.PROPOSED, Status.ANNOUNCED), ("2024-08", "2024-02", "2024-06-25"), strict=True
    ):
        made = event(report, measure_id="m", status=status, announced_on=When(value=day, basis=Basis.STATED))
        store.events.save([made], now=NOW)
    rows = store._db.rows("SELECT step, status FROM measure_history WHERE measure_id = 'm' ORDER BY step")
    assert [tuple(row) for row in rows] == [(1, "proposed"), (2, "announced"), (3, "in_force")]


def test_what_is_ahead(store: Store, reports: list[Report]) -> None:
    ahead = When(value="2999", basis=Basis.STATED)
    store.events.save(
        [
            event(reports[0], effective_on=ahead),
            event(reports[1], effective_on=ahead, status=Status.REJECTED),
            event(reports[2]),
        ],
        now=NOW,
    )
    assert [row["event_id"] for row in store._db.rows("SELECT event_id FROM upcoming")] == [reports[0].id]


def test_search_follows_the_event(store: Store, reports: list[Report]) -> None:
    def found(word: str) -> int:
        return store._db.number("SELECT count(*) FROM event_fts WHERE event_fts MATCH ?", (word,))

    store.events.save([event(reports[0], summary="A gallium curb")], now=NOW)
    assert (found("gallium"), found("commerce"), found("tools"), found("July")) == (1, 1, 1, 1)
    store.events.save([event(reports[0], summary="A germanium curb")], now=NOW)
    assert (found("gallium"), found("germanium")) == (0, 1)


def test_the_type_of_an_event_may_change(store: Store, reports: list[Report]) -> None:
    store.events.save([event(reports[0])], now=NOW)
    store.events.save([event(reports[0], type=EventType.SANCTION)], now=NOW)
    assert store._db.rows("SELECT type FROM timeline")[0][0] == "sanction"


def test_quotes_are_those_of_the_reports(store: Store) -> None:
    (report,) = store.analyses.save(analysis(event_mention(), article_id="a1"), now=NOW)
    assert report.event.evidence[0].start == 0
    (row,) = store._db.rows("SELECT quote FROM report WHERE article_id = 'a1'")
    assert row["quote"].startswith("The US Commerce Department will restrict")
