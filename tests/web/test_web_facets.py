"""What the timeline is narrowed by: panels, chips, and that each count is that of the page it leads to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
import query_samples
from asking_pages import LINKS, asked, text
from bs4 import BeautifulSoup

from tracker.errors import InputError
from tracker.query import Timeline
from tracker.query.facets import Facets, FacetValue, Index
from tracker.query.given import given
from tracker.web import narrowing
from tracker.web.indexing import Keeper
from tracker.web.pages import timeline as home
from tracker.web.plugin import parsed


@pytest.fixture(scope="module")
def index(sample: Timeline) -> Index:
    return sample.ask(lambda db, _: Index.load(db))


def page(timeline: Timeline, index: Index | None, **query: str | tuple[str, ...]) -> BeautifulSoup:
    answer = asked(timeline, home.show, "", index, **query)
    assert answer.to is None
    return BeautifulSoup(text(answer), "lxml")


def events_at(timeline: Timeline, address: str) -> int:
    """How many events the page of an address is about, by another way than its own."""
    query = {name: values for name, values in parsed(urlsplit(address).query).items() if name not in home.OWN}
    return timeline.count(**given({name: one[0] if len(one) == 1 else one for name, one in query.items()}))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"type": "export_control"},
        {"type": ("export_control", "tariff"), "since": "2024"},
        {"actor": "gov:us", "status": "announced"},
        {"item": "=AI chips"},
        {"text": "chips", "country": "CN"},
        {"on": "effective", "since": "2024"},
    ],
    ids=str,
)
def test_a_count_is_that_of_the_page_it_leads_to(
    sample: Timeline, index: Index, query: dict[str, str | tuple[str, ...]]
) -> None:
    found = page(sample, index, **query)
    whole = int(found.select_one(".summary strong").text.split()[0])  # type: ignore[union-attr]
    assert whole == sample.count(**given(query))
    links = found.select(".facet li a")
    assert len(links) > 5
    for link in links:
        told = int(link.select_one(".number").text.replace(",", ""))  # type: ignore[union-attr]
        if link.get("aria-current"):
            continue  # leads away from it
        field = str(link.find_parent("details")["id"]).removeprefix("facet-")  # type: ignore[index]
        reached = events_at(sample, str(link["href"]))
        if field in query:  # the page has both
            assert reached >= max(told, whole)
        elif field == narrowing.MONTH:  # what is known to the year alone lies in each of its months
            assert reached >= told
        else:
            assert reached == told, link["href"]


def test_what_is_chosen_can_be_taken_away_by_itself(sample: Timeline, index: Index) -> None:
    found = page(sample, index, type=("export_control", "tariff"), since="2024-06", on="effective", by="type")
    chips = {" ".join(one.get_text(" ").split()): str(one["href"]) for one in found.select(".chips a")}
    assert chips == {
        "type export control × take away": "/?type=tariff&since=2024-06&on=effective&by=type",
        "or type tariff × take away": "/?type=export_control&since=2024-06&on=effective&by=type",
        "takes effect from June 2024 × take away": "/?type=export_control&type=tariff&on=effective&by=type",
        "Take all away": "/?by=type",
    }
    marked = {str(one["href"]) for one in found.select("#facet-type a[aria-current]")}
    assert marked == {
        "/?type=tariff&since=2024-06&on=effective&by=type",
        "/?type=export_control&since=2024-06&on=effective&by=type",
    }


CHIPS: list[tuple[dict[str, str | tuple[str, ...]], list[str]]] = [
    ({"type": "tariff", "status": "in_force"}, ["type tariff", "status in force"]),
    ({"type": ("tariff", "sanction", "subsidy")}, ["type tariff", "or type sanction", "or type subsidy"]),
    ({"item": ("chips", "-wine")}, ["what it is about chips", "and what it is about -wine"]),  # which leaves out
    ({"actor": ("gov:us", "CN")}, ["who acts United States", "or who acts CN"]),
    ({"upcoming": "true", "within": "30d", "order": "oldest"}, ["upcoming yes", "within 30 days"]),
]


@pytest.mark.parametrize(("query", "expected"), CHIPS, ids=[str(query) for query, _ in CHIPS])
def test_values_of_one_filter_are_said_to_be_any_of_them(
    sample: Timeline, index: Index, query: dict[str, str | tuple[str, ...]], expected: list[str]
) -> None:
    found = page(sample, index, **query).select(".chips a:not(.plain)")
    assert [" ".join(one.get_text(" ").split()).removesuffix(" × take away") for one in found] == expected


def test_a_panel_says_that_another_value_widens_the_list(sample: Timeline, index: Index) -> None:
    found = page(sample, index, type="tariff", since="2024-06", until="2024-06")
    told = {str(one["id"]) for one in found.select(".facet:has(.note)")}
    assert told == {"facet-type"}  # another month takes the place of the one that is chosen
    assert not page(sample, index).select(".facet .note")
    counts = [sample.count(type=some) for some in ("tariff", ("tariff", "export_control"))]
    assert counts[0] < counts[1]


@pytest.mark.parametrize("filters", [{}, {"country": "CN"}, {"since": "2024-07", "on": "effective"}], ids=str)
def test_the_months_of_values_are_those_of_their_own_pages(
    sample: Timeline, index: Index, filters: dict[str, str]
) -> None:
    values = [row.values[0] for row in sample.counts("type", top=None).rows]
    found = sample.ask(lambda db, told: index.monthly(db, told, "type", values), **given(filters))
    assert found is not None
    assert len(found) > 3
    for value, months in found.items():
        alone = sample.ask(lambda db, told: index.facets(db, told, ()), **given({**filters, "type": value}))
        assert alone is not None
        assert months == alone.months


FACETS = Facets(
    events=3,
    fields={
        "actor": (
            FacetValue(value="gov:us", name="United States", events=2, chosen=False),
            FacetValue(value="gov:xx:none", name="gov:xx:none", events=2, chosen=False),
        ),
        "item": (
            FacetValue(value="=ai chips", name="=ai chips", events=1, chosen=True),
            FacetValue(value="ai chips", name="AI chips", events=1, chosen=False),
            FacetValue(value="wine", name="wine", events=1, chosen=False),
        ),
        "country": (FacetValue(value="CN", name="CN", events=2, chosen=False),),
        "language": (FacetValue(value="de", name="de", events=2, chosen=False),),
    },
    months=(("2024-05", 1), ("2024-06", 0), ("2024-07", 2)),
)


def test_values_are_told_in_words_and_things_by_their_whole_names() -> None:
    found = {one.field: one for one in narrowing.panels(FACETS, {"item": "=ai chips"}, LINKS, whole="")}
    told = {
        field: [(one.words, one.to, one.chosen, one.share) for one in panel.choices] for field, panel in found.items()
    }
    assert told == {
        "actor": [("United States", "/?item==ai%20chips&actor=gov:us", False, 100)],
        "item": [("ai chips", "/", True, 100), ("wine", "/?item==ai%20chips&item==wine", False, 100)],
        "country": [("China", "/?item==ai%20chips&country=CN", False, 100)],
        "language": [("German", "/?item==ai%20chips&language=de", False, 100)],
        "month": [
            ("July 2024", "/?item==ai%20chips&since=2024-07&until=2024-07", False, 100),
            ("May 2024", "/?item==ai%20chips&since=2024-05&until=2024-05", False, 50),
        ],
    }


def test_a_party_that_is_chosen_by_its_name_stands_there_once() -> None:
    values = (
        FacetValue(value="China", name="China", events=3, chosen=True),
        FacetValue(value="gov:cn", name="China", events=3, chosen=False),
        FacetValue(value="gov:us", name="United States", events=1, chosen=False),
    )
    (panel,) = narrowing.panels(
        Facets(events=3, fields={"actor": values}, months=()), {"actor": "China"}, LINKS, whole=""
    )
    assert [(one.value, one.to) for one in panel.choices] == [
        ("China", "/"),
        ("gov:us", "/?actor=China&actor=gov:us"),
    ]


def test_a_panel_shows_some_values_and_leads_to_more() -> None:
    many = tuple(FacetValue(value=f"s{n}", name=f"S{n}", events=20 - n, chosen=n == 15) for n in range(16))
    facets = Facets(events=20, fields={"source": many}, months=())
    (short,) = narrowing.panels(facets, {"source": "s15"}, LINKS, whole="")
    assert [one.words for one in short.choices] == [*(f"S{n}" for n in range(narrowing.SHOWN)), "S15"]
    assert short.more == "/?source=s15&all=source"
    assert short.open
    (whole,) = narrowing.panels(facets, {}, LINKS, whole="source")
    assert len(whole.choices) == 16
    assert whole.more is None


WORDS = [
    ("type", "export_control", "export control"),
    ("since", "2024-06", "June 2024"),
    ("since", "30d", "30d"),
    ("upcoming", "true", "yes"),
    ("reviewed", "false", "no"),
    ("tier", "major", "major outlet"),
    ("direction", "ease", "eases"),
    ("item", "=AI chips", "AI chips"),
    ("country", "CN", "China"),
    ("country", "Narnia", "Narnia"),
    ("pair", "US>CN", "United States → China"),
    ("pair", ">CN", "anybody → China"),
    ("text", "a <b>", "a <b>"),
]


@pytest.mark.parametrize(("field", "value", "expected"), WORDS)
def test_a_value_is_called(field: str, value: str, expected: str) -> None:
    assert narrowing.called(field, value) == expected


def test_without_an_index_the_list_is_there_without_counts(sample: Timeline) -> None:
    found = page(sample, None, type="export_control")
    assert len(found.select(".event")) == sample.count(type="export_control")
    assert not found.select(".facet")
    assert "prepared" in found.select_one(".side").text  # type: ignore[union-attr]


def test_a_panel_that_there_is_none_of_is_refused(sample: Timeline, index: Index) -> None:
    with pytest.raises(InputError, match="all is one of"):
        page(sample, index, all="everything")


def test_hostile_values_stay_text(sample: Timeline, index: Index) -> None:
    bad = '"><script>alert(1)</script>'
    found = page(sample, index, item=bad, text=bad)
    assert not [one for one in found.select("script") if "alert" in one.text and one.get("type") is None]
    assert bad in found.select_one(".chips").text  # type: ignore[union-attr]


def test_an_index_is_loaded_once_and_none_where_there_is_no_file(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    keeper = Keeper(path)
    with Timeline.open(path) as timeline:
        index = keeper.index(timeline)
        assert index is not None
        assert keeper.index(timeline) is index
        found = timeline.ask(lambda db, told: index.facets(db, told, ()))
        assert found is not None
        assert found.events == timeline.count()
    with Timeline.open(path) as timeline:
        assert Keeper(tmp_path / "none.db").index(timeline) is None
