"""What `tracker eval` does and how it is told: figures as tables, mistakes as they stand in the articles."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker import scoring
from tracker.cli import render
from tracker.cli.progress import counted
from tracker.cli.render import clean, heading
from tracker.errors import InputError
from tracker.model import EventType
from tracker.scoring import Mistake

COLOURS = {"missed": "red", "spurious": "magenta", "partial": "yellow", "wrong field": "cyan"}
QUOTED = 300  # characters of evidence shown
Set = Mapping[str, scoring.Article]


def evaluate(
    gold: Sequence[str], *, predictions: str | None, errors: int, kind: str | None, model: str | None, as_json: bool
) -> None:
    """Score and print. Raises InputError where a file is not what it should be."""
    if [*gold, predictions].count("-") > 1:
        raise click.UsageError("standard input (-) can be read once only.")
    files = [(name, lines(name)) for name in gold]
    expected = chained([scoring.read_gold(found, name=name) for name, found in files])
    if predictions is None:
        found = read(files, model)
    else:
        found = scoring.read_predictions(lines(predictions), name=predictions)
        tell_differences(expected, found, predictions)
    compared = of_type(scoring.outcomes(expected, found), kind)
    table, wrong = scoring.figures(expected, compared), list(scoring.mistakes(compared))
    if as_json:
        told = {"errors": [mistake.to_dict() for mistake in wrong[:errors]]} if errors else {}
        click.echo(json.dumps(table | told, ensure_ascii=False, indent=1))
    else:
        render.show(*shown(table, kind), *listed(wrong, errors))


def of_type(compared: Sequence[scoring.Outcome], kind: str | None) -> Sequence[scoring.Outcome]:
    """The outcomes of one type; one that neither the guide nor either side has is a slip of the pen."""
    known = {*(value.value for value in EventType), *(outcome.type for outcome in compared)}
    if kind is not None and kind not in known:
        raise click.UsageError(f"--type: {kind!r} is not one of {', '.join(sorted(known))}.")
    return scoring.of_type(compared, kind)


def lines(name: str) -> list[str]:
    """The lines of a file or of standard input."""
    try:
        with click.open_file(name, encoding="utf-8-sig") as file:
            return list(file)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}); convert it, for instance with iconv") from None
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from None


def chained(sets: Sequence[Set]) -> Set:
    """Several sets as one; an id that two of them have is told."""
    found: dict[str, scoring.Article] = {}
    for one in sets:
        if twice := found.keys() & one.keys():
            raise InputError(f"two gold sets hold an article {min(twice)!r}; score them one by one")
        found |= one
    return found


def read(files: Iterable[tuple[str, list[str]]], model: str | None) -> Set:
    """What the reader finds in the articles of all files, resolved across them."""
    from tracker import extraction, nlp

    articles = [article for name, given in files for article in extraction.articles(given, name=name)]
    answers = extraction.extract(articles, nlp.load(model))
    return scoring.predictions(counted(answers, "articles read", sys.stderr))


def tell_differences(gold: Set, found: Set, name: str) -> None:
    """Say which articles one side lacks: most often the wrong file was named."""
    for words, ids in (
        ("lacks {n} articles of the gold set, which count as read without an event", gold.keys() - found.keys()),
        ("holds {n} articles that the gold set lacks, which are left out", found.keys() - gold.keys()),
    ):
        if ids:
            click.echo(f"tracker: {name}: {words.format(n=len(ids))} ({min(ids)} …)", err=True)


def shown(table: Mapping[str, Any], kind: str | None) -> Iterator[RenderableType]:
    """All figures."""
    only = f" of type {kind}" if kind else ""
    counts = f"{table['gold_events']} events{only} expected, {table['predicted_events']} found"
    yield Text(f"{table['articles']} articles, {counts}", style="bold")
    yield _table(
        ("events", "precision", "recall", "F1"),
        *((name, *_prf(table[name])) for name in ("strict", "loose")),
        ("main events, strict", "", _figure(table["main_recall"]), ""),
        ("articles without events left alone", "", _figure(table["quiet_on_irrelevant"]), ""),
    )
    macro = table["fields_macro_f1"]
    yield _table(
        ("fields of events found", "right", "macro F1"),
        *((name, _figure(value), _figure(macro.get(name))) for name, value in table["fields"].items()),
    )
    yield _table(
        ("parties of events found", "precision", "recall"),
        *((role, _figure(value["p"]), _figure(value["r"])) for role, value in table["arguments"].items()),
    )
    told = {"bcubed": "events", "bcubed_told_twice": "events told twice", "bcubed_measures": "measures"}
    yield _table(
        ("the same across articles (B-cubed)", "precision", "recall", "F1"),
        *((words, *_prf(table[name])) for name, words in told.items()),
    )
    yield _table(
        ("type, strict", "precision", "recall", "F1", "expected", "found"),
        *((name, *_prf(row), str(row["gold"]), str(row["predicted"])) for name, row in table["by_type"].items()),
    )


def listed(wrong: Sequence[Mistake], most: int) -> Iterator[RenderableType]:
    """The first mistakes, with their evidence."""
    if most:
        yield heading("mistakes")
    for mistake in islice(wrong, most):
        yield from _mistake(mistake)
    if len(wrong) > most:
        yield Text(f"{most} of {len(wrong)} mistakes; --errors N lists N", style="dim")


def _mistake(mistake: Mistake) -> Iterator[RenderableType]:
    head = (mistake.kind.value, f"bold {COLOURS[mistake.kind]}")
    yield Text.assemble(head, f"  {clean(mistake.article)}  {clean(mistake.type)}")
    if mistake.evidence:
        quote = mistake.evidence
        cut = quote if len(quote) <= QUOTED else quote[:QUOTED].rpartition(" ")[0] + " …"
        yield Padding(Text(f"“{clean(cut)}”", style="italic"), (0, 0, 0, 2), expand=False)
    for name, told in (("expected", mistake.expected), ("found", mistake.found)):
        if told is not None:
            yield Padding(Text.assemble((f"{name:9}", "dim"), _told(told)), (0, 0, 0, 2), expand=False)


def _told(told: Mapping[str, Any]) -> str:
    """Field by field; what an event lacks is said only where it is what went wrong."""
    is_whole = "status" in told and "actors" in told
    values = {k: ", ".join(v) if isinstance(v, list) else v for k, v in told.items()}
    return clean("; ".join(f"{k} {v or 'none'}" for k, v in values.items() if v or not is_whole))


def _table(head: Sequence[str], *rows: Sequence[str]) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for n, name in enumerate(head):
        table.add_column(name, justify="right" if n else "left", min_width=9 if n else 36)
    for row in rows:
        table.add_row(*row)
    return Padding(table, (1, 0, 0, 0), expand=False)


def _prf(row: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(_figure(row[name]) for name in ("p", "r", "f1"))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
