"""Pages per second and text quality of `tracker.articles` beside its peers, on the same bytes.

    python benchmarks/extract.py [--rounds 3] [--pages FOLDER] [--peers PYTHON]

The pages are those of the sample newsroom, each as page, AMP page and mobile page, and the *.html of a folder. F1 is of
words against the text that was put into the newsroom's pages. Every way runs in a process of its own; the best round
counts. `from_page` also finds title, authors, dates, language, reasons not to read and the near-duplicate signature.

Peers are run by the interpreter that --peers names, so that they need not share the tracker's dependencies:

    python -m venv .venv-peers
    .venv-peers/bin/pip install trafilatura newspaper4k readability-lxml lxml_html_clean
    python benchmarks/extract.py --peers .venv-peers/bin/python

A peer that is not installed there is reported as such.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from extract_way import WAYS, measured

from tracker.articles import Extractor, Job, from_page
from tracker.model import Done, Item, Page, Source, SourceKind, Tier
from tracker.newsroom import pages
from tracker.newsroom.stories import load

STORIES = [story for story in load().stories if not story.paywall]
NOW = max(story.published for story in STORIES) + timedelta(days=10)
VARIANTS = ("page", "amp", "mobile")
WAY = Path(__file__).with_name("extract_way.py")


def newsroom() -> list[tuple[Job, str]]:
    """Every story as its page, its AMP page and its mobile page, with its text."""
    made = []
    for story in STORIES:
        shown = tuple(one for one in reversed(STORIES) if one.outlet is story.outlet)
        shelf = pages.Shelf(outlet=story.outlet, stories=shown, now=NOW)
        outlet = story.outlet
        source = Source(
            id=outlet.key, name=outlet.name, kind=SourceKind.FEED, url=story.url, tier=Tier.MAJOR,
            language=outlet.lang, country=outlet.country,
        )  # fmt: skip
        bodies = (pages.article(shelf, story, variant) for variant in VARIANTS)
        made += [(job(source, story.url, story.title, body), story.text) for body in bodies]
    return made


def folder(path: Path) -> list[tuple[Job, str]]:
    """The pages of a folder, the texts of which nobody knows."""
    source = Source(
        id="pages", name="Pages", kind=SourceKind.FEED, url="https://page.example/", tier=Tier.MAJOR, language="en",
        country=None,
    )  # fmt: skip
    files = sorted(path.glob("*.html"))
    return [(job(source, f"https://page.example/{n}", "", file.read_bytes()), "") for n, file in enumerate(files)]


def job(source: Source, url: str, title: str, body: bytes) -> Job:
    """What the tracker asks for one page."""
    page = Page(url=url, final_url=url, status=200, content_type="text/html", body=body, fetched_at=NOW)
    return Job(item=Item(source_id=source.id, url=url, title=title), source=source, page=page, now=NOW)


def f1(one: str, other: str) -> float:
    """F1 of words; a CJK character is a word."""
    left, right = (Counter(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower())) for text in (one, other))
    return 2 * sum((left & right).values()) / max(1, sum(left.values()) + sum(right.values()))


def ours(made: Sequence[tuple[Job, str]], rounds: int) -> tuple[float, float, list[str]]:
    """`from_page` in this process."""
    by_body = {id(one.page.body): one for one, _ in made}

    def way(body: bytes) -> str:
        one = by_body[id(body)]
        result = from_page(one.item, one.source, one.page, now=one.now)
        return result.value.text if isinstance(result, Done) else ""

    return measured(way, [one.page.body for one, _ in made], rounds)


def pooled(made: Sequence[tuple[Job, str]], rounds: int) -> tuple[float, float, list[str]]:
    """`Extractor` on all cores, its processes started and warm; their CPU counts, that of the others too."""
    best, texts = (float("inf"), float("inf")), [""] * len(made)
    for _ in range(rounds):
        before = used()
        with Extractor() as extractor:
            list(extractor.extract(enumerate([one for one, _ in made][: 4 * len(os.sched_getaffinity(0))])))
            wall = time.perf_counter()
            for n, result in extractor.extract((n, one) for n, (one, _) in enumerate(made)):
                texts[n] = result.value.text if isinstance(result, Done) else ""
            wall = time.perf_counter() - wall
        best = min(best, (used() - before, wall), key=lambda pair: pair[1])
    return *best, texts


def used() -> float:
    """CPU seconds of this process and of those it has started and seen end."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peer(name: str, python: str, made: Sequence[tuple[Job, str]], rounds: int) -> tuple[float, float, list[str]] | str:
    """A peer in its own process, or why there is none."""
    sent = pickle.dumps(([one.page.body for one, _ in made], rounds))
    done = subprocess.run([python, str(WAY), name], input=sent, capture_output=True, check=False)
    if done.returncode != 0:
        return f"failed: {done.stderr.decode(errors='replace').strip().splitlines()[-1:]}"
    told = json.loads(done.stdout)
    return f"not installed: {told['missing']}" if "missing" in told else (told["cpu"], told["wall"], told["texts"])


def show(name: str, result: tuple[float, float, list[str]] | str, made: Sequence[tuple[Job, str]]) -> None:
    """One row of the table."""
    if isinstance(result, str):
        print(f"{name:40} {result}")
        return
    cpu, wall, texts = result
    scores = [f1(found, text) for found, (_, text) in zip(texts, made, strict=True) if text]
    mean = sum(scores) / max(1, len(scores))
    print(f"{name:40} {len(made) / cpu:8.1f} per CPU s {len(made) / wall:8.1f} per s   text F1 {mean:.4f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=Path, help="a folder of *.html whose texts are not known")
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has the peers")
    asked = parser.parse_args()
    made = [*newsroom(), *(folder(asked.pages) if asked.pages else ())]
    size = sum(len(one.page.body) for one, _ in made) / 1e6
    known = sum(bool(text) for _, text in made)
    print(f"{len(made)} pages, {size:.1f} MB, the text of {known} known, best of {asked.rounds} rounds")
    show("tracker.articles.from_page, one core", ours(made, asked.rounds), made)
    cores = len(os.sched_getaffinity(0))
    show(f"tracker.articles.Extractor, {cores} cores", pooled(made, asked.rounds), made)
    for name in WAYS:
        show(f"{name}, one core", peer(name, asked.peers, made, asked.rounds), made)


if __name__ == "__main__":
    main()
