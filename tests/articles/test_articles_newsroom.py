"""Every page of the sample newsroom against what was put into it: text, title, date, author."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from tracker.articles import from_page
from tracker.dates import prefix
from tracker.model import Article, Basis, Done, Item, Page, Source, SourceKind, TextFrom, Tier, When
from tracker.newsroom import pages
from tracker.newsroom.stories import Story, load

LEAST_F1 = 0.95  # of every page
MEAN_F1 = 0.995
STORIES = {story.id: story for story in load().stories}
NOW = max(story.published for story in STORIES.values()) + timedelta(days=10)


@cache
def read(story_id: str, variant: str = "page", *, with_feed: bool = True) -> Article:
    story = STORIES[story_id]
    outlet = story.outlet
    shelf = pages.Shelf(
        outlet=outlet, stories=tuple(one for one in reversed(STORIES.values()) if one.outlet is outlet), now=NOW
    )
    source = Source(
        id=outlet.key, name=outlet.name, kind=SourceKind.FEED, url=f"http://{outlet.host}/", tier=Tier.MAJOR,
        language=outlet.lang, country=outlet.country,
    )  # fmt: skip
    stated = pages.stated_time(story) if with_feed else None
    item = Item(
        source_id=source.id,
        url=story.url,
        title=story.title,
        published=When(value=prefix(stated), basis=Basis.FEED) if stated else None,
    )
    body = pages.article(shelf, story, variant)
    page = Page(url=item.url, final_url=item.url, status=200, content_type="text/html", body=body, fetched_at=NOW)
    result = from_page(item, source, page, now=NOW)
    assert isinstance(result, Done)
    return result.value


def f1(one: str, other: str) -> float:
    """F1 of words; a CJK character is a word."""
    left, right = (Counter(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower())) for text in (one, other))
    return 2 * sum((left & right).values()) / (sum(left.values()) + sum(right.values()))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story(story: Story) -> None:
    article = read(story.id)
    assert article.title == story.title
    assert article.language == story.lang
    assert article.text_from is TextFrom.PAGE
    if story.paywall:
        assert article.note is not None
        assert article.note.startswith("paywall: ")
    else:
        assert article.note is None
        assert f1(article.text, story.text) >= LEAST_F1
    assert article.unread == (None if story.lang == "en" else f"language: {story.lang} is not read yet")


def test_texts_on_average() -> None:
    free = [story for story in STORIES.values() if not story.paywall]
    for variant in ("page", "amp", "mobile"):
        scores = [f1(read(story.id, variant).text, story.text) for story in free]
        assert sum(scores) / len(scores) >= MEAN_F1, variant


@pytest.mark.parametrize("with_feed", [True, False], ids=["with the feed's date", "page alone"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_date(story: Story, with_feed: bool) -> None:  # noqa: FBT001  # a column of the table
    when = read(story.id, with_feed=with_feed).published
    assert when is not None
    right = {prefix(story.published)[:10], story.published.date().isoformat()}
    if story.date == "none":
        assert when.basis is Basis.FETCHED
    elif story.date == "footer":
        assert any(
            day.startswith(when.value[:10]) for day in right
        )  # the address has the month, the footer is not asked
    else:
        assert when.day in right
        assert when.basis is not Basis.FETCHED


def test_authors_on_average() -> None:
    right = [(read(story.id).author or "") == story.author for story in STORIES.values()]
    assert sum(right) / len(right) >= 0.88
