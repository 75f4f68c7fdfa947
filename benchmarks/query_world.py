"""A large invented database for the benchmark of questions: a million events as two million articles report them.

Parties, types, statuses, sources, languages, items and measures are drawn by Zipf's law, years grow; the words are
those of real sentences (the articles of `evals/`), drawn by Zipf's law too, so that some are in every article and some
in a few. Rows are written in blocks, each in a transaction that the store's own code ends by working out facets,
tallies and lines. What is kept in mind is one block. A build that was stopped goes on with the next block; after every
block the database is whole, only smaller. Every build gives the same rows.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import time
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from tracker.model import Certainty, Direction, Status
from tracker.store import Store, facets
from tracker.store.connection import Connection, open_database
from tracker.store.upkeep import SEARCHED, Upkeep

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
BLOCK = 20_000  # events
BEGIN = date(2008, 1, 1)
DAYS = 6_500  # up to the end of 2025
AT = "2008-01-01T00:00:00+00:00"
COUNTRIES = (
    "US CN EU RU GB JP DE KR FR IN TW NL IT CA AU BR IR UA TR MX SG IL CH SE PL ES VN ID SA AE ZA AR NG KE TH MY PH PK"
).split()
TYPES = (
    "sanction tariff export_control enforcement regulation entity_listing product_ban company_response court_ruling "
    "licence_decision investment_restriction subsidy import_restriction trade_agreement access_restriction"
).split()
TAGS = "trade law chips sanctions ai energy telecom finance asia europe".split()
LANGUAGES = "en zh de fr ja ru es ko".split()
TIERS = ("major", "specialist", "official", "social")
UNITS = ("USD", "EUR", "CNY", "JPY")
AGENCIES, OFFICES, COMPANIES, GROUPS, SOURCES, RULES, ITEMS = 12, 4, 20_000, 3_000, 300, 2_000, 30_000
MOST_REPORTS = 400  # of one event
NOTHING = '{"actors":[],"targets":[],"items":[],"instruments":[]}'  # what a report tells beside its columns
SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\"“])")
COPIED = """
  event(number, id, type, subtype, status, direction, certainty, announced_on, announced_basis, effective_on,
    effective_basis, confidence, summary, origins, reports, measure_id, first_reported, day, announced_from,
    announced_to, effective_from, effective_to, first_seen_at, changed_at, lead_id, verdict, edited)
  event_fts(rowid, summary, parties, items, quotes)
  event_party(event_id, role, position, entity_id, name)
  event_item(event_id, kind, position, name, folded)
  article(number, id, source_id, url, title, published, language, text_from, content_hash, origin, stored_at,
    changed_at, text)
  report(id, article_id, position, event_id, type, status, direction, certainty, announced_on, confidence, published,
    reader, quote, detail)
  report_amount(report_id, position, kind, value, comparison, unit, text)
  contradiction(event_id, field, position, value, origins, reports, because)
  measure(id, title, first_seen_at, status, since)
  measure_step(measure_id, position, day, status, event_id, words)
  change(changed_at, what, id, kind)
