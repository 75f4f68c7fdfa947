"""What is dear to find out and may be a little old, kept from one request to the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """Answers by name, each with the time of its making; safe to ask from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is kept yet; `clock` gives seconds."""
        self._clock = clock
        self._kept: dict[str, tuple[float, Any]] = {}
        self._alone = threading.Lock()

    def get(self, name: str, seconds: float, make: Callable[[], T]) -> T:
        """The answer of this name, made anew where it is older than so many seconds; others wait for it meanwhile."""
        with self._alone:
            made, found = self._kept.get(name, (0.0, None))
            if name not in self._kept or self._clock() - made > seconds:
                found = make()
                self._kept[name] = (self._clock(), found)
            answer: T = found
            return answer
