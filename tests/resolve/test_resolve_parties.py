"""Which names are one party, and which are not: tables that an expert can read, and the laws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from party_samples import Told, id_of, named, standing, telling

from tracker.model import Judgement, JudgementKind, PartyKind, Scope
from tracker.resolve.names import name_key
from tracker.resolve.parties import one_party

# Two spellings of one name.
SAME_KEY = [
    ("Acme Chips", "Acme Chips Inc.", "company", "form of incorporation"),
    ("Acme Chips", "ACME Chips Co., Ltd", "company", "two forms and capitals"),
    ("Acme Chips", "The Acme Chips Corporation", "company", "article before, form after"),
    ("Vallmar", "Vallmar S.A.", "company", "form with dots"),
    ("Freemont Indonesia", "PT Freemont Indonesia Tbk", "company", "form before and after"),
    ("DeepSeek", "Deep Seek", "company", "joined or not"),
    ("Moller-Lund", "Moller Lund", "company", "hyphen"),
    ("Société Acmé", "Societe Acme", "company", "accents"),
    ("Hartwell & Pryce LLP", "Hartwell and Pryce", "company", "sign for and"),
    ("Harrow Group Holdings", "Harrow", "company", "group and holdings"),
    ("Advanced Data Centre (ADC)", "Advanced Data Center", "company", "acronym in brackets; British spelling"),
    ("Ministry of Mines", "Mines Ministry", "government", "head before or after"),
    ("Dr. Jane Q. Hollis", "Jane Hollis", "person", "title and initial"),
    ("Axel Brandt MEP", "Axel Brandt", "person", "title after"),
]
OTHER_KEY = [
    ("Acme Chips", "Acme Steel", "company", "another line of business"),
    ("Harrow Bank", "Harrow", "company", "bank is no form"),
    ("Sino Rare (Hong Kong) Co.", "Sino Rare Co.", "company", "the unit of a place"),
    ("701 Institute", "702 Institute", "organisation", "another number"),
    ("Prof Kindiki", "Dr Kindiki", "person", "a surname says too little"),
    ("Ministry of Mines", "Ministry of Trade", "government", "another field"),
]
NOBODY = [("Department", "government"), ("Commerce", "company"), ("The Court", "court"), ("IR", "company")]


@pytest.mark.parametrize(("one", "two", "kind", "why"), SAME_KEY)
def test_spellings_of_a_name_meet(one: str, two: str, kind: str, why: str) -> None:
    assert name_key(one, PartyKind(kind)) == name_key(two, PartyKind(kind)) != "", why


@pytest.mark.parametrize(("one", "two", "kind", "why"), OTHER_KEY)
def test_other_names_do_not_meet(one: str, two: str, kind: str, why: str) -> None:
    assert name_key(one, PartyKind(kind)) != name_key(two, PartyKind(kind)), why


@pytest.mark.parametrize(("name", "kind"), NOBODY)
def test_words_that_name_nobody(name: str, kind: str) -> None:
    assert name_key(name, PartyKind(kind)) == ""


HANWEI = Told("Hanwei Precision Instruments", also=(("HPI", "acronym"), ("Hanwei", "alias")))
COMMERCE = Told("US Commerce Department", "government", "US", "gov:us:commerce", also=(("DoC", "acronym"),))
ALIBABA, CLOUD = Told("Alibaba", id="co:alibaba"), Told("Alibaba Cloud", id="co:alicloud", parent="co:alibaba")

# What each article tells; the names of the parties that are one, the one that stands for them first; why.
ONE = [
    ([[Told("Acme Chips")], [Told("Acme Chips")], [Told("Acme Chips Inc.")]], ["Acme Chips", "Acme Chips Inc."],
     "form of incorporation; the most told stands"),
    ([[HANWEI], [Told("Hanwei")]], ["Hanwei Precision Instruments", "Hanwei"], "a short name that an article explains"),
    ([[HANWEI], [Told("HPI", "organisation")]], ["Hanwei Precision Instruments", "HPI"], "an acronym; kinds confused"),
    ([[Told("Chengmin Lithium Group")], [Told("Chengmin")]], ["Chengmin Lithium Group", "Chengmin"],
     "the only company whose name begins so"),
    ([[COMMERCE], [Told("DoC", "government")]], ["gov:us:commerce", "DoC"], "an article's acronym of a known body"),
    ([[Told("DeepSeek", id="co:deepseek")], [Told("Deep Seek")]], ["co:deepseek", "Deep Seek"], "a known name"),
    ([[Told("Piyush Anand")], [Told("Piyush Anand", "person")] , [Told("Piyush Anand", "person")]],
     ["person:Piyush Anand", "company:Piyush Anand"], "the recogniser took a person for a company"),
    ([[Told("Kestrelo Pay", "person")], [Told("Kestrelo Pay Ltd")]], ["Kestrelo Pay Ltd", "Kestrelo Pay"],
     "the recogniser took a firm for a person"),
    ([[Told("Kithure Mwangi", "person"), Told("Prof Mwangi", "person")]], ["Kithure Mwangi", "Prof Mwangi"],
     "a title and the surname of the one person of the article"),
    ([[Told("Ministry of Mines", "government", "ZW")], [Told("Mines Ministry", "government")]],
     ["Ministry of Mines", "Mines Ministry"], "one text leaves the state out"),
    ([[HANWEI]] * 5 + [[Told("Hanwei Foods", also=(("Hanwei", "alias"),))], [Told("Hanwei")]],
     ["Hanwei Precision Instruments", "Hanwei"], "told five times as often of the one"),
]  # fmt: skip
NOT_ONE = [
    ([[Told("Alibaba", id="co:alibaba"), CLOUD]], "co:alibaba", "co:alicloud", "the gazetteer holds both"),
    ([[Told("Harrow"), ", the cloud unit of ", Told("Harrow Group")]], "Harrow", "Harrow Group", "unit and owner"),
    ([[Told("Ministry of Mines", "government", "ZW")], [Told("Ministry of Mines", "government", "IN")]],
     "ZW:Ministry of Mines", "IN:Ministry of Mines", "ministries of two states"),
    ([[Told("Acme Ltd", country="GB")], [Told("Acme Inc", country="US")], [Told("Acme")]], "Acme Ltd", "Acme",
     "two countries: who is meant by the bare name?"),
    ([[Told("Acme Ltd", country="GB")], [Told("Acme Inc", country="US")]], "Acme Ltd", "Acme Inc", "two countries"),
    ([[Told("Hanwei Precision Ltd"), Told("Hanwei Foods Ltd")], [Told("Hanwei")]], "Hanwei Precision Ltd", "Hanwei",
     "a short name that fits two"),
    ([[HANWEI], [Told("Hanwei Foods", also=(("Hanwei", "alias"),))], [Told("Hanwei")]],
     "Hanwei Precision Instruments", "Hanwei", "articles call two so"),
    ([[Told("Hanwei Foods", also=(("Hanwei", "alias"),)), HANWEI], [Told("Hanwei Lithium Ltd")], [Told("Hanwei")]],
     "Hanwei Lithium Ltd", "Hanwei", "what articles call several so is no first word of another"),
    ([[Told("Boise Timber Ltd")], [Told("Boise", "place")], [Told("Boise")]], "Boise Timber Ltd", "company:Boise",
     "a town"),
    ([[Told("Wolfsberg")], [Told("Wolfsberg", "place")]], "company:Wolfsberg", "place:Wolfsberg", "town and company"),
    ([[Told("Chinese developers", "group")], [Told("Chinese Developers Inc")]], "Chinese developers",
     "Chinese Developers Inc", "a group is no party by name"),
    ([[Told("Department", "government")], [Told("The Department", "government")]], "government:Department",
     "The Department", "names nobody"),
    ([[Told("Capital Bank Ltd")], [Told("Capital")]], "Capital Bank Ltd", "Capital", "a word that begins many names"),
    ([[Told("Karim Aziz", "person", also=(("Aziz", "alias"),))], [Told("Ms Aziz", "person")]], "Karim Aziz", "Ms Aziz",
     "a surname of another article"),
]  # fmt: skip


def ids(articles: list[list[Told | str]]) -> list[str]:
    return [id_of(one.party) for told in articles for one in told if isinstance(one, Told)]


def meant(name: str, among: list[str]) -> str:
    """The id that ends with the name, or is it."""
    return next(key for key in among if key == name or key.endswith(f":{name}"))


@pytest.mark.parametrize(("articles", "names", "why"), ONE, ids=[case[2] for case in ONE])
def test_one_party(articles: list[list[Told | str]], names: list[str], why: str) -> None:
    found = standing(telling(*told) for told in articles)
    wanted = [meant(name, ids(articles)) for name in names]
    assert {found[key] for key in wanted} == {wanted[0]}, why


@pytest.mark.parametrize(("articles", "one", "two", "why"), NOT_ONE, ids=[case[3] for case in NOT_ONE])
def test_not_one_party(articles: list[list[Told | str]], one: str, two: str, why: str) -> None:
    found = standing(telling(*told) for told in articles)
    first, second = (meant(name, ids(articles)) for name in (one, two))
    assert found.get(first, first) != found.get(second, second), why


CHILD, OWNER = Told("Harrow Cloud"), Told("Vallmar")
UNITS = [
    (CHILD, ", a unit of ", OWNER),
    (CHILD, ", which is the cloud computing arm of the ", OWNER),
    (OWNER, "'s cloud unit ", CHILD),
    (CHILD, ", owned by ", OWNER),
]


@pytest.mark.parametrize("told", UNITS, ids=[case[1].strip(", ") for case in UNITS])
def test_whom_a_firm_belongs_to(told: tuple[Told, str, Told]) -> None:
    (found,) = [one for one in one_party(named([telling(*told)])) if one.parent]
    assert (found.id, found.parent) == (id_of(CHILD.party), id_of(OWNER.party))


def test_rivals_belong_to_nobody() -> None:
    assert all(one.parent is None for one in one_party(named([telling(CHILD, ", the rival of ", OWNER)])))


def judged(kind: JudgementKind, one: Told, two: Told) -> Judgement:
    left, right = id_of(one.party), id_of(two.party)
    now = datetime(2024, 1, 1, tzinfo=UTC)
    return Judgement(
        id="j1", kind=kind, scope=Scope.PARTY, subject=left, object=right, left=(left,), right=(right,), who="ada",
        why="seen in the register", decided=now,
    )  # fmt: skip


def test_a_person_decides_above_all() -> None:
    one, two = Told("Acme Ltd", country="GB"), Told("Vallmar Inc", country="US")
    articles = [telling(one), telling(two), telling(two)]
    found = {one.id: one for one in one_party(named(articles), [judged(JudgementKind.SAME, one, two)])}
    assert {party.into for party in found.values()} == {id_of(two.party)}
    assert found[id_of(one.party)].because[0].words == "ada decided it: seen in the register"

    one, two = Told("Acme Ltd"), Told("Acme Inc")
    articles = [telling(one), telling(two)]
    assert len(set(standing(articles).values())) == 1
    assert len(set(standing(articles, [judged(JudgementKind.DIFFERENT, one, two)]).values())) == 2


SMALL = [
    (" exports of apples fell", 0, "the fruit"),
    (" exports of Apples fell", 1, "a headline's capitals"),
    (" exports fell at @applefarm", 1, "a part of another word"),
]


@pytest.mark.parametrize(("words", "count", "why"), SMALL, ids=[case[2] for case in SMALL])
def test_a_word_that_the_article_also_writes_small_names_nobody(words: str, count: int, why: str) -> None:
    assert len(telling(Told("Apple"), words)) == count, why


def test_every_merge_says_why() -> None:
    articles = [telling(HANWEI), telling(Told("Hanwei")), telling(Told("Hanwei Precision Instruments Ltd"))]
    words = {one.id: [reason.words for reason in one.because] for one in one_party(named(articles))}
    assert words == {
        "name:company:Hanwei Precision Instruments": [],
        "name:company:Hanwei": ["1 article calls Hanwei Precision Instruments so"],
        "name:company:Hanwei Precision Instruments Ltd": [
            "one name but for form and spelling: Hanwei Precision Instruments"
        ],
    }


NAMES = ["Acme", "Acme Inc", "Acme Chips", "Acme Chips Ltd", "ACL", "Vallmar", "Vallmar Steel", "Deep Seek", "DeepSeek"]
KNOWN = {"DeepSeek": "co:deepseek", "Vallmar": "co:vallmar"}
PARTIES = st.builds(
    lambda name, kind, country, also: Told(
        name, kind, country, KNOWN.get(name) if kind == "company" else None, also=tuple((a, "alias") for a in also)
    ),
    st.sampled_from(NAMES),
    st.sampled_from(["company", "company", "organisation", "place"]),
    st.sampled_from([None, None, "US", "CN"]),
    st.lists(st.sampled_from(NAMES), max_size=1),
)
ARTICLES = st.lists(st.lists(PARTIES, min_size=1, max_size=3), min_size=1, max_size=7)


@settings(deadline=None, max_examples=200)
@given(ARTICLES, st.randoms(use_true_random=False))
def test_the_order_of_articles_and_parties_does_not_matter(articles: list[list[Told]], chance: st.DataObject) -> None:
    parties = sorted(named(telling(*told) for told in articles), key=lambda one: one.id)
    mixed = list(parties)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert one_party(mixed) == one_party(parties)


@settings(deadline=None, max_examples=200)
@given(ARTICLES)
def test_who_stands_for_others_stands_for_itself_and_what_is_apart_stays_apart(articles: list[list[Told]]) -> None:
    parties = {one.id: one for one in named(telling(*told) for told in articles)}
    into = {one.id: one.into for one in one_party(parties.values())}
    assert all(into[there] == there for there in into.values())
    for there in set(into.values()):
        whole = [parties[key] for key in parties if into[key] == there]
        assert sum(one.is_known for one in whole) <= 1
        assert len({one.country for one in whole} - {None}) <= 1
        assert len({one.kind is PartyKind.PLACE for one in whole}) == 1