"""
# Table to the statement that fills it.
FILL = {
    match[1]: f"INSERT INTO {match[0]} VALUES ({', '.join('?' * (match[2].count(',') + 1))})"
    for match in re.finditer(r"(\w+)\(([^)]*)\)", COPIED)
}
Rows = defaultdict[str, list[Sequence[object]]]


def zipf(chance: Random, values: Sequence[T], power: float) -> Callable[[], T]:
    """Draws values, the first most often."""
    sums = list(itertools.accumulate((rank + 1) ** -power for rank in range(len(values))))
    return lambda: values[bisect(sums, chance.random() * sums[-1])]


def sentences() -> list[str]:
    """The sentences of the articles in `evals/`, in no order."""
    texts = [
        json.loads(line)["text"]
        for file in sorted((ROOT / "evals" / "gold").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    for file in sorted((ROOT / "evals" / "articles").glob("*.txt")):
        texts += [part.split("\nevents:")[0] for part in file.read_text("utf-8").split("\ntext:\n")[1:]]
    found = {one.strip() for text in texts for line in text.split("\n") for one in SENTENCE.split(line)}
    told = sorted(one for one in found if 40 <= len(one) <= 400)
    Random(1).shuffle(told)
    return told


class World:
    """Who there is, and how often what happens; one per block, with the block's own chance."""

    def __init__(self, seed: int, told: list[str]) -> None:
        """With the chance of a seed."""
        chance = self.chance = Random(seed)
        self.sentence = zipf(chance, told, 0.8)
        self.country = zipf(chance, COUNTRIES, 1.0)
        self.office = zipf(chance, range(1 + AGENCIES + OFFICES + 1), 1.0)
        self.company = zipf(chance, range(COMPANIES), 0.9)
        self.group = zipf(chance, range(GROUPS), 0.9)
        self.type = zipf(chance, TYPES, 0.8)
        self.status = zipf(chance, tuple(map(str, Status)), 0.8)
        self.direction = zipf(chance, tuple(map(str, Direction)), 1.0)
        self.certainty = zipf(chance, tuple(map(str, Certainty)), 1.5)
        self.source = zipf(chance, range(SOURCES), 0.9)
        self.rule = zipf(chance, range(RULES), 1.0)
        self.item = zipf(chance, things(), 0.8)

    def state(self) -> tuple[str, str]:
        """A government, one of its agencies or offices, or a court, with its name."""
        return states(self.country())[self.office()]

    def party(self, *, acts: bool) -> tuple[str, str]:
        """Whoever acts, or is acted upon."""
        drawn = self.chance.random()
        if drawn < (0.85 if acts else 0.35):
            return self.state()
        if acts or drawn < 0.85:
            number = self.company()
            return f"co:c{number}", f"Company {number}"
        number = self.group()
        return f"name:group:g{number}", f"group {number}"


def states(code: str) -> list[tuple[str, str]]:
    """What acts for a country: ids and names."""
    gov = f"gov:{code.lower()}"
    agencies = [(f"{gov}:a{n}", f"{code} Agency {n}") for n in range(AGENCIES)]
    offices = [(f"{gov}:a0:b{n}", f"{code} Bureau {n}") for n in range(OFFICES)]
    return [(gov, f"State {code}"), *agencies, *offices, (f"court:{code.lower()}", f"Court {code}")]


def things() -> list[str]:
    """Names of goods and technologies."""
    words = (
        "chip steel drone solar battery gallium rare earth memory lithography wine beef soy telecom router cloud model "
        "ship oil gas pharma vaccine aircraft engine car tyre textile timber grain cotton uranium quantum sensor laser "
        "camera app data payment bank insurance germanium antimony graphite magnet satellite turbine nickel urea"
    ).split()
    chance = Random(2)
    return list(dict.fromkeys(" ".join(chance.sample(words, chance.randint(1, 3))) for _ in range(ITEMS)))


def parties() -> Iterator[tuple[str, str, str, str | None, str | None]]:
    """Everybody: id, name, kind, country, parent."""
    chance = Random(3)
    country = zipf(chance, COUNTRIES, 1.0)
    for code in COUNTRIES:
        for key, name in states(code):
            above = None if key.count(":") == 1 else key.rpartition(":")[0]
            yield key, name, "court" if key.startswith("court") else "government", code, above or None
    for number in range(COMPANIES):
        above = f"co:c{chance.randrange(number)}" if number > 100 and chance.random() < 0.05 else None
        yield f"co:c{number}", f"Company {number}", "company", country() if chance.random() < 0.8 else None, above
    for number in range(GROUPS):
        yield f"name:group:g{number}", f"group {number}", "group", country(), None


def furnish(db: Connection) -> None:
    """Sources and parties."""
    chance = Random(4)
    language, tier = zipf(chance, LANGUAGES, 1.2), zipf(chance, TIERS, 0.7)
    with db.batch():
        db.raw.executemany(
            "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active,"
            " first_seen_at) VALUES (?1, ?1, 'feed', 'https://' || ?1 || '.example', ?2, ?3, ?4, 3600, 1, 1, ?5)",
            [(f"s{n}", tier(), language(), json.dumps(chance.sample(TAGS, chance.randint(1, 3))), AT)
             for n in range(SOURCES)],
        )  # fmt: skip
        everybody = list(parties())
        db.raw.executemany(
            "INSERT INTO entity (id, name, kind, country, parent, first_seen_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(*one, AT) for one in everybody],
        )
        names = [(one[0], one[1], one[1].casefold(), "canonical") for one in everybody]
        db.raw.executemany("INSERT INTO alias (entity_id, name, folded, how) VALUES (?, ?, ?, ?)", names)


