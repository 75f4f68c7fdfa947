"""Snippets: texts of one to four sentences with their events marked in place, training data that is quick to write.

Files in `snippets/` hold one snippet a line. A line that starts with `@` gives the day on which the texts below it were
published. Each event's clause stands in angle brackets, after its type, status, direction and certainty; what stands
outside is context that tells no event. Marks in square brackets show what belongs to the event: `A` its actor, `T` its
target, `I` an item, `N` the date on which the step was taken or announced, `F` that on which it takes effect. A mark
outside of every clause serves all events of the snippet that have no such mark of their own:

    @ 2024-05-15
    <tariff announced restrict confirmed: [A Ankara] will charge 40% on [I cars] from [T China] [F from 7 July]>.
    [T ByteDance] had sued. <court_ruling in_force restrict confirmed: [A The court] threw the case out [N last week].>
    Brussels should ban the app, three MEPs said.

`optional` after the certainty leaves a clause out of training. Only for training: they never take part in a score.

Usage: python evals/snippets.py FILE ...     (checks files; prints what is wrong and where)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.model import Certainty, Direction, EventType, Status

FOLDER = Path(__file__).parent / "snippets"
CLOSED = (EventType, Status, Direction, Certainty)
TOKEN = re.compile(
    r"<(?P<head>[a-z_]+(?: [a-z_]+)*): ?|(?P<close>>)|\[(?P<mark>[ATINF]) |(?P<end>\])|(?P<plain>[^<>\[\]]+|.)"
)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LISTS = {"A": "actors", "T": "targets", "I": "items"}
DATES = {"N": "announced", "F": "effective"}

Doc = dict[str, Any]
Mark = tuple[str, int, int]


class FormError(ValueError):
    """A line that does not have the form; the message says what is wrong."""


def snippets(folder: Path = FOLDER) -> list[Doc]:
    """Every snippet, in the shape of the gold."""
    return [
        doc for path in sorted(folder.glob("*.txt")) for _, doc in parse(path.read_text(encoding="utf-8"), path.stem)
    ]


def parse(text: str, name: str) -> Iterator[tuple[int, Doc]]:
    """Line numbers and snippets of a file; FormError says which line has no such form."""
    day = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("@"):
            day = line[1:].strip()
            if not DAY.fullmatch(day):
                raise FormError(f"line {number}: {day!r} is no day like 2024-05-15")
        elif line.strip() and not line.startswith("#"):
            if not day:
                raise FormError(f"line {number}: no line `@ 2024-05-15` before the first snippet")
            try:
                yield number, _snippet(line.strip(), f"snippet-{name}-{number:04}", day)
            except FormError as e:
                raise FormError(f"line {number}: {e}") from e


class _Scanner:
    """One line on its way to a text, its clauses and its marks."""

    def __init__(self) -> None:
        self.text = ""
        self.clauses: list[tuple[str, int, int, list[Mark]]] = []
        self.shared: list[Mark] = []
        self.head: tuple[str, int] | None = None  # of the clause that is open
        self.mark: tuple[str, int] | None = None  # that is open
        self.inside: list[Mark] = []

    def take(self, token: re.Match[str]) -> None:
        """One more piece of the line."""
        if token["head"]:
            self._fail_if(self.head, f"a clause opens inside another: {token['head']!r}")
            self.head, self.inside = (token["head"], len(self.text)), []
        elif token["close"]:
            self._fail_if(not self.head or self.mark, "`>` closes nothing")
            assert self.head
            self.clauses.append((*self.head, len(self.text), self.inside))
            self.head = None
        elif token["mark"]:
            self._fail_if(self.mark, "a mark opens inside another")
            self.mark = (token["mark"], len(self.text))
        elif token["end"]:
            self._fail_if(not self.mark, "`]` closes nothing")
            assert self.mark
            (self.inside if self.head else self.shared).append((*self.mark, len(self.text)))
            self.mark = None
        else:
            self._fail_if(token["plain"] in "<[", f"{token['plain']!r} opens neither a clause nor a mark")
            self.text += token["plain"]

    def _fail_if(self, wrong: object, what: str) -> None:
        if wrong:
            raise FormError(f"{what}, after {self.text[-30:]!r}")


def _snippet(line: str, key: str, day: str) -> Doc:
    scanner = _Scanner()
    for token in TOKEN.finditer(line):
        scanner.take(token)
    left_open = scanner.head or scanner.mark
    if left_open:
        raise FormError(f"not closed: {left_open[0]!r}")
    text = scanner.text
    events = [_event(text, *clause, scanner.shared) for clause in scanner.clauses]
    base = {"id": key, "case": key, "title": "", "text": text, "published_at": day, "lang": "en"}
    return {**base, "events": events}


def _event(text: str, head: str, start: int, end: int, inside: list[Mark], shared: list[Mark]) -> Doc:
    words = head.split()
    if len(words) not in (4, 5) or words[4:] not in ([], ["optional"]):
        raise FormError(f"{head!r}: type, status, direction and certainty wanted")
    for word, allowed in zip(words, CLOSED, strict=False):
        if word not in [v.value for v in allowed]:
            raise FormError(f"{word!r} is none of {', '.join(v.value for v in allowed)}")
    if not text[start:end].strip():
        raise FormError(f"{head!r}: an empty clause")
    own = {kind for kind, _, _ in inside}
    marks = inside + [m for m in shared if m[0] not in own]
    event: Doc = dict(zip(("type", "status", "direction", "certainty"), words, strict=False))
    for kind, name in LISTS.items():
        found = [(text[a:b], (a, b)) for k, a, b in marks if k == kind]
        event[name] = [{"name": n, "kind": None, "country": None, "span": s} for n, s in found]
    event["items"] = [i["name"] for i in event["items"]]
    event["dates"] = {name: [(a, b) for k, a, b in marks if k == kind] for kind, name in DATES.items()}
    event |= {"also_types": [], "instruments": [], "salience": "main", "optional": len(words) == 5}
    return event | {"evidence": [{"start": start, "end": end}]}


def main(paths: list[str]) -> int:
    """Check files."""
    wrong = 0
    for path in paths:
        try:
            docs = [doc for _, doc in parse(Path(path).read_text(encoding="utf-8"), Path(path).stem)]
        except FormError as e:
            print(f"{path}: {e}")
            wrong += 1
            continue
        print(f"{path}: {len(docs)} snippets, {sum(len(d['events']) for d in docs)} events")
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
