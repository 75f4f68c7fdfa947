"""A lake and the database that it was made of give the same answers: every filter, both orders, counts and exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, get_type_hints

import facet_world
import pytest
import query_samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lake_worlds import NOW, Both, both

from tracker.errors import InputError, LakeError
from tracker.export import formats
from tracker.export.formats import Source
from tracker.lake import timeline as layout
from tracker.lake.tokens import Tokens
from tracker.model import About
from tracker.query import Filters, Timeline, lakes
from tracker.query.counting import FIELDS, PERIODS
from tracker.query.lake_timeline import REFUSED, LakeTimeline

VALUES: dict[str, list[Any]] = {
    "type": ["export_control", "tariff", "nonsense"],
    "subtype": ["visa_ban"],
    "status": ["announced", ["in_force", "suspended"]],
    "direction": ["ease", "restrict"],
    "certainty": ["reported"],
    "actor": ["US", "gov:us", "OpenAI", "commerce min", "nobody at all"],
    "target": ["CN", "China", "co:alibaba"],
    "party": ["China", ["Nvidia", "FR"], "co"],
    "country": ["CN", "China", "ZZ"],
    "party_kind": ["company", "court"],
    "pair": ["US>CN", "US>", ">CN", "US"],
    "item": ["chip", "chip -tools", "-drones", "=chip tools", "***", ["gall", "H20"]],
    "instrument": ["entity", "=entity list"],
    "amount": [">=1m USD", "count>100 entities", "money 1m..10m USD", "<5m USD", "much"],
    "on": ["announced", "effective", "first_seen", "whenever"],
    "since": ["2024", "2024-07", "2024-07-09", "30d", "never"],
    "until": ["2024-07", "2024-08-01"],
    "between": ["2024-06..2024-09", "2025..2024"],
    "last": ["3y"],
    "in_force_on": ["2024-08-25", "2023"],
    "upcoming": [True, "2024-07-01", False],
    "within": ["1y"],
    "text": ["chip", '"chip tools"', "chip* -listing", "gallium OR drones", "-chip", "***", "the", "société"],
    "source": ["herald", "no-such-source"],
    "tier": ["official", "major"],
    "tag": ["chips"],
    "language": ["EN", "de"],
    "min_confidence": [0.5, 0.71, 0.75, -1, float("inf")],
    "min_origins": [2, 7],
    "measure": ["m-api", "m-none"],
    "rejected": [True, False],
    "reviewed": [True, False],
    "contradicted": [True, False],
}
UNKNOWN_TO_LAKES = {"changed_since", "as_of"}
TOGETHER = [
    {"type": "export_control", "target": "CN", "since": "2024"},
    {"actor": "US", "target": "CN", "min_confidence": 0.6},
    {"upcoming": "2024-07-01", "within": "1y", "party": "US"},
    {"on": "effective", "between": "2024-07..2024-12"},
    {"text": "chip", "rejected": True},
]
FILTERS = [{name: value} for name, values in VALUES.items() for value in values] + TOGETHER


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with both(query_samples.build(tmp_path_factory.mktemp("lake") / "t.db")) as found:
        yield found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Many events with parents, merged names, rejected and undated ones, copies and disputes."""
    path = tmp_path_factory.mktemp("lake") / "w.db"
    facet_world.write(path, seed=5, size=300)
    with both(path) as found:
        yield found


def test_every_filter_is_asked() -> None:
    assert set(VALUES) | UNKNOWN_TO_LAKES == set(get_type_hints(Filters))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_filter_gives_the_same_events(samples: Both, filters: Filters) -> None:
    def ask(timeline: Timeline) -> object:
        pages = [timeline.page(order=order, **filters) for order in ("newest", "oldest")]
        return pages, timeline.count(**filters), timeline.count(most=1, **filters), timeline.unheard(**filters)

    database, lake = samples.told(ask)
    assert database == lake


CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["tariff", "sanction", "export_control"]),
        "status": st.sampled_from(["in_force", "announced", "proposed"]),
        "actor": st.sampled_from(["US", "CN", "p1", "p7"]),
        "target": st.sampled_from(["US", "CN", "p2"]),
        "party": st.sampled_from(["p3", "p9", "DE"]),
        "country": st.sampled_from(["CN", "DE"]),
        "item": st.sampled_from(["chip", "steel", "-chip"]),
        "since": st.sampled_from(["2023", "2024-03", "2024-02-10"]),
        "until": st.sampled_from(["2024", "2024-06"]),
        "on": st.sampled_from(["announced", "effective", "first_seen"]),
        "in_force_on": st.sampled_from(["2024-03-01", "2025-01-01"]),
        "upcoming": st.sampled_from(["2024-01-01", "2024-06-01"]),
        "text": st.sampled_from(["a", "chip*", "-steel"]),
        "min_confidence": st.floats(0, 1),
        "min_origins": st.integers(0, 4),
        "tier": st.sampled_from(["official", "major"]),
        "rejected": st.booleans(),
        "reviewed": st.booleans(),
        "contradicted": st.booleans(),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filters=CHOICES,
    by=st.lists(st.sampled_from(list(FIELDS)), max_size=2, unique=True),
    per=st.sampled_from([None, *PERIODS]),
)
def test_filters_together_give_the_same_events_and_counts(
    world: Both, filters: Filters, by: list[str], per: Any
) -> None:
    def ask(timeline: Timeline) -> object:
        return timeline.page(limit=20, **filters), timeline.counts(*by, per=per, first=True, **filters)

    database, lake = world.told(ask)
    assert database == lake


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_go_on_to_the_end(world: Both, order: Any) -> None:
    def ask(timeline: Timeline) -> object:
        found, after = [], None
        while True:
            page = timeline.page(limit=37, after=after, order=order)
            found.append(page)
            if (after := page.next) is None:
                return found

    database, lake = world.told(ask)
    assert database == lake
    assert len(lake) > 3  # type: ignore[arg-type]


def test_a_page_goes_on_after_an_event_and_from_a_place(world: Both) -> None:
    known = world.database.page(limit=9).events[-1].id
    database, lake = world.told(lambda t: (t.page(after=known, limit=5), t.page(limit=3, offset=4)))
    assert database == lake


@pytest.mark.parametrize("name", FIELDS)
def test_counts_of_everything(world: Both, name: str) -> None:
    database, lake = world.told(
        lambda t: (t.counts(name, first=True), t.counts(name, newest=True), t.counts(per="week"))
    )
    assert database == lake


def test_matrices(world: Both) -> None:
    def ask(timeline: Timeline) -> object:
        return timeline.matrix(), timeline.matrix("actor", "target"), timeline.matrix("type", "source", type="tariff")

    database, lake = world.told(ask)
    assert database == lake


def test_events_measures_and_parties_in_full(samples: Both, world: Both) -> None:
    for pair in (samples, world):
        events = pair.database.page(limit=25).events

        def ask(timeline: Timeline, events: Any = events) -> object:
            return (
                [timeline.event(one.id) for one in events],
                [timeline.measure(one.measure_id) for one in events],
                list(timeline.timeline(limit=25)),
                timeline.upcoming("2024-01"),
                timeline.among([one.id for one in events], country="CN"),
            )

        database, lake = pair.told(ask)
        assert database == lake
    for name in ("OpenAI", "CN", "gov:us", "co", "nobody"):
        database, lake = samples.told(partial(_party, name))
        assert database == lake


def _party(name: str, timeline: Timeline) -> object:
    return timeline.party(name)


@pytest.mark.parametrize("text", ["e-api", "e-", "zz", "m-api"])
def test_ids_are_found_and_missed_alike(samples: Both, text: str) -> None:
    for ask in (lambda t: t.event(text), lambda t: t.measure(text)):
        database, lake = samples.told(ask)
        assert database == lake


@pytest.mark.parametrize("form", formats.FORMATS)
def test_exports_are_the_same_bytes(samples: Both, world: Both, form: str) -> None:
    about = About(title="All", query=None, filters={}, as_of=NOW.isoformat(), cursor=1, schema=8)
    for pair in (samples, world):
        database, lake = pair.told(lambda t: _exported(t, form, about))
        assert database == lake


def _exported(timeline: Timeline, form: str, about: About) -> bytes:
    out, kind = BytesIO(), formats.FORMATS[form]
    found: Any
    if kind.source is Source.LINES:
        found = timeline.lines()
    elif kind.source is Source.ROWS:
        found = timeline.rows(order="oldest")
    else:
        found = timeline.whole(order=None if kind.latest else "newest", limit=100)
    kind.write(formats.placed(found, form), out, about)
    return out.getvalue()


def test_searches_by_date_find_and_mark_the_same(world: Both) -> None:
    def ask(timeline: Timeline) -> object:
        first = timeline.search("a OR chip", among=["events"], by="date", limit=5)
        return first, timeline.search("a OR chip", among=["events"], by="date", after=first.next.get("events"), limit=5)

    database, lake = world.told(ask)
    assert database == lake


