"""What a robots.txt says to us: the same as Protego reads in the whole file, at a bounded cost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from tracker.fetch.robots import MAX_BYTES, MOST_STARS, product, read

AGENT = "track-news/0.1 (+https://tracker.example)"
URLS = tuple(f"https://a.example{path}" for path in ("/", "/a", "/a/b", "/a/xb", "/f.rss", "/b/c", "/abc", "/x?y=1"))
LINES = st.sampled_from(
    [
        *(f"{field}{name}" for field in ("User-agent: ", "useragent ", "USER-AGENT :")
          for name in ("*", "track", "Track-News", "track*", "news", "soundtrack", "other", "")),
        *(f"{field}{path}" for field in ("Disallow: ", "dissalow:", "Allow: ")
          for path in ("/", "/a", "/a/*b", "/*.rss$", "/b", "")),
        "Crawl-delay: 7", "Crawl-delay 9", "Sitemap: https://a.example/s.xml", "# words", "", "words", "Noindex: /a",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_it_says_what_protego_reads_in_the_whole_file(lines: list[str]) -> None:
    text = "\n".join(lines)
    ours, whole = read(text.encode(), AGENT), Protego.parse(text)
    for url in URLS:
        assert (ours.refusal(url) is None) == whole.can_fetch(url, product(AGENT))
    assert ours.delay(0.0) == (whole.crawl_delay(product(AGENT)) or 0.0)


def repeated(line: str) -> str:
    """As many lines as are read, with different numbers for %d."""
    lines = (line.replace("%d", str(number)) for number in range(MAX_BYTES))
    found, size = [], 0
    while (size := size + len(one := next(lines)) + 1) < MAX_BYTES // 2:
        found.append(one)
    return "\n".join(found)


ALL = "User-agent: *\n"
SHORT = "https://a.example/7"
LONG = "https://a.example/" + "a1" * 3_900
# A file that is built to cost much, an address, and whether it may be asked for. Each took minutes, gigabytes or both
# in Protego alone, or seconds for every address.
COSTLY: dict[str, tuple[str, str, bool]] = {
    "all names with all rules": (f"{repeated('User-agent: bot%d')}\n{repeated('Disallow: /%d')}", SHORT, True),
    "all spellings of our name": (
        "".join(f"User-agent: track-news{'*' * n}\n" for n in range(600)) + repeated("Disallow: /%d"), SHORT, False
    ),
    "stars": (ALL + repeated("Disallow: /%d*a*b*c"), LONG, True),
    "more stars than are looked for": (ALL + repeated("Disallow: /*%d*z"), LONG, False),
    "many that forbid": (ALL + repeated("Disallow: /a"), LONG, False),
    "long rules that forbid": (ALL + "\n".join(f"Disallow: /*{'*' * 1_000}{n}" for n in range(400)), LONG, False),
    "groups": (repeated("User-agent: b%d\nDisallow: /"), LONG, True),
}  # fmt: skip


@pytest.mark.parametrize("name", COSTLY)
def test_a_file_that_is_built_to_cost_much_costs_little(name: str) -> None:
    text, url, may = COSTLY[name]
    began = time.process_time()
    rules = read(text.encode(), AGENT)
    assert time.process_time() - began < 3
    began = time.process_time()
    for number in range(20):
        assert (rules.refusal(f"{url}{number}" if may else url) is None) == may
    assert time.process_time() - began < 2


def test_beyond_what_is_looked_for_it_forbids_rather_too_much() -> None:
    few = "".join(f"Disallow: /x{n}*y\n" for n in range(MOST_STARS))
    for more, url, may in (
        ("", "https://a.example/z", True),
        ("Disallow: /z/*w\n", "https://a.example/z/1", False),
        ("Disallow: /z/*w\n", "https://a.example/v", True),
        ("Disallow: *w\n", "https://a.example/v", False),
        ("Disallow: /\nAllow: /z*\n", "https://a.example/z/1", False),
    ):
        assert (read(f"{ALL}{few}{more}".encode(), AGENT).refusal(url) is None) == may, more


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("Disallow: /a\nDisallow: /a/b\nDisallow: /a/b/c", ": Disallow: /a/b"),
        ("Disallow: /a/*  # all of it\n", ": Disallow: /a/*"),
        ("dissalow :  /a/b", ": dissalow : /a/b"),
        ("Disallow: /a\n" * 501, ""),
    ],
)
def test_the_rule_that_forbids_is_told(rules: str, said: str) -> None:
    refusal = read((ALL + rules).encode(), AGENT).refusal("https://a.example/a/b")
    assert refusal is not None
    assert refusal.reason == f"robots.txt of a.example forbids /a/b for track-news{said}"
