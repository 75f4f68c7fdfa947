"""Ids in Datasette's tables lead to our pages."""

from __future__ import annotations

from urllib.request import urlopen

import pytest

from tracker.web import cells
from tracker.web.links import Links

LINKS = Links("/-/tracker", "")
CELLS: list[tuple[object, str, str | None, str | None]] = [
    ("e1", "id", "timeline", '<a href="/-/tracker/event/e1">e1</a>'),
    ("gov:us", "entity_id", "event_party", '<a href="/-/tracker/party/gov:us">gov:us</a>'),
    ("s", "source_id", None, '<a href="/-/tracker/source/s">s</a>'),  # a question of one's own
    ('"><script>', "event_id", None, '<a href="/-/tracker/event/%22%3E%3Cscript%3E">&#34;&gt;&lt;script&gt;</a>'),
    ("x", "id", "fetch", None),
    ("x", "id", None, None),
    ({"value": "s", "label": "S"}, "source_id", "article", None),  # Datasette's own label of a foreign key
    (None, "event_id", "report", None),
    ("", "event_id", "report", None),
]


@pytest.mark.parametrize(("value", "column", "table", "expected"), CELLS)
def test_a_cell(value: object, column: str, table: str | None, expected: str | None) -> None:
    assert cells.shown(value, column, table, LINKS) == expected


def test_the_tables_of_a_server(site: str) -> None:
    for address in ("demo/timeline?_size=3", "demo?sql=select+id+as+event_id+from+event+limit+3"):
        with urlopen(f"{site}/{address}") as answer:
            assert answer.read().decode().count('<a href="/event/') == 3