def test_what_a_lake_does_not_tell_is_refused(samples: Both) -> None:
    lake = samples.lake
    asked = {name for name in vars(Timeline) if not name.startswith("_")}
    own = {name for name in vars(LakeTimeline) if not name.startswith("_")}
    assert asked == own
    for name in REFUSED:
        with pytest.raises(InputError, match=r"a lake does not tell .*; ask a database"):
            getattr(lake, name)()
    for refused in ({"as_of": "2024"}, {"changed_since": 1}):
        with pytest.raises(InputError, match="a lake does not tell what"):
            lake.count(**refused)
    for name, value in (("by", "rank"), ("among", ["articles"]), ("after", "articles~date~~1")):
        with pytest.raises(InputError):
            lake.search("chip", **{name: value})  # type: ignore[arg-type]


def test_duckdb_reads_the_lake_and_nothing_else(samples: Both, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    raw = samples.lake._lake
    for sql in (f"SELECT * FROM read_csv('{secret}')", f"COPY (SELECT 1) TO '{tmp_path / 'out'}'", "SET threads = 2",
                "INSTALL httpfs", "ATTACH 'x.db'"):  # fmt: skip
        with pytest.raises(Exception, match=r"disabled|locked|Cannot"):
            raw.rows(sql)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_a_path_is_no_sql(tmp_path: Path) -> None:
    folder = tmp_path / "it's [odd] * '); SELECT 1; --"
    lakes.make(query_samples.build(tmp_path / "t.db"), folder, now=NOW)
    with lakes.open_timeline(folder) as lake:
        assert lake.count() == len(query_samples.EVENTS)


def test_a_lake_that_is_none_or_damaged_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no timeline lies there; `tracker lake"):
        lakes.open_timeline(tmp_path)
    lakes.make(query_samples.build(tmp_path / "t.db"), tmp_path, now=NOW)
    manifest = tmp_path / layout.FOLDER / layout.MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8"))
    event = next((tmp_path / layout.FOLDER / "event").iterdir())
    event.write_bytes(event.read_bytes()[:100] + b"x" * 50)
    with lakes.open_timeline(tmp_path) as lake, pytest.raises(LakeError, match=r"write the lake anew|cannot be read"):
        list(lake.rows())
    event.unlink()
    with pytest.raises(LakeError, match="is missing; write the lake anew"):
        lakes.open_timeline(tmp_path)
    manifest.write_text(json.dumps(told | {"format": 99}), encoding="utf-8")
    with pytest.raises(LakeError, match="upgrade tracker"):
        lakes.open_timeline(tmp_path)
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(LakeError, match="no manifest"):
        lakes.open_timeline(tmp_path)


def test_a_new_lake_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    lakes.make(query_samples.build(tmp_path / "t.db"), tmp_path, now=NOW)
    with pytest.raises(ValueError, match="not in the order"):
        layout.write({"measure": (), "report_amount": _out_of_order()}, tmp_path)
    with lakes.open_timeline(tmp_path) as lake:
        assert lake.count() == len(query_samples.EVENTS)
    layout.write({}, tmp_path)
    with lakes.open_timeline(tmp_path) as lake:
        assert (lake.count(), list(lake.rows()), lake.page().events) == (0, [], ())
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [layout.FOLDER]


def _out_of_order() -> Iterator[tuple[Any, ...]]:
    columns = layout.TABLES["report_amount"].columns
    for at in (20240101, 20230101, 20240102):
        yield tuple(at if name == "at" else 0 if kind != "text" else "" for name, kind in columns.items())


def test_words_are_those_of_the_full_text_index() -> None:
    told = Tokens().of([("Chips, the exports of", None), ("Société’s naïve—semi-conductors", "x")])
    assert told == [" chip the export of |  ", " societ s naiv semi conductor | x "]


def test_every_column_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lake-timeline.md").read_text(encoding="utf-8")
    documented = {}
    for section in page.split("\n### ")[1:]:
        name, _, rest = section.partition("\n")
        rows = [line.split("|")[1:3] for line in rest.splitlines() if line.startswith("| `")]
        documented[name] = {column.strip("`"): kind.strip() for columns, kind in rows for column in columns.split()}
    plain = {
        name: {column: "list<struct>" if "struct" in kind else kind for column, kind in table.columns.items()}
        for name, table in layout.TABLES.items()
    }
    assert documented == plain
    assert list(islice(documented, 1)) == ["event"]
