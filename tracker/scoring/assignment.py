"""Maximum-weight one-to-one assignment: the Hungarian method with potentials, O(n³).

After Kuhn (1955) and Munkres (1957) in the row-by-row form with shortest augmenting paths (Jonker and Volgenant 1987).
Rows and columns are taken in order, so ties fall the same way on every run. Knows nothing of events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

Matrix = Sequence[Sequence[float]]


def assign(weights: Matrix) -> list[tuple[int, int]]:
    """The (row, column) pairs of greatest total weight, by column; pairs of weight 0 are left out."""
    if not weights or not weights[0]:
        return []
    matching = _Matching.of(_costs(weights))
    for row in range(1, matching.size + 1):
        matching.take_in(row)
    pairs = ((matching.row_of[column] - 1, column - 1) for column in range(1, matching.size + 1))
    rows, columns = len(weights), len(weights[0])
    return [(i, j) for i, j in pairs if i < rows and j < columns and weights[i][j] > 0]


def _costs(weights: Matrix) -> list[list[float]]:
    """A square matrix of costs: the best weight less the own one; what fills it up weighs nothing."""
    rows, columns = len(weights), len(weights[0])
    size, top = max(rows, columns), max(map(max, weights))
    return [[top - (weights[i][j] if i < rows and j < columns else 0) for j in range(size)] for i in range(size)]


@dataclass(slots=True)
class _Matching:
    """Rows matched so far, with the potentials that keep every reduced cost at 0 or more; 0 stands for nobody."""

    costs: list[list[float]]
    size: int
    row_potential: list[float]
    column_potential: list[float]
    row_of: list[int]  # by column

    @classmethod
    def of(cls, costs: list[list[float]]) -> _Matching:
        size = len(costs)
        return cls(costs, size, [0.0] * (size + 1), [0.0] * (size + 1), [0] * (size + 1))

    def take_in(self, row: int) -> None:
        """Match one more row, moving others along the cheapest augmenting path."""
        self.row_of[0] = row
        before, column = self._path()
        while column:
            self.row_of[column], column = self.row_of[before[column]], before[column]

    def _path(self) -> tuple[list[int], int]:
        """The column before each on the cheapest path to a free column, and that column."""
        before, least, used = [0] * (self.size + 1), [inf] * (self.size + 1), [False] * (self.size + 1)
        column = 0
        while True:
            used[column] = True
            column = self._step(column, before, least, used)
            if not self.row_of[column]:
                return before, column

    def _step(self, column: int, before: list[int], least: list[float], used: list[bool]) -> int:
        """Look along the row of a column, settle the cheapest open column and move the potentials by its cost."""
        row = self.row_of[column]
        for j in range(1, self.size + 1):
            if not used[j]:
                cost = self.costs[row - 1][j - 1] - self.row_potential[row] - self.column_potential[j]
                if cost < least[j]:
                    least[j], before[j] = cost, column
        cheapest = min((j for j in range(1, self.size + 1) if not used[j]), key=least.__getitem__)
        delta = least[cheapest]
        for j in range(self.size + 1):
            if used[j]:
                self.row_potential[self.row_of[j]] += delta
                self.column_potential[j] -= delta
            else:
                least[j] -= delta
        return cheapest
