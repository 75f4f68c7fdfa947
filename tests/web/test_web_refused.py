"""What a page cannot be asked, and when it cannot answer yet: said in words that name what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asking_pages import asked

from tracker.errors import BusyError, InputError
from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.web.asking import Answer, Ask
from tracker.web.pages import matrix, parties, worldmap

Show = Callable[[Ask], Answer]

REFUSED: list[tuple[Show, dict[str, str], str]] = [
    (worldmap.show, {"focus": "Atlantis"}, "code of a country"),
    (worldmap.show, {"pair": "US>CN"}, "told by the map itself"),
    (worldmap.show, {"shade": "red"}, "shade is one of"),
    (worldmap.show, {"as_of": "2024"}, "not kept of the past"),
    (matrix.show, {"rows": "type", "columns": "type"}, "two different fields"),
    (matrix.show, {"rows": "colour"}, "rows is one of"),
    (matrix.show, {"top": "31"}, "top is a whole number"),
    (matrix.show, {"direction": "up"}, "direction is one of"),
    (matrix.show, {"since": "x"}, "x"),
    (matrix.show, {"colour": "red"}, "no filter"),
    (parties.show, {"kind": "ghost"}, "kind is one of"),
    (parties.show, {"order": "loud"}, "order is one of"),
    (parties.show, {"page": "0"}, "whole number"),
    (parties.show, {"colour": "red"}, "nothing that parties are asked for by"),
]


def named(show: Show) -> str:
    return show.__module__.rpartition(".")[2]


@pytest.mark.parametrize(
    ("show", "query", "words"), REFUSED, ids=[f"{named(show)} {query}" for show, query, _ in REFUSED]
)
def test_what_cannot_be_asked_is_said(
    timeline: Timeline, index: Index, show: Show, query: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        asked(timeline, show, "", index, **query)


@pytest.mark.parametrize("show", [worldmap.show, matrix.show], ids=named)
def test_before_the_counts_are_there_it_says_so(timeline: Timeline, show: Show) -> None:
    with pytest.raises(BusyError, match="being loaded"):
        asked(timeline, show)
