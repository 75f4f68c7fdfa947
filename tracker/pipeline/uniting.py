"""Clusters as judgements unite them: what settling events and settling measures share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tracker import resolve
from tracker.model import Held

OfLeads = Callable[[Iterable[str]], Mapping[str, tuple[str, ...]]]  # ids of leads -> who follows each


def united(leads: Iterable[str], held: Held, of_leads: OfLeads) -> dict[str, tuple[str, ...]]:
    """All that follows these leads, and those that judgements tie to them, by the foremost lead."""
    groups = resolve.groups(leads, held)
    followers = of_leads(lead for group in groups for lead in group)
    found = {group[0]: sorted(id_ for lead in group for id_ in followers.get(lead, ())) for group in groups}
    return {lead: tuple(members) for lead, members in found.items() if members}
