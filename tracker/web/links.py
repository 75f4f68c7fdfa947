"""The addresses of pages: one function per page, so that no template spells one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from tracker.web import files

Value = str | int | float | bool | Iterable[str] | None

PLAIN = ":,><=./"  # signs that a parameter may hold as they are
SHORT = 60  # characters of a parameter that is spelt once for all pages


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below `base` (of our pages) and `datasette` (of the database's own pages in Datasette)."""

    base: str
    datasette: str
    origin: str = ""  # scheme and host by which the reader came

    def whole(self, address: str) -> str:
        """An address with scheme and host, for feeds and calendars that are read elsewhere."""
        return f"{self.origin}{address}"

    def home(self, query: Mapping[str, Value] | None = None, /, **changes: Value) -> str:
        """The timeline; `changes` go over what the query has, None takes away."""
        return f"{self.base}/{asked(query, changes)}"

    def page(self, name: str, query: Mapping[str, Value] | None = None, /, **changes: Value) -> str:
        """A page that has no id: "matrix", "events.csv"."""
        return f"{self.base}/{name}{asked(query, changes)}"

    def of(self, kind: str, ident: str, query: Mapping[str, Value] | None = None, /, **changes: Value) -> str:
        """A page about one thing: "event", "measure", "party", "article", "source"."""
        return f"{self.base}/{kind}/{quote(ident, safe=':')}{asked(query, changes)}"

    def event(self, ident: str) -> str:
        """An event."""
        return self.of("event", ident)

    def why(self, ident: str, query: Mapping[str, Value] | None = None, /, **changes: Value) -> str:
        """Why an event is one; `with` another one, why the two are or are not."""
        return f"{self.event(ident)}/why{asked(query, changes)}"

    def why_json(self, ident: str, query: Mapping[str, Value] | None = None, /) -> str:
        """The same as JSON."""
        return f"{self.event(ident)}/why.json{asked(query, {})}"

    def measure(self, ident: str) -> str:
        """A measure."""
        return self.of("measure", ident)

    def party(self, ident: str) -> str:
        """A party."""
        return self.of("party", ident)

    def article(self, ident: str) -> str:
        """An article."""
        return self.of("article", ident)

    def original(self, ident: str, **changes: Value) -> str:
        """The page that an article was taken from."""
        return f"{self.article(ident)}/original{asked(None, changes)}"

    def revisions(self, ident: str) -> str:
        """The texts that an article has had."""
        return f"{self.article(ident)}/revisions"

    def source(self, ident: str) -> str:
        """A source."""
        return self.of("source", ident)

    def static(self, name: str) -> str:
        """A file of `static/`: its address changes with it, so that it may be kept for ever."""
        return f"{self.base}/static/{files.mark(name)}/{name}"

    def table(self, name: str, query: Mapping[str, Value] | None = None, /, **changes: Value) -> str:
        """A table or view in Datasette."""
        return f"{self.datasette}/{quote(name, safe='')}{asked(query, changes)}"

    def row(self, table: str, key: str) -> str:
        """A row of a table in Datasette, by its primary key (which it spells with tildes)."""
        return f"{self.datasette}/{table}/{tilde(key)}"

    def sql(self, statement: str) -> str:
        """A question in Datasette, where it can be changed."""
        return f"{self.datasette}{asked({'sql': statement}, {})}"


def asked(query: Mapping[str, Value] | None, changes: Mapping[str, Value]) -> str:
    """What stands behind a page: parameters in the order in which they were first given."""
    told: list[tuple[str, str]] = []
    for name, value in {**(query or {}), **changes}.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            told.append((name, "true" if value else "false"))
        elif isinstance(value, (str, int, float)):
            told.append((name, str(value)))
        else:
            told.extend((name, str(one)) for one in value)
    pairs = [(_known if len(value) <= SHORT else _pair)(name, value) for name, value in told]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _pair(name: str, value: str) -> str:
    """A parameter as an address has it."""
    return f"{quote(name, safe=PLAIN)}={quote(value, safe=PLAIN)}"


# A page of the timeline has four hundred addresses, most of the same few parameters.
_known = lru_cache(maxsize=4096)(_pair)


def tilde(text: str) -> str:
    """As Datasette spells keys in addresses: signs that mean something in one are bytes behind tildes."""
    return "".join(
        chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "-_") else f"~{byte:02X}"
        for byte in text.encode()
    )
