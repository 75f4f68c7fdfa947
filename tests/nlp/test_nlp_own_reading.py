"""The real reader with a user's file and without: what its words, acts and parties change, and what they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

import tracker.nlp
from tracker.model import Article, EventMention, TextFrom
from tracker.nlp import own
from tracker.nlp.ontology import load_ontology
from tracker.nlp.own.proving import holds
from tracker.nlp.reader import Reader

pytestmark = pytest.mark.real_reader

FILE = own.parse(
    b"""
types:
  visa_ban: {of: sanction, strong: [visa clampdown, entry curb]}
  investment_restriction: {strong: [data embargo]}
acts:
  end: {verbs: [claw back]}
parties:
  acme: {name: Acme Drones, country: NO, aliases: [Acme]}
""",
    Path("own.yaml"),
)
# sentence | what the reader with the file finds
TABLE = [
    ("Germany imposed a visa clampdown on Russian diplomats on Monday.", "sanction/visa_ban in_force DE"),
    ("Germany lifted its visa clampdown on Russian diplomats on Monday.", "sanction/visa_ban ended DE"),
    ("Ottawa extended its entry curbs to 12 Iranian officials.", "sanction/visa_ban in_force CA"),
    ("The visa clampdown announced by Berlin in May was suspended on Friday.", "sanction/visa_ban suspended DE"),
    ("Brussels adopted a data embargo against Belarus.", "investment_restriction in_force EU"),
    ("Britain imposed sanctions on 30 Russian tankers on Tuesday.", "sanction in_force GB"),
    ("The Netherlands clawed back two export licences on Friday.", "licence_decision ended NL"),
    ("Acme stopped shipments to Russia on Monday.", "company_response NO"),
]
NOTHING = [
    "Critics slammed the visa clampdown as cruel.",
    "The opposition urged Berlin to impose a visa clampdown on Russian diplomats.",
    "Students fear a visa clampdown.",
    "Despite the visa clampdown, tourism rose 4% last year.",
    "A data embargo would be unwise, said the analyst.",
    "What is a visa clampdown?",
]


@pytest.fixture(scope="module")
def plain() -> Reader:
    return tracker.nlp.load()


@pytest.fixture(scope="module")
def mine() -> Reader:
    return tracker.nlp.load(own=FILE)


def told(reader: Reader, text: str) -> tuple[EventMention, ...]:
    article = Article(
        id="a", url=None, title="", text=text, published=None, language="en", text_from=TextFrom.INPUT
    )  # fmt: skip
    return reader.read(article).events


def in_words(event: EventMention) -> str:
    countries = " ".join(m.party.country or "" for m in event.actors)
    return f"{'/'.join(filter(None, (event.type, event.subtype)))} {event.status} {countries}"


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_the_files_words_and_parties_have_their_effect(mine: Reader, text: str, expected: str) -> None:
    kind, *rest = expected.split()
    assert [
        words for words in map(in_words, told(mine, text)) if words.split()[0] == kind and set(rest) <= {*words.split()}
    ]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_only_spoken_of_stays_no_event(mine: Reader, text: str) -> None:
    assert [in_words(event) for event in told(mine, text)] == []


def test_a_phrase_of_the_users_is_told_in_an_article_about_something_else(mine: Reader) -> None:
    filler = (
        "The weather in the region has been mild and farmers expect a good year. A festival opened in the old town. "
    )
    text = f"{filler * 5}Germany imposed a visa clampdown on Russian diplomats on Monday. {filler * 5}"
    assert [(event.type.value, event.subtype) for event in told(mine, text)] == [("sanction", "visa_ban")]


def test_a_reader_with_a_file_does_not_change_one_without(plain: Reader, mine: Reader) -> None:
    text = "Acme imposed a visa clampdown and a data embargo. Germany imposed a visa clampdown on Monday."
    told(mine, text)
    assert all(event.subtype is None for event in told(plain, text))
    assert plain.lexicon.ontology is load_ontology()
    assert mine.version == f"{plain.version}, {FILE.version}"


def test_the_reason_names_the_users_phrase(mine: Reader) -> None:
    text = "Germany imposed a visa clampdown on Russian diplomats on Monday."
    (reason,) = [reason for event in told(mine, text) for reason in event.why if reason.what == "subtype"]
    assert reason.words == "'visa clampdown' names visa_ban of sanction, by the user's ontology"
    assert reason.span is not None
    assert text[reason.span.start : reason.span.end] == "visa clampdown"


@pytest.mark.parametrize(
    ("example", "is_ok"),
    [
        ({"subtype": "visa_ban"}, True),
        ({"type": "sanction", "actor": "Germany", "status": "in_force"}, True),
        ({"type": "sanction", "actor": "DE"}, True),
        ({"type": "sanction", "actor": "gov:de"}, True),
        ({"type": "sanction", "actor": "Berlin"}, True),
        ({"type": "sanction", "actor": "Russia"}, False),
        ({"type": "sanction", "status": "ended"}, False),
        ({"type": "tariff"}, False),
        ({"none": "true"}, False),
        ({"none": "true", "type": "tariff"}, True),
        ({"none": "true", "subtype": "visa_ban"}, False),
    ],
)
def test_an_example_holds_or_fails(mine: Reader, example: dict[str, str], is_ok: bool) -> None:  # noqa: FBT001
    text = "Germany imposed a visa clampdown on Russian diplomats on Monday."
    lines = "".join(f", {key}: {value}" for key, value in example.items())
    data = f"types: {{visa_ban: {{of: sanction, strong: [x]}}}}\nexamples: [{{text: {text}{lines}}}]".encode()
    (one,) = own.parse(data, Path("own.yaml")).examples
    assert holds(one, told(mine, text), mine.gazetteer) is is_ok
