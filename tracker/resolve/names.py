"""What articles call parties, and when two names are spelt the same.

`name_key` gives the one form of a name that forms of incorporation, joints, capitals and spelling leave; `namings`
lists what one article calls each party, under such keys. Which parties are one is decided in `parties.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from tracker.model import Article, Mention, Naming, Party, PartyKind

# Forms of incorporation and the like, which end a name: "Acme Chips Co., Ltd" is Acme Chips.
FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp lp plc pbc gmbh ag kg kgaa se sa sas spa srl bv"
    " nv ab as asa oy oyj jsc pjsc ojsc ooo zao pte pty sdn bhd tbk pt kk berhad holding holdings group uab sarl"
    " ltda aps".split()
)
LEADING_FORMS = frozenset("pt ooo pjsc jsc uab the".split())  # that may begin one: "PT Freeport Indonesia"
# One spelling for words that have two.
SPELLINGS = {
    "&": "and",
    "centre": "center",
    "organisation": "organization",
    "defence": "defense",
    "labour": "labor",
    "licence": "license",
    "programme": "program",
    "int'l": "international",
    "intl": "international",
    "natl": "national",
    "dept": "department",
    "univ": "university",
}
# Bodies that are called both "Ministry of Mines" and "Mines Ministry".
HEADS = frozenset("ministry department bureau office agency board commission council directorate authority".split())
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady judge justice president minister secretary senator sen rep"
    " representative congressman congresswoman chairman chairwoman chair commissioner governor gov general gen premier"
    " chancellor ambassador mayor attorney director prime vice deputy foreign trade commerce mines defmin".split()
)
SUFFIXES = frozenset("mep mp jr sr phd kc qc".split())
# Words that name no party by themselves, however capital; nor do names made of nothing else.
GENERIC = frozenset(
    "administration agency authority bank board bureau cabinet center chamber commerce commission committee company"
    " council court customs department directorate division economy education energy exchange finance firm foundation"
    " fund general government group health house industry institute interior international justice labor law legal"
    " market ministry national office parliament police post press secretariat security senate service services"
    " society standard state states supreme technology times trade transport treasury tribunal union university"
    " federal central global world united american european asian african first new north south east west pacific"
    " capital digital data business of and for the on".split()
)
TOLD = frozenset({"name", "alias", "acronym"})  # how a mention names a party by words of its own
FIRMS = frozenset({PartyKind.COMPANY, PartyKind.ORGANISATION})
UNNAMED = frozenset({PartyKind.GROUP})  # "users in China" is no name
SHORTEST = 3  # letters of a key that tells anything
SHORTEST_LEAD = 6  # of a first word that may stand for the whole name
CASED = 5  # letters of a single word up to which capitals count: "SEC" is an agency, "Sec." a section

NAME, OWN, LEAD, SURNAME, UNIT = "name", "own", "lead", "surname", "unit"

_UNIT = r"(?:[a-z][\w-]* ){0,3}(?:unit|subsidiary|arm|division|affiliate)"
# What stands between a firm and the one that it belongs to: "Harrow Cloud, the cloud unit of Harrow".
_UNIT_OF = re.compile(rf",? (?:which is |is )?(?:a|an|the) {_UNIT} of (?:the )?|,? (?:which is )?(?:wholly )?owned by ")
_UNIT_NAMED = re.compile(rf"(?:['’]s)? {_UNIT},? ")  # "Harrow's cloud arm Harrow Cloud"
_ASIDE = re.compile(r"\s*\(([A-Z][A-Za-z&.]{1,9})\)?$")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b|\s|$)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")


@lru_cache(maxsize=16_384)
def name_key(name: str, kind: PartyKind) -> str:
    """The form of a name under which all its spellings meet; "" where the words name nobody by themselves."""
    words = name_words(name, kind)
    if all(word in GENERIC for word in words):
        return ""
    key = "".join(words)
    if len(words) == 1 and len(key) <= CASED:
        key = next((word for word in _WORD.findall(_DOTS.sub("", name)) if word.casefold() == key), key)
    return key if len(key) >= SHORTEST else ""


@lru_cache(maxsize=16_384)
def name_words(name: str, kind: PartyKind) -> tuple[str, ...]:
    """The words of a name that tell it from others: "Sinomine (Hong Kong) Co., Ltd" is sinomine hong kong."""
    words = _words(_ASIDE.sub("", name))
    if kind is PartyKind.PERSON:
        return tuple(_personal(words))
    while len(words) > 1 and words[0] in LEADING_FORMS:
        words = words[1:]
    while len(words) > 1 and words[-1] in FORMS:
        words = words[:-1]
    if len(words) > 2 and words[0] in HEADS and words[1] in {"of", "for"}:
        words = [*words[2:], words[0]]
    return tuple(words)


def has_form(name: str) -> bool:
    """Whether a name ends with a form of incorporation."""
    return not FORMS.isdisjoint(_words(name)[-1:])


def _words(name: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    found = (word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(_DOTS.sub("", bare.casefold())))
    return [SPELLINGS.get(word, word).replace("'", "") for word in found]


def _personal(words: Sequence[str]) -> Sequence[str]:
    """A person's own words, without titles and initials in the middle; a surname keeps its title ("prof kindiki")."""
    bare = list(words)
    while len(bare) > 1 and bare[0] in TITLES:
        bare = bare[1:]
    while len(bare) > 2 and bare[-1] in SUFFIXES:
        bare = bare[:-1]
    bare = [bare[0], *(word for word in bare[1:-1] if len(word) > 1), bare[-1]] if len(bare) > 2 else bare
    return bare if len(bare) > 1 else words


