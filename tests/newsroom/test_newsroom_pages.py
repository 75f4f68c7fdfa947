"""Article pages: the text is there in full, the noise around it too, and the odd ones are odd as intended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from newsroom_visits import Visitor, feed, page_words, tree, visiting, words
from rapidfuzz.fuzz import ratio

from tracker.newsroom.blocks import plain

FEEDS = ("front", "technology", "syndication")  # of the Northmere Post: tracked, mobile and AMP links


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with visiting() as opened:
        yield opened


def json_ld(body: bytes) -> list[dict[str, Any]]:
    scripts = tree(body).xpath("//script[@type='application/ld+json']/text()")
    return [json.loads(script) for script in scripts]


def letters(text: str) -> str:
    """Text without white space and the bars between the cells of a table."""
    return re.sub(r"[\s|]", "", text)


def test_every_page_holds_its_whole_story(visitor: Visitor) -> None:
    for story in visitor.room.stories:
        answer = visitor.get(story.url)
        assert answer.status_code == story.status, story.id
        if story.status == 200:
            on_page = page_words(answer.content)
            assert words(story.title) in on_page, story.id
            missing = [block.plain for block in story.shown if letters(block.plain) not in letters(on_page)]
            assert missing == [], story.id


def test_every_page_carries_more_than_its_story(visitor: Visitor) -> None:
    for story in visitor.room.stories:
        if story.status == 200:
            on_page = page_words(visitor.get(story.url).content)
            assert len(on_page) > len(words(plain(story.shown))) + 180, story.id


def test_at_least_six_templates_that_differ(visitor: Visitor) -> None:
    shapes = {}
    for story in visitor.room.stories:
        if story.status == 200 and story.outlet.template not in shapes:
            found = tree(visitor.get(story.url).content)
            classes = {name for value in found.xpath("//@class") for name in str(value).split()}
            shapes[story.outlet.template] = classes
    assert len(shapes) >= 10
    for (one, first), (other, second) in combinations(shapes.items(), 2):
        assert len(first & second) <= 0.4 * len(first | second), f"{one} looks like {other}"


@pytest.mark.parametrize(
    ("host", "noise"),
    [
        ("harbourwire.example", "Read also:"),
        ("harbourwire.example", "partners store and access information on a device"),
        ("techtrawler.example", "Click here to join our WhatsApp channel"),
        ("eastlight.example", "Click here to connect with us on WhatsApp"),
        ("waferledger.example", "3 comments"),
        ("waferledger.example", "has covered fabs, tools and the rules"),
        ("northmerepost.example", "By signing up you agree"),
        ("dailytattle.example", "What do YOU think?"),
        ("saltmarsh.example", "Let us know you agree to cookies"),
        ("releasedesk.example", "Media contact"),
        ("tradenotices.example", "unofficial reproduction"),
        ("hollowfinch.example", "creates no relationship of lawyer and client"),
        ("chokepoints.example", "Unsubscribe"),
    ],
)
def test_the_noise_of_real_pages(visitor: Visitor, host: str, noise: str) -> None:
    pages = [
        visitor.get(story.url) for story in visitor.room.stories if story.outlet.host == host and story.status == 200
    ]
    assert any(noise in page_words(page.content) for page in pages)


def test_lists_tables_quotes_and_captions_are_marked_up(visitor: Visitor) -> None:
    table = visitor.get(visitor.story("eastlight/chinese-ai-firms-court-developers-cut-off-by-openai").url).text
    assert "<td>Hunyuan</td>" in table
    steps = visitor.get(visitor.story("waferledger/hbm-and-the-140").url).text
    assert "<ol>" in steps
    assert "<figcaption>High-bandwidth memory stacks" in steps


@pytest.mark.parametrize(
    ("story_id", "words_on_page"),
    [
        ("harbourwire/openai-to-block-api-traffic-from-china", "June 25, 2024 4:05 AM EDT"),
        ("harbourwire/us-adds-140-entities-to-trade-blacklist", "December 2, 2024 11:40 AM EST"),
        ("techtrawler/openai-china-api-email-july-9", "25/06/2024"),
        ("eastlight/openai-china-block-begins-start-ups-shrug", "10 July 2024"),
        ("waferledger/gallium-licences-day-one", "2023-08-01 11:10 BST"),
        ("dailytattle/tiktok-is-back", "06:45, Tue 21 Jan 2025"),
        ("alsterbote/eu-strafzoelle-elektroautos", "30. Oktober 2024, 6.40 Uhr"),
        ("veilleur/droits-de-douane-treve-geneve", "12 mai 2025 à 11h15"),
        ("yuanchao/openai-api", "2024年6月25日 14:20"),
        ("saltmarsh/us-china-tariff-truce", "7 months ago"),
    ],
)
def test_styles_of_date(visitor: Visitor, story_id: str, words_on_page: str) -> None:
    assert words_on_page in page_words(visitor.get(visitor.story(story_id).url).content)


def test_metadata_in_its_several_forms_and_none(visitor: Visitor) -> None:
    wire = json_ld(visitor.get(visitor.story("harbourwire/us-cuts-zte-off").url).content)[0]
    assert (wire["@type"], wire["datePublished"]) == ("NewsArticle", "2018-04-17T07:30:00-04:00")
    graph = json_ld(visitor.get(visitor.story("northmerepost/biden-signs-tiktok-law").url).content)[0]["@graph"]
    assert [part["@type"] for part in graph][-1] == "NewsArticle"
    live = json_ld(visitor.get(visitor.story("saltmarsh/live-tiktok-goes-dark").url).content)[0]
    assert (live["@type"], len(live["liveBlogUpdate"])) == ("LiveBlogPosting", 6)
    bare = tree(visitor.get(visitor.story("chokepoints/no-41").url).content)
    assert bare.xpath("//meta[@property or @name]") == []


def test_a_date_in_the_future_is_only_in_the_metadata(visitor: Visitor) -> None:
    page = visitor.get(visitor.story("northmerepost/tiktok-off-government-phones").url).content
    article = json_ld(page)[0]["@graph"][-1]
    assert article["datePublished"].startswith("2033-03-16")
    assert "16 March 2023" in page_words(page)


def test_a_date_that_only_the_footer_knows(visitor: Visitor) -> None:
    found = tree(visitor.get(visitor.story("waferledger/diffusion-rule-rescinded").url).content)
    assert found.xpath("//time | //meta[contains(@property, 'time')]") == []
    assert "Last modified: 2025-05-14" in found.xpath("//div[@id='bottom']")[0].text_content()


def test_a_page_and_item_without_any_date(visitor: Visitor) -> None:
    story = visitor.story("techtrawler/india-bans-59-chinese-apps")
    page = visitor.get(story.url)
    assert "Last-Modified" not in page.headers
    assert "30/06/2020" not in page.text
    entries = feed(visitor.get("http://techtrawler.example/feed/").content)["entries"]
    assert "published" not in next(entry for entry in entries if entry["title"] == story.title)


def test_a_paywalled_stub_stops_after_two_paragraphs(visitor: Visitor) -> None:
    story = visitor.story("northmerepost/america-revokes-huawei-licences")
    page = visitor.get(story.url)
    assert story.body[1].plain in page_words(page.content)
    assert story.body[2].plain not in page_words(page.content)
    assert json_ld(page.content)[0]["@graph"][-1]["isAccessibleForFree"] is False
    assert "This article is for subscribers" in page.text


def test_windows_1252_is_declared_in_the_page_alone(visitor: Visitor) -> None:
    page = visitor.get(visitor.story("dailytattle/tiktok-is-back").url)
    assert page.headers["Content-Type"] == "text/html"
    assert b"charset=windows-1252" in page.content[:400]
    assert b"\x93I guess I have a warm spot for TikTok,\x94" in page.content
    with pytest.raises(UnicodeDecodeError):
        page.content.decode("utf-8")


def test_one_article_under_several_addresses(visitor: Visitor) -> None:
    story = visitor.story("northmerepost/uk-orders-apple-encrypted-data")
    feeds = [feed(visitor.get(f"http://northmerepost.example/rss/{name}.xml").content) for name in FEEDS]
    found = {entry["link"] for listed in feeds for entry in listed["entries"] if entry["title"] == story.title}
    assert len(found) == 3
    for address in found:
        page = tree(visitor.get(address).content)
        assert page.xpath("//link[@rel='canonical']/@href") == [story.url]


def test_a_page_that_only_the_feed_has(visitor: Visitor) -> None:
    story = visitor.story("chokepoints/no-94")
    assert visitor.get(story.url).status_code == 404
    entries = feed(visitor.get("http://chokepoints.example/feed").content)["entries"]
    content = next(entry for entry in entries if entry["link"] == story.url)["content"][0]["value"]
    assert "holmium" in content


def test_one_page_is_off_limits_to_robots(visitor: Visitor) -> None:
    story = visitor.story("dailytattle/soap-star-dog-refuses")
    rules = visitor.get("http://dailytattle.example/robots.txt").text
    assert f"Disallow: /{story.path.split('/')[1]}/" in rules
    assert visitor.get(story.url).status_code == 200  # it is the robot that must keep away


def test_a_wire_story_in_three_outlets_is_nearly_the_same(visitor: Visitor) -> None:
    wire = visitor.story("harbourwire/us-adds-140-entities-to-trade-blacklist")
    copies = [story for story in visitor.room.stories if story.copy_of == wire.id]
    assert len({story.outlet.host for story in [wire, *copies]}) == 3
    for copy in copies:
        assert copy.title != wire.title
        assert copy.text != wire.text
        assert ratio(copy.text, wire.text) > 95


def test_other_languages(visitor: Visitor) -> None:
    assert {"de", "fr", "zh"} <= {story.lang for story in visitor.room.stories}


def test_a_third_of_the_stories_tell_of_no_policy_event(visitor: Visitor) -> None:
    quiet = [story for story in visitor.room.stories if story.quiet]
    assert 0.28 <= len(quiet) / len(visitor.room.stories) <= 0.4


def test_the_openai_story_as_told_over_time(visitor: Visitor) -> None:
    told = [story for story in visitor.room.stories if "OpenAI" in story.tags and story.lang == "en"]
    assert len({story.outlet.host for story in told}) >= 3
    assert len(told) >= 9
    days = [f"{story.published:%Y-%m-%d}" for story in told]
    assert days[0] == "2024-06-25"
    assert "2024-07-09" in days


def test_pages_do_not_name_a_port_or_the_machine(visitor: Visitor) -> None:
    for story in visitor.room.stories[::7]:
        assert not re.search(r"127\.0\.0\.1|localhost", visitor.get(story.url).text), story.id


def test_links_within_a_site_answer(visitor: Visitor) -> None:
    """What a page links to on its own host exists: navigation, related stories, pictures."""
    for host in {story.outlet.host: story for story in visitor.room.stories if story.status == 200}.values():
        found = tree(visitor.get(host.url).content)
        paths = {str(path) for path in found.xpath("//@href | //img/@src") if re.match(r"/[^/]", str(path))}
        dead = {path for path in paths if visitor.follow(f"http://{host.outlet.host}{path}").status_code >= 400}
        assert dead - {"/p/no-94"} == set(), host.id
