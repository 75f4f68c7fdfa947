"""Things among their like, and whom they follow: reports on their way into events, events on theirs into measures.

One table has a row per thing, another the keys under which it is found. Keys are hashed and days are numbers, since of
those rows there are many; both are written only as far as they change. What was never settled is not among the answers;
what is to be settled anew stands as it was. It keeps what clustering decided and decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from sqlite3 import Row

from tracker.model import Ask, Judgement, Place, Standing
from tracker.store.connection import Connection, Value

# Names of tables and columns are those of a Level, which are constants.
SELECT = "SELECT number, {group} AS group_id, id, rank, profile, lead_id, leads FROM {level}_standing"
ASKED = """
WITH ask (sought, first, last) AS (VALUES {asks})
SELECT sought, day, number FROM ask CROSS JOIN {level}_key
WHERE key = sought AND leads {leads} AND day BETWEEN first AND last
"""
MOST_ASKED = 64  # questions in one statement
AMONG = " WHERE {column} IN (SELECT value FROM json_each(?)) AND lead_id IS NOT NULL"
OF_LEADS = (
    "SELECT lead_id, id FROM {level}_standing WHERE lead_id IN (SELECT value FROM json_each(?)) ORDER BY lead_id, id"
)
BEGIN = (
    "INSERT OR IGNORE INTO {level}_standing (id, lead_id, leads, rank, profile, keys) VALUES (?, '', 0, '', '', '[]')"
)
STAND = "UPDATE {level}_standing SET lead_id = ?, leads = ?, rank = ?, profile = ?, keys = ?{done} WHERE number = ?"
PRESENT = (
    "SELECT id, number, leads, keys FROM {level}_standing WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number"
)

Keys = Mapping[str, Sequence[tuple[str, str]]]  # id of a thing -> (key, ISO day) each
KeyRow = tuple[int, int, int, int]
Hit = tuple[int, int, int]  # a key and a day as they are kept, the number of a thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is put together, and how its tables differ."""

    name: str  # of the tables, before "_standing" and "_key"
    judged: Callable[[Connection, Iterable[str]], list[Judgement]]
    is_judged: Callable[[Connection], bool]  # whether there are such judgements at all
    group: str = "''"
    done: str = ""  # what else is set when a thing has been settled

    def sql(self, template: str, **more: str) -> str:
        """A statement about these tables."""
        return template.format(level=self.name, group=self.group, **more)


