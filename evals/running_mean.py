"""The running mean of a model's weights while it learns, which errs less than the weights of the last step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

KEPT = 0.998  # of the mean at each step


class RunningMean:
    """The running mean of parameters, with a short memory at first."""

    def __init__(self, parameters: Sequence[Any]) -> None:
        self.pairs = [(p, p.detach().clone()) for p in parameters]
        self.steps = 0

    def step(self) -> None:
        """Take in the parameters as they are now."""
        self.steps += 1
        keep = min(KEPT, (1 + self.steps) / (10 + self.steps))
        for parameter, mean in self.pairs:
            mean.lerp_(parameter.detach(), 1.0 - keep)

    def take_over(self) -> None:
        """Put the mean in the parameters' place."""
        with torch.no_grad():
            for parameter, mean in self.pairs:
                parameter.copy_(mean)
