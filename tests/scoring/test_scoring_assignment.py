"""The assignment is the best there is, whatever the weights."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tracker.scoring.assignment import assign

SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5))
WEIGHTS = SIZES.flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0, 0, 4, 5, 7.5, 14, 16]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


def best(weights: list[list[float]]) -> float:
    rows, columns = len(weights), len(weights[0])
    if rows > columns:
        return best([list(column) for column in zip(*weights, strict=True)])
    return max(sum(weights[i][j] for i, j in enumerate(chosen)) for chosen in permutations(range(columns), rows))


@given(WEIGHTS)
def test_the_total_is_the_greatest_and_everybody_is_paired_once(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert sum(weights[i][j] for i, j in pairs) == best(weights)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(weights[i][j] > 0 for i, j in pairs)


def test_nothing_to_pair() -> None:
    assert assign([]) == assign([[]]) == assign([[0.0]]) == []
