"""Originals are made harmless in a process that is kept, and killed where a page is too much for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tracker.web.originals import harmless
from tracker.web.sanitising import DEAD, LATE, Sanitiser

PAGE = "<h1>What the page said</h1><script>alert(1)</script><p>Wörter \ud800 &amp; Zeichen"


@pytest.fixture
def apart() -> Iterator[Sanitiser]:
    made = Sanitiser(seconds=30)
    yield made
    made.close()


def test_one_process_takes_pages_apart_as_this_one_would(apart: Sanitiser) -> None:
    assert apart.pid is None
    assert apart.harmless(PAGE) == harmless(PAGE.replace("\ud800", "?"))
    kept = apart.pid
    many = " ".join(f"a{number}=1" for number in range(1_000))
    assert "not shown here" in apart.harmless(f"<p {many}>")  # the guard's words come through
    assert apart.harmless("") == harmless("")
    assert apart.pid == kept


def test_a_page_that_ends_the_process_ends_no_more(apart: Sanitiser) -> None:
    apart.harmless(PAGE)
    first = apart.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # as one in an endless loop
    apart._seconds = 0.2
    assert LATE in apart.harmless(PAGE)
    apart._seconds = 30
    assert "What the page said" in apart.harmless(PAGE)
    second = apart.pid
    assert second not in {None, first}
    os.kill(second or 0, signal.SIGKILL)
    os.waitid(os.P_PID, second or 0, os.WEXITED | os.WNOWAIT)
    assert "What the page said" in apart.harmless(PAGE)  # one that is dead is not asked
    assert DEAD not in apart.harmless(PAGE)