def build(path: Path, events: int, *, seconds: float | None = None) -> None:
    """A database of so many events, as far as it gets in the time that there is."""
    begun = time.perf_counter()
    Store.open(path).close()
    db = open_database(path, read_only=False)
    for pragma in ("foreign_keys = off", "synchronous = off", "cache_size = -1500000", "wal_autocheckpoint = 100000"):
        db.raw.execute(f"PRAGMA {pragma}")
    if db.row("SELECT 1 FROM source") is None:
        furnish(db)
    told = sentences()
    db.before_commit = facets.settle
    languages = {row["id"]: row["language"] for row in db.rows("SELECT id, language FROM source")}
    done = db.number("SELECT coalesce(max(number), 0) FROM event")
    articles = db.number("SELECT coalesce(max(number), 0) FROM article")
    while done < events and (seconds is None or time.perf_counter() - begun < seconds):
        size = min(BLOCK, events - done)
        block = rows(World(done, told), range(done + 1, done + size + 1), events, articles, languages)
        write(db, block, done)
        done, articles = done + size, articles + len(block["article"])
        print(f"{done} events, {articles} reports, {time.perf_counter() - begun:.0f} s", flush=True)
    finish(db)
    db.close()


def write(db: Connection, block: Rows, done: int) -> None:
    """One block, without the triggers that note what is stale row by row."""
    with db.batch():
        triggers = db.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'facet_fts%'"
                           " AND name NOT LIKE 'article_fts%'")  # fmt: skip
        for row in triggers:
            db.raw.execute(f"DROP TRIGGER {row['name']}")
        for name, told in block.items():
            db.raw.executemany(FILL[name], told)
        db.raw.execute("INSERT INTO facet_stale SELECT number FROM event WHERE number > ?", (done,))
        for row in triggers:
            db.raw.execute(row["sql"])


def finish(db: Connection) -> None:
    """The last thousand events changed of late, with their past; the indexes are merged, the planner knows them."""
    if db.row("SELECT 1 FROM change WHERE kind = 'updated'") is None:
        with db.batch():
            db.raw.execute(
                "INSERT INTO change (changed_at, what, id, kind, fields) SELECT '2026-01-02T00:00:00+00:00', 'event',"
                """ id, 'updated', '{"confidence":[0.1,0.2]}' FROM ("""
                "SELECT id FROM event ORDER BY number DESC LIMIT 1000)"
            )
    upkeep = Upkeep(db)
    for table in SEARCHED:  # as `tracker run` does now and then
        while upkeep.merge(table, 200):
            pass
    db.raw.execute("ANALYZE")
    db.raw.execute("PRAGMA wal_checkpoint (truncate)")


def rows(world: World, numbers: range, of: int, articles: int, languages: dict[str, str]) -> Rows:
    """All rows of a block of events, by table."""
    found: Rows = defaultdict(list)
    measure = ""
    step = 0
    for number in numbers:
        step = 0 if not measure or world.chance.random() < 0.4 else step + 1
        measure = f"m{number}" if step == 0 else measure
        _event(world, found, number, number / of, (measure, step), articles, languages)
    return found


