"""What came of a backfill, for people and programs: report.json and report.md in the lake."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracker.backfill.running import Ran
from tracker.lake import Fault, Identity, Lake, Refused
from tracker.lake.layout import as_json

FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The lake as it stands, and the run that ended."""

    identity: Identity
    chunks: int  # done, of all archives
    counts: dict[str, int]  # of these chunks
    bytes: int  # of Parquet
    months: int
    refused: tuple[Refused, ...]  # of the plan
    faults: tuple[Fault, ...]  # the first of them
    engine: str
    done: int  # chunks by this run
    seconds: float  # of this run
    articles_per_second: float  # of this run


def report(lake: Lake, ran: Ran) -> Report:
    """The report of a run and of the lake it went into."""
    counts: Counter[str] = Counter()
    months, size, chunks = set(), 0, 0
    faults: list[Fault] = []
    for note in lake.notes():
        chunks += 1
        counts.update(note.counts)
        size += sum(file.bytes for file in note.files)
        months |= {file.month for file in note.files}
        faults += note.faults[: FAULTS_SHOWN - len(faults)]
    rate = ran.counts.get("articles", 0) / ran.seconds if ran.seconds > 0 else 0.0
    return Report(
        identity=lake.about.identity,
        chunks=chunks,
        counts=dict(sorted(counts.items())),
        bytes=size,
        months=len(months),
        refused=ran.refused,
        faults=tuple(faults),
        engine=ran.engine,
        done=ran.done,
        seconds=round(ran.seconds, 1),
        articles_per_second=round(rate, 2),
    )


def save(lake: Lake, made: Report) -> None:
    """Keep it in the lake; LakeError where it cannot be written."""
    lake.place.write("report.json", as_json(made))
    lake.place.write("report.md", markdown(made, lake.place.name).encode("utf-8", "backslashreplace"))


def markdown(made: Report, where: str) -> str:
    """The report for a person."""
    rate = f"{made.articles_per_second:,.1f} articles a second"
    lines = [
        f"# Backfill into {where}",
        "",
        f"{made.done} chunks in {made.seconds:,.0f} s by {made.engine}: {rate}.",
        f"The lake holds {made.chunks} chunks, {made.months} months, {made.bytes / 1e6:,.1f} MB.",
        "",
        f"- reader: {made.identity.reader}",
        f"- texts: {made.identity.texts}",
        "",
        "| counted | |",
        "|---|---:|",
        *(f"| {name} | {count:,} |" for name, count in made.counts.items()),
    ]
    if made.refused:
        lines += ["", "## Chunks set aside", "", *(_refused(one) for one in made.refused)]
    if made.faults:
        lines += ["", "## Records that gave nothing (the first)", ""]
        lines += [f"- {fault.key}: {fault.reason}" for fault in made.faults]
    return "\n".join(lines) + "\n"


def _refused(one: Refused) -> str:
    part = "" if one.chunk.part[1] < 0 else f" [{one.chunk.part[0]}, {one.chunk.part[1]})"
    return f"- {one.chunk.id}, {one.chunk.input}{part}: {one.reason} ({one.tries} tries)"
