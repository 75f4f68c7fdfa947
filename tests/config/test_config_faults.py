"""Wrong configs: each with the lines that it must be answered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import config
from tracker.errors import ConfigError

GOOD = """\
sources:
  official:
    - id: us-bis
      name: Bureau of Industry and Security
      kind: feed
      url: https://bis.example/feed
      tier: official
      language: en
"""

# A line put in the place of one of GOOD (by its key), and what must be said of it.
ONE_LINE = [
    ("id: US BIS", "3: sources.official[0].id: not a short name: 'US BIS'; use lower-case letters, digits and"),
    ("id: [a]", "3: sources.official[0].id: not a text: a list; write a text"),
    ("id: ''", "3: sources.official[0].id: not a short name: ''; use lower-case letters"),
    ("name:", "4: sources.official[0].name: not a text: nothing; add one such as 'name: "),
    ("name: '  '", "4: sources.official[0].name: empty; write a text, or take the key away"),
    ("kind: rss", "5: sources.official[0].kind: 'rss' is not a kind; use 'feed' for RSS and Atom (kinds: 'feed', "),
    ("kind: Atom", "5: sources.official[0].kind: 'Atom' is not a kind; use 'feed' for RSS and Atom"),
    ("kind: newswire", "5: sources.official[0].kind: 'newswire' is not a kind; use one of 'feed', 'json_feed', "),
    ("kind: html", "5: sources.official[0].kind: 'html' needs selectors, and there are none; add 'selectors:' with"),
    ("kind: subreddit", "5: sources.official[0].kind: 'subreddit' is not a kind; use 'reddit' (kinds: 'feed', "),
    ("kind: federal-register", "5: sources.official[0].kind: 'federal-register' is not a kind; did you mean 'federal_"),
    ("kind: youtbe", "5: sources.official[0].kind: 'youtbe' is not a kind; did you mean 'youtube'? (kinds: 'feed', "),
    ("kind: EUR-Lex", "5: sources.official[0].kind: 'EUR-Lex' is not a kind; use 'records'; docs/sources.md shows how"),
    ("kind: Hacker News", "5: sources.official[0].kind: 'Hacker News' is not a kind; use 'hacker_news' (kinds: "),
    ("url: ftp://bis.example", "6: sources.official[0].url: not an http(s) URL: 'ftp://bis.example'; use the https"),
    ("url: bis.example/feed", "6: sources.official[0].url: not an http(s) URL: 'bis.example/feed'; use the https"),
    ("url: https:///feed", "6: sources.official[0].url: not a whole URL: 'https:///feed'; copy the address"),
    ("url: https://bis.example/a b", "6: sources.official[0].url: not a whole URL: 'https://bis.example/a b'; copy"),
    ("url: 'https://[::1/feed'", "6: sources.official[0].url: not a URL: 'https://[::1/feed' (Invalid IPv6 URL); "),
    ("url: https://bis.example:99999/", "6: sources.official[0].url: not a URL: 'https://bis.example:99999/' ("),
    ("tier: government", "7: sources.official[0].tier: 'government' is not a tier; use 'official' (tiers: "),
    ("tier: 1", "7: sources.official[0].tier: '1' is not a tier; use one of 'official', 'major', 'specialist', "),
    ("language: jp", "8: sources.official[0].language: not an ISO 639-1 code: 'jp'; did you mean 'ja'?"),
    ("language: en-GB", "8: sources.official[0].language: not an ISO 639-1 code: 'en-GB'; did you mean 'en'?"),
    ("language: English", "8: sources.official[0].language: not an ISO 639-1 code: 'English'; did you mean 'en'?"),
]

# A line added to GOOD's source, on line 9.
MORE = [
    ("country: UK", "9: sources.official[0].country: not an ISO 3166-1 alpha-2 code: 'UK'; did you mean 'GB'?"),
    ("country: us", "9: sources.official[0].country: not an ISO 3166-1 alpha-2 code: 'us'; did you mean 'US'?"),
    ("country: USA", "9: sources.official[0].country: not an ISO 3166-1 alpha-2 code: 'USA'; write 'US', 'CN'"),
    ("tags: chips", "9: sources.official[0].tags: not a list: 'chips'; write a list"),
    ("tags: [Export Controls]", "9: sources.official[0].tags[0]: not a short name: 'Export Controls'; use lower"),
    ("interval: 1m", "9: sources.official[0].interval: too often: '1m'; 5m is the least that a source may be"),
    ("interval: 90d", "9: sources.official[0].interval: too seldom: '90d'; 31d is the most; use 'enabled: false'"),
    ("interval: 30", "9: sources.official[0].interval: no unit of time: '30'; write 30m, 30h or 30d"),
    ("interval: 3w", "9: sources.official[0].interval: not a unit of time: 'w'; write 3m, 3h or 3d"),
    ("interval: hourly", "9: sources.official[0].interval: not an interval: 'hourly'; write 30m, 1h or 1d"),
    ("verified_on: 31.1.2026", "9: sources.official[0].verified_on: not a date: '31.1.2026'; write it as 2026-01-31"),
    ("verified_on: 2026-02-30", "9: sources.official[0].verified_on: not a date: '2026-02-30'; write it as "),
    ("enabled: sometimes", "9: sources.official[0].enabled: neither true nor false: 'sometimes'; write true or"),
    ("selectors: {item: li}", "9: sources.official[0].selectors: of no use to kind 'feed'; take them away, or "),
    ("wanted: {terms: [a]}", "9: sources.official[0].wanted: of no use to kind 'feed'; take it away; kinds that look"),
    ("langauge: en", "9: sources.official[0].langauge: unknown key; did you mean 'language'?"),
    ("fulltext: true", "9: sources.official[0].fulltext: unknown key; did you mean 'full_text'?"),
    ("zzz: 1", "9: sources.official[0].zzz: unknown key; known keys: id, name, kind, url, tier, language, country"),
    ("id: us-bis-2", "9: sources.official[0].id: given twice, first on line 3; keep one of the two"),
    ("tags: *shared", "9: sources.official[0].tags: an alias, *shared; write the value out"),
    ("tags: !!python/object/apply:os.getcwd []", "9: sources.official[0].tags: a tag, 'tag:yaml.org,2002:python/"),
    ("? [a]\n      : b", "9: sources.official[0]: a key that is no text; put a text that starts with [ or { between"),
]

# Whole files.
FILES = [
    ("", "1: the file is empty; add 'sources:' with groups of sources (docs/config.md shows the form)"),
    ("# nothing\n", "1: the file is empty; add 'sources:' with"),
    ("just words\n", "1: not a mapping: 'just words'; write 'key: value' lines below it"),
    ("- id: a\n", "1: not a mapping: a list; write 'key: value' lines below it"),
    ("settings: {}\n", "1: sources: missing; add 'sources:' with groups"),
    ("sources: {}\n", "1: sources: empty; add 'sources:' with groups"),
    ("sources:\n  a: []\n", "2: sources.a: empty; add an entry, or take the key away"),
    ("sources:\n  a: 12\n", "2: sources.a: not a list: '12'; write a list, each entry after '- '"),
    ("sources:\n  a:\n    - https://x.example/\n", "3: sources.a[0]: not a mapping: 'https://x.example/'; write"),
    ("sources:\n\ta: b\n \tc: d\n", "2: a tab in the indentation (also line 3); indent with spaces"),
    ("sources: [a, b\n", "2:1: not YAML: "),
    ("a: b: c\n", "1:5: not YAML: mapping values are not allowed in this context; put a text that holds ': ' between"),
    ('a: "b\nc: d\n', "3:1: not YAML: found unexpected end of stream (begun on line 1); close the quotes"),
    ("a: @b\n", "1:4: not YAML: found character that cannot start any token; put a text that starts with @"),
    ("a: b\n---\nc: d\n", "2: a second document ('---'); keep one document per file"),
    ("a: b\x07c\n", "1: a control character, U+0007; delete it"),
    ("a: " + "[" * 5000, "1: a: nested more than 12 deep; compare with docs/config.md"),
    ("a: " + "{b: " * 5000, "1: a: nested more than 12 deep; compare with docs/config.md"),
    (GOOD + "settings:\n  contct: me\n", "10: settings.contct: unknown key; did you mean 'contact'?"),
    (GOOD + 'settings:\n  contact: "a\\nb"\n', "10: settings.contact: cannot be sent in a header: 'a\\nb'; use"),
    (GOOD + "settings:\n  fetch:\n    per_host: 0\n", "11: settings.fetch.per_host: too small: '0'; write 1 or more"),
    (GOOD + "settings:\n  fetch:\n    read_timeout: 0\n", "11: settings.fetch.read_timeout: too small: '0'; write mor"),
    (GOOD + "settings:\n  fetch:\n    max_redirects: 99\n", "11: settings.fetch.max_redirects: too large: '99'; wri"),
    (GOOD + "settings:\n  fetch:\n    read_timeout: 5s\n", "11: settings.fetch.read_timeout: not a number: '5s'; wr"),
    (GOOD + "settings:\n  fetch:\n    max_bytes: 1.5\n", "11: settings.fetch.max_bytes: not a whole number: '1.5'; "),
]

# Kind, address, and what must be said of it on line 6; None where it can be asked.
ADDRESSES = [
    ("mastodon", "https://toots.example/@desk", None),
    ("mastodon", "https://toots.example/users/desk", None),
    ("mastodon", "https://toots.example/@desk@far.example", None),
    ("mastodon", "https://toots.example/tags/tariffs", None),
    ("mastodon", "https://toots.example/lists/42", "a list is shown only to its owner; add 'token_env:' with the"),
    ("mastodon", "https://toots.example/", "no Mastodon account, hashtag or list: 'https://toots.example/'; write "),
    ("bluesky", "https://bsky.app/profile/desk.example", None),
    ("bluesky", "https://bsky.app/profile/did:plc:abcdefghij", None),
    ("bluesky", "https://bsky.app/search?q=export+controls", None),
    ("bluesky", "https://bsky.app/hashtag/tariffs", None),
    ("bluesky", "http://localhost:8000/xrpc/app.bsky.feed.getAuthorFeed?actor=a.example", None),
    ("bluesky", "https://bsky.app/profile/desk.example/post/3kx2", "no Bluesky profile or search: 'https://bsky.app/p"),
    (
        "bluesky",
        "https://bsky.app/search",
        "no Bluesky profile or search: 'https://bsky.app/search'; write https://bsk",
    ),
    ("reddit", "https://www.reddit.com/r/traderules", None),
    ("reddit", "https://www.reddit.com/r/traderules/new.json", None),
    ("reddit", "https://www.reddit.com/r/traderules+customs/", None),
    ("reddit", "https://www.reddit.com/user/ann", None),
    ("reddit", "https://www.reddit.com/search?q=tariffs", None),
    ("reddit", "https://www.reddit.com/r/traderules/search?q=tariffs&restrict_sr=1", None),
    (
        "reddit",
        "https://www.reddit.com/r/traderules/comments/1dy0001/duties/",
        "no subreddit, user or search of Reddit: ",
    ),
    ("hacker_news", "https://hn.algolia.com/?q=export+controls", None),
    ("hacker_news", "https://hn.algolia.com/api/v1/search_by_date?query=tariffs&tags=story", None),
    ("hacker_news", "https://news.ycombinator.com/newest", None),
    ("hacker_news", "https://news.ycombinator.com/item?id=1", "no search of Hacker News: 'https://news.ycombinator.co"),
    ("telegram", "https://t.me/tradenotices", None),
    ("telegram", "https://t.me/s/tradenotices", None),
    (
        "telegram",
        "https://t.me/+AbCdEf",
        "no public channel of Telegram: 'https://t.me/+AbCdEf'; write https://t.me/NAM",
    ),
    ("telegram", "https://t.me/tradenotices/102", "no public channel of Telegram: 'https://t.me/tradenotices/102'; "),
    ("youtube", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", None),
    ("youtube", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos", None),
    ("youtube", "https://www.youtube.com/playlist?list=PLabcdefghijklmnop", None),
    ("youtube", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijklmnop", None),
    (
        "youtube",
        "https://www.youtube.com/@tradedesk",
        "no id of a YouTube channel or playlist: 'https://www.youtube.co",
    ),
    (
        "youtube",
        "https://www.youtube.com/c/tradedesk",
        "no id of a YouTube channel or playlist: 'https://www.youtube.c",
    ),
]

# Kind, what is wanted of it, and where and what must be said of it; None where it is of use.
WANTED = [
    ("hacker_news", "{terms: [tariffs]}", None),
    ("hacker_news", "{term: [tariffs]}", ".term: unknown key; did you mean 'terms'?"),
    ("hacker_news", "{terms: [tariffs], themes: [TRADE]}", ".themes: of no use to kind 'hacker_news'; take it away; k"),
    ("mastodon", "{terms: [tariffs]}", ": of no use to kind 'mastodon'; take it away; kinds that look for something: "),
    ("gdelt", "{themes: [ECON_TRADE], domains: [a.example], languages: [en]}", None),
    ("gdelt", "{terms: [tariffs]}", ".terms: of no use to kind 'gdelt'; take it away; keys of use: themes, domains, l"),
    ("gdelt_doc", "{terms: [tariffs], languages: [en]}", None),
    ("federal_register", "{terms: [tariffs], agencies: [industry-and-security-bureau], types: [RULE]}", None),
    ("federal_register", "{domains: [a.example]}", ".domains: of no use to kind 'federal_register'; take it away;"),
    (
        "federal_register",
        "{types: [RULE, rules]}",
        ".types[1]: no type of kind 'federal_register': 'rules'; write rule,",
    ),
    ("gdelt", "{themes: [SANCTIONS], types: [exports]}", ".types[0]: no type of kind 'gdelt': 'exports'; write gkg, e"),
    ("gdelt_doc", "{domains: [https://a.example/]}", ".domains[0]: not a site's name: 'https://a.example/'; write it"),
    ("gdelt_doc", "{domains: [www.a.example]}", ".domains[0]: not a site's name: 'www.a.example'; write it bare"),
    ("gdelt_doc", "{domains: [News.A.example, bücher.example]}", None),
]
URLS = {"hacker_news": "https://news.ycombinator.com/newest", "mastodon": "https://toots.example/@desk"}


def faults(tmp_path: Path, data: bytes | str) -> tuple[str, ...]:
    """What `load` says of a file of this content, without the name of its folder."""
    path = tmp_path / "feeds.yaml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(ConfigError) as caught:
        config.load(path, environ={})
    assert str(caught.value) == "\n".join(caught.value.faults)
    return tuple(fault.removeprefix(f"{tmp_path}/") for fault in caught.value.faults)


@pytest.mark.parametrize(("line", "expected"), ONE_LINE)
def test_one_wrong_line_is_one_fault_with_its_line_and_remedy(tmp_path: Path, line: str, expected: str) -> None:
    key = line.partition(":")[0]
    old = next(one for one in GOOD.splitlines() if f" {key}:" in one)
    found = faults(tmp_path, GOOD.replace(old[6:], line))
    assert len(found) == 1
    assert found[0].startswith(f"feeds.yaml:{expected}")


@pytest.mark.parametrize(("line", "expected"), MORE)
def test_a_wrong_line_more_is_a_fault_with_its_line_and_remedy(tmp_path: Path, line: str, expected: str) -> None:
    found = faults(tmp_path, f"{GOOD}      {line}\n")
    assert found[0].startswith(f"feeds.yaml:{expected}")


def told(tmp_path: Path, text: str) -> tuple[str, ...]:
    """What `load` says of a file that may be right."""
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        config.load(path, environ={})
    except ConfigError as error:
        return tuple(fault.removeprefix(f"{tmp_path}/feeds.yaml:") for fault in error.faults)
    return ()


@pytest.mark.parametrize(("kind", "url", "expected"), ADDRESSES)
def test_an_address_has_the_form_of_its_kind(tmp_path: Path, kind: str, url: str, expected: str | None) -> None:
    text = GOOD.replace("kind: feed", f"kind: {kind}").replace("https://bis.example/feed", url)
    found = told(tmp_path, text)
    assert len(found) == (expected is not None)
    assert not expected or found[0].startswith(f"6: sources.official[0].url: {expected}")


@pytest.mark.parametrize(("kind", "wanted", "expected"), WANTED)
def test_only_what_a_kind_can_look_for_is_wanted_of_it(
    tmp_path: Path, kind: str, wanted: str, expected: str | None
) -> None:
    text = GOOD.replace("kind: feed", f"kind: {kind}").replace(
        "https://bis.example/feed", URLS.get(kind, "https://a.example/")
    )
    found = told(tmp_path, f"{text}      wanted: {wanted}\n")
    assert len(found) == (expected is not None)
    assert not expected or found[0].startswith(f"9: sources.official[0].wanted{expected}")


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_a_file_of_the_wrong_form_is_told_where_it_goes_wrong(tmp_path: Path, text: str, expected: str) -> None:
    assert any(fault.startswith(f"feeds.yaml:{expected}") for fault in faults(tmp_path, text))


def test_every_missing_key_is_told_with_an_example(tmp_path: Path) -> None:
    found = faults(tmp_path, "sources:\n  official:\n    - country: US\n")
    assert [fault.split("; ")[0] for fault in found] == [
        f"feeds.yaml:3: sources.official[0].{key}: missing" for key in ("url", "id", "name", "kind", "tier", "language")
    ]


def test_all_faults_come_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = GOOD.replace("kind: feed", "kind: rss").replace("language: en", "language: cn") + "      interval: 1m\n"
    found = faults(tmp_path, text + "  other:\n    - {id: us-bis, url: 'http://www.bis.example/feed/'}\n")
    lines = [int(fault.split(":")[1]) for fault in found]
    assert lines == sorted(lines)
    assert {5, 8, 9, 11} == set(lines)
    assert len(found) == 3 + 4 + 2


def test_ids_and_addresses_used_twice_are_named_with_both_places(tmp_path: Path) -> None:
    other = "{id: us-bis, name: B, kind: feed, url: 'http://www.BIS.example/feed/', tier: major, language: en}"
    of_id, of_url = faults(tmp_path, f"{GOOD}  other:\n    - {other}\n")
    assert of_id.startswith(
        "feeds.yaml:10: sources.other[0].id: 'us-bis' is the id of sources.official[0] (line 3) too; "
    )
    assert of_url.startswith("feeds.yaml:10: sources.other[0].url: 'http://www.BIS.example/feed/' is the address of ")
    assert of_url.endswith("sources.official[0] (line 3) too; keep one of the two")


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ("{link: a}", "selectors.item: missing; add the selector of one entry of the index page"),
        ("{item: 'div['}", "selectors.item: not a CSS selector: 'div[' (malformed attribute selector at position 3)"),
        ("{item: li, titel: h2}", "selectors.titel: unknown key; did you mean 'title'?"),
        ("li", "selectors: not a mapping: 'li'; write 'key: value' lines below it"),
    ],
)
def test_selectors_are_checked_as_css(tmp_path: Path, selectors: str, expected: str) -> None:
    text = GOOD.replace("kind: feed", "kind: html") + f"      selectors: {selectors}\n"
    assert faults(tmp_path, text)[0].startswith(f"feeds.yaml:9: sources.official[0].{expected}")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GOOD.replace("Bureau", "Büro").encode("latin-1"), "4: not UTF-8: byte 0xfc; save the file as UTF-8"),
        (GOOD.encode("utf-16"), "1: not UTF-8: byte 0xff; save the file as UTF-8"),
        (b"a" * 4_000_001, "1: larger than 4,000,000 bytes; name the right file"),
    ],
)
def test_bytes_that_are_no_list_of_sources(tmp_path: Path, data: bytes, expected: str) -> None:
    assert faults(tmp_path, data) == (f"feeds.yaml:{expected}",)


def test_a_bomb_of_aliases_is_refused_without_growing(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    found = faults(tmp_path, "\n".join(lines))
    assert sum("an alias" in fault for fault in found) == 29 * 9


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^no feeds.yaml here; name one with --config or TRACKER_CONFIG, or write"):
        config.load(environ={})
    with pytest.raises(ConfigError, match=r"^other.yaml: no such file; "):
        config.load(Path("other.yaml"), environ={})
    with pytest.raises(ConfigError, match=r": a folder; name the file in it"):
        config.load(tmp_path, environ={})
