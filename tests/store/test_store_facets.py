"""Facets follow every write, whatever wrote it: they are those that would be worked out anew, and counted rightly."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_samples import LATER, NOW, analysis, article, event, keep, opened, source
from test_store_upgrade import with_events

from tracker.errors import StoreError
from tracker.model import Party, PartyKind, Report, Tier
from tracker.store import Store, facets
from tracker.store.connection import Connection, open_database
from tracker.store.migrations import migrate


def told(db: Connection) -> dict[int, tuple[int, frozenset[tuple[str, str]]]]:
    """Day and facets of each event as they are kept."""
    names = {row["number"]: (row["field"], row["value"]) for row in db.rows("SELECT * FROM facet_key")}
    found: dict[int, tuple[int, frozenset[tuple[str, str]]]] = {}
    for row in db.rows("SELECT number, day, json_group_array(key) AS keys FROM event_facet GROUP BY number, day"):
        assert row["number"] not in found
        found[row["number"]] = (row["day"], frozenset(names[int(key)] for key in row["keys"].strip("[]").split(",")))
    return found


def check(db: Connection) -> None:
    numbers = [row[0] for row in db.rows("SELECT number FROM event")]
    assert told(db) == facets.facets(db, numbers)
    kept = db.rows("SELECT number, day, value FROM event_keys, json_each(keys)")
    rows = db.rows("SELECT number, day, key FROM event_facet")
    assert sorted(map(tuple, kept)) == sorted(map(tuple, rows))
    assert {r["number"]: r["events"] for r in db.rows("SELECT * FROM facet_key")} == Counter(r["key"] for r in rows)
    months = {(r["key"], r["month"]): r["events"] for r in db.rows("SELECT * FROM facet_month")}
    assert months == Counter((r["key"], r["day"] // 100) for r in rows)
    assert not facets.unsettled(db)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "t.db") as one:
        one.sources.sync([source(), source("gazette", Tier.OFFICIAL)], NOW)
        for key, source_id, language in (("a1", "herald", "en"), ("a2", "gazette", "de"), ("a3", "herald", "en")):
            one.articles.save(None, article(key, source_id=source_id, language=language), now=NOW)
            one.analyses.save(analysis(article_id=key), now=NOW)
        yield one


def reports(store: Store) -> list[Report]:
    return sorted(store.reports.unsettled(10), key=lambda one: one.article_id)


def value(store: Store, field: str) -> set[str]:
    """The values of a field that any event has."""
    return {row["value"] for row in store._db.rows("SELECT value FROM facet_key WHERE field = ?", (field,))}


def test_an_event_has_facets_at_once(store: Store) -> None:
    one, _, _ = reports(store)
    keep(store, event(one))
    check(store._db)
    assert value(store, "type") == {"export_control"}
    assert value(store, "actor") == {"gov:us:commerce", "gov:us"}
    assert value(store, "pair") == {"US>CN"}
    assert value(store, "source") == {"herald"}


def test_a_report_that_comes_later_brings_its_source_and_language(store: Store) -> None:
    one, two, _ = reports(store)
    keep(store, event(one))
    keep(store, event(one, two), now=LATER)
    check(store._db)
    assert value(store, "source") == {"herald", "gazette"}
    assert value(store, "tier") == {"major", "official"}
    assert value(store, "language") == {"en", "de"}


def test_a_report_that_moves_takes_them_along(store: Store) -> None:
    one, two, three = reports(store)
    keep(store, event(one, two), event(three))
    keep(store, event(one), event(three, two), now=LATER)
    check(store._db)
    keep(store, event(one, two, three), now=LATER, redirects={three.id: one.id})
    check(store._db)
    assert value(store, "all") == {""}
    store.analyses.save(replace(analysis(article_id="a2"), events=()), now=LATER)
    check(store._db)
    assert value(store, "source") == {"herald"}


def test_what_a_person_rejects_has_fields_of_its_own(store: Store) -> None:
    one, _, _ = reports(store)
    keep(store, event(one))
    keep(store, event(one, verdict="reject"), now=LATER)
    check(store._db)
    assert value(store, "type") == set()
    assert value(store, "~type") == {"export_control"}
    keep(store, event(one, verdict="accept", edited=("status",)), now=LATER)
    check(store._db)
    assert value(store, "~type") == set()
    assert value(store, "reviewed") == {""}


def test_a_party_that_changes_changes_the_facets_of_its_events(store: Store) -> None:
    one, two, _ = reports(store)
    firm = Party(name="Acme", kind=PartyKind.COMPANY, country=None)
    keep(store, event(one, targets=(firm,)), event(two))
    assert value(store, "target_seat") == {"CN"}
    with store.batch():
        store._db.run("UPDATE entity SET country = 'FR' WHERE id = 'name:company:acme'")
    check(store._db)
    assert value(store, "target_seat") == {"CN", "FR"}
    with store.batch():
        store._db.run("UPDATE entity SET merged_into = 'gov:cn' WHERE id = 'name:company:acme'")
    check(store._db)
    with store.batch():
        store._db.run("UPDATE entity SET merged_into = NULL, parent = 'gov:cn' WHERE id = 'name:company:acme'")
        store._db.run("UPDATE entity SET parent = 'org:brics' WHERE id = 'gov:cn'")
    check(store._db)
    assert value(store, "target") == {"name:company:acme", "gov:cn", "org:brics"}


def test_a_source_that_changes_changes_the_facets_of_its_events(store: Store) -> None:
    one, two, _ = reports(store)
    keep(store, event(one, two))
    store.sources.sync([source(tags=("steel",)), source("gazette", Tier.SOCIAL)], LATER)
    check(store._db)
    assert value(store, "tag") == {"steel", "chips", "trade"}
    assert value(store, "tier") == {"major", "social"}


def test_what_is_taken_back_leaves_nothing(store: Store) -> None:
    one, _, _ = reports(store)
    keep(store, event(one))
    before = told(store._db)
    with store.batch(rehearsal=True):
        store.events.save([event(one, verdict="reject")], now=LATER)
    check(store._db)
    assert told(store._db) == before


def test_an_event_written_again_as_it_was_writes_no_facet(store: Store) -> None:
    one, _, _ = reports(store)
    keep(store, event(one))
    written: list[str] = []
    store._db.raw.set_trace_callback(written.append)
    keep(store, event(one), now=LATER)
    store._db.raw.set_trace_callback(None)
    assert written
    assert not [sql for sql in written if "INTO event_facet" in sql or "INTO event_keys" in sql or "INTO facet_" in sql]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_in_whatever_order(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    some = reports(store)
    for _ in range(25):
        chosen = chance.sample(some, chance.randrange(1, 4))
        changes: dict[str, Any] = {
            "verdict": chance.choice((None, "accept", "reject")),
            "confidence": chance.random(),
            "origins": chance.randrange(30),
            "items": tuple(chance.sample(("gallium", "chips", "ships"), chance.randrange(3))),
        }
        keep(store, event(chosen[0], *chosen[1:], **changes), now=LATER)
        check(store._db)


def test_a_name_with_a_nul_is_a_name(store: Store) -> None:
    """SQLite ends a text of JSON at it."""
    one, two, *_ = reports(store)
    for _ in range(2):
        keep(store, event(one, items=("chips\0tools", "chips")), event(two, items=("chips\0tools",)), now=LATER)
        check(store._db)
    assert value(store, "item") == {"chips\0tools", "chips"}


def test_an_older_database_has_its_facets_written(tmp_path: Path) -> None:
    with_events(tmp_path / "t.db")
    with Store.open(tmp_path / "t.db") as store:
        check(store._db)
        assert value(store, "type") == {"tariff"}
        assert value(store, "source") == {"herald"}


def test_a_database_whose_facets_are_not_written_yet_is_not_asked(tmp_path: Path) -> None:
    """As a reader meets it while the step to this schema is under way, or after it was killed there."""
    with_events(tmp_path / "t.db")
    connection = open_database(tmp_path / "t.db", read_only=False)
    migrate(connection)
    connection.close()
    with pytest.raises(StoreError, match="run `tracker refresh` once"):
        Store.open(tmp_path / "t.db", read_only=True)
    Store.open(tmp_path / "t.db").close()
    Store.open(tmp_path / "t.db", read_only=True).close()
