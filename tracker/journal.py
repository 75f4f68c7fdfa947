"""The log: what happens, one line each, as text or JSON, without secrets and without tricks.

`tell` is called by whoever does something worth a line; nothing is written unless `written` has opened a log. Fields
have names, so that a line can be searched for by source or run. Characters that move a cursor, hide words or begin
a line of their own are written as escapes. Does not decide what is worth a line.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from tracker.errors import InputError
from tracker.redaction import redacted

Value = str | int | float | bool | None

LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
FORMS = ("text", "json")
LONGEST = 2_000  # characters of one value
_LOG = logging.getLogger("tracker")
_LOG.addHandler(logging.NullHandler())  # silent until a log is opened
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/@+,•")


def tell(event: str, *, level: str = "info", error: BaseException | None = None, **fields: Value) -> None:
    """Note that something happened; fields that are None are left out. An error's trace is kept with it."""
    if _LOG.isEnabledFor(LEVELS[level]):
        _LOG.log(LEVELS[level], event, exc_info=error, extra={"fields": fields})


def run_id(started: datetime) -> str:
    """What the lines of one run have in common: when it started."""
    return f"{started:%Y%m%dT%H%M%S.%f}"[:-3] + "Z"


@dataclass(slots=True)
class Journal:
    """A log that is open: the run that its lines belong to, and what must not stand in them."""

    run: str | None = None
    secrets: Collection[str] = field(default_factory=tuple)


@contextmanager
def written(form: str, *, to: IO[str], file: Path | None = None, level: str = "info") -> Iterator[Journal]:
    """Write what is told within: to a file (opened anew when it is moved away, as logrotate does), else to a stream.

    Raises:
        InputError: the file cannot be written.
    """
    journal = Journal()
    handler = _handler(to, file)
    handler.setFormatter(Lines(journal, as_json=form == "json"))
    before = _LOG.level, _LOG.propagate
    _LOG.addHandler(handler)
    _LOG.setLevel(LEVELS[level])
    _LOG.propagate = False
    try:
        yield journal
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(before[0])
        _LOG.propagate = before[1]
        handler.close()


def _handler(to: IO[str], file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(to)
    from logging.handlers import WatchedFileHandler  # noqa: PLC0415 - it loads much, and most commands write no log

    try:
        return WatchedFileHandler(file, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        what = f"the log cannot be written ({error.strerror})"
        raise InputError(f"{file}: {what}; name a file in a folder of yours") from None


class Lines(logging.Formatter):
    """One line per record."""

    converter = staticmethod(time.gmtime)

    def __init__(self, journal: Journal, *, as_json: bool) -> None:
        """For the lines of a journal."""
        super().__init__()
        self._journal, self._as_json = journal, as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line without its end."""
        given: Mapping[str, Value] = getattr(record, "fields", {})
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head: dict[str, Value] = {"time": at, "level": record.levelname.lower(), "event": record.getMessage()}
        if self._journal.run is not None:
            head["run"] = self._journal.run
        fields = head | {name: value for name, value in given.items() if value is not None and name not in head}
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        clean = {name: self._clean(value) for name, value in fields.items()}
        return json.dumps(clean) if self._as_json else in_text(clean)

    def _clean(self, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        clean = redacted(value, self._journal.secrets)
        return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def in_text(fields: Mapping[str, Value]) -> str:
    """A line for people: time, level and event, then the fields as name=value."""
    rest = [f"{name}={quoted(value)}" for name, value in fields.items() if name not in {"time", "level", "event"}]
    start = f"{fields['time']} {str(fields['level']).upper():7} {escaped(str(fields['event']))}"
    return " ".join([start, *rest])


def quoted(value: Value) -> str:
    """A value as it stands after "name=": bare where nothing can be mistaken, else in quotation marks."""
    if not isinstance(value, str):
        return json.dumps(value)
    if value and _PLAIN.issuperset(value):
        return value
    return f'"{escaped(value)}"'


def escaped(text: str) -> str:
    """The text with escapes in place of what is not printed, of quotation marks and of the escape itself."""
    return "".join(
        f"\\{char}" if char in '"\\' else char if char.isprintable() else json.dumps(char)[1:-1] for char in text
    )