def namings(article: Article, mentions: Iterable[Mention]) -> tuple[Naming, ...]:
    """What one article calls its parties: each party under each key once for each way, in a fixed order.

    Of a party that only texts know the own name counts besides the words at its places, and of a company with a form of
    incorporation its first word, which may stand for the whole elsewhere. A single word that the article also writes
    small ("Apple", "apple growers") names nobody that only texts know.
    """
    named = (m for m in mentions if m.how in TOLD and m.party.kind not in UNNAMED)
    told = sorted((m for m in named if m.party.id or not _is_written_small(article, m)), key=lambda m: m.span)
    found = [naming for mention in told for naming in _of_mention(article, mention)]
    found += _titled({m.party for m in told})
    found += _units(article, told)
    return tuple(sorted({(n.party, n.key, n.how, n.owner): n for n in reversed(found)}.values(), key=_order))


def _order(one: Naming) -> tuple[str, ...]:
    return one.party.id or "", one.party.kind, one.party.name, one.party.country or "", one.key, one.how, one.words


def _of_mention(article: Article, mention: Mention) -> Iterator[Naming]:
    party = mention.party
    words = " ".join(_text(article, mention).split())
    own, key = name_key(party.name, party.kind), name_key(words, party.kind)
    if own:
        yield Naming(party=party, key=own, how=OWN if party.id else NAME, words=party.name)
    first = name_words(party.name, party.kind)
    is_first = party.id is None and (words.casefold(),) == first[:1]
    if key and (key != own or party.id) and (not is_first or _is_telling(first[0])):
        is_surname = party.kind is PartyKind.PERSON and party.id is None and " " not in words
        yield Naming(party=party, key=key, how=SURNAME if is_surname else mention.how, words=words)
    is_firm = party.id is None and party.kind is PartyKind.COMPANY and has_form(party.name)
    if own and is_firm and len(first) > 1 and _is_telling(first[0]):
        yield Naming(party=party, key=first[0], how=LEAD, words=party.name)


def _is_telling(word: str) -> bool:
    return len(word) >= SHORTEST_LEAD and word not in GENERIC


def _is_written_small(article: Article, mention: Mention) -> bool:
    """Whether a single word, or its plural, stands in the same article without a capital."""
    word = _text(article, mention).casefold()
    texts = [text for text in (article.title, article.text) if word.isalpha() and word in text]
    return any(re.search(rf"(?<![\w.@#/-]){word}s?(?![\w@/]|\.\w)", text) for text in texts)


def _text(article: Article, mention: Mention) -> str:
    field = article.title if mention.span.field == "title" else article.text
    return field[mention.span.start : mention.span.end]


def _titled(parties: Iterable[Party]) -> Iterator[Naming]:
    """The one person of an article with the surname of a title: "Prof Kindiki" beside "Kithure Kindiki"."""
    people = sorted((p for p in parties if p.kind is PartyKind.PERSON), key=lambda p: p.name)
    for short in people:
        words = _words(short.name)
        if len(words) != 2 or words[0] not in TITLES:
            continue
        full = [p for p in people if p != short and name_words(p.name, p.kind)[-1] == words[1]]
        if len({p.name for p in full}) == 1:
            yield Naming(party=full[0], key=name_key(short.name, short.kind), how="alias", words=short.name)


def _units(article: Article, told: Sequence[Mention]) -> Iterator[Naming]:
    """Whom a firm belongs to, where the words between the two say so; the key is the owner's name."""
    for one, two in pairwise(told):
        if {one.party.kind, two.party.kind} - FIRMS or one.span.field != two.span.field or one.party == two.party:
            continue
        field = article.title if one.span.field == "title" else article.text
        between = field[one.span.end : two.span.start]
        for pattern, child, owner in ((_UNIT_OF, one, two), (_UNIT_NAMED, two, one)):
            if len(between) < 80 and pattern.fullmatch(between) and child.party.id is None:
                words = " ".join(field[one.span.start : two.span.end].split())
                yield Naming(party=child.party, key="", how=UNIT, words=words, owner=owner.party)
