"""What edits changed in an article."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import NotFoundError
from tracker.model import Article, TextFrom
from tracker.query import Timeline
from tracker.query.revisions import diff
from tracker.store import Store
from tracker.urls import article_id

NOW, LATER = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 7, 2, tzinfo=UTC)
URL = "https://herald.example/1"
OLD = "The rules begin in May. They cover tools. Nobody objected."


@pytest.mark.parametrize(
    ("new", "gone", "come"),
    [
        (OLD, (), ()),
        (OLD.replace("May", "June"), ("The rules begin in May.",), ("The rules begin in June.",)),
        (f"{OLD}\nCorrected on Monday.", (), ("Corrected on Monday.",)),
        ("They cover tools.", ("The rules begin in May.", "Nobody objected."), ()),
        (OLD.replace(" They", "\n\nThey"), (), ()),  # only the line breaks are others
    ],
)
def test_an_edit_is_told_by_sentences(new: str, gone: tuple[str, ...], come: tuple[str, ...]) -> None:
    assert diff(OLD, new) == (gone, come)


@given(st.text(alphabet="ab. \n"), st.text(alphabet="ab. \n"))
def test_the_way_back_is_the_mirror(old: str, new: str) -> None:
    gone, come = diff(old, new)
    back = diff(new, old)
    assert len(come) - len(gone) == len(back[0]) - len(back[1])
    assert diff(old, old) == ((), ())


def article(text: str) -> Article:
    return Article(
        id=article_id(URL),
        url=URL,
        title="Rules",
        text=text,
        published=None,
        language="en",
        text_from=TextFrom.PAGE,
        source_id=None,
        content_hash=text,
        signature=b"",
    )


@pytest.mark.parametrize("named", [URL, f"{URL}?utm_source=x", article_id(URL), article_id(URL)[:6]])
def test_the_texts_of_an_article_come_in_their_order(tmp_path: Path, named: str) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        store.articles.save(None, article(OLD), now=NOW)
        store.articles.save(None, article(OLD.replace("May", "June")), now=LATER)
    with Timeline.open(path) as timeline:
        first, second = timeline.revisions(named)
        assert (first.since, first.gone, len(first.come)) == (NOW.isoformat(), (), 3)
        assert (second.since, second.gone, second.come) == (
            LATER.isoformat(),
            ("The rules begin in May.",),
            ("The rules begin in June.",),
        )
        with pytest.raises(NotFoundError, match=r"no article 'https://herald\.example/2'"):
            timeline.revisions("https://herald.example/2")
