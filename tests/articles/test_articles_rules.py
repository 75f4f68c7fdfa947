"""Rules for sites: each bundled one with a page and what must come out beside it, and a user's own with its faults."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tracker.articles import from_input
from tracker.articles.blocks import parsed
from tracker.articles.rules import BUNDLED, Rule, Rules, load
from tracker.errors import ConfigError
from tracker.model import Article, Done

SITES = Path(__file__).parent / "sites"
NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
PAGE = b"""<html lang=en><body><div class=story><p>The ministry has banned the export of raw nickel from Friday, and of
cobalt from the month after, it said.</p><p class=box>The ministry is the one of the trade of this country, which is a
box of facts.</p></div><b class=who>Ann Lee</b><i class=when>3 June 2024</i><h3>The ban</h3></body></html>"""


def read(raw: bytes, url: str, rules: Rules | None = None) -> Article:
    made = from_input(raw, now=NOW, url=url, as_html=True, rules=rules)
    assert isinstance(made, Done)
    return made.value


def test_every_rule_has_its_page() -> None:
    assert {path.stem for path in BUNDLED.glob("*.yaml")} == {path.stem for path in SITES.glob("*.html")}


@pytest.mark.parametrize("name", sorted(path.stem for path in BUNDLED.glob("*.yaml")))
def test_a_bundled_rule(name: str) -> None:
    wanted = yaml.safe_load((SITES / f"{name}.yaml").read_text(encoding="utf-8"))
    raw = (SITES / f"{name}.html").read_bytes()
    tree = parsed(raw.decode())
    assert tree is not None
    rule = load().find(wanted["url"], tree)
    assert rule is not None
    assert rule.name == name
    article = read(raw, wanted["url"])
    assert article.text == wanted["text"]
    assert article.title == wanted["title"]
    assert article.published is not None
    assert article.published.value == wanted["published"]
    assert article.author == wanted.get("author")
    assert article.language == wanted.get("language", "en")


@pytest.mark.parametrize("name", sorted(path.stem for path in BUNDLED.glob("*.yaml")))
def test_a_bundled_rule_is_needed(name: str) -> None:
    wanted = yaml.safe_load((SITES / f"{name}.yaml").read_text(encoding="utf-8"))
    article = read((SITES / f"{name}.html").read_bytes(), wanted["url"], Rules())
    found = (article.text, article.title, article.published and article.published.value)
    assert found != (wanted["text"], wanted["title"], wanted["published"])


@pytest.mark.parametrize(
    ("rule", "url", "fits"),
    [
        (Rule(name="r", hosts=("quay.example",)), "https://quay.example/a", True),
        (Rule(name="r", hosts=("quay.example",)), "https://www.quay.example/a", True),
        (Rule(name="r", hosts=("quay.example",)), "https://newquay.example/a", False),
        (Rule(name="r", hosts=("news.quay.example",)), "https://quay.example/a", False),
        (Rule(name="r", hosts=("quay.example",), has=".story"), "https://quay.example/a", True),
        (Rule(name="r", hosts=("quay.example",), has=".tale"), "https://quay.example/a", False),
        (Rule(name="r", has=".story"), "", True),
    ],
)
def test_which_page_a_rule_is_for(rule: Rule, url: str, *, fits: bool) -> None:
    tree = parsed(PAGE.decode())
    assert tree is not None
    assert (Rules((rule,)).find(url, tree) is rule) is fits


def test_a_rule_for_a_host_goes_before_one_for_a_system() -> None:
    tree = parsed(PAGE.decode())
    assert tree is not None
    system, site = Rule(name="system", has=".story"), Rule(name="site", hosts=("quay.example",))
    assert Rules((system, site)).find("https://quay.example/", tree) is site


def test_rules_of_your_own_go_first(tmp_path: Path) -> None:
    own = "hosts: [quay.example]\nbody: .story\ndrop: [.box]\ntitle: h3\ndate: .when\nauthor: .who\n"
    (tmp_path / "quay.yaml").write_text(own, encoding="utf-8")
    rules = load(tmp_path)
    assert rules.rules[0].name == "quay"
    assert rules.rules[1:] == load().rules
    assert load(tmp_path) is rules
    article = read(PAGE, "https://quay.example/a", rules)
    assert article.text == (
        "The ministry has banned the export of raw nickel from Friday, and of cobalt from the month after, it said."
    )
    assert (article.title, article.author) == ("The ban", "Ann Lee")
    assert article.published is not None
    assert article.published.value == "2024-06-03"


def test_a_body_that_is_not_there_is_left_to_generic_extraction(tmp_path: Path) -> None:
    (tmp_path / "quay.yaml").write_text("hosts: [quay.example]\nbody: .gone\n", encoding="utf-8")
    assert "raw nickel" in read(PAGE, "https://quay.example/a", load(tmp_path)).text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hosts: [quay.example]\nbdy: .a\nbody: .a", ":2: bdy: unknown key; did you mean 'body'?"),
        ("body: .a", ":1: for no page; name 'hosts', or an element that the page 'has'"),
        ("hosts: [quay.example]", ":1: finds nothing; write at least one of body, drop, title, date, author"),
        ("hosts: quay.example\nbody: .a", ":1: hosts: not a list; write hosts: [example.org]"),
        (
            "hosts: ['https://quay.example/']\nbody: .a",
            ":1: hosts[0]: not a host: 'https://quay.example/'; write it in lower case without scheme and path, such as example.org",  # noqa: E501
        ),
        (
            "has: .b\nbody: [.a, 'p[']",
            ":2: body[1]: not a CSS selector: 'p[' (expected ident or '*', got <eof at 2>); try it in the browser's inspector",  # noqa: E501
        ),
        ("has: [.a]\nbody: .a", ":1: has: not one selector; write one; a comma parts alternatives"),
        ("", ":1: no rule; write keys and selectors, as docs/articles.md shows"),
    ],
)
def test_faults_are_told_with_their_place(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "quay.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(tmp_path)
    assert raised.value.faults == (f"{path}{fault}",)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder; name the folder with your site rules"):
        load(tmp_path / "gone")
