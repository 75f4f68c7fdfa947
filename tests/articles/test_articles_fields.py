"""Titles, authors, dates, languages and bodies: tables of what pages say and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.articles.authors import authors
from tracker.articles.blocks import Block, fragment, parsed
from tracker.articles.body import merged
from tracker.articles.language import language
from tracker.articles.metadata import read
from tracker.articles.pruning import pruned
from tracker.articles.published import candidates, from_url, modified, published
from tracker.articles.titles import title, without_site
from tracker.articles.unread import page_reason
from tracker.model import Basis, When

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
URL = "https://www.quay.example/news/ban"
LD = '<script type="application/ld+json">%s</script>'
AUTHOR_ELSEWHERE = """{"@graph": [{"@type": "Person", "@id": "#a", "name": "Ann Lee"},
    {"@type": "NewsArticle", "headline": "x", "author": {"@id": "#a"}}]}"""
FEED = When(value="2024-06-25T09:00:00Z", basis=Basis.FEED)


def tree_of(head: str, body: str = ""):  # type: ignore[no-untyped-def]  # lxml's own class
    tree = parsed(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return tree


@pytest.mark.parametrize(
    ("text", "sites", "left"),
    [
        ("Ban takes effect | Quay News", ["Quay News"], "Ban takes effect"),
        ("Ban takes effect - Quay News", ["quay news"], "Ban takes effect"),
        ("Ban takes effect — The Quay News", ["Quay News"], "Ban takes effect"),
        ("Ban takes effect | Trade | Quay News", ["Quay News"], "Ban takes effect | Trade"),
        ("Quay News: Ban takes effect", ["Quay News"], "Quay News: Ban takes effect"),
        ("Quay News - Ban takes effect", ["Quay News"], "Ban takes effect"),
        ("Ban takes effect - and nobody notices", ["Quay News"], "Ban takes effect - and nobody notices"),
        ("US-China talks resume", ["China"], "US-China talks resume"),
        ("Ban takes effect | quay.example", ["quay.example"], "Ban takes effect"),
        ("Ban takes effect -- Quay News", ["Quay News"], "Ban takes effect"),
    ],
)
def test_titles_without_the_site(text: str, sites: list[str], left: str) -> None:
    assert without_site(text, sites) == left


@pytest.mark.parametrize(
    ("head", "body", "chosen"),
    [
        (LD % '{"@type":"NewsArticle","headline":"From LD"}' + "<title>T</title>", "", "From LD"),
        ('<meta property="og:title" content="From OG | Quay News"><title>T</title>', "<h1>H</h1>", "From OG"),
        ("<title>From title | Quay News</title>", "<h1>From heading</h1>", "From heading"),
        ("<title>From title | Quay News</title>", "<h1>Quay News</h1>", "From title"),
        ("<title>Second one - Quay News</title>", "<h1>Quay News</h1><h1>Second one</h1>", "Second one"),
        ("<title>Quay News</title>", "", "From feed"),
        ('<meta property="og:title" content="A very long title that …">', "<h1>A very long title that goes on</h1>",
         "A very long title that goes on"),
        (LD % '{"@type":"NewsArticle","headline":["L1"],}', "", "L1"),
        (LD % "{broken", "", "From feed"),
        (LD % ("[" * 5000), "", "From feed"),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, chosen: str) -> None:
    assert title(read(tree_of(head, body), URL), feed="From feed - Quay News", sites=["Quay News"]) == chosen


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        ('<meta name="author" content="Ann Lee and Bo Chen">', "", "Ann Lee, Bo Chen"),
        ('<meta name="author" content="Bureau of Industry and Security">', "", "Bureau of Industry and Security"),
        ('<meta name="author" content="Hollow &amp; Finch">', "", "Hollow & Finch"),
        ('<meta property="article:author" content="https://social.example/ann">', "", "From Feed"),
        ('<meta name="author" content="Quay News">', '<p class="byline">By ANN O\'NEILL in Geneva</p>', "Ann O'Neill"),
        ("", '<span class="author-name"><a rel="author">Ann Lee</a></span>', "Ann Lee"),
        ('<meta name="author" content="Ann Lee, Bo Chen, and Cy Dahl, QNN">', "", "Ann Lee, Bo Chen, Cy Dahl"),
        ('<meta name="author" content="Ann Lee, Senior Trade Reporter">', "", "Ann Lee"),
        ('<meta name="author" content="Quay News, Halder, Freedonia">', "", "From Feed"),
        ('<meta name="author" content="desk@quay.example">', "", "From Feed"),
        ("", '<div class="comment-list"><span class="author">Angry Reader</span></div>', "From Feed"),
        ("", '<p class="byline">By Ann Lee and Bo Chen</p>', "Ann Lee, Bo Chen"),
        ("", '<div class="byline">By Ann Lee | 25 June 2024</div>', "Ann Lee"),
        ("", '<p class="byline">Staff</p>', "From Feed"),
        (
            LD % AUTHOR_ELSEWHERE,
            "",
            "Ann Lee",
        ),
        ("", "", "From Feed"),
    ],
)
def test_authors(head: str, body: str, names: str) -> None:
    tree = tree_of(head, body)
    assert authors(tree, read(tree, URL), feed="From Feed", sites=["Quay News"]) == names


DATES = [
    (LD % '{"@type":"NewsArticle","datePublished":"2024-06-24T23:30:00-04:00"}', "",
     "2024-06-25T03:30:00Z", Basis.METADATA),
    ('<meta itemprop="datePublished" content="2024-06-24">', "", "2024-06-24", Basis.METADATA),
    ("", '<article><time datetime="2024-06-24">Monday</time></article>', "2024-06-24", Basis.PAGE),
    ("", '<div class="post-meta">Ann Lee · June 24, 2024 · 3 min</div>', "2024-06-24", Basis.PAGE),
    ("", "<p>24 June 2024</p>", "2024-06-24", Basis.PAGE),
    ("", '<p class="date">Updated: 28 June 2024</p><p class="date">Published: 24 June 2024</p>', "2024-06-24",
     Basis.PAGE),
    # not the article's
    ("", "<footer>Last updated 24 June 2024</footer>", FEED.value, Basis.FEED),
    ("", '<aside><time datetime="2024-06-24">x</time></aside>', FEED.value, Basis.FEED),
    ("", '<ul class="related"><li><time datetime="2024-06-24">x</time></li></ul>', FEED.value, Basis.FEED),
    ("", '<header><p class="date">Monday 1 July 2024</p></header>', FEED.value, Basis.FEED),
    ("", "<p>It was on 24 June 2024 that the ban was published.</p>", FEED.value, Basis.FEED),
    # not possible, or far from the feed's
    ('<meta property="article:published_time" content="2034-06-24T10:00:00Z">', "", FEED.value, Basis.FEED),
    ('<meta property="article:published_time" content="1970-01-01T00:00:00Z">', "", FEED.value, Basis.FEED),
    ('<meta property="article:published_time" content="2019-06-24T10:00:00Z">', "", FEED.value, Basis.FEED),
    ("", '<p class="date">1 June 2024</p>', FEED.value, Basis.FEED),
    # the same day, told more precisely by the feed
    ('<meta name="date" content="2024-06-25">', "", FEED.value, Basis.FEED),
    ("", "", FEED.value, Basis.FEED),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "value", "basis"), DATES)
def test_dates(head: str, body: str, value: str, basis: Basis) -> None:
    tree = tree_of(head, body)
    found = candidates(tree, read(tree, URL), URL, day_first=None)
    assert published(found, feed=FEED, now=NOW) == When(value=value, basis=basis)


def test_the_last_resort_is_the_day_of_fetching() -> None:
    fetched = When(value="2024-07-01", basis=Basis.FETCHED)
    assert published(iter(()), feed=None, now=NOW) == fetched
    assert published(iter(()), feed=When(value="2031-01-01", basis=Basis.FEED), now=NOW) == fetched


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://a.example/2024/06/25/ban", "2024-06-25"),
        ("https://a.example/news/2024-06-25-ban.html", "2024-06-25"),
        ("https://a.example/ban-20240625.html", "2024-06-25"),
        ("https://a.example/cj/2024/0625/1.html", "2024-06-25"),
        ("https://a.example/2024/06/ban", "2024-06"),
        ("https://a.example/news/20240699/ban", None),
        ("https://a.example/id/2024062512345", None),
        ("https://a.example/2024/ban", None),
    ],
)
def test_dates_in_addresses(url: str, value: str | None) -> None:
    when = from_url(url)
    assert (when.value if when else None) == value


@pytest.mark.parametrize(
    ("stated", "value"),
    [("2024-06-26T10:00:00Z", "2024-06-26T10:00:00Z"), ("2024-06-20", None), ("2031-01-01", None), ("soon", None)],
)
def test_changes(stated: str, value: str | None) -> None:
    tree = tree_of(f'<meta property="article:modified_time" content="{stated}">')
    assert modified(tree, read(tree, URL), FEED, now=NOW) == value


ENGLISH = "The ministry of trade has banned the export of raw nickel from Friday, it said in a statement. " * 3
FRENCH = "Le ministère du commerce a interdit l'exportation de nickel brut à partir de vendredi, dit-il. " * 3


@pytest.mark.parametrize(
    ("text", "declared", "found"),
    [
        (ENGLISH, ("en-GB",), "en"),
        (ENGLISH, ("fr_FR", "en"), "en"),
        (FRENCH, ("en",), "fr"),
        (FRENCH, (), "fr"),
        ("Nickel ban", ("fr",), "fr"),
        ("", ("en",), "en"),
        ("", ("", None, "x-default"), None),
        (
            "商务部新闻发言人在北京表示，对符合规定的稀土出口申请，中方将依法依规予以许可，并将继续完善审查程序。",
            ("en",),
            "zh",
        ),
        ("Le ministère a dit non.", ("en", "fr"), "en"),
    ],
)
def test_languages(text: str, declared: tuple[str | None, ...], found: str | None) -> None:
    assert language(text, *declared) == found


def text(words: int, seed: str) -> Block:
    return Block("text", " ".join(f"{seed}{n}" for n in range(words)) + ".")


ONE, TWO, NOISE = text(40, "one"), text(40, "two"), text(12, "noise")
LINKED, MUSH = text(14, "linked"), Block("text", f"Home Register {ONE.text} Contact Imprint Privacy Terms.")
COLON = Block("text", "They are:")
HEADING, LIST, TABLE = Block("heading", "Heading"), Block("list", "- a\n- b"), Block("table", "a | b")


@pytest.mark.parametrize(
    ("chosen", "inside", "result"),
    [
        ([ONE, TWO], [HEADING, ONE, HEADING, LIST, TWO, LIST, NOISE], [ONE, HEADING, LIST, TWO]),
        ([ONE, TWO], [ONE, NOISE, TABLE, TWO], [ONE, TABLE, TWO]),
        ([NOISE, ONE], [ONE, LIST], [NOISE, ONE]),
        ([ONE, COLON], [ONE, COLON, LIST, NOISE], [ONE, COLON, LIST]),
        ([ONE, LINKED, TWO], [ONE, HEADING, TWO], [ONE, LINKED, HEADING, TWO]),
        ([ONE, TWO, LINKED], [HEADING, ONE, TWO, NOISE], [ONE, TWO, LINKED]),
        ([MUSH, ONE], [ONE, LIST], [ONE]),
        ([ONE], [TWO, NOISE], None),
        ([ONE], [], None),
        ([], [HEADING, ONE], None),
        ([LIST], [LIST, TABLE, LIST], [LIST, TABLE, LIST]),
    ],
    ids=["structure between", "noise between", "lead before", "list after a colon", "sentence of links between",
         "text after", "the whole page in one", "two texts", "no container", "no choice", "no long paragraph"],
)  # fmt: skip
def test_two_opinions_become_one(chosen: list[Block], inside: list[Block], result: list[Block] | None) -> None:
    assert merged(chosen, inside) == (None if result is None else tuple(result))


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("plain &amp; simple", ("plain & simple",)),
        ("one\n\ntwo\nlines", ("one", "two\nlines")),
        ("<p>one<br>line<br><br>two\nwords</p>tail", ("one\nline", "two words", "tail")),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c <b>d</b></li></ol>", ("- a\n  - b\n- c d",)),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><p>2</p></td></tr></table>", ("a | b\n1 | 2",)),
        ("<pre>one\n\ntwo</pre>", ("one", "two")),
        ("<div>loose <i>words</i><h2>head</h2>more</div>", ("loose words", "head", "more")),
        ("<p>kept</p><script>dropped()</script><style>p{}</style>", ("kept",)),
        ("", ()),
        ("<br>", ()),
    ],
)
def test_fragments(html: str, blocks: tuple[str, ...]) -> None:
    assert fragment(html) == blocks


WALL = '<div class="{}"><p>{}</p></div>'
STUB = (
    "<p>The chipmaker told investors on Thursday that rules under discussion could cost it a tenth of its sales next "
    "year, and that it had asked for a licence to serve two customers.</p>"
)
REASONS = [
    ("<title>Just a moment...</title>", "<p>Checking if the site connection is secure</p>", "error page"),
    ("<title>503 Service Unavailable</title>", "", "error page"),
    ("<title>Access denied</title>", "<p>You have been blocked.</p>", "error page"),
    ("<title>Story</title>", "<p>Please enable JavaScript. You have been blocked.</p>", "error page"),
    ("<title>404 jobs go at tyre plant</title>", "<p>Four hundred and four jobs go.</p>", "too short"),
    ("<title>Story</title>", STUB + WALL.format("paywall", "Subscribe to continue reading"), "paywall"),
    ("<title>Story</title>", STUB + WALL.format("gate", "This article is for subscribers."), "paywall"),
    ('<meta property="article:content_tier" content="locked">', STUB, "paywall"),
    ("<title>Story</title>", STUB + WALL.format("paywall-meter", "You have read 2 of 5 free articles."), None),
    ("<title>Story</title>", STUB + WALL.format("newsletter-subscribe", "Subscribe to our newsletter"), None),
    ("<title>Story</title>", STUB, None),
    ("<title>Story</title>", "<p>Short.</p>", "too short"),
    ("<title>Sign in - Quay News</title>", "<form><input type=password></form><p>Welcome back.</p>", "login"),
    ("<title>Login required</title>", "<form><input type=password></form>", "login"),
    ("<title>Sign in rain</title>", STUB, None),
    ("<title>quay.example</title>", "<p>One more step.</p><div class=h-captcha></div>", "captcha"),
    ("<title>Story</title>", STUB + "<div class=g-recaptcha></div>", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "kind"), REASONS)
def test_reasons(head: str, body: str, kind: str | None) -> None:
    tree = tree_of(head, body)
    page = read(tree, URL)
    blocks = fragment(body.partition("<div")[0])
    why = page_reason(tree, page, title=page.title, expected="Announced", blocks=blocks)
    assert (why.partition(":")[0] if why else None) == kind


def test_a_page_with_the_announced_title_is_no_error_page() -> None:
    tree = tree_of("<title>404 error page becomes a work of art | Quay</title>", STUB)
    page = read(tree, URL)
    reason = page_reason(
        tree, page, title=page.title, expected="404 error page becomes a work of art", blocks=fragment(STUB)
    )
    assert reason is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://quay.example/2017/7/12/story", ["2017-07-12"]),  # what the page says is of an edit
        ("https://quay.example/2019/06/16/story", ["2019-06-17", "2019-06-16"]),  # another zone
        ("https://quay.example/story", ["2019-06-17"]),
    ],
)
def test_a_day_in_the_address_goes_before_a_later_one(address: str, found: list[str]) -> None:
    tree = tree_of('<meta property="article:published_time" content="2019-06-17">')
    dates = candidates(tree, read(tree, address), address, day_first=None)
    assert [when.value for when in dates] == found


def test_a_month_gives_way_to_a_day_in_it() -> None:
    dates = [When(value=value, basis=Basis.PAGE) for value in ("2024-06", "2024-05-03", "2024-06-05")]
    assert published(iter(dates), feed=None, now=NOW).value == "2024-06-05"
    assert published(iter(dates[:2]), feed=None, now=NOW).value == "2024-06"


def test_a_name_over_much_of_the_text_is_disbelieved() -> None:
    section = "<section class='story__part story__part--ads'><p>{}</p></section>"
    words = "The ministry of trade has banned the export of raw nickel and of {} from Friday, it said in a statement."
    page = "".join(section.format(words.format(metal)) for metal in ("cobalt", "copper", "zinc", "tin"))
    box = "<div class=newsletter><p>Some fifteen words and more that ask you to take the letter of the house.</p></div>"
    kept = pruned(tree_of("", page + box)).text_content()
    assert kept.count("raw nickel") == 4
    assert "take the letter" not in kept
