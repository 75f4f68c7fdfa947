"""Reports and events as things to be put together with their like; where they belong is not decided here."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model import Event, Report, Standing
from tracker.resolve.profile import event_profile, pack, profile, rank


def report_standing(report: Report) -> Standing:
    """A report on its way into an event, with what is compared of it; two of one article are told apart."""
    found = profile(report)
    return Standing(id=report.id, group=report.article_id, rank=rank(found), profile=pack(found))


def event_standing(event: Event, reports: Sequence[Report]) -> Standing:
    """An event on its way into a measure; it goes by the id of its leading report."""
    found = event_profile(event, reports)
    return Standing(id=event.lead_id, group="", rank=rank(found), profile=pack(found))
