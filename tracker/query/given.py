"""Filters as texts (a saved query, an address in a browser) into the values that the timeline takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import UnionType
from typing import Any, cast, get_args, get_type_hints

from tracker.errors import InputError
from tracker.model import Given
from tracker.query.filters import Filters
from tracker.spelling import nearest

TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def given(texts: Mapping[str, Given]) -> Filters:
    """The filters that some texts state.

    Raises:
        InputError: there is no such filter, or its text is no value of its kind. Whether a value is one that the
            filter knows is seen where the timeline is asked.
    """
    kinds = _kinds()
    found: dict[str, Any] = {}
    for name, value in texts.items():
        if name not in kinds:
            near = nearest(name, tuple(kinds))
            raise InputError(
                f"{name!r} is no filter; " + (f"did you mean {near!r}?" if near else f"use {', '.join(kinds)}")
            )
        found[name] = _value(name, value, kinds[name])
    return cast("Filters", found)


def _value(name: str, value: Given, kind: type | None) -> object:
    if kind is None:  # one text or several
        return value
    if not isinstance(value, str):
        raise InputError(f"{name} takes one value, not a list")
    try:
        return READ[kind](value)
    except (ValueError, KeyError):
        raise InputError(f"{name} takes {WANTED[kind]}, not {value!r}") from None


READ: Mapping[type, Callable[[str], object]] = {
    str: str,
    float: float,
    int: int,
    bool: lambda text: TRUTHS[text.lower()],
}
WANTED = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}


@cache
def _kinds() -> dict[str, type | None]:
    """Each filter with what it takes: None for one text or several."""
    return {name: _kind(hint) for name, hint in get_type_hints(Filters).items()}


def _kind(hint: Any) -> type | None:
    plain = [one for one in (get_args(hint) if isinstance(hint, UnionType) else (hint,)) if one is not type(None)]
    return plain[0] if len(plain) == 1 and plain[0] in READ else None
