"""Gold and predictions as they come (JSON lines, or objects in that form) to frozen records.

Lenient where the format is (a field may be null or missing), strict where a figure would be wrong without a word: no
id, an id told twice, a gold article without its list of events, a value of the wrong kind. Does not check values
against the guide's lists: an unknown type is simply never right.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.errors import InputError

JSON = Mapping[str, Any]
UNKNOWN = "?"  # the type of a prediction that has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party of an event; `aka` holds other names that are right too (gold only)."""

    name: str = ""
    kind: str | None = None
    country: str | None = None
    aka: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of an article's text, or of its title: Python string offsets."""

    start: int
    end: int
    field: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, expected or found. The keys and `is_optional` are gold's, the ids a prediction's."""

    type: str
    also_types: tuple[str, ...] = ()
    status: str | None = None
    direction: str | None = None
    certainty: str | None = None
    announced_on: str | None = None
    effective_on: str | None = None
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    items: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    salience: str | None = None
    is_optional: bool = False
    event_key: str | None = None
    measure: str | None = None
    event_id: str | None = None
    measure_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article with its events; predictions need neither text nor title."""

    id: str
    events: tuple[Event, ...]
    text: str = ""
    title: str = ""

    def quote(self, event: Event) -> str:
        """The first words of the evidence of an event, on one line; "" where there are none."""
        spans = sorted(event.evidence, key=lambda span: span.field == "title")
        sources = {"text": self.text, "title": self.title}
        quotes = (" ".join(sources.get(span.field, "")[span.start : span.end].split()) for span in spans)
        return next((quote for quote in quotes if quote), "")


Set = Mapping[str, Article]  # by id, in the order of the file


def read_gold(lines: Iterable[str], *, name: str = "gold") -> Set:
    """The gold articles of JSON lines; InputError names line and fault."""
    return _distinct((_article(value, where, needs_events=True), where) for value, where in _objects(lines, name))


def read_predictions(lines: Iterable[str], *, name: str = "predictions") -> Set:
    """The predictions of JSON lines; InputError names line and fault."""
    return _distinct((_article(value, where, needs_events=False), where) for value, where in _objects(lines, name))


def predictions(answers: Iterable[JSON]) -> Set:
    """The same from objects of the extraction contract."""
    return {(article := _article(answer, "answer", needs_events=False)).id: article for answer in answers}


def _objects(lines: Iterable[str], name: str) -> Iterator[tuple[JSON, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{name}:{number}"
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(
                    f"{where}: not JSON ({error.msg} at column {error.colno}); one object a line"
                ) from None
            except RecursionError:
                raise InputError(f"{where}: nested too deeply; give one article a line") from None
            except ValueError:
                raise InputError(f"{where}: a number has too many digits; give it fewer") from None
            if not isinstance(value, dict):
                raise InputError(f"{where}: a JSON {type(value).__name__}, not an object with 'id' and 'events'")
            yield value, where


def _distinct(articles: Iterable[tuple[Article, str]]) -> Set:
    found: dict[str, Article] = {}
    for article, where in articles:
        if article.id in found:
            raise InputError(f"{where}: the id {article.id!r} stands on an earlier line too; give each article its own")
        found[article.id] = article
    return found


def _article(value: JSON, where: str, *, needs_events: bool) -> Article:
    if not isinstance(value.get("id"), str):
        raise InputError(f"{where}: 'id' is {_seen(value, 'id')}; it must be a string")
    if needs_events and not isinstance(value.get("events"), list):
        raise InputError(
            f"{where}: 'events' is {_seen(value, 'events')}; a gold article has a list, which may be empty"
        )
    events = enumerate(_many(value, "events", dict, where))
    return Article(
        id=value["id"],
        text=_text(value, "text", where) or "",
        title=_text(value, "title", where) or "",
        events=tuple(_event(one, f"{where}: events[{n}]", needs_type=needs_events) for n, one in events),
    )


def _event(value: JSON, where: str, *, needs_type: bool) -> Event:
    kind = _text(value, "type", where)
    if needs_type and not kind:
        raise InputError(f"{where}: 'type' is {_seen(value, 'type')}; it must be one of the guide's types")
    plain = ("status", "direction", "certainty", "announced_on", "effective_on", "salience", "event_key", "measure")
    return Event(
        type=kind or UNKNOWN,
        also_types=tuple(_many(value, "also_types", str, where)),
        actors=_parties(value, "actors", where),
        targets=_parties(value, "targets", where),
        items=tuple(_many(value, "items", str, where)),
        evidence=tuple(_span(one, where) for one in _many(value, "evidence", dict, where)),
        is_optional=bool(value.get("optional")),
        **{field: _text(value, field, where) for field in (*plain, "event_id", "measure_id")},
    )


def _parties(value: JSON, role: str, where: str) -> tuple[Party, ...]:
    return tuple(
        Party(
            name=_text(one, "name", place) or "",
            kind=_text(one, "kind", place),
            country=_text(one, "country", place),
            aka=tuple(_many(one, "aka", str, place)),
        )
        for n, one in enumerate(_many(value, role, dict, where))
        for place in (f"{where}.{role}[{n}]",)
    )


def _span(value: JSON, where: str) -> Span:
    start, end = value.get("start"), value.get("end")
    if not (isinstance(start, int) and isinstance(end, int)):
        raise InputError(f"{where}.evidence: {json.dumps(value)[:80]} is no span; give whole numbers 'start' and 'end'")
    return Span(start=start, end=end, field=_text(value, "field", where) or "text")


def _many(value: JSON, field: str, kind: type, where: str) -> list[Any]:
    """The list in a field, of one kind throughout; null and nothing are the empty list."""
    found = value.get(field) or []
    wrong = [one for one in found if not isinstance(one, kind)] if isinstance(found, list) else [found]
    if wrong:
        word = "objects" if kind is dict else "strings"
        raise InputError(f"{where}: {field!r} holds {json.dumps(wrong[0])[:60]}; it must be a list of {word}")
    return list(found)


def _text(value: JSON, field: str, where: str) -> str | None:
    found = value.get(field)
    if not isinstance(found, str | None):
        raise InputError(f"{where}: {field!r} is {_seen(value, field)}; it must be a string or null")
    return found


def _seen(value: JSON, field: str) -> str:
    return f"a {type(value[field]).__name__}" if field in value else "missing"
