"""What is kept of a text to know its copies by."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.articles import SIGNATURE_SCHEME, content_hash, exact_key, keys, length, likeness, signature
from tracker.model import Article, Likeness, TextFrom
from tracker.newsroom.stories import load

STORIES = {story.id: story for story in load().stories}
COPIES = [(story, STORIES[story.copy_of]) for story in STORIES.values() if story.copy_of in STORIES]
WORDS = [f"{word}{n}" for n in range(80) for word in ("export", "licence", "ministry")]
TEXT = " ".join(WORDS)
NOTHING = Likeness(inside=0.0, covered=0.0, head=0.0, numbers=None, names=None)


def like(one: str, other: str) -> Likeness:
    return likeness(signature(one), signature(other))


def test_wire_copies_share_most_of_their_words_and_a_key() -> None:
    assert len(COPIES) >= 2
    for copy, original in COPIES:
        found = like(copy.text, original.text)
        assert min(found.inside, found.covered, found.head) > 0.7, (copy.id, original.id)
        assert set(keys(signature(copy.text))) & set(keys(signature(original.text))), (copy.id, original.id)


@pytest.mark.parametrize(
    ("other", "inside", "covered", "head"),
    [
        (WORDS, 1, 1, 1),
        (WORDS[:80], 1, 0.33, 1),  # cut to a third
        (WORDS[120:], 1, 0.5, 0),  # the second half of it
        (["By", "our", "own", "correspondent:", *WORDS], 1, 0.98, 0.95),
        ([*WORDS[:120], *(f"other{n}" for n in range(120))], 0.5, 0.5, 1),
        ([f"other{n}" for n in range(240)], 0, 0, 0),
    ],
    ids=["the same", "its beginning", "its end", "a line before it", "another end", "another text"],
)
def test_what_two_texts_share(other: list[str], inside: float, covered: float, head: float) -> None:
    found = like(TEXT, " ".join(other))
    assert (found.inside, found.covered, found.head) == pytest.approx((inside, covered, head), abs=0.12)


def test_a_text_cut_short_has_keys_in_common_with_the_whole() -> None:
    for words in (40, 80, 160):
        assert len(set(keys(signature(TEXT))) & set(keys(signature(" ".join(WORDS[:words]))))) >= 2, words


def test_of_numbers_and_names_those_of_the_poorer_text_count() -> None:
    plain = " ".join(f"word{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]}" for n in range(60))
    one = f"{plain} in Paris with Macron on 12 of 1,300 and 4.5 for the Elysee"
    more = f"{one} and Berlin and 77 for Scholz"
    other = f"{plain} in Rome with Meloni on 31 of 2,600 and 8.5 for the Quirinale"
    assert (like(one, more).numbers, like(one, more).names) == (1.0, 1.0)
    assert (like(one, other).numbers, like(one, other).names) == (0.0, 0.0)
    assert (like(one, plain).numbers, like(one, plain).names) == (None, None)
    assert like(one, one.replace("1,300", "1300")).numbers == 1.0


def test_short_texts_have_no_near_copies() -> None:
    short = "Export of nickel is banned from Friday on, the ministry of trade said in a notice."
    assert signature("Export of nickel banned from Friday.") == b""
    assert keys(b"") == keys(signature(short)) == ()
    assert like(short, short) == likeness(b"", signature(TEXT)) == NOTHING


def test_a_short_text_is_the_same_only_under_the_same_title() -> None:
    def key(text: str, title: str) -> str:
        made = Article(
            id="a",
            url=None,
            title=title,
            text=text,
            published=None,
            language=None,
            text_from=TextFrom.FEED,
            content_hash=content_hash(text),
            signature=signature(text),
        )
        return exact_key(made)

    abstract = "The Department of Commerce is conducting an administrative review of the order on this product."
    assert key(abstract, "Steel nails") != key(abstract, "Glass bottles")
    assert key(abstract, "Steel nails") == key(abstract, "STEEL NAILS!")
    assert key(TEXT, "Steel nails") == key(TEXT, "Glass bottles") != ""
    assert key("Read the full story here.", "Steel nails") == ""


def test_hashes_ignore_what_no_reader_sees() -> None:
    assert content_hash("“The ban”  took\neffect…") == content_hash('"the BAN" took effect.')
    assert content_hash("The ban took effect.") != content_hash("The ban takes effect.")


def test_signatures_are_the_same_in_every_process_and_release() -> None:
    """The scheme's name promises these bytes: stored signatures are compared with new ones for years."""
    program = f"from tracker.articles import signature; print(signature({TEXT!r}).hex())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == signature(TEXT).hex()
    assert (SIGNATURE_SCHEME, signature(TEXT)[:18].hex()) == ("bottom-w3-1", "ee00c0003000200000000d2d170048a60202")
    assert keys(signature(TEXT))[0] == "012b3407"


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_of_oneself_complete(one: str, other: str) -> None:
    assert like(one, other) == like(other, one)
    itself = like(one, one)
    assert itself.inside == itself.covered == (1.0 if length(signature(one)) >= 30 else 0.0)
    assert content_hash(one) == content_hash(one.upper().lower() if one.isascii() else one)


@given(st.lists(st.sampled_from(["ban", "chip", "duty", "firm", "list", "rule"]), min_size=40, max_size=400))
def test_a_beginning_is_inside_its_text(words: list[str]) -> None:
    """However much is cut off, and however often words come again."""
    found = like(" ".join(words), " ".join(words[: len(words) * 3 // 4]))
    assert found.inside in {0.0, 1.0}  # 0.0: too few different words
