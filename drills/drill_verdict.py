"""What a drill has shown: the database beside the truth, each fault beside its trace, and the report as Markdown."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from drill_kinds import FAULTY, PAGES, Kind
from drill_outlets import Story

TOKEN = re.compile(r"\b\d\dx\d\d\d\b")  # what the titles of a story alone have in common
SHOWN = 12  # problems of one sort
SAMPLES = 12  # rows of the table over time
GROWTH = 1.5  # the last runs' memory in that of the first, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One refresh: when in virtual time, how it ended, what it cost."""

    moment: datetime
    killed: bool
    code: int
    wall: float  # seconds
    cpu: float  # seconds
    memory: float  # MB, at its peak
    size: float  # MB of the database and its log


@dataclass(slots=True, kw_only=True)
class Phase:
    """A time in which one source misbehaved in one way."""

    source: str
    kind: Kind
    begun: datetime
    ended: datetime
    met: int = 0  # requests of runs that were not killed
    health: Counter[str] = field(default_factory=Counter)  # what the view of the sources' health said meanwhile
    waiting: int = 0  # pages that were to be tried again, with the reason

    def traces(self, database: sqlite3.Connection) -> Counter[str]:
        """What the table of fetches and the alarms say of it."""
        span = (self.source, self.begun.isoformat()[:19], self.ended.isoformat()[:19])
        rows = database.execute(
            "SELECT outcome, status, reason FROM fetch WHERE source_id = ? AND fetched_at >= ? AND fetched_at < ?", span
        ).fetchall()
        alarms = database.execute(
            "SELECT kind FROM alarm WHERE source_id = ? AND since_at >= ? AND since_at < ?", span
        ).fetchall()
        found = Counter(f"{outcome} {status or ''}: {reason or ''}".strip(" :") for outcome, status, reason in rows)
        return found + Counter(f"alarm {kind}" for (kind,) in alarms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind of fault over all its phases."""

    kind: Kind
    phases: int
    met: int
    trace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What held and what did not."""

    published: int
    stored: int
    revisions: int
    lines: Sequence[Line]
    problems: Sequence[str]


def look(database: Path, phases: Iterable[Phase]) -> None:
    """Note what a person would see now of the sources that misbehave."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        for phase in phases:
            one = (phase.source,)
            for outcome, failures in connection.execute(
                "SELECT last_outcome, failures FROM source_health WHERE id = ?", one
            ):
                phase.health[outcome if failures or outcome not in FAULTY else "forgotten"] += 1
            phase.waiting += connection.execute(
                "SELECT count(*) FROM item WHERE source_id = ? AND state = 'pending' AND reason IS NOT NULL", one
            ).fetchone()[0]


def judge(
    path: Path,
    truth: Sequence[tuple[str, Story]],
    phases: Sequence[Phase],
    runs: Sequence[Run],
    *,
    table: Sequence[Kind],
    strayed: Sequence[str],
    budget: float,
) -> Verdict:
    """Compare the database with what was published, and each phase with what must be seen of it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        stored = database.execute("SELECT source_id, title, text FROM article").fetchall()
        revisions = database.execute("SELECT count(*) FROM article_revision").fetchone()[0]
        by_kind = defaultdict(list)
        for phase in phases:
            by_kind[phase.kind.name].append((phase, phase.traces(database)))
        problems = [
            *_first(_articles(truth, stored)),
            *_first(_database(database)),
            *_first(_runs(runs, budget)),
            *(f"a request strayed to {where}" for where in sorted(set(strayed))),
            *(problem for kind in table for problem in _first(_kind(kind, by_kind[kind.name], database))),
        ]
    lines = [_line(kind, by_kind[kind.name]) for kind in table]
    return Verdict(published=len(truth), stored=len(stored), revisions=revisions, lines=lines, problems=problems)


def _first(problems: Iterable[str]) -> Iterator[str]:
    found = list(problems)
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield f"and {len(found) - SHOWN} more like the last"


def _articles(truth: Sequence[tuple[str, Story]], stored: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Each story once, with its title and its whole text, and nothing else."""
    found: Mapping[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    known = {(source, story.mark[8:]) for source, story in truth}
    for source, title, text in stored:
        token = TOKEN.search(title)
        key = (source, token[0] if token else "")
        found[key].append((title, text))
        if key not in known:
            yield f"{source}: stored and never published: {title!r}"
    for source, story in truth:
        copies = found[source, story.mark[8:]]
        if len(copies) != 1:
            yield f"{source}: {story.mark} is stored {len(copies)} times"
        for title, text in copies[:1]:
            if title not in (story.title, story.title.removesuffix(" (neu)")):
                yield f"{source}: {story.mark} has the title {title!r}, published as {story.title!r}"
            if story.mark not in text:
                yield f"{source}: {story.mark} lacks its text: {text[:60]!r}"


def _database(database: sqlite3.Connection) -> Iterator[str]:
    """Sound, nothing waiting, every source well again."""
    sound = database.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        yield f"integrity: {sound}"
    yield from (f"foreign key: {row}" for row in database.execute("PRAGMA foreign_key_check"))
    for source, reason, count in database.execute(
        "SELECT source_id, reason, count(*) FROM item WHERE state = 'pending' GROUP BY source_id, reason"
    ):
        yield f"{source}: {count} items still wait: {reason}"
    for source, failures, reason in database.execute(
        "SELECT id, failures, last_reason FROM source_health WHERE failures > 0"
    ):
        yield f"{source}: has not recovered, {failures} failures: {reason}"


def _runs(runs: Sequence[Run], budget: float) -> Iterator[str]:
    for run in runs:
        if not run.killed and run.code not in (0, 69):
            yield f"the run of {run.moment:%d %H:%M} ended with {run.code}"
        if run.wall > budget:
            yield f"the run of {run.moment:%d %H:%M} took {run.wall:.1f} s of at most {budget:.0f}"
    whole = [run.memory for run in runs if not run.killed]
    quarter = len(whole) // 4
    if quarter >= 5 and max(whole[-quarter:]) > GROWTH * max(whole[:quarter]):
        yield f"memory grows: {max(whole[:quarter]):.0f} MB at first, {max(whole[-quarter:]):.0f} MB at last"


def _kind(kind: Kind, found: Sequence[tuple[Phase, Counter[str]]], database: sqlite3.Connection) -> Iterator[str]:
    """What must be seen of a kind of fault."""
    met = [(phase, traces) for phase, traces in found if phase.met]
    if not met:
        yield f"{kind.name}: no refresh met it"
    for phase, traces in met:
        where = f"{kind.name} ({phase.source} on {phase.begun:%d %H:%M})"
        if kind.on == PAGES:
            if not phase.waiting:
                yield f"{where}: no page waits to be tried again"
        elif kind.outcomes or kind.alarm:
            if not _is_shown(kind, traces):
                yield f"{where}: not seen; there is only {dict(traces)}"
            if kind.outcomes and not FAULTY & set(phase.health):
                yield f"{where}: the sources' health never showed it, only {dict(phase.health)}"
        elif bad := [trace for trace in traces if trace.split(" ")[0].strip(":") in FAULTY]:
            yield f"{where}: should have been dealt with: {bad}"
    if kind.revised:
        revised = {row[0] for row in database.execute(
            "SELECT DISTINCT article.source_id FROM article_revision JOIN article ON article.id = article_id"
        )}  # fmt: skip
        yield from (f"{kind.name}: no revision in {p.source}" for p, _ in met if p.source not in revised)


def _is_shown(kind: Kind, traces: Counter[str]) -> bool:
    """Whether a row of the fetches, or an alarm, tells of it."""
    if kind.alarm and f"alarm {kind.alarm}" in traces:
        return True
    status = f" {kind.status}:" if kind.status else ""
    return any(trace.split(" ")[0].strip(":") in kind.outcomes and status in trace for trace in traces)


def _line(kind: Kind, found: Sequence[tuple[Phase, Counter[str]]]) -> Line:
    """A kind with its commonest trace: the worst that was seen of it."""
    traces: Counter[str] = sum((traces for _, traces in found), Counter())
    waiting = sum(phase.waiting for phase, _ in found)
    bad = [(count, trace) for trace, count in traces.items() if trace.split(" ")[0].strip(":") in {*FAULTY, "alarm"}]
    told = "; ".join(f"{count} × {trace}" for count, trace in sorted(bad, reverse=True)[:2])
    if kind.on == PAGES and waiting:
        told = f"{waiting} × a page waits to be tried again"
    usual = "; ".join(f"{count} × {trace}" for trace, count in traces.most_common(2))
    return Line(
        kind=kind,
        phases=len(found),
        met=sum(phase.met for phase, _ in found),
        trace=told or (f"dealt with: {usual}" if usual else ""),
    )


# ---------------------------------------------------------------------------------------------------- the report


def report(verdict: Verdict, runs: Sequence[Run], *, seconds: float) -> str:
    """The drill in Markdown."""
    killed = sum(run.killed for run in runs)
    whole = [run for run in runs if not run.killed]
    days = (runs[-1].moment - runs[0].moment).total_seconds() / 86_400
    cost = (
        f"{seconds / 60:.1f} minutes, {days:.1f} virtual days, {len(runs)} refreshes, {killed} of them killed; "
        f"longest {max(run.wall for run in runs):.1f} s, CPU {sum(run.cpu for run in runs):.0f} s in all, "
        f"memory at most {max(run.memory for run in whole):.0f} MB."
    )
    return "\n".join([
        "# Unattended drill", "", cost,
        f"{verdict.published} articles published, {verdict.stored} stored, {verdict.revisions} revisions.", "",
        "## Problems", "", *([f"- {problem}" for problem in verdict.problems] or ["None."]), "",
        "## Faults", "", "| fault | times | requests that met it | what is seen of it |", "|---|---:|---:|---|",
        *(f"| {x.kind.name} | {x.phases} | {x.met} | {x.trace.replace('|', '/')} |" for x in verdict.lines), "",
        "## Over time", "", "| virtual time | wall s | CPU s | peak MB | database MB | killed |",
        "|---|---:|---:|---:|---:|---|",
        *(
            f"| {run.moment:%d %b %H:%M} | {run.wall:.1f} | {run.cpu:.1f} | {run.memory:.0f} | {run.size:.2f} |"
            f" {'yes' if run.killed else ''} |"
            for run in runs[:: max(len(runs) // SAMPLES, 1)]
        ),
        "",
    ])  # fmt: skip
