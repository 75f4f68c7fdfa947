"""A database of the schema before, with rows in it, goes on where it was."""

from __future__ import annotations

from pathlib import Path

from store_samples import LATER, NOW, event_mention, item, source

from tracker.store import Store
from tracker.store.codec import dumps
from tracker.store.connection import open_database
from tracker.store.migrations import STEPS, migrate
from tracker.store.sightings import item_id
from tracker.urls import article_id

OLD = STEPS[: STEPS.index("0004_fetching")]
AT = NOW.isoformat()


def old_database(path: Path) -> None:
    """As the tracker of then left it: a source, three items, an article with its page, a validator."""
    connection = open_database(path, read_only=False)
    migrate(connection, steps=OLD)
    connection.run(
        "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active, failures,"
        " next_due_at, first_seen_at) VALUES ('herald', 'H', 'feed', 'https://herald.example/feed', 'major', 'en',"
        " '[]', 3600, 1, 1, 2, ?, ?)",
        (LATER.isoformat(), AT),
    )
    connection.run(
        "INSERT INTO fetch (source_id, url, fetched_at, outcome) VALUES ('herald', 'https://herald.example/feed', ?,"
        " 'page')",
        (AT,),
    )
    connection.run("INSERT INTO validator VALUES ('https://herald.example/feed', '\"1\"', NULL, ?)", (AT,))
    for number, state in ((1, "stored"), (2, "pending"), (3, "dropped")):
        one = item(number)
        connection.run(
            "INSERT INTO item (id, source_id, key, guid, url, title, is_whole, article_id, state, first_seen_at,"
            " last_seen_at) VALUES (?, 'herald', ?, ?, ?, ?, 0, ?, ?, ?, ?)",
            (item_id(one), one.guid, one.guid, one.url, one.title, article_id(one.url), state, AT, AT),
        )
    connection.run(
        "INSERT INTO article (id, source_id, url, title, text_from, content_hash, origin, stored_at, changed_at,"
        " signature, text) VALUES (?, 'herald', ?, 'Story 1', 'page', 'h', ?, ?, ?, x'00', 'Words.')",
        (article_id(item(1).url), item(1).url, article_id(item(1).url), AT, AT),
    )
    connection.run(
        "INSERT INTO page (article_id, url, final_url, status, content_type, fetched_at, size, encoding, body)"
        " VALUES (?, 'u', 'u', 200, 'text/html', ?, 2, 'zlib', x'789c4bca4f0100027e0146')",
        (article_id(item(1).url), AT),
    )
    connection.close()


def with_events(path: Path) -> None:
    """As the tracker before this one left it: two reports of one event, one that was never placed, judgements."""
    old_database(path)
    connection = open_database(path, read_only=False)
    migrate(connection, steps=STEPS[: STEPS.index("0005_resolution")])
    connection.run("INSERT INTO measure (id, title, first_seen_at) VALUES ('m1', 'A measure', ?)", (AT,))
    connection.run(
        "INSERT INTO event (id, type, status, direction, certainty, confidence, summary, origins, reports, measure_id,"
        " day, first_seen_at, changed_at) VALUES ('e1', 'tariff', 'announced', 'restrict', 'confirmed', 0.5, 'One',"
        " 1, 2, 'm1', '2024-06-25', ?, ?)",
        (AT, AT),
    )
    for number, event_id in ((1, "e1"), (2, "e1"), (3, None)):
        connection.run(
            "INSERT INTO report (id, article_id, position, event_id, type, status, direction, certainty, confidence,"
            " published, reader, event_score, quote, placement, detail) VALUES (?, ?, ?, ?, 'tariff', 'announced',"
            " 'restrict', 'confirmed', 0.5, ?, 'r', 0.9, 'Words.', '{}', ?)",
            (
                f"r{number}",
                article_id(item(1).url),
                number,
                event_id,
                None if number == 3 else f"2024-06-2{number}",
                dumps(event_mention()),
            ),
        )
        connection.run("INSERT INTO report_key (key, report_id) VALUES ('k', ?)", (f"r{number}",))
    for key, kind, subject, other in (
        ("j1", "merge", "e1", "m1"),
        ("j2", "edit", "m1", None),
        ("j3", "same", "p", "q"),
    ):
        connection.run(
            "INSERT INTO judgement (id, kind, subject, object, who, why, decided_at, closed_at, closed_by)"
            " VALUES (?, ?, ?, ?, 'ann', 'so it is', ?, ?, ?)",
            (key, kind, subject, other, AT, AT if key == "j2" else None, "bob" if key == "j2" else None),
        )
    connection.close()


def test_every_report_is_to_be_settled_and_keeps_its_event_until_then(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with_events(path)
    with Store.open(path) as store:
        assert [report.id for report in store.reports.unsettled(9)] == ["r3", "r1", "r2"]
        assert store.reports.event_ids(["r1", "r2", "r3"]) == {"r1": "e1", "r2": "e1", "r3": None}
        assert list(store.reports.held().get(["r1"])) == []
        assert store._db.rows("SELECT * FROM report_key") == []
        (row,) = store._db.rows("SELECT id, report_count, verdict FROM timeline")
        assert tuple(row) == ("e1", 2, None)
        assert store._db.rows("PRAGMA foreign_key_check") == []


def test_decisions_are_kept_and_tied_to_the_reports_of_what_they_were_about(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with_events(path)
    with Store.open(path) as store:
        found = [store.judgements.get(key) for key in ("j1", "j2", "j3")]
        told = [(one.kind, one.scope, one.left, one.right, one.closed_by) for one in found if one]
        assert told == [
            ("same", "event", ("r1", "r2"), ("r1", "r2"), None),
            ("edit", "measure", ("r1", "r2"), (), "bob"),
            ("same", "party", ("p",), ("q",), None),
        ]


def test_what_was_known_is_known_and_what_was_waiting_waits(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    old_database(path)
    with Store.open(path) as store:
        store.sources.sync([source("herald")], LATER)
        state = store.sources.states()["herald"]
        assert (state.next_due, state.failures, state.rhythm, state.asked) == (LATER, 2, None, 0)
        assert store.fetches.validators("herald", "https://herald.example/feed") is None  # asked whole once
        items = [item(number) for number in (1, 2, 3, 4)]
        assert store.items.see([(one, article_id(one.url)) for one in items], LATER) == 1
        assert store.pages.to_check(LATER, 9) == []  # an entry seen for the first time since is not an edited one
        assert len(store.items.queue(LATER, 9)) == 2
        assert store.counts()["article"] == 1
        (health,) = store._db.rows("SELECT items, pending, dropped, articles, alarms FROM source_health")
        assert tuple(health) == (4, 2, 1, 1, None)


def test_an_unstable_guid_is_known_by_its_address_from_before(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    old_database(path)
    with Store.open(path) as store:
        one = item(1, guid="made anew")
        assert store.items.see([(one, article_id(one.url))], LATER) == 0
