"""Edits of feeds.yaml: what is written, and that every other byte stays as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import config, document
from tracker.config import naming, writing
from tracker.errors import ConfigError, NotFoundError

OURS = (Path(__file__).parents[2] / "feeds.yaml").read_bytes()
GROUPS = [*document.read(OURS, name="feeds.yaml").value["sources"], "a-new-group"]  # type: ignore[call-overload, index]
ENTRY: writing.Entry = {
    "id": "x-news",
    "name": 'News: "quoted", it\'s #1 & <ü>',
    "kind": "html",
    "url": "https://x.example/news?a=b#c",
    "language": "no",
    "country": "NO",
    "tier": "major",
    "tags": ["a", "b"],
    "verified_on": "2026-01-31",
    "selectors": {"item": 'a[href*="/news/"]', "date": ".date"},
    "private": True,
    "outline": ["Tech, news", "[x]", "?0"],
}
SPELT = """\
    - id: x-news
      name: "News: \\"quoted\\", it's #1 & <ü>"
      kind: html
      url: https://x.example/news?a=b#c
      language: no
      country: NO
      tier: major
      tags: [a, b]
      verified_on: 2026-01-31
      selectors:
        item: a[href*="/news/"]
        date: ".date"
      private: true
      outline: ["Tech, news", "[x]", "?0"]
