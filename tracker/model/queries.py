"""A question with a name, as a file of settings states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Given = str | tuple[str, ...]  # one value of a filter, or any of several; texts, as they were written


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """What alerts, feeds and exports refer to by its name; `filters` are those of the timeline."""

    name: str
    title: str
    filters: Mapping[str, Given]
    oldest: bool = False  # oldest first
