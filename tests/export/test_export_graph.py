"""GraphML: read back by its library."""

from __future__ import annotations

import io
from dataclasses import replace

import export_samples as samples
import networkx as nx
from hypothesis import given, settings
from lxml import etree

from tracker.export import graph
from tracker.model import Exported


def written(*events: Exported) -> bytes:
    out = io.BytesIO()
    graph.write(events, out)
    return out.getvalue()


def test_what_one_does_to_another_is_one_edge() -> None:
    eased = replace(samples.EVENT, id="e2", type="tariff", direction="ease", date="2023-01-01")
    reply = replace(samples.EVENT, id="e3", actors=(samples.CHINA,), targets=(samples.US,))
    found = nx.read_graphml(io.BytesIO(written(samples.EVENT, eased, reply)))
    assert dict(found.nodes(data=True)) == {
        "gov:cn": {"name": "China", "kind": "government", "country": "CN"},
        "gov:us": {"name": "United States", "kind": "government", "country": "US", "wikidata": "Q30"},
    }
    assert found.edges["gov:us", "gov:cn"] == {
        "weight": 2, "type_export_control": 1, "type_tariff": 1, "direction_restrict": 1, "direction_ease": 1,
        "first": "2023-01-01", "last": "2024-06-25",
    }  # fmt: skip
    assert found.edges["gov:cn", "gov:us"]["weight"] == 1


@settings(max_examples=60)
@given(samples.EVENTS)
def test_any_events_are_well_formed(events: list[Exported]) -> None:
    etree.fromstring(written(*events))