"""

A = "- {id: a, name: A, kind: feed, url: 'http://a.example', tier: major, language: en}"
B = A.replace("a,", "b,").replace("a.example", "b.example")
# Files as people write them: what makes each special, and the file.
FORMS = {
    "comments all over": f"# top\nsources: # x\n  # of news\n  news: # y\n    # of a\n    {A} # z\n    # end\n# last\n",
    "no indentation": f"sources:\n  news:\n  {A}\n",
    "wide": f"sources:\n    news:\n        {A}\n        {B}\n    more:\n        {A.replace('a,', 'c,')}\n",
    "blank lines between": f"sources:\n  news:\n    {A}\n\n    {B}\n\n\nsettings:\n  contact: null\n",
    "no last line end": f"sources:\n  news:\n    {A}",
    "Windows line ends": f"sources:\r\n  news:\r\n    {A}\r\n    {B}\r\n",
    "a byte order mark": f"\ufeffsources:\n  news:\n    {A}\n",
    "settings after it": f"sources:\n  news:\n    {A}\n\n# here\nsettings: {{contact: null}}\n",
    "an empty last value": "sources:\n  news:\n    - id: a\n      name: A\n      country:\n      # why\n",
    "a value over lines": "sources:\n  news:\n    - id: a\n      name: >\n        A\n        B\n\n\n",
    "signs beyond 16 bits": f"# 🗞 news\nsources:\n  news:\n    {A} # 🗞\n    {B}\n",
}  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_our_own_file_comes_back_to_the_byte(group: str) -> None:
    added = writing.add(OURS, [(group, ENTRY)], name="feeds.yaml")
    assert SPELT in added.decode()
    assert len(added) - len(OURS) - len(SPELT.encode()) == (len("\n  a-new-group:\n") if group == "a-new-group" else 0)
    off = writing.switch(added, "x-news", enabled=False, name="feeds.yaml")
    assert off == added.replace(SPELT.encode(), SPELT.encode() + b"      enabled: false\n")
    assert writing.switch(off, "x-news", enabled=True, name="feeds.yaml") == added
    assert writing.remove(added, "x-news", name="feeds.yaml") == OURS


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("group", ["news", "new"])
def test_any_form_comes_back_to_the_byte(text: str, group: str) -> None:
    data = text.encode()
    more = {**ENTRY, "id": "y", "url": "https://y.example"}
    added = writing.add(data, [(group, ENTRY), (group, more)], name="f")
    assert document.read(added, name="f").value["sources"][group][-1]["id"] == "y"  # type: ignore[index, call-overload]
    one = writing.remove(added, "y", name="f")
    assert writing.add(one, [(group, more)], name="f") == added
    assert writing.remove(one, "x-news", name="f") == data
    off = writing.switch(data, "a", enabled=False, name="f")
    assert b"enabled: false" in off
    assert writing.switch(off, "a", enabled=True, name="f") == data


def test_the_form_of_the_file_is_followed() -> None:
    added = writing.add(FORMS["blank lines between"].encode(), [("news", {"id": "x"}), ("new", {"id": "y"})], name="f")
    assert f"{B}\n\n    - id: x\n\n  new:\n    - id: y\n\n\nsettings:" in added.decode()
    assert b"  - id: x\r\n" in writing.add(FORMS["Windows line ends"].encode(), [("news", {"id": "x"})], name="f")


def test_other_sources_can_go_too() -> None:
    data = f"sources:\n  news:\n    # of a\n    {A}\n    # of b\n    {B}\n".encode()
    assert writing.remove(data, "a", name="f") == f"sources:\n  news:\n    # of a\n    # of b\n    {B}\n".encode()
    assert writing.remove(data, "b", name="f") == f"sources:\n  news:\n    # of a\n    {A}\n    # of b\n".encode()


CHANGES = {
    "add": lambda data: writing.add(data, [("news", ENTRY)], name="f"),
    "remove": lambda data: writing.remove(data, "a", name="f"),
    "switch": lambda data: writing.switch(data, "a", enabled=False, name="f"),
}


@pytest.mark.parametrize(
    ("text", "change", "error", "message"),
    [
        (f"sources:\n  news:\n    {A}\n", "remove", ConfigError, "f: 'a' is its only source"),
        (f"sources:\n  news:\n    # on a\n    {A}\n  b:\n    {B}\n", "remove", ConfigError, "comments stand above"),
        (f"sources:\n  news: [{A[2:]}]\n", "add", ConfigError, "f: sources.news: stands in brackets or is empty"),
        (f"sources: {{news: [{A[2:]}]}}\n", "add", ConfigError, "f: sources: stands in brackets"),
        (f"sources:\n  news:\n    -\n      id: a\n  b:\n    {B}\n", "remove", ConfigError, "on the line of its '-'"),
        ("settings: {}\n", "add", ConfigError, "f: has no 'sources:' with groups"),
        ("sources: [\n", "add", ConfigError, "f:2:1: not YAML"),
        (f"sources:\n  news:\n    {B}\n", "remove", NotFoundError, "f: no source 'a'"),
        (f"sources:\n  news:\n    {A.replace('id: a', 'id: ab')}\n", "switch", NotFoundError, "did you mean 'ab'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_edited_is_told(text: str, change: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        CHANGES[change](text.encode())
    assert message in str(caught.value)


def test_a_new_file_is_one_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    writing.save(
        path, writing.start([("news", ENTRY), ("more", {**ENTRY, "id": "y", "url": "https://y.example"})], name="f")
    )
    assert [(one.id, one.tags[0]) for one in config.load(path, environ={}).sources] == [
        ("x-news", "news"),
        ("y", "more"),
    ]
    path.chmod(0o600)
    writing.save(path, b"x")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"x", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["feeds.yaml"]
    with pytest.raises(ConfigError, match="cannot be written"):
        writing.save(tmp_path / "none" / "feeds.yaml", b"x")


texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=20).filter(
    lambda text: not set(text) & set("\u2028\u2029\x85\ufeff\ufffe\uffff")
)


@settings(max_examples=60, deadline=None)
@given(name=texts, tags=st.lists(texts, max_size=3))
def test_any_words_can_be_written(name: str, tags: list[str]) -> None:
    data = FORMS["comments all over"].encode()
    added = writing.add(data, [("news", {"id": "x", "name": name, "tags": tags})], name="f")  # raises if read otherwise
    assert writing.remove(added, "x", name="f") == data


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("BBC News – World", "bbc-news-world"), ("Straße & Łódź", "strasse-and-lodz"), ("北京", ""), ("it's", "its"),
        ("a" * 60, "a" * 48), ("word " * 20, "word-word-word-word-word-word-word-word-word"),
    ],
)  # fmt: skip
def test_slugs(text: str, slug: str) -> None:
    assert naming.slug(text) == slug


def test_ids_are_unique_and_the_same_every_time() -> None:
    assert naming.source_id(["北京", "News"], "http://a.example", ()) == "news"
    assert naming.source_id(["News", "a.example"], "http://a.example", {"news"}) == "a-example"
    marked = naming.source_id(["News"], "http://a.example", {"news"})
    assert (marked[:5], len(marked)) == ("news-", 9)
    assert naming.source_id(["News"], "http://a.example", {"news"}) == marked
    assert naming.source_id(["News"], "http://a.example", {"news", marked}) not in {"news", marked}
