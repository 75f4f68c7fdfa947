"""Sample archives of news pages, made of our own articles and templates: what a crawler of news brings home.

Pages are those of the sample newsroom's outlets, under some hundred host names, with articles of `evals/` and invented
ones of no consequence in them, and with as much script and navigation as pages have. Of a hundred pages (SHARES) 6 tell
of a policy event, 41 are English news that does not, 30 are in other languages, 8 are copies on another host, 4 stand
before a paywall, 4 are lists of articles; 3 are gone (404), 2 moved (301), 2 are pictures or feeds. CC-NEWS publishes
no such figures: they are guesses on the side of few events, since its outlets are mostly local and of all languages.
The same seed and number give the same bytes. Beside an archive lies `truth.json`: what each page holds in truth, a line
each (text, title, day, language, kind, and the annotated events), for those that compare what was got out of it.

    python benchmarks/archive_world.py --out DIR [--pages 20000] [--files 4] [--seed 1] [--forms warc,json_lines,…]

Nothing is fetched, nothing is copied from others.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from html import escape
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from archive_words import QUIET, TITLES, WORDS

from tracker.newsroom import pages
from tracker.newsroom.blocks import Block
from tracker.newsroom.stories import Outlet, Story, load

SHARES = {
    "policy": 6, "quiet": 41, "foreign": 30, "copy": 8, "paywall": 4, "list": 4, "gone": 3, "moved": 2, "other": 2,
}  # fmt: skip
NEAR_MISSES = 0.15  # of quiet pages: articles about policy that tell of no event
HOSTS = 30  # of each outlet
SCRIPT, LINKS = 60_000, 80  # bytes of script and style on a page, links around it
REMEMBERED = 200  # pages of which copies are made
FORMS = ("warc", "json_lines", "parquet", "pages")
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page as a crawler had it, and what it holds in truth; a page that is no article has no text."""

    url: str
    kind: str  # of SHARES
    status: int
    content_type: str
    body: bytes
    fetched_at: datetime
    title: str = ""
    text: str = ""
    published: str = ""
    language: str = ""
    events: tuple[dict[str, Any], ...] = ()  # as annotated, of pages of kind "policy" and their copies


def samples(count: int, *, seed: int = 1) -> Iterator[Sample]:
    """Pages, one after another; the first ones of a larger world are those of a smaller."""
    random = Random(seed)
    world = _World(random)
    kinds, weights = list(SHARES), list(SHARES.values())
    for number in range(count):
        yield world.page(random.choices(kinds, weights)[0], number)


