"""The report of the drill of endurance, in Markdown, and what each table of the database grows with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from drill_outlets import START

if TYPE_CHECKING:
    from endurance import Drill, Round

# What each table grows with. Those in BOUNDED are as large as what is kept of them, and so grow no more after a while.
GROWS: Mapping[str, str] = {
    "article": "each article, with its text",
    "article_fts": "each article, word by word",
    "article_standing": "each article: its signature",
    "article_key": "each article: some twenty keys by which copies are found",
    "article_revision": "each edit: the former text",
    "item": "each item of a listing; its words go after `keep_listings`",
    "page": "each article with a page; its body goes after `keep_pages`",
    "fetch": "each request, for `keep_fetches`",
    "change": "each change; what was before it goes after `keep_past`",
    "report_was": "each report that went elsewhere, for `keep_past`",
    "report": "each report of an event",
    "report_key": "each report: keys by which its like are found",
    "report_standing": "each report",
    "report_amount": "each amount in a report",
    "event": "each event",
    "event_fts": "each event, word by word",
    "event_standing": "each event",
    "event_key": "each event: keys by which its like are found",
    "event_keys": "each event: its facets",
    "event_facet": "each event with each of its facets",
    "event_party": "each event with each of its parties",
    "event_item": "each event with each of its things",
    "event_line": "each event",
    "event_seat": "each event with those that act and those that are hit",
    "facet_key": "each value that events are asked for",
    "facet_month": "each value and month",
    "facet_fts": "each name of a thing",
    "contradiction": "each field that reports tell otherwise",
    "measure": "each measure",
    "measure_step": "each step of a measure",
    "mention": "each party that an article names",
    "entity_evidence": "each party that an article names",
    "source": "each source",
    "validator": "each source",
    "robots": "each host",
    "alarm": "each alarm",
    "entity": "each party",
    "entity_key": "each name of a party",
    "alias": "each name of a party",
    "redirect": "each event that became part of another",
    "message": "each message of an alert; its words go after 90 days",
    "outbox": "each fact that an alert tells",
    "held": "each article that is held back",
    "hold": "each time that a source is held back",
    "sqlite_schema": "nothing",
}
WORTH, LEAST = 0.002, 0.1  # share of the file, and MB, from which on a table has to be explained

PROCESS = (
    "| day | memory MB | its children | heap used | heap free | objects | descriptors | threads | database MB "
    "| log MB | longest round s | CPU s |"
)


def report(drill: Drill, problems: Sequence[str], seconds: float, asked_for: int) -> str:
    """The drill, which was to take so many days."""
    days = drill.days if drill.days == asked_for else f"{drill.days} of {asked_for}"
    kept = Counter[str]()
    for one in drill.rounds:
        counts = one.told["maintained"] or {}
        kept.update({name: count for name, count in counts.items() if type(count) is int})
    lines = [
        "# Endurance drill", "", _cost(drill, days, seconds), "", "## Problems", "",
        *([f"- {problem}" for problem in problems] or ["None."]), "",
        "## The process, at the end of each day", "",
        PROCESS,
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|", *_days(drill.rounds), "",
        "## Its caches in the end", "", "| cache | entries | at most | MB | found there |", "|---|---:|---:|---:|---:|",
        *map(_cache, sorted(drill.caches, key=lambda one: -float(one["held"]))), "",
        "## Maintenance", "", "; ".join(f"{name} {count}" for name, count in kept.items()) + ".", "",
        "## The database", "", "MB by table, with its indexes, after each quarter, and by day.", "",
        "| table | 1 | 2 | 3 | 4 | grows with |", "|---|---:|---:|---:|---:|---|", *_growth(quarters(drill.tables)), "",
        "| day | MB | its largest tables |", "|---:|---:|---|", *_tables(drill), "",
        "## Faults", "", "; ".join(f"{name}: {count}" for name, count in sorted(drill.met.items())) + ".", "",
    ]  # fmt: skip
    return "\n".join(lines)


def quarters(tables: Sequence[Mapping[str, float]]) -> list[Mapping[str, float]]:
    """What was told of the days at the ends of the four quarters."""
    return [tables[max(len(tables) * number // 4, 1) - 1] for number in (1, 2, 3, 4)]


def _cost(drill: Drill, days: object, seconds: float) -> str:
    told, probed = [one.told for one in drill.rounds], drill.probed
    steps = [one["maintained"]["longest_step"] for one in told if one["maintained"]]
    return (
        f"{len(drill.site.outlets)} sources, {days} virtual days in {seconds / 60:.1f} minutes: {len(told)} rounds, "
        f"{sum(one['asked'] for one in told)} times a source was asked, {sum(one['failed'] for one in told)} of them "
        f"failed; {sum(one['articles'] for one in told)} articles, {sum(one['events'] for one in told)} events; "
        f"{told[-1]['cpu']:.0f} s of CPU. "
        f"{probed['answers']:.0f} answers to a reader meanwhile, the median {probed['median'] * 1e3:.0f} ms, "
        f"the slowest {probed['slowest'] * 1e3:.0f} ms; the longest step of maintenance {max(steps) * 1e3:.0f} ms."
    )


def _days(rounds: Sequence[Round]) -> Iterator[str]:
    """A line for each day."""
    by_day: dict[int, list[Round]] = {}
    for one in rounds:
        by_day.setdefault((one.moment - START).days, []).append(one)
    before = 0.0
    for day, all_day in by_day.items():
        last = all_day[-1].told
        numbers = [f"{last[name]:.0f}" for name in ("memory", "children_memory", "heap_used", "heap_free", "objects")]
        took = max(one.told["seconds"] for one in all_day)
        yield (
            f"| {day} | {' | '.join(numbers)} | {last['descriptors']} | {last['threads']} | {all_day[-1].main:.1f} "
            f"| {max(one.log for one in all_day):.1f} | {took:.1f} | {last['cpu'] - before:.1f} |"
        )
        before = last["cpu"]


def _cache(one: Mapping[str, Any]) -> str:
    share = one["hits"] / max(one["hits"] + one["misses"], 1)
    return f"| `{one['name']}` | {one['currsize']} | {one['maxsize']} | {one['held']:.1f} | {share:.0%} |"


def _growth(ends: Sequence[Mapping[str, float]]) -> Iterator[str]:
    whole = sum(ends[-1].values())
    for name, size in sorted(ends[-1].items(), key=lambda pair: -pair[1]):
        if size >= max(WORTH * whole, LEAST):
            cells = " | ".join(f"{end.get(name, 0.0):.2f}" for end in ends)
            yield f"| {name} | {cells} | {GROWS.get(name, '')} |"
    yield f"| all | {' | '.join(f'{sum(end.values()):.1f}' for end in ends)} | |"


def _tables(drill: Drill) -> Iterator[str]:
    each = len(drill.tables) // drill.days
    for day, sizes in enumerate(drill.tables[each - 1 :: each], 1):
        largest = sorted(sizes.items(), key=lambda pair: -pair[1])[:10]
        told = ", ".join(f"{name} {size:.1f}" for name, size in largest)
        yield f"| {day} | {sum(sizes.values()):.1f} | {told} |"
