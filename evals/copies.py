"""How well copies are told from other texts, by kind of edit: `python evals/copies.py`.

Texts of our own (`articles/` beside this file) are edited as outlets edit what a wire sends, with what `copies.yaml`
holds; texts that share many words and are no copies are made beside them: forms filled in differently, follow-ups on
the same background, round-ups, one outlet's stories above one foot. A pair counts as found when the index finds it (a
key in common) and the rule takes it for a copy. The floors are in tests/pipeline/test_pipeline_copies.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

import yaml
from articles import own_articles

from tracker import articles
from tracker.resolve import documents

TEXTS = 400  # articles that are edited
LEAST = 150  # words of such an article
SEED = 7
TABLES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
FEET, OWN, FORMS = TABLES["feet"], TABLES["own"], TABLES["forms"]

Edit = Callable[[list[str], random.Random], list[str]]  # paragraphs to paragraphs
Pair = tuple[str, str]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [part for part in text.split("\n\n") if part.strip()]


def replaced(table: Mapping[str, str], parts: list[str], rng: random.Random, *, share: float) -> list[str]:
    """The words of a table put for others, at a share of the places."""
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(old)}(?!\w)" for old in table))
    return [pattern.sub(lambda m: table[m[0]] if rng.random() < share else m[0], part) for part in parts]


def begun(parts: list[str], words: int) -> list[str]:
    """The first paragraphs, until there are so many words."""
    kept: list[str] = []
    for part in parts:
        kept.append(part)
        if sum(len(one.split()) for one in kept) >= words:
            break
    return kept


def with_credit(parts: list[str], rng: random.Random) -> list[str]:
    """Another dateline and credit."""
    first = re.sub(r"^[A-Z][A-Z ,.]+(?:, \w+ \d+)? ?\([^)]*\) ?[-\u2013\u2014] ?", "", parts[0])
    return [rng.choice(TABLES["credits"]) + first, *parts[1:]]


def without_sentences(parts: list[str], rng: random.Random) -> list[str]:
    """Every sixth sentence is left out."""
    kept = [" ".join(s for s in re.split(r"(?<=[.!?]) ", part) if rng.random() > 1 / 6) for part in parts]
    return [part for part in kept if part]


def edited(parts: list[str], rng: random.Random) -> list[str]:
    """What an outlet does to a wire's story on a busy day: cut, light edits, own words, a foot."""
    cut = begun(parts, sum(len(p.split()) for p in parts) * 3 // 5)
    return [*replaced(TABLES["light"], with_credit(cut, rng), rng, share=0.7), rng.choice(OWN), rng.choice(FEET)]


COPIES: Mapping[str, Edit] = {
    "the same text": lambda parts, _: parts,
    "another dateline and credit": with_credit,
    "a foot": lambda parts, rng: [*parts, rng.choice(FEET)],
    "British spelling": lambda parts, rng: replaced(TABLES["british"], parts, rng, share=1),
    "light edits": lambda parts, rng: replaced(TABLES["light"], parts, rng, share=1),
    "sentences left out": without_sentences,
    "cut to two thirds": lambda parts, _: begun(parts, sum(len(p.split()) for p in parts) * 2 // 3),
    "cut to a third": lambda parts, _: begun(parts, sum(len(p.split()) for p in parts) // 3),
    "cut to 60 words or more": lambda parts, _: begun(parts, 60),
    "own paragraph at the end": lambda parts, rng: [*parts, rng.choice(OWN)],
    "own paragraph at the beginning": lambda parts, rng: [rng.choice(OWN), *parts],
    "cut, edited, own words, a foot": edited,
}


def form(which: int, rng: random.Random) -> str:
    """A form filled in."""
    lists, numbers = TABLES["fillings"], ("", 2, 3, 4)
    values = {name: rng.choice(choices) for name, choices in lists.items()}
    for name in ("firm", "name"):
        values |= dict(zip((name, f"{name}2"), rng.sample(lists[name], 2), strict=True))
    for number in numbers:
        values[f"date{number}"] = f"{rng.choice(lists['month'])} {rng.randint(1, 28)}, {rng.randint(2022, 2025)}"
        values[f"year{number}"] = str(rng.randint(2012, 2025))
    values |= {one: f"{rng.randint(1, 999)}.{rng.randint(1, 9)}" for one in "mnkpqrstu"}
    return Template(FORMS[which]).substitute(values)


def forms(rng: random.Random, most: int) -> Iterator[Pair]:
    """Forms filled in twice."""
    return ((form(n % len(FORMS), rng), form(n % len(FORMS), rng)) for n in range(most))


def same_foot(texts: list[list[str]], rng: random.Random) -> Iterator[Pair]:
    """Short stories of one outlet above its foot."""
    for one, other in pairwise(texts):
        yield "\n\n".join([*begun(one, 60), FEET[2]]), "\n\n".join([*begun(other, rng.choice((60, 200))), FEET[2]])


def follow_ups(texts: list[list[str]]) -> Iterator[Pair]:
    """News above the second half of yesterday's story."""
    for one, other in pairwise(texts):
        yield "\n\n".join(one), "\n\n".join([*begun(other, 120), *one[len(one) // 2 :]])


def round_ups(texts: list[list[str]]) -> Iterator[Pair]:
    """A story, and a page that has it below three others."""
    for n, one in enumerate(texts):
        others = [texts[(n + step) % len(texts)] for step in (1, 2, 3)]
        yield "\n\n".join(one), "\n\n".join([*(p for other in others for p in begun(other, 120)), *one])


def others(texts: list[list[str]]) -> Iterator[Pair]:
    """Two stories, often of one subject: neighbours in our files."""
    return (("\n\n".join(one), "\n\n".join(other)) for one, other in pairwise(texts))


def sample(most: int) -> list[list[str]]:
    """The paragraphs of the articles that are edited: long ones, taken evenly from all files."""
    found = [paragraphs(doc["text"]) for doc in own_articles() if len(doc["text"].split()) >= LEAST]
    found = [parts for parts in found if len(parts) > 2]
    return found[:: max(len(found) // most, 1)][:most]


def pairs(most: int = TEXTS, seed: int = SEED) -> Iterator[tuple[str, bool, list[Pair]]]:
    """Each kind of pair with whether they are copies."""
    rng, texts = random.Random(seed), sample(most)  # noqa: S311
    for name, edit in COPIES.items():
        yield name, True, [("\n\n".join(parts), "\n\n".join(edit(parts, rng))) for parts in texts]
    yield "one form filled in twice", False, list(forms(rng, most))
    yield "two stories above one foot", False, list(same_foot(texts, rng))
    yield "a follow-up on the same background", False, list(follow_ups(texts))
    yield "a round-up that holds it", False, list(round_ups(texts))
    yield "two other stories", False, list(others(texts))


def is_copy(pair: Pair) -> bool:
    """Whether the pair is found and taken for copies."""
    if articles.content_hash(pair[0]) == articles.content_hash(pair[1]):
        return True
    one, other = map(articles.signature, pair)
    shared = set(articles.keys(one)) & set(articles.keys(other))
    return bool(shared) and documents.likely(articles.likeness(one, other)) > 0


def shares(judge: Callable[[Pair], bool] = is_copy, *, most: int = TEXTS) -> dict[str, tuple[bool, float]]:
    """By kind: whether these are copies, and the share that is taken for copies."""
    return {name: (wanted, sum(map(judge, found)) / len(found)) for name, wanted, found in pairs(most)}


def main() -> None:
    """Print the share of each kind that is taken for copies, and recall and precision over all."""
    found = shares()
    for name, (wanted, share) in found.items():
        print(f"{'copy' if wanted else 'none':5} {share:6.3f}  {name}")
    right = [share for wanted, share in found.values() if wanted]
    wrong = [share for wanted, share in found.values() if not wanted]
    recall, precision = sum(right) / len(right), sum(right) / (sum(right) + sum(wrong))
    print(f"recall {recall:.3f}, precision {precision:.3f}, all kinds weighed alike")


if __name__ == "__main__":
    main()
