"""Articles that came as text (a line of JSON, a row of a table): what extraction would have added to them.

The text is taken as it was given, since offsets refer to it. Not here: pages, whose text is found first (`reading`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tracker.articles import guard, unread, wires
from tracker.articles.language import language
from tracker.articles.notices import notice
from tracker.articles.reading import READ_LANGUAGES
from tracker.articles.signature import content_hash, signature, words
from tracker.model import Article, Done, Poison


def given(article: Article, *, read: Collection[str] = READ_LANGUAGES) -> Done[Article] | Poison:
    """The article with language, hash, signature, agency and notice, and with why it is not read, if so.

    The language that it came with is one witness beside the text itself, as for a page.
    Poison: a text beyond any article's length.
    """
    if (fault := guard.text_fault(article.text)) is not None:
        return Poison(reason=fault)
    spoken = language(article.text, article.language)
    count = len(words(article.text))
    too_short = f"too short: {count} words" if count < unread.MIN_FEED_WORDS else None
    return Done(
        value=replace(
            article,
            language=spoken,
            content_hash=content_hash(article.text),
            signature=signature(article.text),
            wire=wires.credit(article.text.split("\n\n"), author=article.author, url=article.url),
            notice=notice(article.title, article.text),
            unread=too_short or unread.language_reason(spoken, read),
        )
    )
