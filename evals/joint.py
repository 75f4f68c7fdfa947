"""Fit the sentence encoder, its heads and the linear models together, on articles that `lessons` has prepared.

Every task's logits are those of a head over the encoder's vectors plus those of a linear model over named features, so
that each learns what the other leaves. A fixed seed and one order of batches: the same lessons give the same weights on
the same kind of machine.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import minilm
import numpy as np
import torch
from minilm import WIDTH
from running_mean import RunningMean
from torch import nn

from tracker.model import EventType
from tracker.nlp.insight import CLAUSE_TASKS, PAIR_TASKS, ClauseHead, Heads, PairHead
from tracker.nlp.windows import Window

HIDDEN = 128
PIECES_A_BATCH, LESSONS_A_BATCH = 3000, 24
KINDS = len(EventType)  # and the number of none
IN_TEXT, IN_TITLE, NOWHERE = 0, 1, 2  # where a phrase stands
SEED = 7
DROP = 0.15  # the share of named features that is left out at random
SPARSE_RATE = 0.01
AT_LEAST = 3  # examples that a named feature must occur in
EMPHASIS = {"status": 1.5, "direction": 2.0, "certainty": 1.5}  # tasks that learn more slowly than the others
PENALTY = {"types": 2.0, "roles": 4.0, "items": 4.0, "status": 2.0, "direction": 2.0, "certainty": 2.0, "dates": 1.0}


@dataclass
class Rows:
    """The examples of one task in one article; `own` holds labels by shared features."""

    heads: list[int] = field(default_factory=list)
    cores: list[tuple[int, ...]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)  # where, first token, end
    features: list[dict[str, float]] = field(default_factory=list)
    own: list[Any] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)


@dataclass
class Lesson:
    """One article to learn from."""

    windows: list[Window]
    tokens: int
    title_tokens: int
    rows: dict[str, Rows]
    weight: float
    low: list[Any] = field(default_factory=list)  # per window what the lower layers make of it, (pieces, width)

    @property
    def size(self) -> tuple[int, int]:
        """Windows, and pieces of the longest."""
        return len(self.windows), max(len(w.ids) for w in self.windows)


class Sparse(nn.Module):
    """A linear model over named features, and over features that each label has its own value of."""

    def __init__(self, names: Sequence[str], labels: int, shared: int) -> None:
        super().__init__()
        self.number = {name: i for i, name in enumerate(names)}
        self.known: dict[int, tuple[Any, Any, Any]] = {}
        self.table = nn.EmbeddingBag(max(1, len(names)), labels, mode="sum")
        nn.init.zeros_(self.table.weight)
        self.shared = nn.Parameter(torch.zeros(shared))

    def forward(self, rows: Sequence[Rows], drop: float) -> torch.Tensor:
        """(examples, labels)."""
        parts = [self._numbered(r) for r in rows]
        ids, values, lengths = (np.concatenate([p[k] for p in parts]) for k in range(3))
        if drop:
            values = values * (np.random.random(len(values)) >= drop) / (1.0 - drop)  # noqa: NPY002  (seeded once)
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        out = self.table(torch.from_numpy(ids), torch.from_numpy(offsets), torch.from_numpy(values.astype(np.float32)))
        if len(self.shared):
            own = np.concatenate([np.array(r.own, dtype=np.float32) for r in rows])
            out = out + torch.from_numpy(own) @ self.shared
        return out

    def _numbered(self, rows: Rows) -> tuple[Any, Any, Any]:
        """Feature numbers and values of all rows end to end, and how many each row has; kept for the next epoch."""
        made = self.known.get(id(rows))
        if made is None:
            number = self.number
            found = [[(number[name], v) for name, v in f.items() if name in number] for f in rows.features]
            flat = list(chain.from_iterable(found))
            made = (
                np.array([i for i, _ in flat], dtype=np.int64),
                np.array([v for _, v in flat]),
                np.array([len(r) for r in found], dtype=np.int64),
            )
            self.known[id(rows)] = made
        return made

    def penalty(self) -> torch.Tensor:
        """The sum of squares."""
        return self.table.weight.square().sum() + 0.3 * self.shared.square().sum()


class ClauseNet(nn.Module):
    """`ClauseHead` while it learns."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.inward, self.outward = nn.Linear(3 * WIDTH, HIDDEN), nn.Linear(HIDDEN, labels)
        self.kinds = _kinds()
        self.drop = nn.Dropout(0.2)

    def forward(self, clause: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """(examples, 3 width) to (examples, labels)."""
        hidden = nn.functional.gelu(self.inward(self.drop(clause)) + self.kinds(kinds), approximate="tanh")
        return self.outward(self.drop(hidden))  # type: ignore[no-any-return]

    def plain(self) -> ClauseHead:
        """As arrays."""
        return ClauseHead(
            inward=_np(self.inward.weight.T), bias=_np(self.inward.bias), kinds=_np(self.kinds.weight[:KINDS]),
            outward=_np(self.outward.weight.T), last=_np(self.outward.bias),
        )  # fmt: skip


class PairNet(nn.Module):
    """`PairHead` while it learns."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.clause, self.phrase = nn.Linear(3 * WIDTH, HIDDEN), nn.Linear(WIDTH, HIDDEN, bias=False)
        self.clause_gate, self.phrase_gate = (nn.Linear(n, HIDDEN, bias=False) for n in (3 * WIDTH, WIDTH))
        self.kinds, self.outward = _kinds(), nn.Linear(HIDDEN, labels)
        self.drop = nn.Dropout(0.2)

    def forward(self, clause: torch.Tensor, phrase: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """(examples, 3 width) and (examples, width) to (examples, labels)."""
        clause, phrase = self.drop(clause), self.drop(phrase)
        hidden = self.clause(clause) + self.phrase(phrase) + self.kinds(kinds)
        hidden = hidden + self.clause_gate(clause) * self.phrase_gate(phrase)
        return self.outward(self.drop(nn.functional.gelu(hidden, approximate="tanh")))  # type: ignore[no-any-return]

    def plain(self) -> PairHead:
        """As arrays."""
        return PairHead(
            clause=_np(self.clause.weight.T), phrase=_np(self.phrase.weight.T),
            clause_gate=_np(self.clause_gate.weight.T), phrase_gate=_np(self.phrase_gate.weight.T),
            bias=_np(self.clause.bias), kinds=_np(self.kinds.weight[:KINDS]),
            outward=_np(self.outward.weight.T), last=_np(self.outward.bias),
        )  # fmt: skip


def _kinds() -> nn.Embedding:
    table = nn.Embedding(KINDS + 1, HIDDEN, padding_idx=KINDS)
    nn.init.normal_(table.weight[:KINDS], std=0.1)
    return table


def _np(t: torch.Tensor) -> Any:
    return t.detach().numpy().astype(np.float32).copy()


class Joint(nn.Module):
    """Everything that is fitted together."""

    def __init__(
        self, encoder: minilm.Encoder, lessons: Sequence[Lesson], labels: dict[str, tuple[str, ...]],
        shared: dict[str, tuple[str, ...]],
    ) -> None:  # fmt: skip
        super().__init__()
        self.encoder = encoder
        self.tasks = (*CLAUSE_TASKS, *PAIR_TASKS)
        nets = {f"of {t}": (ClauseNet if t in CLAUSE_TASKS else PairNet)(len(labels[t])) for t in self.tasks}
        self.nets = nn.ModuleDict(nets)
        self.sparse = nn.ModuleDict(
            {f"of {t}": Sparse(feature_names(lessons, t), len(labels[t]), len(shared.get(t, ()))) for t in self.tasks}
        )

    def net_of(self, task: str) -> Any:
        """The head of a task."""
        return self.nets[f"of {task}"]

    def sparse_of(self, task: str) -> Any:
        """The linear model of a task."""
        return self.sparse[f"of {task}"]

    def forward(self, batch: Sequence[Lesson], drop: float = 0.0) -> dict[str, torch.Tensor]:
        """Task to logits of all its examples in the batch, in order."""
        laid = _laid(self.encoder, batch)
        out = {}
        for task in self.tasks:
            parts = [(n, lesson.rows[task]) for n, lesson in enumerate(batch) if lesson.rows[task].labels]
            if parts:
                clause, kinds = laid.clauses(parts), torch.tensor([k for _, rows in parts for k in rows.kinds])
                net = self.net_of(task)
                dense = net(clause, laid.phrases(parts), kinds) if task in PAIR_TASKS else net(clause, kinds)
                out[task] = dense + self.sparse_of(task)([rows for _, rows in parts], drop)
        return out


@dataclass(frozen=True, slots=True)
class _Laid:
    """A batch's token vectors end to end, and where each article starts."""

    text: torch.Tensor
    title: torch.Tensor
    whole: torch.Tensor
    starts: list[int]
    title_starts: list[int]

    def clauses(self, parts: Sequence[tuple[int, Rows]]) -> torch.Tensor:
        """(examples, 3 width)."""
        heads = torch.tensor([self.starts[n] + h for n, rows in parts for h in rows.heads])
        cores = [[self.starts[n] + i for i in core] for n, rows in parts for core in rows.cores]
        return torch.cat([self.text[heads], _bag(self.text, cores), self.whole[heads]], dim=1)

    def phrases(self, parts: Sequence[tuple[int, Rows]]) -> torch.Tensor:
        """(examples, width); zero where there is no phrase."""
        table = torch.cat([self.text, self.title, torch.zeros(1, WIDTH)])
        return _bag(table, [self._tokens(n, *span, none=len(table) - 1) for n, rows in parts for span in rows.spans])

    def _tokens(self, n: int, where: int, first: int, end: int, *, none: int) -> list[int]:
        if where == NOWHERE or end <= first:
            return [none]
        base = self.starts[n] if where == IN_TEXT else len(self.text) + self.title_starts[n]
        return list(range(base + first, base + end))


def _laid(encoder: minilm.Encoder, batch: Sequence[Lesson]) -> _Laid:
    cut = [w for lesson in batch for w in lesson.windows]
    longest = max(len(w.ids) for w in cut)
    low, mask = torch.zeros(len(cut), longest, WIDTH), torch.full((len(cut), 1, 1, longest), -1e4)
    for i, state in enumerate(chain.from_iterable(lesson.low for lesson in batch)):
        low[i, : len(state)] = torch.from_numpy(state).float()
        mask[i, :, :, : len(state)] = 0.0
    flat = encoder.high(low, mask).reshape(-1, WIDTH)
    starts = np.cumsum([0, *(lesson.tokens for lesson in batch)]).tolist()
    title_starts = np.cumsum([0, *(lesson.title_tokens for lesson in batch)]).tolist()
    at: dict[str, list[Any]] = {k: [] for k in ("text", "place", "title", "title place", "token", "window")}
    numbered = ((n, k, w) for n, lesson in enumerate(batch) for k, w in enumerate(lesson.windows))
    for i, (n, k, w) in enumerate(numbered):
        inside = np.nonzero(w.text >= 0)[0]
        at["text"].append(starts[n] + w.text[inside])
        at["place"].append(i * longest + inside)
        at["token"].append(np.unique(at["text"][-1]))
        at["window"].append(np.full(len(at["token"][-1]), i * longest))
        if k == 0:
            inside = np.nonzero(w.title >= 0)[0]
            at["title"].append(title_starts[n] + w.title[inside])
            at["title place"].append(i * longest + inside)
    joined = {k: torch.from_numpy(np.concatenate(v)) for k, v in at.items()}
    whole = torch.zeros(starts[-1], WIDTH).index_copy(0, joined["token"], flat[joined["window"]])
    text = _mean(flat, joined["text"], joined["place"], starts[-1])
    return _Laid(
        text, _mean(flat, joined["title"], joined["title place"], title_starts[-1]), whole, starts, title_starts
    )


def _mean(flat: torch.Tensor, owner: torch.Tensor, place: torch.Tensor, n: int) -> torch.Tensor:
    total = torch.zeros(n, WIDTH).index_add(0, owner, flat[place])
    return total / torch.bincount(owner, minlength=n).clamp(min=1)[:, None]


def _bag(vectors: torch.Tensor, groups: Sequence[Sequence[int]]) -> torch.Tensor:
    row = torch.tensor([n for n, g in enumerate(groups) for _ in g])
    return _mean(vectors, row, torch.tensor(list(chain.from_iterable(groups))), len(groups))


def feature_names(lessons: Sequence[Lesson], task: str) -> list[str]:
    """The named features of a task that occur often enough."""
    seen = Counter(name for lesson in lessons for features in lesson.rows[task].features for name in features)
    return sorted(name for name, n in seen.items() if n >= AT_LEAST)


def batches(lessons: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    """Lessons of like length together, in a random order of batches."""
    order = sorted(lessons, key=lambda x: (x.size[1] // 32, chance.random()))
    made: list[list[Lesson]] = []
    current: list[Lesson] = []
    for lesson in order:
        several = [*current, lesson]
        pieces = max(x.size[1] for x in several) * sum(x.size[0] for x in several)
        if current and (pieces > PIECES_A_BATCH or len(several) > LESSONS_A_BATCH):
            made.append(current)
            current = []
        current.append(lesson)
    made.append(current)
    chance.shuffle(made)
    return made


def start(
    encoder: minilm.Encoder, lessons: Sequence[Lesson], labels: dict[str, tuple[str, ...]],
    shared: dict[str, tuple[str, ...]],
) -> Joint:  # fmt: skip
    """A model that has learned nothing yet, with the named features of these lessons."""
    torch.manual_seed(SEED)
    return Joint(encoder, lessons, labels, shared)


def go_on(model: Joint, lessons: Sequence[Lesson], *, epochs: int, rate: float, head_rate: float) -> None:
    """Learn from the lessons, `rate` for the encoder and `head_rate` for the heads, both rising and then falling.

    What is left is the running mean of the weights over the last steps, which errs less than the last weights do.
    """
    np.random.seed(SEED)  # noqa: NPY002
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    _lay_low(lessons, model.encoder)
    for part in model.sparse.values():
        part.known.clear()  # type: ignore[union-attr, operator]
    chance = random.Random(SEED)  # noqa: S311
    plan = [batches(lessons, chance) for _ in range(epochs)]
    deep = [p for layer in model.encoder.layers[minilm.FROZEN :] for p in layer.parameters()]
    optimiser = torch.optim.AdamW([
        {"params": deep, "lr": rate, "weight_decay": 0.01},
        {"params": model.nets.parameters(), "lr": head_rate, "weight_decay": 0.01},
        {"params": model.sparse.parameters(), "lr": SPARSE_RATE, "weight_decay": 0.0},
    ])  # fmt: skip
    total = sum(map(len, plan))
    warm = max(1, total // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.02, (total - step) / (total - warm)))
    )
    count = {t: max(1, sum(len(x.rows[t].labels) for x in lessons)) for t in model.tasks}
    mean = RunningMean([p for group in optimiser.param_groups for p in group["params"]])
    began = time.monotonic()
    for number, parts in enumerate(plan, start=1):
        model.train()
        losses: Counter[str] = Counter()
        for batch in parts:
            optimiser.zero_grad()
            _loss(model, batch, count, losses).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(deep, 1.0)
            optimiser.step()
            schedule.step()
            mean.step()
        told = "  ".join(f"{task} {value / len(parts):.3f}" for task, value in losses.items())
        print(f"epoch {number}: {told}  {time.monotonic() - began:.0f} s", flush=True)
    mean.take_over()
    model.eval()


def _loss(model: Joint, batch: Sequence[Lesson], count: dict[str, int], losses: Counter[str]) -> torch.Tensor:
    """The sum over the tasks of the mean loss of an example, and of the linear models' penalties."""
    loss = torch.zeros(())
    for task, logits in model(batch, drop=DROP).items():
        gold = torch.tensor([y for x in batch for y in x.rows[task].labels])
        weight = torch.tensor([x.weight for x in batch for _ in x.rows[task].labels])
        one = (nn.functional.cross_entropy(logits, gold, reduction="none") * weight).sum() / len(gold)
        losses[task] += float(one.detach())
        loss = (
            loss + EMPHASIS.get(task, 1.0) * one + 0.5 * PENALTY[task] / count[task] * model.sparse_of(task).penalty()
        )
    return loss


def _lay_low(lessons: Sequence[Lesson], encoder: minilm.Encoder) -> None:
    """Run the lower layers once over every window."""
    encoder.eval()
    with torch.no_grad():
        for lesson in lessons:
            if not lesson.low:
                lesson.low = [encoder.low(torch.from_numpy(w.ids)).numpy().astype(np.float16) for w in lesson.windows]


def heads(model: Joint) -> Heads:
    """The dense heads as arrays."""
    return Heads(
        {t: model.net_of(t).plain() for t in CLAUSE_TASKS},
        {t: model.net_of(t).plain() for t in PAIR_TASKS},
    )
