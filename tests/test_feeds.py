"""The project's own feeds.yaml: whole, tidy, wide enough, and every source one that the sources room can ask for."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tracker import config, sources
from tracker.model import Source, SourceKind, Tier

PATH = Path(__file__).parent.parent / "feeds.yaml"
TEXT = PATH.read_text(encoding="utf-8")
ALL = config.load(PATH, environ={}).sources
BY_ID = {source.id: source for source in ALL}

# Group: (the tier of its sources, the least number of them).
GROUPS = {
    "official": (Tier.OFFICIAL, 60),
    "majors": (Tier.MAJOR, 50),
    "specialist": (Tier.SPECIALIST, 50),
    "companies": (Tier.OFFICIAL, 25),
    "social": (Tier.SOCIAL, 10),
}
EVERY_ENTRY_SAYS = ("id", "name", "kind", "url", "language", "country", "tier", "tags", "interval", "verified_on")
WITHOUT_HTTPS = {"ru-kremlin"}  # offers plain HTTP only

# Kinds of which no source is shipped.
NOT_SHIPPED = {
    SourceKind.FOLDER: "only its owner knows where it lies",
    SourceKind.MAIL: "only its owner knows where it lies",
    SourceKind.REDDIT: "its robots.txt forbids everything",
    SourceKind.YOUTUBE: "its robots.txt forbids the feeds",
    SourceKind.GDELT: "tens of megabytes an hour for each reader; its search is shipped",
}
# Kinds whose addresses for people are asked elsewhere on the host, or on another host.
REWRITTEN = {
    SourceKind.MASTODON: None,
    SourceKind.TELEGRAM: None,
    SourceKind.FEDERAL_REGISTER: None,
    SourceKind.GDELT_DOC: None,
    SourceKind.BLUESKY: "public.api.bsky.app",
    SourceKind.HACKER_NEWS: "hn.algolia.com",
}

# The addresses of articles that an index page links to, and one of its other links.
LINKS = [
    ("amazon-policy", "/news/policy-news-views/a-statement", "/news/retail/a-shop"),
    ("anthropic", "/news/updating-restrictions-of-sales", "/careers"),
    ("asml", "/en/news/press-releases/2024/statement-on-controls", "/en/news/stories"),
    ("au-dfat", "/news/media-release/sanctions-on-entities", "/trade"),
    ("au-esafety", "/newsroom/media-releases/legal-notices", "/report"),
    ("cn-cac", "//www.cac.gov.cn/2024-03/22/c_1712783131692707.htm", "//www.cac.gov.cn/wxzw/"),
    ("cn-mfa", "./202608/t20260828_11698210.html", "../"),
    ("cn-mofcom-en", "/Policies/AnnouncementsOrders/art/2025/art_0dd8.html", "/News/"),
    ("cn-mofcom-zh", "/zwgk/zcfb/art/2024/art_a471.html", "/zwgk/"),
    ("cn-samr", "/xw/zj/art/2026/art_9714.html", "/xw/"),
    ("cn-state-council", "//english.www.gov.cn/policies/latestreleases/202610/09/content_WS6ac8.html", "/policies/"),
    ("export-compliance-daily", "/article/2024/05/29/bis-adds-entities-2405280001", "/subscribe"),
    ("huawei", "/en/news/2024/8/statement", "/en/products"),
    ("international-trade-today", "/article/2024/05/29/duties-2405280002", "/subscribe"),
    ("jp-meti-en", "/english/press/2024/0906_001.html", "/english/policy/"),
    ("mistral", "/news/a-model", "/products"),
    ("sg-customs", "/news-and-media/media-releases/2024-05-01-a-firm-fined/", "/businesses/"),
    ("tiktok-newsroom", "/our-statement?lang=en", "/about"),
    ("tsmc", "/english/news/3067", "/english/events"),
    ("tw-boft", "Detail.aspx?nodeID=86&pid=687872", "List.aspx?nodeID=40"),
    ("us-bis", "/press-release/commerce-strengthens-export-controls", "/licensing"),
    ("us-cbp", "/newsroom/national-media-release/cbp-issues-withhold-release-order", "/trade"),
    ("us-ofac", "/recent-actions/20240625", "/sanctions-programs-and-country-information"),
]


def test_there_are_sources_of_every_group_in_number_and_of_its_tier() -> None:
    counts = Counter(source.tags[0] for source in ALL)
    assert set(counts) == set(GROUPS)
    for group, (tier, least) in GROUPS.items():
        assert counts[group] >= least, group
        assert {source.tier for source in ALL if source.tags[0] == group} == {tier}


def test_every_kind_of_source_is_there_but_those_that_cannot_be() -> None:
    assert {source.kind for source in ALL} == set(SourceKind) - NOT_SHIPPED.keys()


def test_the_actors_of_the_main_jurisdictions_speak_for_themselves() -> None:
    official = {source.country for source in ALL if source.tags[0] == "official"}
    assert official >= {"US", "CA", "BR", "EU", "GB", "CN", "HK", "JP", "KR", "TW", "IN", "SG", "AU", None}


def test_a_dozen_or_so_languages_are_stored_and_most_is_in_the_one_that_is_read() -> None:
    languages = Counter(source.language for source in ALL)
    assert len(languages) >= 10
    assert languages["en"] > len(ALL) / 2


def test_every_entry_says_the_same_keys_in_the_same_order() -> None:
    entries = re.split(r"^    - ", TEXT, flags=re.MULTILINE)[1:]
    assert len(entries) == len(ALL)
    for entry in entries:
        keys = tuple(re.findall(r"^(?:      )?([a-z_]+):", entry, flags=re.MULTILINE))
        assert keys[: len(EVERY_ENTRY_SAYS)] == EVERY_ENTRY_SAYS, entry
        assert set(keys[len(EVERY_ENTRY_SAYS) :]) <= {"selectors", "records", "wanted", "full_text", "enabled"}, entry


def test_ids_are_in_order_below_each_comment() -> None:
    found = re.findall(r"^    (?:(#)|- id: (\S+)).*$", TEXT, flags=re.MULTILINE)
    for is_comment, block in itertools.groupby(found, key=lambda match: bool(match[0])):
        ids = [match[1] for match in block]
        assert is_comment or ids == sorted(ids)


def test_addresses_are_encrypted_where_the_publisher_offers_it() -> None:
    assert {source.id for source in ALL if not source.url.startswith("https://")} == WITHOUT_HTTPS


def test_nobody_is_asked_more_often_than_twice_an_hour_and_nobody_forgotten() -> None:
    for source in ALL:
        assert timedelta(minutes=30) <= source.interval <= timedelta(days=1), source.id


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.id)
def test_the_sources_room_knows_what_to_ask(source: Source) -> None:
    request = sources.request(source)
    assert urlsplit(request.url).netloc == (REWRITTEN.get(source.kind) or urlsplit(source.url).netloc)
    assert (request.url != source.url) == (source.kind in REWRITTEN)


@pytest.mark.parametrize(("name", "article", "other"), LINKS)
def test_selectors_take_articles_and_leave_other_links(name: str, article: str, other: str) -> None:
    selectors = BY_ID[name].selectors
    assert selectors is not None
    soup = BeautifulSoup(f'<main><a href="{article}">A</a> <a href="{other}">B</a></main>', "lxml")
    assert [found["href"] for found in soup.select(selectors.item)] == [article]


def test_every_index_page_is_tried_above_but_for_those_with_whole_items() -> None:
    tried = {name for name, _, _ in LINKS}
    untried = {source.id for source in ALL if source.kind is SourceKind.HTML} - tried
    assert untried == {"eu-trade", "gb-ofcom", "in-dgft", "us-treasury"}
