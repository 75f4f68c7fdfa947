"""How the tests of this room ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tracker.fetch import Fetcher
from tracker.fetch.dialling import Resolve, system_resolver
from tracker.model import Done, Fetched, FetchSettings, Page, Request

NOW = datetime(2024, 7, 9, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def fetch(settings: FetchSettings, *requests: Request | str) -> dict[str, Fetched]:
    """URL to outcome, in order of completion."""
    return dict(in_order(settings, requests))


def in_order(
    settings: FetchSettings, requests: Iterable[Request | str], *, resolve: Resolve = system_resolver
) -> list[tuple[str, Fetched]]:
    wanted = [Request(url=one) if isinstance(one, str) else one for one in requests]
    with Fetcher(settings, now=clock, resolve=resolve) as fetcher:
        return [(request.url, outcome) for request, outcome in fetcher.fetch(wanted)]


def one(settings: FetchSettings, request: Request | str, *, resolve: Resolve = system_resolver) -> Fetched:
    ((_, outcome),) = in_order(settings, [request], resolve=resolve)
    return outcome


def page(outcome: Fetched) -> Page:
    assert isinstance(outcome, Done), outcome
    assert isinstance(outcome.value, Page), outcome
    return outcome.value