class _World:
    """What pages are made of, drawn by one source of randomness."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._outlets = [one for one in load().outlets.values() if one.lang == "en"]
        self._plain = {one.lang: one for one in load().outlets.values() if one.lang != "en"}
        self._plain["es"] = replace(self._outlets[0], lang="es", host="faro.example", name="El Faro", country="ES")
        told, self._near = _own()
        self._policy = random.sample(told, len(told))
        self._past: list[Sample] = []
        self._policies = 0

    def page(self, kind: str, number: int) -> Sample:
        """A page of a kind."""
        if kind == "copy" and self._past:
            return self._copy(self._random.choice(self._past), number)
        if kind in ("gone", "moved", "other", "list"):
            return self._no_article(kind, number)
        sample = self._article("quiet" if kind == "copy" else kind, number)
        if sample.kind in ("policy", "quiet"):
            self._past = [*self._past[-REMEMBERED:], sample]
        return sample

    def _article(self, kind: str, number: int) -> Sample:
        random = self._random
        doc: dict[str, Any] = {}
        if kind == "policy":
            doc = self._policy[self._policies % len(self._policy)]
            self._policies += 1
        elif kind != "foreign" and random.random() < NEAR_MISSES:
            doc = random.choice(self._near)
        language = random.choice(sorted(self._plain)) if kind == "foreign" else "en"
        title, text = (doc["title"], doc["text"]) if doc else _written(language, random)
        day = _day(doc.get("published_at") or random.choice(self._near)["published_at"], random)
        outlet = self._plain[language] if kind == "foreign" else random.choice(self._outlets)
        story = _story(_elsewhere(outlet, random), title, text, day, number)
        if kind == "paywall":
            story = replace(story, paywall=1)
        events = tuple(doc.get("events", ()))
        return _sample(story, kind, number, shown=story if kind == "paywall" else None, events=events)

    def _copy(self, original: Sample, number: int) -> Sample:
        outlet = _elsewhere(self._random.choice(self._outlets), self._random)
        day = datetime.fromisoformat(original.published) + timedelta(minutes=self._random.randrange(600))
        story = _story(outlet, original.title, original.text, day, number)
        return _sample(story, "copy", number, events=original.events)

    def _no_article(self, kind: str, number: int) -> Sample:
        outlet = _elsewhere(self._random.choice(self._outlets), self._random)
        day = _day(self._random.choice(self._near)["published_at"], self._random)
        status, content_type, body = 200, HTML, b""
        if kind == "list":
            written = [_written("en", self._random) for _ in range(12)]
            stories = tuple(_story(outlet, *one, day, number * 100 + n) for n, one in enumerate(written))
            body = _weighty(pages.front(pages.Shelf(outlet=outlet, stories=stories, now=day)), outlet.key)
        elif kind == "other":
            content_type = self._random.choice(["image/jpeg", "application/rss+xml", "application/json"])
            body = self._random.randbytes(8_000)
        else:
            status = 404 if kind == "gone" else 301
            body = pages.leaf(pages.Shelf(outlet=outlet, stories=(), now=day), "gone", "Not here", "It is not here.")
        url = f"http://{outlet.host}/{kind}/{number}"
        return Sample(url=url, kind=kind, status=status, content_type=content_type, body=body, fetched_at=_utc(day))


@cache
def _own() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Our annotated articles: those with events, and those without."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))
    from articles import own_articles  # noqa: PLC0415  # a script beside this one

    docs = [doc for doc in own_articles() if len(doc["published_at"] or "") >= len("2024-06-25")]
    return [doc for doc in docs if doc["events"]], [doc for doc in docs if not doc["events"]]


def _written(language: str, random: Random) -> tuple[str, str]:
    """Title and text of an invented article of no consequence, eight to sixteen sentences in paragraphs."""
    genre = random.choice(sorted(QUIET[language]))
    patterns = QUIET[language][genre]
    chosen = random.sample(patterns, len(patterns)) + random.choices(patterns, k=random.randrange(8))
    gap = "" if language == "zh" else " "
    sentences = [_filled(one, random) for one in chosen]
    pieces = [gap.join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return _filled(random.choice(TITLES[language]), random), "\n\n".join(pieces)


def _filled(pattern: str, random: Random) -> str:
    drawn = {name: random.choice(words) for name, words in WORDS.items()}
    return pattern.format(**drawn, n=random.randrange(2, 98), m=random.randrange(100, 999))


def _day(told: str, random: Random) -> datetime:
    return datetime.fromisoformat(told[:10]).replace(tzinfo=UTC) + timedelta(minutes=random.randrange(300, 1_200))


def _utc(moment: datetime) -> datetime:
    """When the crawler came by: two hours later."""
    return moment.astimezone(UTC) + timedelta(hours=2)


def _elsewhere(outlet: Outlet, random: Random) -> Outlet:
    """The outlet, or one of its like at another address."""
    name, _, rest = outlet.host.partition(".")
    return replace(outlet, host=f"{name}{random.randrange(HOSTS)}.{rest}", zones={"+00:00": "GMT"})


def _story(outlet: Outlet, title: str, text: str, day: datetime, number: int) -> Story:
    body = tuple(Block(kind="paragraph", text=" ".join(one.split())) for one in text.split("\n\n") if one.strip())
    return Story(
        id=f"{outlet.key}/{number}",
        outlet=outlet,
        slug=f"story-{number}",
        section=outlet.sections[0],
        title=title,
        published=day,
        author="Robin Vale",
        lang=outlet.lang,
        summary=body[0].text[:200],
        body=body,
    )


def _sample(
    story: Story, kind: str, number: int, *, shown: Story | None = None, events: tuple[dict[str, Any], ...] = ()
) -> Sample:
    shelf = pages.Shelf(outlet=story.outlet, stories=(story,), now=story.published + timedelta(hours=2))
    shown_text = "\n\n".join(block.plain for block in (shown or story).shown)
    return Sample(
        url=f"{story.url}?n={number}",
        kind=kind,
        status=200,
        content_type=HTML,
        body=_weighty(pages.article(shelf, story), story.outlet.key),
        fetched_at=_utc(story.published),
        title=story.title,
        text=shown_text,
        published=story.published.isoformat(),
        language=story.lang,
        events=events if shown is None else (),
    )


def _weighty(page: bytes, key: str) -> bytes:
    """The page with its scripts in the head and the links of a large site at its foot."""
    script, links = _weight(key.rstrip("0123456789"))
    return page.replace(b"</head>", script + b"</head>", 1).replace(b"</body>", links + b"</body>", 1)


@cache
def _weight(key: str) -> tuple[bytes, bytes]:
    random = Random(key)
    names = [sha256(b"%d" % random.randrange(900)).hexdigest()[: random.randrange(3, 12)] for _ in range(SCRIPT // 30)]
    calls = "".join(f'window.{one}=function(e){{return e["{two}"]||{random.randrange(999)}}};'
                    for one, two in zip(names[::2], names[1::2], strict=False))  # fmt: skip
    rules = "".join(f".{one}{{margin:{random.randrange(40)}px}}" for one in names[: SCRIPT // 100])
    items = "".join(f'<li><a href="/topic/{n}">{escape(names[n])}</a></li>' for n in range(LINKS))
    return f"<style>{rules}</style><script>{calls}</script>".encode(), f"<footer><ul>{items}</ul></footer>".encode()


def write(found: Iterable[Sample], folder: Path, *, files: int = 1, forms: Iterable[str] = FORMS) -> int:
    """Write archives of the forms, each of so many files, and the truth; how many pages that were."""
    folder.mkdir(parents=True, exist_ok=True)
    writers = {form: [WRITERS[form](folder, number) for number in range(files)] for form in forms}
    count = 0
    with (folder / "truth.json").open("w", encoding="utf-8") as truth:
        for count, sample in enumerate(found, start=1):
            truth.write(json.dumps(_truth(sample), ensure_ascii=False) + "\n")
            for several in writers.values():
                several[count % files].add(sample)
    for writer in chain.from_iterable(writers.values()):
        writer.close()
    return count


def _truth(sample: Sample) -> dict[str, Any]:
    names = ("url", "kind", "status", "title", "text", "published", "language", "events")
    return {name: getattr(sample, name) for name in names}


class Warc:
    """CC-NEWS's layout: a member per record, a request and a response for each page."""

    def __init__(self, folder: Path, number: int) -> None:
        self._file = (folder / f"CC-NEWS-20240625-{number:05}.warc.gz").open("wb")
        self._put("warcinfo", "", "application/warc-fields", b"software: archive_world\r\n", "2024-06-25T00:00:00Z")

    def add(self, sample: Sample) -> None:
        """Write the two records of a page."""
        when = sample.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = [
            f"HTTP/1.1 {sample.status} {'OK' if sample.status == 200 else 'Other'}", "Server: nginx",
            f"Content-Type: {sample.content_type}", f"Content-Length: {len(sample.body)}",
            "X-Crawler-Content-Encoding: gzip", "Cache-Control: max-age=300", "Vary: Accept-Encoding",
        ]  # fmt: skip
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        path, host = sample.url[7:].partition("/")[2], sample.url[7:].partition("/")[0]
        asked = f"GET /{path} HTTP/1.1\r\nUser-Agent: CCBot\r\nHost: {host}\r\n\r\n".encode()
        self._put("request", sample.url, "application/http; msgtype=request", asked, when)
        self._put("response", sample.url, "application/http; msgtype=response", head + sample.body, when)

    def _put(self, kind: str, url: str, content_type: str, block: bytes, when: str) -> None:
        digest = sha256(f"{kind} {url}".encode()).hexdigest()
        lines = [
            "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {when}", f"WARC-Record-ID: <urn:uuid:{digest[:32]}>",
            *([f"WARC-Target-URI: {url}"] if url else []), f"Content-Type: {content_type}",
            f"Content-Length: {len(block)}",
        ]  # fmt: skip
        self._file.write(gzip.compress("\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n", 6, mtime=0))

    def close(self) -> None:
        """End the file."""
        self._file.close()