def _event(
    world: World,
    found: Rows,
    number: int,
    age: float,
    measure: tuple[str, int],
    articles: int,
    languages: dict[str, str],
) -> None:
    chance = world.chance
    share = age if chance.random() < 0.9 else age * chance.random()
    day = BEGIN + timedelta(days=int(share**0.6 * DAYS))
    drawn, on = chance.random(), day.isoformat()
    stated = on if drawn < 0.9 else on[:7] if drawn < 0.96 else on[:4] if drawn < 0.98 else None
    first, last = _span(stated)
    effect = (day + timedelta(days=chance.randrange(200))).isoformat() if chance.random() < 0.3 else None
    key = f"{chance.getrandbits(64):016x}"
    kind, status, way, sure = world.type(), world.status(), world.direction(), world.certainty()
    confidence = round(min(0.999, chance.betavariate(6, 2)), 4)
    many = min(int(chance.paretovariate(1.75)), MOST_REPORTS)
    actors = dict(world.party(acts=True) for _ in range(1 if chance.random() < 0.75 else 2))
    targets = dict(world.party(acts=False) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    items = list(dict.fromkeys(world.item() for _ in range(chance.choice((1, 1, 2, 3)))))
    rules = [f"Act {world.rule()}"] if chance.random() < 0.4 else []
    verdict = "reject" if (drawn := chance.random()) < 0.01 else "accept" if drawn < 0.02 else None
    summary = f"{' and '.join(actors.values())} acts on {items[0]} against {', '.join(targets.values())}"
    quotes = []
    for nth in range(many):
        quotes.append(world.sentence())
        _report(world, found, (key, nth, kind, status, way, sure, stated, confidence, on, quotes[-1], summary),
                articles, languages)  # fmt: skip
    row = (number, key, kind, f"sub{chance.randrange(20)}" if chance.random() < 0.03 else None, status, way, sure,
           stated, "stated" if stated else None, effect, "stated" if effect else None, confidence, summary,
           max(1, many - chance.randrange(2)), many, measure[0], on, first or on, first, last, effect, effect,
           f"{on}T08:00:00+00:00", f"{on}T08:00:00+00:00", f"{key}-0", verdict,
           '["status"]' if chance.random() < 0.005 else "[]")  # fmt: skip
    found["event"].append(row)
    named = " ".join((*actors.values(), *targets.values()))
    found["event_fts"].append((number, summary, named, " ".join(items + rules), " ".join(dict.fromkeys(quotes))))
    found["event_party"] += [
        (key, role, place, *one)
        for role, some in (("actor", actors), ("target", targets))
        for place, one in enumerate(some.items())
    ]
    found["event_item"] += [(key, "item", place, name, name) for place, name in enumerate(items)]
    found["event_item"] += [(key, "instrument", 0, name, name.casefold()) for name in rules]
    if chance.random() < 0.05:
        found["contradiction"] += [(key, "status", place, "x", 1, "[]", "most accounts") for place in (0, 1)]
    if measure[1] == 0:
        found["measure"].append((measure[0], summary, AT, status, first or on))
    found["measure_step"].append((measure[0], measure[1], first or on, status, key, summary))
    found["change"].append((f"{on}T08:00:00+00:00", "event", key, "new"))


def _report(world: World, found: Rows, about: tuple[object, ...], articles: int, languages: dict[str, str]) -> None:
    key, nth, kind, status, way, sure, stated, confidence, on, quote, title = about
    chance, source = world.chance, f"s{world.source()}"
    name, number = f"{key}-{nth}", articles + len(found["article"]) + 1
    told = (date.fromisoformat(str(on)) + timedelta(days=min(30, int(chance.paretovariate(1)) - 1))).isoformat()
    text = " ".join((str(quote), *(world.sentence() for _ in range(chance.choice((1, 2, 2, 3))))))
    found["article"].append((number, name, source, f"https://{source}.example/{name}", title, told, languages[source],
                             "page", name, name, AT, AT, text))  # fmt: skip
    found["report"].append((name, name, 0, key, kind, status, way, sure, stated, confidence, told, "r", quote, NOTHING))
    if (drawn := chance.random()) < 0.2:
        amount = (
            ("money", 10 ** chance.uniform(4, 12), None if drawn < 0.1 else "at_least", chance.choice(UNITS))
            if drawn < 0.14
            else ("rate", float(chance.randrange(1, 200)), None, "%")
        )
        found["report_amount"].append((name, 0, *amount, "so much"))


def _span(stated: str | None) -> tuple[str | None, str | None]:
    """First and last day of a date."""
    if stated is None or len(stated) == 10:
        return stated, stated
    if len(stated) == 4:
        return f"{stated}-01-01", f"{stated}-12-31"
    after = date(int(stated[:4]) + int(stated[5:]) // 12, int(stated[5:]) % 12 + 1, 1)
    return f"{stated}-01", (after - timedelta(days=1)).isoformat()


def main() -> None:
    """Build, or go on building."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, help="stop with the block that is being written then")
    asked = parser.parse_args()
    build(asked.file, asked.events, seconds=asked.seconds)


if __name__ == "__main__":
    main()
