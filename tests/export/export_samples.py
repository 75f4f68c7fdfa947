"""Events to be exported: one that is plain, and any that there could be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tracker.model import EVENT_COLUMNS, SEPARATOR, About, Cell, CellKind, Exported, ExportedParty

NAMES = tuple(column.name for column in EVENT_COLUMNS)
ROW: dict[str, Cell] = {
    "id": "e1", "date": "2024-06-25", "type": "export_control", "subtype": None, "status": "announced",
    "direction": "restrict", "certainty": "confirmed", "actors": "United States",
    "targets": f"China{SEPARATOR}Huawei", "items": "AI chips", "instruments": None, "announced_on": "2024-06-25",
    "effective_on": "2024-07", "summary": "The US restricts AI chips", "confidence": 0.75,
    "report_count": 3, "origins": 2,
    "sources": 2, "url": "https://herald.example/a", "measure_id": "m1",
}  # fmt: skip
US = ExportedParty(
    id="gov:us", name="United States", kind="government", country="US", wikidata="Q30",
    first_seen_at="2024-06-01T00:00:00+00:00",
)  # fmt: skip
CHINA = replace(US, id="gov:cn", name="China", country="CN", wikidata=None)
EVENT = Exported(
    id="e1", date="2024-06-25", type="export_control", subtype=None, status="announced", direction="restrict",
    certainty="confirmed", actors=(US,), targets=(CHINA,), items=("AI chips",), instruments=("Entity List",),
    announced_on="2024-06-25", effective_on="2024-07-09", effective_from="2024-07-09", effective_to="2024-07-09",
    summary="The US restricts AI chips", confidence=0.75, origins=2, url="https://herald.example/a?x=1&y=2",
    quote="Washington said so.", measure_id="m1", measure_title="AI chips",
    first_seen_at="2024-06-25T12:00:00+00:00", changed_at="2024-06-26T08:30:00+00:00", changes=2,
)  # fmt: skip
ABOUT = About(
    title="Chips & China", query="chips", filters={"type": ("tariff", "export_control"), "target": "CN"},
    as_of="2024-07-01T00:00:00Z", cursor=17, schema=6, link="https://feeds.example/chips.xml",
)  # fmt: skip

# Any text at all, with more than its share of what formats stumble over; the separator of lists is in no text of ours.
NASTY = "\x00\t\n\r\x0b\x1c\x7f\x85\u2028\u2029\u202e\u200f\ufeff\ufffe\ud800\udfff=+-@＝'\"\\,;|<>&]]>\U0001f600 a1"
TEXTS = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=12).map(
    lambda text: text.replace(SEPARATOR, "")
)
DATES = st.sampled_from([None, "2024", "2024-02", "2024-02-29", "1999-12-31"])
CELLS: dict[CellKind, st.SearchStrategy[Cell]] = {
    CellKind.TEXT: st.none() | TEXTS,
    CellKind.WORD: TEXTS,
    CellKind.DATE: DATES,
    CellKind.DAY: st.sampled_from(["", "2024-06-25"]),
    CellKind.LIST: st.none() | st.lists(TEXTS.filter(bool), min_size=1, max_size=3).map(SEPARATOR.join),
    CellKind.INTEGER: st.integers(-5, 10**9),
    CellKind.NUMBER: st.floats(0, 1),
}
ROWS = st.lists(st.tuples(*(CELLS[column.kind] for column in EVENT_COLUMNS)), max_size=4)
PARTIES = st.builds(
    ExportedParty, id=TEXTS, name=TEXTS, kind=st.sampled_from(["government", "person", "other"]),
    country=st.none() | TEXTS, wikidata=st.none() | TEXTS, first_seen_at=st.just(US.first_seen_at),
)  # fmt: skip
EVENTS = st.lists(
    st.builds(
        replace, st.just(EVENT), id=TEXTS, type=TEXTS, subtype=st.none() | TEXTS, summary=TEXTS, quote=TEXTS,
        url=st.none() | TEXTS, items=st.lists(TEXTS, max_size=2).map(tuple),
        actors=st.lists(PARTIES, max_size=2).map(tuple), targets=st.lists(PARTIES, max_size=2).map(tuple),
    ),
    max_size=3,
)  # fmt: skip


def row(**changed: Cell) -> tuple[Cell, ...]:
    """The plain row, but for some cells."""
    return tuple((ROW | changed).values())
