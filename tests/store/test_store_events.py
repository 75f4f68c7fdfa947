"""Events, measures, who belongs where, and the log of what changed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from store_samples import (
    COMMERCE,
    FOUNDRY,
    LATER,
    NOW,
    TEXT,
    analysis,
    article,
    at,
    event,
    event_mention,
    keep,
    opened,
    source,
    stand,
)

from tracker.model import Account, Basis, Cluster, Contradiction, EventType, Report, Status, Told, When
from tracker.store import Store
from tracker.store.compare import dump

KEYS = ("a1", "a2", "a3")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for number, key in enumerate(KEYS):
        published = When(value=f"2024-06-{25 + number}", basis=Basis.FEED)
        store.articles.save(None, article(key, published=published), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW)
    return store


@pytest.fixture
def reports(store: Store) -> list[Report]:
    reports = store.reports.unsettled(9)
    stand(store, *reports)
    return reports


def changes(store: Store, key: str) -> list[tuple[str, dict[str, object]]]:
    rows = store._db.rows("SELECT kind, fields FROM change WHERE id = ? ORDER BY cursor", (key,))
    return [(row["kind"], json.loads(row["fields"])) for row in rows]


def home(store: Store) -> dict[str, str | None]:
    return {row["article_id"]: row["event_id"] for row in store._db.rows("SELECT article_id, event_id FROM report")}


def test_a_new_event_takes_its_reports(store: Store, reports: list[Report]) -> None:
    made = event(reports[0], reports[1])
    assert store.reports.homeless(9) == [report.id for report in reports]
    assert keep(store, made) == 1
    assert home(store) == {"a1": made.id, "a2": made.id, "a3": None}
    assert store.reports.homeless(9) == [reports[2].id]
    assert changes(store, made.id) == [("new", {})]


def test_an_event_comes_back_as_it_was(store: Store, reports: list[Report]) -> None:
    told = Told(value="in_force", report_ids=(reports[0].id,), origins=1)
    made = event(
        *sorted(reports, key=lambda report: report.id),
        lead_id=reports[0].id,
        subtype="chip_tools",
        instruments=("Export rules", "Entity List"),
        announced_on=When(value="2024-06-25", basis=Basis.METADATA),
        effective_on=None,
        contradictions=(
            Contradiction(
                field="status",
                taken=dataclasses.replace(told, origins=2),
                others=(told, dataclasses.replace(told, value="proposed")),
                because="more accounts",
            ),
        ),
        withdrawn=(min(report.id for report in reports),),
        edited=("status",),
        verdict="accept",
    )
    keep(store, made)
    assert store.events.events(["nobody", made.id]) == [made]
    cleared = dataclasses.replace(made, contradictions=(), withdrawn=(), edited=(), verdict=None)
    keep(store, cleared)
    assert store.events.events([made.id]) == [cleared]


def test_parties_come_back_with_their_ids(store: Store, reports: list[Report]) -> None:
    made = event(reports[0], actors=(FOUNDRY, COMMERCE))
    keep(store, made)
    assert store.events.events([made.id])[0].actors == (FOUNDRY, COMMERCE)


def test_saving_twice_is_saving_once(store: Store, reports: list[Report]) -> None:
    made = event(reports[0])
    keep(store, made)
    before = dump(store.path)
    assert keep(store, made, now=LATER) == 0
    assert dump(store.path) == before
    assert len(changes(store, made.id)) == 1
    assert store._db.rows("SELECT changed_at FROM event")[0][0] == NOW.isoformat()


def test_a_change_says_what_was_and_what_is(store: Store, reports: list[Report]) -> None:
    made = event(reports[0])
    keep(store, made)
    grown = dataclasses.replace(
        made, status=Status.IN_FORCE, items=("chip tools", "masks"), report_ids=(reports[0].id, reports[1].id)
    )
    keep(store, grown, now=LATER)
    kind, fields = changes(store, made.id)[-1]
    assert kind == "updated"
    assert fields == {
        "status": ["announced", "in_force"],
        "items": [["chip tools"], ["chip tools", "masks"]],
        "reports": [[], [reports[1].id]],
    }
    assert store._db.rows("SELECT changed_at, first_seen_at FROM event")[0][:] == (LATER.isoformat(), NOW.isoformat())


def test_a_report_that_is_no_longer_named_has_no_event(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], reports[1]))
    keep(store, event(reports[0]), now=LATER)
    assert home(store) == {"a1": reports[0].id, "a2": None, "a3": None}
    assert changes(store, reports[0].id)[-1] == ("updated", {"origins": [2, 1], "reports": [[reports[1].id], []]})


def test_a_report_to_be_settled_stays_where_it_is(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], reports[1]))
    store.reports.unsettle([reports[1].id])
    keep(store, event(reports[0]), now=LATER)
    assert home(store)["a2"] == reports[0].id


def test_a_cluster_is_what_the_reports_of_an_event_tell(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], reports[1], lead_id=reports[1].id))
    assert store.reports.cluster(reports[0].id) == Cluster(
        event_id=reports[0].id,
        measure_id=f"m-{reports[0].id}",
        reports=(reports[0], reports[1]),
        lead_id=reports[1].id,
    )
    assert store.reports.cluster("nobody") is None


def test_of_very_many_reports_the_best_are_read(
    store: Store, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.store.reports.MOST_READ", 2)
    store.articles.save(None, article("a0", source_id=None), now=NOW)
    (least,) = store.analyses.save(analysis(article_id="a0"), now=NOW)  # of no known source
    (surest,) = store.analyses.save(analysis(event_mention(confidence=0.9), article_id="a3"), now=NOW)
    ids = [least.id, reports[0].id, reports[1].id, surest.id]
    (cluster,) = store.reports.gathered({least.id: ("e", ids)})
    assert cluster.reports == (least, surest)
    assert cluster.more == tuple(
        sorted(
            (Account(report_id=one.id, origin=one.origin, source_id="herald") for one in reports[:2]),
            key=lambda one: one.report_id,
        )
    )


def test_reports_may_change_places(store: Store, reports: list[Report]) -> None:
    first, second = event(reports[0], reports[1]), event(reports[2])
    keep(store, first, second)
    keep(store, event(reports[0]), event(reports[2], reports[1]), now=LATER)
    assert home(store) == {"a1": first.id, "a2": second.id, "a3": second.id}


def test_an_event_that_was_robbed_is_stale(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], reports[1]))
    keep(store, event(reports[2], reports[1]), now=LATER)
    assert store.events.stale(9) == [reports[0].id]


def test_an_event_that_was_emptied_goes(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0]))
    keep(store, event(reports[2], reports[0]))
    assert store.counts()["event"] == store.counts()["measure"] == 1
    assert [kind for kind, _ in changes(store, reports[0].id)] == ["new", "removed"]


def test_a_merged_event_leads_to_the_one_that_took_its_reports(store: Store, reports: list[Report]) -> None:
    one, two, three = (event(report) for report in reports)
    keep(store, one, two, three)
    keep(store, event(*reports[:2]), now=LATER, redirects={two.id: one.id})
    keep(store, event(reports[2], *reports[:2]), now=LATER, redirects={one.id: three.id})
    redirects = store._db.rows("SELECT old_id, new_id FROM redirect")
    assert {row["old_id"]: row["new_id"] for row in redirects} == {two.id: three.id, one.id: three.id}
    assert [kind for kind, _ in changes(store, two.id)] == ["new", "merged"]
    assert store.counts()["event"] == 1


def test_an_event_that_comes_back_is_itself_again(store: Store, reports: list[Report]) -> None:
    one, two = event(reports[0]), event(reports[1])
    keep(store, one, two)
    keep(store, event(*reports[:2]), redirects={two.id: one.id})
    keep(store, one, two, now=LATER)
    assert dump(store.path)["redirect"] == []
    assert home(store)["a2"] == two.id


# ---- dates and views


@pytest.mark.parametrize(
    ("announced", "day"),
    [("2024", "2024-01-01"), ("2024-06", "2024-06-01"), ("2024-06-20", "2024-06-20"), (None, "2024-06-25")],
)
def test_the_day_of_an_event(store: Store, reports: list[Report], announced: str | None, day: str) -> None:
    when = When(value=announced, basis=Basis.STATED) if announced else None
    keep(store, event(reports[0], reports[1], announced_on=when))
    assert store._db.rows("SELECT date FROM timeline")[0][0] == day


def test_the_timeline_for_people(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], reports[1], instruments=("Export rules", "Entity List")))
    (row,) = store._db.rows("SELECT * FROM timeline")
    names = ("date", "type", "actors", "targets", "items", "instruments", "report_count", "sources")
    told = {name: row[name] for name in names}
    assert told == {
        "date": "2024-06-25",
        "type": "export_control",
        "actors": "US Commerce Department",
        "targets": "China",
        "items": "chip tools",
        "instruments": "Export rules, Entity List",
        "report_count": 2,
        "sources": 1,
    }
    assert row["url"] == "https://herald.example/a1"


def test_what_is_ahead(store: Store, reports: list[Report]) -> None:
    ahead = When(value="2999", basis=Basis.STATED)
    store.articles.save(None, article("a4"), now=NOW)
    (fourth,) = store.analyses.save(analysis(article_id="a4"), now=NOW)
    keep(
        store,
        event(reports[0], effective_on=ahead),
        event(reports[1], effective_on=ahead, status=Status.REJECTED),
        event(reports[2]),
        event(fourth, effective_on=ahead, verdict="reject"),
    )
    assert [row["id"] for row in store._db.rows("SELECT id FROM upcoming")] == [reports[0].id]


def test_what_a_person_rejected_is_not_shown(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0], verdict="reject"), event(reports[1], verdict="accept"))
    rows = store._db.rows("SELECT id, verdict FROM timeline")
    assert [tuple(row) for row in rows] == [(reports[1].id, "accept")]


def test_what_reports_disagree_on(store: Store, reports: list[Report]) -> None:
    taken = Told(value="announced", report_ids=(reports[0].id, reports[2].id), origins=2)
    other = Told(value="in_force", report_ids=(reports[1].id,), origins=1)
    because = "told by most accounts"
    made = Contradiction(field="status", taken=taken, others=(other,), because=because)
    keep(store, event(*reports, contradictions=(made,)))
    rows = store._db.rows("SELECT field, value, taken, origins, because FROM contradictions")
    assert [tuple(row) for row in rows] == [("status", "announced", 1, 2, because), ("status", "in_force", 0, 1, "")]
    assert store._db.rows("SELECT disputed FROM timeline")[0][0] == "status"


def test_search_follows_the_event(store: Store, reports: list[Report]) -> None:
    def found(word: str) -> int:
        return store._db.number("SELECT count(*) FROM event_fts WHERE event_fts MATCH ?", (word,))

    keep(store, event(reports[0], summary="A gallium curb"))
    assert (found("gallium"), found("commerce"), found("tools"), found("July")) == (1, 1, 1, 1)
    keep(store, event(reports[0], summary="A germanium curb"))
    assert (found("gallium"), found("germanium")) == (0, 1)


def test_the_type_of_an_event_may_change(store: Store, reports: list[Report]) -> None:
    keep(store, event(reports[0]))
    keep(store, event(reports[0], type=EventType.SANCTION))
    assert store._db.rows("SELECT type FROM timeline")[0][0] == "sanction"


def test_the_words_of_very_many_reports_are_those_of_the_first(store: Store) -> None:
    made = []
    for number in range(14):
        text = f"{TEXT} Note {number:02}."
        published = When(value=f"2024-06-{number + 1:02}", basis=Basis.FEED)
        store.articles.save(None, article(f"b{number}", text, published=published), now=NOW)
        told = event_mention(text, evidence=(at(f"Note {number:02}.", text),))
        made += store.analyses.save(analysis(told, article_id=f"b{number}", text=text), now=NOW)
    keep(store, event(*made))
    (row,) = store._db.rows("SELECT quotes FROM event_fts")
    assert row[0] == " · ".join(f"Note {number:02}." for number in range(12))


def test_quotes_are_those_of_the_reports(store: Store) -> None:
    (report,) = store.analyses.save(analysis(event_mention(), article_id="a1"), now=NOW)
    assert report.event.evidence[0].start == 0
    (row,) = store._db.rows("SELECT quote FROM report WHERE article_id = 'a1'")
    assert row["quote"].startswith("The US Commerce Department will restrict")