class Lines:
    """The true texts in the contract of `tracker extract`."""

    def __init__(self, folder: Path, number: int) -> None:
        self._file = (folder / f"texts-{number:05}.jsonl").open("w", encoding="utf-8")

    def add(self, sample: Sample) -> None:
        """Write a line, if the page is an article."""
        if sample.text:
            told = {"id": sample.url, "url": sample.url, "title": sample.title, "text": sample.text}
            told |= {"published_at": sample.published, "lang": sample.language}
            self._file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """End the file."""
        self._file.close()


class Rows:
    """The true texts as Parquet, a thousand rows a group."""

    def __init__(self, folder: Path, number: int) -> None:
        import pyarrow as pa  # noqa: PLC0415  # of an extra
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._arrow = pa
        self._schema = pa.schema([(one, pa.string()) for one in ("url", "title", "text", "published", "language")])
        self._file = pq.ParquetWriter(folder / f"texts-{number:05}.parquet", self._schema, compression="zstd")
        self._rows: list[dict[str, str]] = []

    def add(self, sample: Sample) -> None:
        """Write a row, if the page is an article."""
        if sample.text:
            self._rows.append({name: getattr(sample, name) for name in self._schema.names})
        if len(self._rows) == 1_000:
            self._flush()

    def _flush(self) -> None:
        self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        """End the file."""
        self._flush()
        self._file.close()


class Folder:
    """Saved pages, a hundred a folder."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder / f"pages-{number:05}"
        self._count = 0

    def add(self, sample: Sample) -> None:
        """Write a page, if it is one."""
        if sample.status == 200 and sample.content_type == HTML:
            file = self._folder / f"{self._count // 100:04}" / f"{self._count:06}.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(sample.body)
            self._count += 1

    def close(self) -> None:
        """Nothing is open."""


WRITERS: dict[str, Any] = {"warc": Warc, "json_lines": Lines, "parquet": Rows, "pages": Folder}


def main() -> None:
    """Write a world."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", default="warc", help=f"parted by commas: {','.join(FORMS)}")
    args = parser.parse_args()
    forms = args.forms.split(",")
    count = write(samples(args.pages, seed=args.seed), args.out, files=args.files, forms=forms)
    print(f"{count} pages in {args.out}: {', '.join(forms)}, {args.files} files of each")


if __name__ == "__main__":
    main()
