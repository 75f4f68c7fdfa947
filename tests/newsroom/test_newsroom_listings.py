"""Every listing parses as what it says it is, lists what was published, and every address in it answers."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lxml import etree
from newsroom_visits import Visitor, feed, tree, visiting

from tracker import config

NEWS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with visiting() as opened:
        yield opened


def sources(visitor: Visitor) -> list[dict[str, str]]:
    groups = yaml.safe_load(visitor.room.config_text())["sources"]
    return [source for group in groups.values() for source in group]


def links(visitor: Visitor, source: dict[str, str]) -> list[str]:
    """The addresses that a source of the bundled config lists, by an independent reading of it."""
    answer = visitor.follow(source["url"])
    if source["kind"] == "json_feed":
        return [item["url"] for item in json.loads(answer.content)["items"]]
    if source["kind"] == "sitemap":
        return [str(loc.text) for loc in etree.fromstring(answer.content).findall("s:url/s:loc", NEWS)]
    if source["kind"] == "html":
        item = {"tr.notice": "//tr[@class='notice']//a/@href", "div.insight": "//a[@class='insight-link']/@href"}
        path = item[source["selectors"]["item"]]  # type: ignore[index]
        return [re.sub(r"(?<=example)/.*", "", source["url"]) + str(href) for href in tree(answer.content).xpath(path)]
    return [entry["link"] for entry in feed(answer.content)["entries"]]


def article_links(visitor: Visitor) -> list[str]:
    return [link for source in sources(visitor) if source["kind"] != "mastodon" for link in links(visitor, source)]


def test_what_the_sources_hold_together(visitor: Visitor) -> None:
    found = set(article_links(visitor))
    stories = {re.sub(r"\?.*|//m\.", lambda m: "//" if m[0] == "//m." else "", link) for link in found}
    hosts = {link.split("/")[2] for link in stories}
    assert len(stories) == len(visitor.room.stories) >= 56
    assert len(hosts) >= 9
    assert len(found) > len(stories)  # one article under several addresses


def test_every_listed_address_answers(visitor: Visitor) -> None:
    broken = {link for link in article_links(visitor) if visitor.get(link).status_code != 200}
    assert broken == {"http://chokepoints.example/p/no-94"}  # on purpose: only the feed has it


def test_kinds_of_source(visitor: Visitor) -> None:
    assert {source["kind"] for source in sources(visitor)} == {"feed", "json_feed", "html", "sitemap", "mastodon"}
    versions = {feed(visitor.follow(source["url"]).content)["version"] for source in sources(visitor)}
    assert {"rss20", "atom10"} <= versions


@pytest.mark.parametrize(
    "url",
    [
        "http://harbourwire.example/feeds/latest.rss",
        "http://techtrawler.example/feed/",
        "http://waferledger.example/atom.xml",
        "http://northmerepost.example/rss/front.xml",
        "http://northmerepost.example/rss/syndication.xml",
        "http://dailytattle.example/feeds/all.rss",
        "http://releasedesk.example/releases.xml",
        "http://chokepoints.example/feed",
        "http://alsterbote.example/rss",
        "http://veilleur.example/rss/une.xml",
        "http://yuanchao.example/rss.xml",
    ],
)
def test_feeds_are_well_formed_with_titles_links_and_ids(visitor: Visitor, url: str) -> None:
    parsed = feed(visitor.get(url).content)
    assert not parsed["bozo"], parsed.get("bozo_exception")
    for entry in parsed["entries"]:
        assert entry["title"]
        assert entry["link"].startswith("http://")
        assert entry["id"]
    ids = [entry["id"] for entry in parsed["entries"]]
    assert len(ids) == len(set(ids))


def test_whole_texts_in_one_feed_and_summaries_in_another(visitor: Visitor) -> None:
    whole = feed(visitor.get("http://techtrawler.example/feed/").content)["entries"]
    brief = feed(visitor.get("http://harbourwire.example/feeds/latest.rss").content)["entries"]
    assert all("content" in entry for entry in whole)
    assert not any("content" in entry for entry in brief)
    assert all(entry["summary"] for entry in brief)


def test_feeds_are_newest_first_with_the_true_times(visitor: Visitor) -> None:
    entries = feed(visitor.get("http://harbourwire.example/feeds/latest.rss").content)["entries"]
    times = [entry["published_parsed"] for entry in entries]
    assert times == sorted(times, reverse=True)
    first = visitor.story("harbourwire/openai-to-block-api-traffic-from-china")
    listed = next(entry for entry in entries if entry["title"] == first.title)
    assert tuple(listed["published_parsed"])[:5] == (2024, 6, 25, 8, 5)


def test_the_json_feed_is_version_1_1(visitor: Visitor) -> None:
    document = json.loads(visitor.get("http://eastlight.example/feed.json").content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert {"id", "url", "title", "summary", "date_published", "authors", "language"} <= document["items"][0].keys()


def test_the_news_sitemap_names_publication_date_and_title(visitor: Visitor) -> None:
    found = etree.fromstring(visitor.get("http://saltmarsh.example/sitemap-news.xml").content)
    entries = found.findall("s:url", NEWS)
    assert len(entries) >= 8
    for entry in entries:
        assert entry.findtext("n:news/n:publication/n:name", namespaces=NEWS) == "Saltmarsh"
        assert entry.findtext("n:news/n:title", namespaces=NEWS)
        assert re.match(r"20\d\d-", entry.findtext("n:news/n:publication_date", namespaces=NEWS) or "")


def test_the_sitemap_index_leads_to_its_parts(visitor: Visitor) -> None:
    found = etree.fromstring(visitor.get("http://saltmarsh.example/sitemap.xml").content)
    parts = [str(loc.text) for loc in found.findall("s:sitemap/s:loc", NEWS)]
    assert parts == ["http://saltmarsh.example/sitemap-news.xml", "http://saltmarsh.example/sitemap-archive.xml.gz"]
    archive = etree.fromstring(gzip.decompress(visitor.get(parts[1]).content))
    assert len(archive.findall("s:url", NEWS)) >= 8


def test_index_pages_can_be_paged_and_end(visitor: Visitor) -> None:
    first = visitor.get("http://tradenotices.example/")
    assert b'class="notice"' in first.content
    assert b'class="notice"' not in visitor.get("http://tradenotices.example/?page=9").content


def test_an_empty_outlet_still_answers() -> None:
    with visiting(as_of="2018-01-01") as early:
        for source in sources(early):
            answer = early.follow(source["url"])
            assert answer.status_code == 200, source["url"]
        assert feed(early.get("http://harbourwire.example/feeds/latest.rss").content)["entries"] == []


def test_the_config_is_one_that_the_project_reads(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(visitor.room.config_text(), encoding="utf-8")
    loaded = config.load(path)
    assert {source.id for source in loaded.sources} == {source["id"] for source in sources(visitor)}
