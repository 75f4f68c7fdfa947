"""Pages per second and text quality of `tracker.articles` beside trafilatura alone, on the sample newsroom's pages.

    python benchmarks/extract.py [--rounds 5]

Every way reads the same bytes, one after the other in each round; the best round counts, in seconds of CPU. F1 is of
words against the text that was put into the page. `tracker.articles` also finds title, authors, dates, language,
reasons not to read and the near-duplicate signature; the second row of trafilatura finds its metadata.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import trafilatura

from tracker.articles import from_page
from tracker.model import Done, Item, Page, Source, SourceKind, Tier
from tracker.newsroom import pages
from tracker.newsroom.stories import Story, load

STORIES = [story for story in load().stories if not story.paywall]
NOW = max(story.published for story in STORIES) + timedelta(days=10)
VARIANTS = ("page", "amp", "mobile")


def bodies() -> list[tuple[Story, Page]]:
    """Every story as its page, its AMP page and its mobile page."""
    made = []
    for story in STORIES:
        shown = tuple(one for one in reversed(STORIES) if one.outlet is story.outlet)
        shelf = pages.Shelf(outlet=story.outlet, stories=shown, now=NOW)
        for variant in VARIANTS:
            body = pages.article(shelf, story, variant)
            page = Page(
                url=story.url, final_url=story.url, status=200, content_type="text/html", body=body, fetched_at=NOW
            )
            made.append((story, page))
    return made


def ours(story: Story, page: Page) -> str:
    """The whole of `from_page`."""
    source = Source(
        id=story.outlet.key, name=story.outlet.name, kind=SourceKind.FEED, url=page.url, tier=Tier.MAJOR,
        language=story.outlet.lang, country=story.outlet.country,
    )  # fmt: skip
    item = Item(source_id=source.id, url=page.url, title=story.title)
    result = from_page(item, source, page, now=NOW)
    return result.value.text if isinstance(result, Done) else ""


def text_alone(_: Story, page: Page) -> str:
    """Trafilatura as it comes, comments off."""
    return trafilatura.extract(page.body, include_comments=False) or ""


def with_metadata(_: Story, page: Page) -> str:
    """Trafilatura with title, author, date and the rest."""
    found = trafilatura.bare_extraction(page.body, include_comments=False, with_metadata=True)
    return str(getattr(found, "text", None) or "")


WAYS: dict[str, Callable[[Story, Page], str]] = {
    "tracker.articles": ours,
    "trafilatura, text": text_alone,
    "trafilatura, text and metadata": with_metadata,
}


def f1(one: str, other: str) -> float:
    """F1 of words; a CJK character is a word."""
    left, right = (Counter(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower())) for text in (one, other))
    return 2 * sum((left & right).values()) / max(1, sum(left.values()) + sum(right.values()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    made = bodies()
    best = dict.fromkeys(WAYS, float("inf"))
    quality = {name: sum(f1(way(*one), one[0].text) for one in made) / len(made) for name, way in WAYS.items()}
    for _ in range(rounds):
        for name, way in WAYS.items():
            begun = time.process_time()
            for one in made:
                way(*one)
            best[name] = min(best[name], time.process_time() - begun)
    print(f"{len(made)} pages, {sum(len(page.body) for _, page in made) / 1e6:.1f} MB, best of {rounds} rounds")
    for name, seconds in best.items():
        print(f"{name:32} {len(made) / seconds:7.1f} pages/s   text F1 {quality[name]:.4f}")


if __name__ == "__main__":
    main()
