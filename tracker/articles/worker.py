"""One process of the `Extractor`: reads jobs from its standard input, answers on its standard output.

Both ways are frames: eight bytes of length, then a pickle. The first frame in holds the `Terms`; the first frame out
says that the imports are done. Answers are taken by `answer`, which makes nothing but what an answer is made of: the
parsers here read what strangers wrote, and one that they have taken over is not to reach further. What a page does to
this process (a crash, an endless loop, all of its memory) is seen from outside; here only its limits are set. Not for
hand use: `python -m` does not know its terms.
"""

from __future__ import annotations

import io
import os
import pickle
import resource
import struct
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from tracker.articles.language import language
from tracker.articles.reading import READ_LANGUAGES, from_page
from tracker.articles.rules import Rules
from tracker.model import Article, Basis, Done, Item, Notice, Page, Poison, Source, Span, TextFrom, When

READY = "ready"
LENGTH = struct.Struct("<Q")
MOST_ANSWERED = 200_000_000  # bytes of an answer; a text has 8 million characters at most
ANSWERED = {
    (one.__module__, one.__qualname__): one for one in (Article, Basis, Done, Notice, Poison, Span, TextFrom, When)
}
OUT_OF_MEMORY = 86  # the exit status of a process that could not even take its job or tell its answer
CPU_RESERVE = 2  # times the limit, after which the process ends itself although nobody is left to end it


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What `from_page` is asked for one page."""

    item: Item
    source: Source
    page: Page
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all jobs of a process: times in seconds, sizes in bytes."""

    seconds: float = 20.0
    memory: int = 1_000_000_000  # of address space that pages may add to what the process has when it starts
    read: frozenset[str] = READ_LANGUAGES
    rules: Rules | None = None  # None: the bundled ones


def frame(value: Any) -> bytes:
    """A value as it goes through a pipe."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


class Answers(pickle.Unpickler):
    """Reads answers: of classes it knows ANSWERED alone, and no functions."""

    def find_class(self, module: str, name: str, /) -> Any:
        """The class of a name; raises UnpicklingError for any other."""
        if (module, name) not in ANSWERED:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return ANSWERED[module, name]


def answer(body: bytes) -> Done[Article] | Poison | None:
    """What a process has answered; None for READY.

    Raises:
        ValueError: it is no answer.
    """
    try:
        told = Answers(io.BytesIO(body)).load()
    except Exception as error:  # whatever comes of bytes that nobody of ours has written
        raise ValueError(f"no answer: {error}") from error
    if told == READY:
        return None
    if isinstance(told, Poison) or (isinstance(told, Done) and isinstance(told.value, Article)):
        return told
    raise ValueError(f"no answer: {type(told).__name__}")


def main() -> None:
    """Serve until the input ends."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not reach the answers
    terms: Terms = _next(jobs)
    language("warm up")  # the model of languages is no part of the first page's time
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(terms.memory)
    try:
        _serve(jobs, answers, terms)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve(jobs: BinaryIO, answers: BinaryIO, terms: Terms) -> None:
    answers.write(frame(READY))
    answers.flush()
    while (job := _next(jobs)) is not None:
        _limit_cpu(terms.seconds)
        answers.write(frame(_answer(job, terms)))
        answers.flush()


def _answer(job: Job, terms: Terms) -> Done[Article] | Poison:
    try:
        return from_page(job.item, job.source, job.page, now=job.now, read=terms.read, rules=terms.rules)
    except MemoryError:
        raise  # the process ends: what is left of its memory is in pieces
    except Exception as error:  # noqa: BLE001  # a parser's fault with one page is that page's alone
        return Poison(reason=f"reading the page failed: {type(error).__name__}: {error}"[:300])


def too_big(terms: Terms) -> Poison:
    """What comes of a page for which the memory is not enough."""
    return Poison(reason=f"reading the page took more than {terms.memory // 1_000_000:,} MB of memory")


def _next(pipe: BinaryIO) -> Any:
    head = pipe.read(LENGTH.size)
    return pickle.loads(pipe.read(LENGTH.unpack(head)[0])) if len(head) == LENGTH.size else None  # noqa: S301  # our own


def _limit_cpu(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime + CPU_RESERVE * seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory(memory: int) -> None:
    """Libraries reserve a gigabyte that they never touch, so the limit counts from there (Linux alone tells it)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
