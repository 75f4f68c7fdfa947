"""What a likeness means, which copy is the origin, and that the groups of copies do not depend on the order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Likeness, Standing, Tier
from tracker.resolve import cluster, documents
from tracker.resolve.memory import Memory


def like(
    inside: float, covered: float, head: float, numbers: float | None = 1.0, names: float | None = 1.0
) -> Likeness:
    return Likeness(inside=inside, covered=covered, head=head, numbers=numbers, names=names)


@pytest.mark.parametrize(
    ("told", "copy"),
    [
        pytest.param(like(1, 1, 1), True, id="the same"),
        pytest.param(like(1, 1, 1, None, None), True, id="the same, without numbers and names"),
        pytest.param(like(1, 0.15, 1), True, id="the first paragraphs alone"),
        pytest.param(like(0.6, 0.3, 0.9), True, id="the first paragraphs and words of its own"),
        pytest.param(like(1, 0.7, 0), True, id="below a paragraph of its own"),
        pytest.param(like(0.95, 0.4, 0.3), True, id="many sentences left out"),
        pytest.param(like(1, 0.3, 0), False, id="inside a round-up"),
        pytest.param(like(0.6, 0.55, 0), False, id="the same background under other news"),
        pytest.param(like(0.8, 0.8, 0.9, 0.3), False, id="a form with other numbers"),
        pytest.param(like(0.8, 0.8, 0.9, None, 0.5), False, id="a form with other names"),
        pytest.param(like(0.4, 0.4, 0.9), False, id="the same first sentence"),
    ],
)
def test_what_a_likeness_means(told: Likeness, *, copy: bool) -> None:
    assert (documents.likely(told) >= documents.COPIED_AT) == copy


BEST_FIRST = [
    {"wires_own": True, "tier": Tier.MAJOR, "length": 300, "published": "2024-06-26"},
    {"wires_own": False, "tier": Tier.OFFICIAL, "length": 100, "published": "2024-06-27"},
    {"wires_own": False, "tier": Tier.SPECIALIST, "length": 320, "published": "2024-06-28"},  # whole
    {"wires_own": False, "tier": Tier.MAJOR, "length": 150, "published": "2024-06-25T09:00:00+00:00"},  # cut short
    {"wires_own": False, "tier": Tier.MAJOR, "length": 160, "published": "2024-06-25T10:00:00+00:00"},
    {"wires_own": False, "tier": Tier.MAJOR, "length": 155, "published": None},
    {"wires_own": False, "tier": Tier.SOCIAL, "length": 150, "published": "2024-06-24"},
    {"wires_own": False, "tier": None, "length": 150, "published": "2024-06-24"},
]


def test_which_copy_is_the_origin() -> None:
    ranks = [documents.rank("same", **told) for told in BEST_FIRST]  # type: ignore[arg-type]
    for n, (one, other) in enumerate(pairwise(ranks)):
        assert one < other, n
    assert documents.rank("a", **BEST_FIRST[0]) != documents.rank("b", **BEST_FIRST[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("published", "day"),
    [("2024-06-25T10:00:00+00:00", "2024-06-25"), ("2024-06", "2024-06-15"), ("2024", "2024-07-01"), (None, "")],
)
def test_the_day_of_a_date(published: str | None, day: str) -> None:
    assert documents.day(published) == day


def overlap(one: bytes, other: bytes) -> Likeness:
    """A text of these tests is a set of letters."""
    both = len(set(one) & set(other))
    shares = both / min(len(one), len(other)), both / max(len(one), len(other))
    return like(*shares, 0)


RULES = documents.Copies(likeness=overlap, signature_keys=lambda signature: tuple(map(str, signature)))


def text(key: str, letters: str, day: str = "2024-06-25", scheme: str = "s") -> Standing:
    packed = documents.pack(
        documents.Text(scheme=scheme, day=day, exact="" if len(letters) < 2 else letters, signature=letters.encode())
    )
    rank = documents.rank(key, wires_own=False, tier=None, length=len(letters), published=day)
    return Standing(id=key, group="", rank=rank, profile=packed)


def origins(*batches: list[Standing]) -> dict[str, str]:
    memory = Memory(RULES)
    for batch in batches:
        memory.put(cluster.settle(batch, (), memory, RULES))
    return {one.id: one.lead or "" for one in memory.standings()}


def test_a_text_between_two_does_not_join_them() -> None:
    one, between, other = text("a", "bcdefghijk"), text("b", "bcdefghilm"), text("c", "bcdefgnolm")
    found = origins([one, between, other])
    assert found["a"] != found["c"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (text("a", "bcdefghi"), text("b", "bcdefghj"), True),
        (text("a", "bcdefghi"), text("b", "bcdefghj", day="2024-07-02"), True),
        (text("a", "bcdefghi"), text("b", "bcdefghj", day="2024-07-03"), False),  # near copies come within a week
        (text("a", "bcdefghi"), text("b", "bcdefghi", day="2019-01-01"), True),  # the same text at any time
        (text("a", "bcdefghi"), text("b", "bcdefghj", day=""), False),
        (text("a", "bcdefghi"), text("b", "bcdefghi", day=""), True),
        (text("a", "bcdefghi"), text("b", "bcdefghj", scheme="older"), False),  # not compared
        (text("a", "b"), text("b", "b", day=""), False),
        (text("a", "bcdefghi", day="0001-01-02"), text("b", "bcdefghj", day="0001-01-01"), True),
        (text("a", "bcdefghi", day="9999-12-31"), text("b", "bcdefghj", day="9999-12-31"), True),
    ],
)
def test_when_texts_are_compared(one: Standing, other: Standing, *, same: bool) -> None:
    assert (len(set(origins([one, other]).values())) == 1) == same


LETTERS = st.text(alphabet="bcdefgh", min_size=4, max_size=7).map(lambda t: "".join(sorted(set(t))))


@given(
    st.lists(st.tuples(LETTERS, st.sampled_from(["2024-06-25", "2024-07-01", "2024-07-06"])), min_size=2, max_size=9),
    st.data(),
)
def test_the_order_of_arrival_does_not_matter(told: list[tuple[str, str]], data: st.DataObject) -> None:
    """Nor how it is cut into batches, nor what the texts said before they were edited."""
    texts = [text(f"t{n}", letters, day) for n, (letters, day) in enumerate(told)]
    drafts = [replace(text(one.id, data.draw(LETTERS)), id=one.id) for one in texts[: len(texts) // 2]]
    shuffled = data.draw(st.permutations(texts))
    cut = data.draw(st.integers(0, len(texts)))
    wanted = origins(texts)
    assert origins(*([one] for one in shuffled)) == wanted
    assert origins(drafts, shuffled[:cut], shuffled[cut:]) == wanted
