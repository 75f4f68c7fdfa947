"""GraphML: who acts on whom. A party is a node, all that one does to another one edge, weighted by type.

Not here: layout, and events that have no actor or no target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import BinaryIO

from tracker.export import cells
from tracker.extras import needed
from tracker.model import Exported, ExportedParty


def write(events: Iterable[Exported], out: BinaryIO) -> None:
    """Write the graph; in memory are its parties and pairs, not the events."""
    networkx = needed("networkx", "GraphML")
    parties: dict[str, ExportedParty] = {}
    tallies: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    days: dict[tuple[str, str], tuple[str, str]] = {}
    for event in events:
        parties |= {party.id: party for party in (*event.actors, *event.targets)}
        for pair in {(actor.id, target.id) for actor in event.actors for target in event.targets}:
            tallies[pair].update(("weight", f"type_{event.type}", f"direction_{event.direction}"))
            first, last = days.get(pair, (event.date, event.date))
            days[pair] = min(first, event.date), max(last, event.date)
    graph = networkx.DiGraph()
    for key, party in sorted(parties.items()):
        told = {"name": party.name, "kind": party.kind, "country": party.country, "wikidata": party.wikidata}
        graph.add_node(cells.xml(key), **{name: cells.xml(value) for name, value in told.items() if value})
    for (actor, target), tally in sorted(tallies.items()):
        first, last = days[actor, target]
        numbers = {cells.xml(name): count for name, count in sorted(tally.items())}
        graph.add_edge(cells.xml(actor), cells.xml(target), **numbers, first=first, last=last)
    networkx.write_graphml_xml(graph, out, infer_numeric_types=False)
