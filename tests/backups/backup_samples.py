"""A database with a source and articles, all of them invented, and two times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tracker.bell import StoppedError
from tracker.model import Article, Basis, Source, SourceKind, TextFrom, Tier, When
from tracker.store import Store
from tracker.store.compare import dump

AT = datetime(2026, 1, 31, 4, tzinfo=UTC)
LATER = datetime(2026, 2, 1, 4, tzinfo=UTC)
HERALD = Source(
    id="herald",
    name="Herald",
    kind=SourceKind.FEED,
    url="https://herald.example/feed",
    tier=Tier.MAJOR,
    language="en",
    country="US",
    tags=(),
)


def fill(path: Path, *keys: str) -> None:
    """Have articles in a database, made where there is none."""
    with Store.open(path) as store, store.batch():
        store.sources.sync([HERALD], AT)
        for key in keys:
            store.articles.save(None, article(key), now=AT)
        store._db.run("REPLACE INTO entity (id, name, kind, first_seen_at) VALUES ('cn', 'China', 'place', '-')")
        store._db.run("INSERT OR IGNORE INTO alias VALUES ('cn', 'China', 'china', 'name')")


def article(key: str) -> Article:
    return Article(
        id=key,
        url=f"https://herald.example/{key}",
        title="Commerce curbs chip tools",
        text=f"Text of {key}.",
        published=When(value="2024-06-25", basis=Basis.METADATA),
        language="en",
        text_from=TextFrom.PAGE,
        source_id="herald",
        content_hash=f"hash of {key}",
        signature=b"",
    )


def articles(path: Path) -> list[str]:
    return sorted(str(row[0]) for row in dump(path)["article"])


def stopping(after: int) -> Callable[[], None]:
    """A look at whether to stop that says so after so many times."""
    looks = iter(range(after))

    def check() -> None:
        if next(looks, None) is None:
            raise StoppedError

    return check
