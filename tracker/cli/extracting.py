"""What `tracker extract` does with its options: inputs opened, the reader loaded once there is one, answers written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO

import click

from tracker import config, extraction, nlp
from tracker.cli import account, exits, render
from tracker.cli.clock import now
from tracker.cli.progress import counted
from tracker.errors import InputError
from tracker.extraction import Answer, Desk, Fault, Form, Input
from tracker.model import Reads
from tracker.nlp import own

Write = Callable[[Answer], None]
Load = Callable[[], Reads]


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How answers are given; `in_words` None: in words where reasons are seen on a terminal."""

    explain: bool
    stream: bool
    in_words: bool | None


@dataclass(slots=True)
class Faults:
    """The inputs that could not be had, told as they come."""

    found: list[Fault] = field(default_factory=list)

    def __call__(self, fault: Fault) -> None:
        """Tell one."""
        self.found.append(fault)
        tell(fault.reason)

    def exit_code(self) -> int:
        """0 without any; 65 where an input is wrong, 69 where the network gave nothing and nothing else went wrong."""
        if not self.found:
            return exits.OK
        is_network = all(fault.is_network for fault in self.found)
        return exits.NOTHING_ANSWERED if is_network else exits.CODES[InputError]


def reader(model: str | None, ontology: Path | None) -> Load:
    """What loads the reader; a fault in the file of types, cues and parties is told at once."""
    mine = own.load(ontology) if ontology else None
    return lambda: nlp.load(model, mine)


def extract(
    config_path: Path | None,
    sources: Sequence[str],
    *,
    output: Path,
    form: str | None,
    date: str | None,
    load: Load,
    how: How,
) -> int:
    """Read the inputs and write an answer for each; the exit code."""
    check_output(output, sources)
    faults = Faults()
    desk = Desk(
        now=now,
        network=lambda: config.network(config_path),
        stdin=sys.stdin.buffer,
        on_fault=faults,
        form=Form(form) if form else None,
        date=extraction.published(date, "--date") if date else None,
    )
    try:
        with click.open_file(str(output), "w", encoding="utf-8", lazy=True) as out:
            is_seen = str(output) == "-" and sys.stdout.isatty()
            in_words = how.explain and is_seen if how.in_words is None else how.in_words
            write = Account(out) if in_words else Lines(out)
            inputs = extraction.read(sources, desk)
            stream = how.stream or in_words  # words do not tell what events are named
            read(inputs, load, write, explain=how.explain or in_words, stream=stream, is_seen=is_seen)
    except click.FileError as error:
        raise InputError(f"{error.filename}: {error.message}") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"{error.filename or output}: {error.strerror}") from None
    return faults.exit_code()


def read(inputs: Iterator[Input], load: Load, write: Write, *, explain: bool, stream: bool, is_seen: bool) -> None:
    """Answer every input; the reader is loaded when there is the first. Answers that are seen need no count."""
    first = next(inputs, None)
    if first is None:
        return
    whole = chain([first], inputs)
    counting = whole if is_seen and stream else counted(whole, "articles read", sys.stderr)
    for answer in extraction.answers(counting, load(), explain=explain, stream=stream):
        write(answer)
        if remark := _remark(answer.input):
            tell(f"{answer.input.name}: {remark}")


def _remark(given: Input) -> str | None:
    """What a person should know about how a text or page was read."""
    article = given.article
    if article.unread is not None:
        return f"not read: {article.unread}"
    undated = given.is_extracted and article.published is None
    date = "tells no date of publication, from which dates are counted; give it with --date" if undated else None
    return "; ".join(filter(None, (article.note, date))) or None


@dataclass(slots=True)
class Lines:
    """Answers as JSON lines."""

    out: IO[str]

    def __call__(self, answer: Answer) -> None:
        """Write one."""
        self.out.write(json.dumps(answer.line(), ensure_ascii=False) + "\n")


@dataclass(slots=True)
class Account:
    """Answers in words, in colour on a terminal."""

    out: IO[str]

    def __call__(self, answer: Answer) -> None:
        """Write one."""
        render.show(*account.told(answer), out=self.out)


def check_output(output: Path, sources: Iterable[str]) -> None:
    """Never write over an input, and say that there is no such folder before all is read."""
    if not output.parent.is_dir():
        raise InputError(f"{output}: there is no folder {output.parent}")
    files = [Path(source) for source in sources if not extraction.is_address(source) and Path(source).exists()]
    if output.exists() and any(output.samefile(file) for file in files):
        raise InputError(f"{output}: is an input too, which would be lost; name another file")


def tell(words: str) -> None:
    """One line for the person, beside the answers."""
    click.echo(f"tracker: {words}", err=True)
