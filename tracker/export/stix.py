"""A STIX 2.1 bundle: parties as identities, events as notes about them, who acts on whom as relationships.

Ids follow from our own: a later bundle brings new versions of the same objects. STIX has no object for a step of
trade policy: what an event says stands in an extension of the note (`property-extension`), whose definition is in the
bundle. `created` is when the tracker first stored it, `modified` when it last changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, BinaryIO
from uuid import UUID, uuid5

import tracker
from tracker import urls
from tracker.export import cells, feeds
from tracker.extras import needed
from tracker.model import About, Exported, ExportedParty

SPACE = UUID("6f2f0a5e-3f0b-5c6f-8f5e-0d6a2b7c9e41")  # of our ids
EXTENSION = f"extension-definition--{uuid5(SPACE, 'policy-event')}"
SELF = f"identity--{uuid5(SPACE, 'tracker')}"
BEGAN = "2024-01-01T00:00:00Z"  # of the definition and of ourselves, which do not change
CLASSES = MappingProxyType(  # kind of a party: identity_class
    {
        "government": "organization",
        "court": "organization",
        "company": "organization",
        "organisation": "organization",
        "person": "individual",
        "group": "class",
        "place": "group",
    }
)
SECTORS = MappingProxyType({"government": ["government"], "court": ["government"]})
FIELDS = ("type", "subtype", "status", "direction", "certainty", "date", "announced_on", "effective_on", "origins",
          "measure_id")  # fmt: skip


def write(events: Iterable[Exported], out: BinaryIO, about: About) -> None:
    """Write a bundle, object by object; in memory are only the ids of the parties."""
    bundle = f"bundle--{uuid5(SPACE, f'{feeds.feed_id(about)} {about.cursor}')}"
    out.write(f'{{"type": "bundle", "id": "{bundle}", "objects": [\n'.encode())
    before = ""
    for one in _objects(events):
        out.write(f"{before}{one.serialize()}".encode())
        before = ",\n"
    out.write(b"\n]}\n")


def _objects(events: Iterable[Exported]) -> Iterator[Any]:
    stix = needed("stix2.v21", "STIX")
    yield stix.Identity(id=SELF, created=BEGAN, modified=BEGAN, name="tracker", identity_class="system")
    yield stix.ExtensionDefinition(
        id=EXTENSION,
        created_by_ref=SELF,
        created=BEGAN,
        modified=BEGAN,
        name="Policy event",
        description="What a note says of a step of policy: fields of an event of tracker",
        schema="docs/schema.md#event",
        version=_version(),
        extension_types=["property-extension"],
    )
    known: set[str] = set()
    for event in events:
        for party in (*event.actors, *event.targets):
            if party.id not in known:
                known.add(party.id)
                yield _identity(stix, party)
        yield _note(stix, event)
        yield from _relationships(stix, event)


def _version() -> str:
    """Semantic, as STIX asks."""
    return ".".join((*tracker.__version__.split(".")[:3], "0", "0")[:3])


def _id(kind: str, *keys: str) -> str:
    return f"{kind}--{uuid5(SPACE, chr(10).join((kind, *map(cells.whole, keys))))}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _identity(stix: Any, party: ExportedParty) -> Any:
    more: dict[str, Any] = {"sectors": SECTORS[party.kind]} if party.kind in SECTORS else {}
    if party.wikidata:
        source = {"source_name": "wikidata", "external_id": cells.line(party.wikidata)}
        more["external_references"] = [source]
    return stix.Identity(
        id=_id("identity", party.id),
        created_by_ref=SELF,
        created=_moment(party.first_seen_at),
        modified=_moment(party.first_seen_at),
        name=cells.line(party.name) or "?",
        identity_class=CLASSES.get(party.kind, "unknown"),
        labels=[cells.line(label) for label in (party.kind, party.country) if label],
        **more,
    )


def _note(stix: Any, event: Exported) -> Any:
    told = {name: getattr(event, name) for name in FIELDS}
    fields = {name: cells.line(value) if isinstance(value, str) else value for name, value in told.items()}
    lists = {"items": event.items, "instruments": event.instruments}
    fields |= {name: [cells.line(one) for one in found] for name, found in lists.items()}
    parties = dict.fromkeys(_id("identity", party.id) for party in (*event.actors, *event.targets))
    source = {"source_name": "report", "url": cells.line(event.url or "")}
    more = {"external_references": [source]} if event.url and urls.is_http(event.url) else {}
    return stix.Note(
        id=_id("note", event.id),
        created_by_ref=SELF,
        created=_moment(event.first_seen_at),
        modified=_moment(max(event.changed_at, event.first_seen_at)),
        abstract=cells.line(event.summary),
        content=feeds.words(event) or "?",
        object_refs=list(parties) or [SELF],
        confidence=round(100 * event.confidence),
        labels=[cells.line(event.type)],
        extensions={
            EXTENSION: {"extension_type": "property-extension"}
            | {name: value for name, value in fields.items() if value not in (None, "", [])}
        },
        **more,
    )


def _relationships(stix: Any, event: Exported) -> Iterator[Any]:
    """Each actor to each target of an event; a party that acts on itself is left out."""
    pairs = dict.fromkeys((actor.id, target.id) for actor in event.actors for target in event.targets)
    for actor, target in pairs:
        if actor != target:
            yield stix.Relationship(
                id=_id("relationship", event.id, actor, target),
                created_by_ref=SELF,
                created=_moment(event.first_seen_at),
                modified=_moment(max(event.changed_at, event.first_seen_at)),
                relationship_type="related-to",
                source_ref=_id("identity", actor),
                target_ref=_id("identity", target),
                description=cells.line(f"{event.type}, {event.status}, {event.direction}: {event.summary}"),
                confidence=round(100 * event.confidence),
            )
