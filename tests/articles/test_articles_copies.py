from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from tracker.articles import COPY_AT, SIGNATURE_SCHEME, bands, content_hash, signature, similar
from tracker.newsroom.stories import load

STORIES = {story.id: story for story in load().stories}
COPIES = [(story, STORIES[story.copy_of]) for story in STORIES.values() if story.copy_of in STORIES]
TEXT = " ".join(f"{word}{n}" for n in range(40) for word in ("export", "licence", "ministry"))


def test_wire_copies_are_copies() -> None:
    assert len(COPIES) >= 2
    for copy, original in COPIES:
        one, other = signature(copy.text), signature(original.text)
        assert similar(one, other) >= COPY_AT, (copy.id, original.id)
        assert set(bands(one)) & set(bands(other)), (copy.id, original.id)


def test_different_articles_are_none() -> None:
    known = {frozenset(pair) for copy, original in COPIES for pair in [(copy.id, original.id)]}
    origins = {copy.id: original.id for copy, original in COPIES}
    signed = [(origins.get(story.id, story.id), signature(story.text)) for story in STORIES.values()]
    for n, (one, a) in enumerate(signed):
        for other, b in signed[:n]:
            if one != other and frozenset((one, other)) not in known:
                assert similar(a, b) < COPY_AT / 2, (one, other)


def test_a_cut_copy_is_still_found() -> None:
    words = TEXT.split()
    whole, cut = signature(TEXT), signature(" ".join(words[: len(words) * 2 // 3]))
    assert similar(whole, cut) >= COPY_AT
    assert set(bands(whole)) & set(bands(cut))


def test_short_texts_have_no_signature() -> None:
    assert signature("Export of nickel banned from Friday.") == b""
    assert bands(b"") == ()
    assert similar(b"", signature(TEXT)) == 0.0


def test_hashes_ignore_what_no_reader_sees() -> None:
    assert content_hash("“The ban”  took\neffect…") == content_hash('"the BAN" took effect.')
    assert content_hash("The ban took effect.") != content_hash("The ban takes effect.")


def test_signatures_are_the_same_in_every_process_and_release() -> None:
    """The scheme's name promises these bytes: stored signatures are compared with new ones for years."""
    program = f"from tracker.articles import signature; print(signature({TEXT!r}).hex())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == signature(TEXT).hex()
    assert (SIGNATURE_SCHEME, signature(TEXT)[:8].hex()) == ("minhash-rensa-r128-w3", "9868cd8bd9b8cc39")
    assert bands(signature(TEXT))[0] == "00a309e3a2e68e"


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_of_oneself_complete(one: str, other: str) -> None:
    a, b = signature(one), signature(other)
    assert similar(a, b) == similar(b, a)
    assert similar(a, a) == (1.0 if a else 0.0)
    assert content_hash(one) == content_hash(one.upper().lower() if one.isascii() else one)
