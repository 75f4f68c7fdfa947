"""Candidates, verdicts and health of sources as text; what JSON has of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean, counted
from tracker.probing import Candidate, Found, Verdict
from tracker.sources.discovery import WORDS, Way

WRONG = "what is wrong, and what to do"
USUAL = frozenset({Way.COMMON, Way.NEWS_SITEMAP, Way.SITEMAP})  # nobody has said that there is anything
TRIED_SHOWN = 3  # faults told where nothing was found
RULE = "best first: what lists anything, no comments, not silent for a year, then in the order of how it was found"


def candidates(found: Found) -> Iterator[RenderableType]:
    """All that was tried, numbered, the best first."""
    if not found.candidates:
        return
    table = _table("", "kind", "found by", "entries", "newest", "dates", "text", "address")
    left_out = 0
    for number, one in enumerate(found.candidates, start=1):
        if not one.answers and one.guess.way in USUAL:
            left_out += 1
            continue
        trial, count = one.trial, len(one.trial.items)
        table.add_row(
            Text(str(number), style="bold" if number == 1 else ""),
            Text(str(one.guess.kind)),
            Text(WORDS[one.guess.way]),
            Text(str(count), style="green" if count else "yellow"),
            Text((trial.newest or "")[:10]),
            Text(_share(trial.dated, count)),
            Text(_share(trial.with_text, count)),
            Text(clean(one.guess.url)),
        )
        if fault := _fault(one):
            table.add_row(*[Text("")] * 7, Text(clean(fault), style="yellow"))
    if left_out == len(found.candidates):
        yield Text(f"{left_out} usual addresses tried: nothing there", style="dim")
        return
    yield table
    if left_out:
        yield Text(f"and {left_out} usual addresses where there is nothing", style="dim")
    yield Text(RULE, style="dim")


def nothing(found: Found) -> str:
    """Why there is nothing to add."""
    reason = getattr(found.fault, "reason", "")
    if reason:
        return f"{found.url}: {reason}; open it in a browser, and give the address that works there"
    tried = [f"{one.guess.url}: {_fault(one)}" for one in found.candidates[:TRIED_SHOWN]]
    what = f"nothing found that lists articles, {len(found.candidates)} addresses tried ({'; '.join(tried)})"
    return f"{found.url}: {what}; give the page that lists them, or write its selectors as docs/config.md shows"


def _fault(one: Candidate) -> str:
    return str(getattr(one.trial.fault, "reason", "")) or ("" if one.answers else "lists nothing")


def _share(some: int, count: int) -> str:
    return "" if not count else "all" if some == count else "none" if not some else f"{some}"


def as_dict(found: Found) -> dict[str, Any]:
    """The candidates, JSON-ready."""
    return {"candidates": [_as_dict(one) for one in found.candidates]}


def _as_dict(one: Candidate) -> dict[str, Any]:
    return {
        "url": one.guess.url,
        "kind": str(one.guess.kind),
        "found_by": WORDS[one.guess.way],
        "title": one.about.title or one.guess.title,
        "entries": len(one.trial.items),
        "newest": one.trial.newest,
        "dated": one.trial.dated,
        "with_text": one.trial.with_text,
        "fault": _fault(one) or None,
    }


def verdicts(found: Sequence[Verdict]) -> Iterator[RenderableType]:
    """What is wrong, source by source; those that are well in one line each."""
    table = _table("source", "state", "entries", "newest", WRONG)
    for one in found:
        told = [*one.faults, *(f"→ {line}" for line in one.remedies), *(f"→ feed: {url}" for url in one.feeds)]
        told += [f"note: {line}" for line in one.notes]
        table.add_row(
            Text(one.id),
            _sign(one),
            Text(str(one.items)),
            Text((one.newest or "")[:10]),
            Text("\n".join(map(clean, told))),
        )
    yield table
    bad, weak = sum(not one.ok for one in found), sum(one.ok and bool(one.faults) for one in found)
    yield Text(f"{counted(len(found), 'source')}: {len(found) - bad - weak} well, {weak} weak, {bad} failing")


def _sign(one: Verdict) -> Text:
    if not one.ok:
        return Text("FAILS", style="red")
    return Text("weak", style="yellow") if one.faults else Text("ok", style="green")


_NUMBERS = frozenset({"", "entries"})
_FREE = frozenset({"address", WRONG})  # columns that may break


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=name not in _FREE, justify="right" if name in _NUMBERS else "left")
    return table
