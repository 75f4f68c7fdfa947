"""One party as text: who it is, what articles call it, which names it stands for, its latest events."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tracker.cli.event_text import decision
from tracker.cli.render import clean, counted, events, fields, heading
from tracker.query import AliasRow, PartyDossier, PartyRef

CHILDREN_SHOWN = 20


def party(found: PartyDossier) -> Iterator[RenderableType]:
    """One party with all that is known of it."""
    yield Text(clean(found.name), style="bold")
    yield fields(
        ("id", found.id + (f" (stands for {found.asked})" if found.asked else "")),
        ("kind", ", ".join(filter(None, (found.kind, found.country)))),
        ("wikidata", found.wikidata or ""),
        ("belongs to", _ref(found.parent) if found.parent else ""),
        ("has", _refs(found.children)),
        ("acts in", counted(found.acts, "event")),
        ("hit by", counted(found.targeted, "event")),
        *(("decided", decision(one)) for one in found.judgements),
    )
    if found.aliases:
        yield heading("called")
        yield from map(_alias, found.aliases)
    if found.merged:
        yield heading("names held to be this party")
    for one in found.merged:
        yield Text(f"{clean(one.name)} ({one.id}): {clean(one.because)}")
    if found.latest:
        yield heading("latest events")
        yield from events(found.latest, total=len(found.latest))


def _alias(one: AliasRow) -> Text:
    return Text(f"{clean(one.words)} ({one.how} in {counted(one.articles, 'article')}, as {one.url or one.article_id})")


def _refs(children: tuple[PartyRef, ...]) -> str:
    shown = ", ".join(_ref(one) for one in children[:CHILDREN_SHOWN])
    return shown + (f", … ({len(children)} in all)" if len(children) > CHILDREN_SHOWN else "")


def _ref(one: PartyRef) -> str:
    return f"{clean(one.name)} ({one.id})"