class Standings:
    """The things of one level: what clustering asks (`tracker.model.Held`), and the writing of its answers."""

    def __init__(self, connection: Connection, level: Level) -> None:
        """Work on one connection."""
        self._db = connection
        self._level = level
        self._among = {column: level.sql(SELECT + AMONG, column=column) for column in ("number", "id", "group_id")}

    def leading(self, asks: Iterable[Ask]) -> Iterator[Standing]:
        """Those that lead and stand where one of the questions asks; each once."""
        return map(standing, self._rows({number for _, _, number in self._hits(asks, whole=False)}))

    def sharing(self, asks: Iterable[Ask]) -> Iterator[Standing]:
        """All that stand where one of the questions asks; each once."""
        return map(standing, self._rows({number for _, _, number in self._hits(asks, whole=True)}))

    def places(self, asks: Iterable[Ask], *, whole: bool) -> tuple[list[Standing], list[Place]]:
        """What `sharing` (or else `leading`) finds, and under which of the keys that were asked for, on which day."""
        asked_for = list(asks)
        key_of = {hashed(ask.key): ask.key for ask in asked_for}
        hits = self._hits(asked_for, whole=whole)
        found = {row["number"]: standing(row) for row in self._rows({number for _, _, number in hits})}
        return list(found.values()), [
            (key_of[key], iso(day), found[number].id) for key, day, number in hits if number in found
        ]

    def of_groups(self, groups: Iterable[str]) -> Iterator[Standing]:
        """All of these groups."""
        if self._level.group == "''":
            return iter(())
        return map(standing, self._db.rows(self._among["group_id"], (_list(groups),)))

    def get(self, ids: Iterable[str]) -> Iterator[Standing]:
        """Those of these ids that there are."""
        return map(standing, self._db.rows(self._among["id"], (_list(ids),)))

    def judged(self, ids: Iterable[str]) -> list[Judgement]:
        """The open judgements `same`, `different` and `split` that any of these takes part in."""
        return self._level.judged(self._db, ids)

    def bonds(self, leads: Iterable[str]) -> list[Judgement]:
        """As `judged`, of all that follow one of these."""
        if not self._level.is_judged(self._db):
            return []
        return self.judged(key for ids in self.of_leads(leads).values() for key in ids)

    def of_leads(self, lead_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Lead id to the ids of all that follow it, itself among them; nothing for one that nobody follows."""
        found: dict[str, list[str]] = {}
        for row in self._db.rows(self._level.sql(OF_LEADS), (_list(lead_ids),)):
            found.setdefault(row["lead_id"], []).append(row["id"])
        return {lead: tuple(ids) for lead, ids in found.items()}

    def stand(self, standings: Iterable[Standing], keys: Keys) -> None:
        """Keep where these things stand and the keys they are found by.

        One that `keys` does not name has only been moved by its neighbours: it keeps its keys, and is to be settled
        anew if it was before.
        """
        wanted = {thing.id: thing for thing in standings}
        if self._level.group == "''":  # events come to be here, reports are there from the start
            self._db.many(self._level.sql(BEGIN), ((key,) for key in wanted))
        updates: dict[bool, list[tuple[Value, ...]]] = {True: [], False: []}  # settled, or only moved
        gone: set[KeyRow] = set()
        new: set[KeyRow] = set()
        for row in self._db.rows(self._level.sql(PRESENT), (_list(wanted),)):
            thing = wanted[row["id"]]
            kept = told(keys[thing.id]) if thing.id in keys else row["keys"]
            if kept != row["keys"] or thing.leads != bool(row["leads"]):
                before = set(key_rows(row["keys"], row["leads"], row["number"]))
                after = set(key_rows(kept, int(thing.leads), row["number"]))
                gone |= before - after
                new |= after - before
            updates[thing.id in keys].append(
                (thing.lead, int(thing.leads), thing.rank, thing.profile, kept, row["number"])
            )
        self._db.many(self._level.sql(STAND, done=self._level.done), updates[True])
        self._db.many(self._level.sql(STAND, done=""), updates[False])
        self._drop_keys(gone)
        self._db.numbers(self._level.sql("INSERT INTO {level}_key VALUES (?, ?, ?, ?)"), sorted(new))

    def remove(self, ids: Iterable[str]) -> None:
        """Forget these things altogether."""
        rows = self._db.rows(self._level.sql(PRESENT), (_list(ids),))
        self._drop_keys(key for row in rows for key in key_rows(row["keys"], row["leads"], row["number"]))
        self._db.many(self._level.sql("DELETE FROM {level}_standing WHERE number = ?"), ((row[1],) for row in rows))

    def _hits(self, asks: Iterable[Ask], *, whole: bool) -> set[Hit]:
        """In few statements, of few lengths, so that SQLite need not prepare each anew."""
        sought = [(key, _day(a), _day(b)) for ask in asks for key in (hashed(ask.key),) for a, b in ask.days]
        found: set[Hit] = set()
        for start in range(0, len(sought), MOST_ASKED):
            some = sought[start : start + MOST_ASKED]
            some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
            sql = asked(self._level, len(some), whole=whole)
            found.update(self._db.tuples(sql, [value for ask in some for value in ask]))
        return found

    def _rows(self, numbers: set[int]) -> list[Row]:
        return self._db.rows(self._among["number"], (_list(numbers),)) if numbers else []

    def _drop_keys(self, rows: Iterable[KeyRow]) -> None:
        self._db.numbers(
            self._level.sql("DELETE FROM {level}_key WHERE key = ? AND leads = ? AND day = ? AND number = ?"),
            sorted(rows),
        )


@cache
def asked(level: Level, number: int, *, whole: bool) -> str:
    """The statement that asks so many questions."""
    return level.sql(ASKED, asks=", ".join(["(?, ?, ?)"] * number), leads="IN (0, 1)" if whole else "= 1")


@lru_cache(maxsize=1 << 14)
def hashed(key: str) -> int:
    """A blocking key as the database keeps it: 64 bits of BLAKE2b, signed."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=1 << 14)
def _day(day: str) -> int:
    """An ISO day as a number in the order of days: 20240709; 0 where it is empty; before it the letter's number."""
    letter, iso = (ord(day[0]), day[1:]) if day[:1].isalpha() else (0, day)
    return letter * 10**8 + int(iso.replace("-", "") or 0)


@lru_cache(maxsize=1 << 14)
def iso(day: int) -> str:
    """The day that `_day` made a number of."""
    letter, plain = divmod(day, 10**8)
    digits = f"{plain:08}" if plain else ""
    return f"{chr(letter) if letter else ''}{digits and f'{digits[:4]}-{digits[4:6]}-{digits[6:]}'}"


def told(keys: Sequence[tuple[str, str]]) -> str:
    """The column `keys` of a thing."""
    return json.dumps(sorted({(key, day) for key, day in keys}), separators=(",", ":"))


def key_rows(keys: str, leads: int, number: int) -> Iterator[KeyRow]:
    """The rows under which a thing is found, by its column `keys`."""
    for key, day in json.loads(keys):
        yield hashed(key), leads, _day(day), number


def _list(values: Iterable[str] | Iterable[int]) -> str:
    return json.dumps(list(values))


def standing(row: Row) -> Standing:
    """A thing from its row."""
    return Standing(
        id=row["id"],
        group=row["group_id"],
        rank=row["rank"],
        profile=row["profile"],
        lead=row["lead_id"],
        leads=bool(row["leads"]),
    )
