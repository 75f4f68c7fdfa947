"""Questions of several steps, asked of one state of the database, whatever a refresh writes between two of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from tracker.store.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")


def still(question: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """The same question, in one transaction."""

    @wraps(question)
    def ask(db: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with db.reading():
            return question(db, *args, **kwargs)

    return ask
