"""The room as of a date: what was published later is hidden, and an edited page changes."""

from __future__ import annotations

import pytest
from newsroom_visits import Visitor, feed, page_words, visiting

HARBOUR = "http://harbourwire.example/feeds/latest.rss"
EDITED = "eastlight/openai-tells-chinese-developers-api-access-will-end"


def titles(visitor: Visitor) -> list[str]:
    return [entry["title"] for entry in feed(visitor.get(HARBOUR).content)["entries"]]


def test_what_comes_later_is_hidden_everywhere() -> None:
    with visiting(as_of="2024-06-25") as visitor:
        assert titles(visitor)[0] == "OpenAI confirms 'additional steps' to block use in unsupported regions"
        assert all(story.published.isoformat() < "2024-06-26T01" for story in visitor.room.stories)
        later = "http://harbourwire.example/technology/openai-block-takes-effect-in-china-2024-07-09/"
        assert visitor.get(later).status_code == 404
        assert b"takes effect" not in visitor.get("http://harbourwire.example/").content


def test_advancing_brings_the_next_day_and_a_new_validator() -> None:
    with visiting(as_of="2024-06-26") as visitor:
        before = visitor.get(HARBOUR)
        visitor.room.advance("2024-07-09")
        after = visitor.get(HARBOUR, If_None_Match=before.headers["ETag"])
        assert after.status_code == 200
        assert after.headers["Last-Modified"] == "Tue, 09 Jul 2024 10:20:00 GMT"
        assert titles(visitor)[0] == "OpenAI's block on API access from China takes effect"


def test_a_moment_can_be_a_time() -> None:
    with visiting(as_of="2024-06-25T10:00:00+00:00") as visitor:
        assert titles(visitor)[0] == "OpenAI to block API traffic from China from July 9, memo shows"


def test_an_edited_page_changes_with_its_validators() -> None:
    with visiting(as_of="2024-06-25") as visitor:
        first = visitor.story(EDITED)
        page = visitor.get(first.url)
        assert "OpenAI has not commented." in page_words(page.content)
        visitor.room.advance("2024-06-26")
        again = visitor.get(first.url, If_None_Match=page.headers["ETag"])
        assert again.status_code == 200
        assert "OpenAI confirmed on Tuesday" in page_words(again.content)
        assert "Updated 26 June 2024" in page_words(again.content)
        assert visitor.story(EDITED).title.startswith("OpenAI confirms")


def test_the_end_of_the_bundle_stands_still() -> None:
    with visiting() as one, visiting() as other:
        url = "http://saltmarsh.example/"
        assert one.get(url).content == other.get(url).content


def test_a_bad_date_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"), visiting(as_of="yesterday"):
        pass
