"""Annotated articles of our own, in a form that people can write: training data beside the gold.

Files in `articles/` hold blocks like this one, divided by lines of `===`:

    id: chips-001
    date: 2024-05-14
    style: wire
    title: Treasury sanctions three shipping firms
    text:
    The US Treasury Department on Tuesday imposed sanctions on three firms. ...

    A second paragraph.
    events:
    - sanction in_force restrict confirmed main
      also: entity_listing
      A: US Treasury Department = government US aka Treasury, OFAC
      T: Sun Ship = company SG; Gatik = company IN
      I: crude oil shipments
      L: Executive Order 14114
      on: 2024-05-14
      from: 2024-06-01
      E: The US Treasury Department on Tuesday ... on three firms.

`salience` (main, background) may be followed by `optional`. `E` is a quotation of the text, or its first and last words
with ` ... ` between; several lines may stand. Only for training and tuning: they never take part in a score.

Usage: python evals/articles.py FILE ...     (checks files; prints what is wrong and where)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.model import Certainty, Direction, EventType, PartyKind, Status

FOLDER = Path(__file__).parent / "articles"
FIRST_ROUND = frozenset("access asia capital controls daily europe hard law mixed sanctions south trade us".split())
HEADS = ("id", "date", "style", "title")
CLOSED = (EventType, Status, Direction, Certainty)
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
LISTS = {"A": "actors", "T": "targets", "I": "items", "L": "instruments"}
DATES = {"on": "announced_on", "from": "effective_on"}
PARTY = re.compile(r"(?P<name>[^=]+) = (?P<kind>[a-z]+)(?: (?P<country>[A-Z]{2}))?(?: aka (?P<aka>.+))?")

Doc = dict[str, Any]


class FormError(ValueError):
    """A block that does not have the form; the message says what and where."""


def own_articles(folder: Path = FOLDER) -> list[Doc]:
    """Every annotated article of our own, in the shape of the gold."""
    return [doc for path in sorted(folder.glob("*.txt")) for doc in parse(path.read_text(encoding="utf-8"), path.stem)]


def is_first_round(doc: Doc) -> bool:
    """Whether an article is of those that were written first, with which fitting starts."""
    return str(doc["id"]).split("-")[1] in FIRST_ROUND


def parse(text: str, name: str) -> Iterator[Doc]:
    """The articles of one file; FormError says which block is wrong."""
    for number, block in enumerate(re.split(r"(?m)^===\s*$", text), start=1):
        if block.strip() and not all(line.startswith("#") for line in block.strip().splitlines()):
            yield _article(block, f"{name}, block {number}")


def _article(block: str, where: str) -> Doc:
    head, found, rest = block.partition("\ntext:\n")
    body, ending, annotated = rest.partition("\nevents:")
    if not found or not ending:
        raise FormError(f"{where}: needs a line 'text:' and, after the text, a line 'events:'")
    values = dict(line.split(": ", 1) for line in head.strip().splitlines() if ": " in line and line[0] != "#")
    if missing := [key for key in HEADS if key not in values]:
        raise FormError(f"{where}: no line '{missing[0]}: …'")
    where = f"{where} ({values['id']})"
    day = values["date"].strip()
    if not DAY.fullmatch(day):
        raise FormError(f"{where}: date {day!r} is no ISO day")
    content = body.strip()
    pieces = re.split(r"(?m)^- ", annotated)[1:]
    key = f"own-{values['id'].strip()}"
    title = "" if values["title"].strip() == "-" else values["title"].strip()
    doc: Doc = {"id": key, "case": key, "style": values["style"].strip(), "url": None, "title": title}
    doc |= {"published_at": day, "lang": "en", "text": content}
    return doc | {"events": [_event(piece, content, f"{where}, event {n}") for n, piece in enumerate(pieces, 1)]}


def _event(piece: str, text: str, where: str) -> Doc:
    first, *lines = [line.strip() for line in piece.strip().splitlines() if line.strip()]
    words = first.split()
    if len(words) < 5:
        raise FormError(f"{where}: the first line needs type, status, direction, certainty and salience: {first!r}")
    for word, values in zip(words, CLOSED, strict=False):
        if word not in {v.value for v in values}:
            raise FormError(f"{where}: {word!r} is no {values.__name__}")
    if words[4] not in ("main", "background"):
        raise FormError(f"{where}: salience is main or background, not {words[4]!r}")
    event: Doc = dict(zip(("type", "status", "direction", "certainty", "salience"), words, strict=False))
    event |= {"also_types": [], "actors": [], "targets": [], "items": [], "instruments": []}
    event |= {"announced_on": None, "effective_on": None, "evidence": []}
    if "optional" in words[5:]:
        event["optional"] = True
    for line in lines:
        _field(event, line, text, where)
    if not event["evidence"]:
        raise FormError(f"{where}: no line 'E: …'")
    return event


def _field(event: Doc, line: str, text: str, where: str) -> None:
    mark, _, value = line.partition(":")
    value = value.strip()
    if mark == "E":
        event["evidence"].append(_quoted(value, text, where))
    elif mark in DATES:
        if value and not DAY.fullmatch(value):
            raise FormError(f"{where}: {value!r} is no ISO date")
        event[DATES[mark]] = value or None
    elif mark in ("A", "T"):
        event[LISTS[mark]] = [_party(part, where) for part in value.split(";") if part.strip()]
    elif mark in LISTS:
        event[LISTS[mark]] = [part.strip() for part in value.split(";") if part.strip()]
    elif mark == "also":
        event["also_types"] = [EventType(part.strip()).value for part in value.split(",")]
    else:
        raise FormError(f"{where}: unknown line {line!r}")


def _party(part: str, where: str) -> Doc:
    found = PARTY.fullmatch(part.strip())
    if found is None or found["kind"] not in {k.value for k in PartyKind}:
        raise FormError(f"{where}: {part.strip()!r} is not 'Name = kind CC aka Other, Other'")
    aka = [name.strip() for name in (found["aka"] or "").split(",") if name.strip()]
    return {"name": found["name"].strip(), "kind": found["kind"], "country": found["country"], "aka": aka}


def _quoted(value: str, text: str, where: str) -> dict[str, int]:
    first, elided, last = value.partition(" ... ")
    start = text.find(first)
    if start < 0:
        raise FormError(f"{where}: the text does not hold {first!r}")
    end = start + len(first)
    if elided:
        place = text.find(last, end)
        if place < 0:
            raise FormError(f"{where}: the text does not hold {last!r} after {first!r}")
        end = place + len(last)
    if end - start > 700:
        raise FormError(f"{where}: evidence of {end - start} characters; quote the sentence or clause")
    return {"start": start, "end": end}


def main(paths: list[str]) -> int:
    """Check files; 1 where one is wrong."""
    wrong = 0
    for path in paths:
        try:
            docs = list(parse(Path(path).read_text(encoding="utf-8"), Path(path).stem))
        except FormError as error:
            print(error)
            wrong = 1
        else:
            print(f"{path}: {len(docs)} articles, {sum(len(d['events']) for d in docs)} events")
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)
