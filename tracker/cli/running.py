"""A refresh as the command line runs and tells it; `refresh` and `demo` share it.

What only some refreshes need (the reader, questions to the database) is imported when it is needed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO

from tracker import config, pipeline
from tracker.cli import exits, logs, opening
from tracker.cli.clock import now
from tracker.cli.progress import watching
from tracker.config import Config
from tracker.errors import StoreError
from tracker.journal import Journal
from tracker.model import Reads, RunReport
from tracker.model.backups import USUAL
from tracker.pipeline.run import tell_refresh

FAULTS_SHOWN = 12


def refresh(
    settled: Config,
    *,
    force: bool,
    quiet: bool,
    stream: IO[str],
    only: tuple[str, ...] = (),
    clock: Callable[[], datetime] = now,
    journal: Journal | None = None,
    metrics: Path | None = None,
) -> RunReport:
    """Run one refresh on the database of the configuration.

    Args:
        settled: the configuration.
        force: ask sources whether they are due or not.
        quiet: show no progress.
        stream: where progress is shown, unless it goes into a log.
        only: ids of the sources to ask; all where it is empty.
        clock: the time, aware and in UTC.
        journal: a log that is open, in place of progress.
        metrics: the file for figures, if they are wanted.
    """
    load_reader, began = reader(settled), time.monotonic()
    told = watching(stream, quiet=quiet) if journal is None else logs.staged(journal, settled, clock())
    with opening.configured(settled) as store, told as watch:
        report = pipeline.refresh(settled, store, load_reader, clock=clock, only=only, force=force, watch=watch)
        seconds = time.monotonic() - began
        tell_refresh(report, seconds)
        if metrics is not None:
            from tracker.cli import figures

            figures.write(metrics, store, seconds=seconds, now=clock())
    return report


def tell(named: Path | None, database: Path, *, quiet: bool, stream: IO[str]) -> None:
    """Send the alerts that are due, where there is an alerts.yaml; what went wrong is said in any case."""
    if not config.locate(named).with_name("alerts.yaml").exists():
        return
    from tracker.cli import alerting, alerts_text

    done = alerting.send_after(named, database, clock=now)
    if done is not None and (done.faults or done.dead or not quiet):
        print(f"alerts: {alerts_text.report(done)}", file=stream)


def reader(settled: Config) -> Callable[[], Reads]:
    """How to load the reader. The user's own ontology is read at once: a fault is told before anything is fetched."""
    named = settled.settings.ontology
    if named:
        from tracker.nlp import own

        mine = own.load(named)
    else:
        mine = None

    def load() -> Reads:
        from tracker import nlp

        return nlp.load(settled.settings.reader_model, mine)

    return load


def demo_config(text: str, hosts: Iterable[str], address: str, database: Path) -> Config:
    """The newsroom's own feeds.yaml, kept beside the database, with its hosts led to the address it listens on."""
    path = database.with_suffix(".feeds.yaml")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{error.filename}: {error.strerror}; name another database with --db") from None
    return config.load(path).with_database(database).with_connect_to(dict.fromkeys(hosts, address))


def refuse_real(database: Path, newsroom: str) -> None:
    """Keep invented articles out of a database that holds real ones."""
    from tracker.query import Timeline

    if not database.exists():
        return
    opening.store(database, lambda: USUAL).close()  # one of an earlier tracker is brought up to date
    with Timeline.open(database) as timeline:
        real = [source.id for source in timeline.sources() if f"id: {source.id}" not in newsroom]
    if real:
        raise StoreError(f"{database}: holds real sources ({', '.join(real[:3])} …); name another with --db")


def exit_code(report: RunReport) -> int:
    """69 where every source that was asked failed, else 0."""
    failed = report.sources_asked and report.sources_failed >= report.sources_asked
    return exits.NOTHING_ANSWERED if failed else exits.OK


def as_json(report: RunReport) -> str:
    """The report as one JSON object."""
    return json.dumps(asdict(report), ensure_ascii=False)


def in_words(report: RunReport, database: Path) -> str:
    """The report as a person or a cron mail wants it."""
    asked = (
        f"{report.sources_asked} sources asked: {report.sources_unchanged} unchanged, {report.sources_failed} failed"
    )
    lines = [
        asked if report.sources_asked else "0 sources asked: none is due yet; --force asks all that are switched on",
        f"{report.articles_new} new articles ({report.copies} of them copies), {report.articles_failed} not to be had",
        f"{report.events_new} new events from {report.reports_new} new reports",
    ]
    if report.articles_revised:
        lines.append(f"{report.articles_revised} articles have been edited and are read again")
    if report.reports_of_older_rules:
        lines.append(f"{report.reports_of_older_rules} reports of older rules were settled again by the present ones")
    lines += [f"{count} articles unread: {reason}" for reason, count in sorted(report.articles_unread.items())]
    if not (report.articles_new or report.articles_revised or report.reports_new or report.sources_failed):
        lines.append("nothing is new")
    lines += for_a_person(report) + _marked("!", report.faults[:FAULTS_SHOWN])
    if len(report.faults) > FAULTS_SHOWN:
        lines.append(
            f"! and {len(report.faults) - FAULTS_SHOWN} more faults; `tracker sources` shows each source's health"
        )
    return "\n".join([*lines, f"database: {database}"])


def for_a_person(report: RunReport) -> list[str]:
    """What waits for a decision, and what is wrong with a source that was not before: told once, never kept quiet."""
    return _marked("!!", (*report.held, *report.alarms))


def _marked(mark: str, lines: Iterable[str]) -> list[str]:
    """Lines with a mark before them, safe for a terminal: they may quote what sites say."""
    told = list(lines)
    if not told:
        return []
    from tracker.cli.render import clean

    return [f"{mark} {clean(line)}" for line in told]
