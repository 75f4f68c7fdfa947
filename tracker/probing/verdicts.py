"""What is wrong with a source that was tried, in words, and what to do about it. Pure: asks nobody."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tracker.model import Page, Source, SourceKind
from tracker.probing.trials import Trial
from tracker.sources import discovery

STALE = timedelta(days=365)
LEAST_DATED = 0.5  # of the entries
UNTITLED = frozenset({SourceKind.SITEMAP, SourceKind.FOLDER})  # whose articles bring titles and dates themselves
CUT = re.compile(r"breaks off|XML broken|broken XML")  # a note of a list that was not read to its end
BROKEN = "broken at its source: tell its people, or look for another of the site's feeds"

# What the fault says -> what to do; the first that fits. {again} looks for the source on its own site.
REMEDIES: tuple[tuple[str, str], ...] = (
    (r"HTTP (404|410)\b", "gone or moved: {again} looks for where it is now"),
    (r"private: true", "if the address is meant, add that line to its entry in feeds.yaml"),
    (r"robots\.txt of .* forbids", "the site does not want it asked: {again} looks for another listing"),
    (r"HTTP 401\b", "it wants a login: name a token with 'token_env', or ask for another address"),
    (r"HTTP 402\b|HTTP 451\b", "the site does not give it out: look for another source"),
    (r"HTTP 429\b|asked for a pause|means too often", "too many requests: wait, and give it a longer 'interval'"),
    (r"HTTP 403\b", "the site turns us away: set settings.contact, and ask its people; it may want fewer requests"),
    (r"HTTP 5\d\d\b", "the site's own fault: try again later"),
    (r"certificate", "the site's certificate is wrong or has run out: tell its people, or try its http:// address"),
    (r"cannot connect|no connection|said nothing|no whole answer|broke off", "check the address, try again later"),
    (r"item selector .* finds nothing", "the page has been rebuilt: {again} proposes new selectors"),
    (r"not a feed|not a JSON Feed|not a sitemap|an HTML page", "it is something else now: {again} looks for the feed"),
    (r"XML broken|broken XML", BROKEN),
    (r"empty body|redirects", "the address leads to nothing: {again} looks for another"),
    (r"larger than", "raise settings.fetch.max_bytes, or look for a shorter feed"),
)
OTHERWISE = "look at it in a browser; docs/sources.md tells what each kind needs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One source: its figures, what is wrong and what to do. `ok` with faults means that it works, yet not well."""

    id: str
    url: str
    kind: str
    ok: bool
    items: int
    newest: str | None
    dated: int
    with_text: int
    faults: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  # found in the page that came instead
    notes: tuple[str, ...] = ()  # what was left out of the listing, and why; no fault

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer = dataclasses.asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in answer.items()}


def verdict(trial: Trial, *, now: datetime) -> Verdict:
    """What a trial says about its source at a time."""
    told = [_fatal(trial)] if trial.fault and not trial.items else list(_weak(trial, now))
    return Verdict(
        id=trial.source.id,
        url=trial.source.url,
        kind=str(trial.source.kind),
        ok=not (trial.fault and not trial.items),
        items=len(trial.items),
        newest=trial.newest,
        dated=trial.dated,
        with_text=trial.with_text,
        faults=tuple(fault for fault, _ in told),
        remedies=tuple(remedy for _, remedy in told if remedy),
        feeds=_feeds(trial),
        notes=tuple(note for note in trial.notes if not CUT.search(note)),
    )


def _fatal(trial: Trial) -> tuple[str, str]:
    """Why it gives nothing, and what to do."""
    reason = getattr(trial.fault, "reason", "")
    remedy = next((words for form, words in REMEDIES if re.search(form, reason)), OTHERWISE)
    return reason, remedy.format(again=_again(trial.source))


def _again(source: Source) -> str:
    """The command that looks for a source anew: from its index page, its page for people, or its site."""
    parts = urlsplit(source.url)
    site = parts.netloc if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"
    return f"`tracker sources add {source.url if source.kind is SourceKind.HTML else source.homepage or site}`"


def _weak(trial: Trial, now: datetime) -> Iterator[tuple[str, str]]:
    """What is odd about a source that answers."""
    source, count, newest = trial.source, len(trial.items), trial.newest
    if trial.fault:
        yield f"a part of it fails: {getattr(trial.fault, 'reason', '')}", ""
    broken = [note for note in trial.notes if CUT.search(note)]
    yield from ((note, BROKEN) for note in broken[:1])
    if not count:
        yield "lists nothing", "" if broken else "quiet for now, or the wrong address: look at it in a browser"
        return
    if trial.dated < LEAST_DATED * count and source.kind is not SourceKind.FOLDER:
        remedy = (
            "add a 'date' selector" if source.kind is SourceKind.HTML else "articles get the dates of their own pages"
        )
        yield f"{count - trial.dated} of {count} entries have no date", remedy
    if newest and newest[:10] < (now - STALE).date().isoformat():
        yield f"nothing since {newest[:10]}", f"no longer kept, it seems: {_again(source)} looks for another"
    if newest and newest[:10] > (now + timedelta(days=2)).date().isoformat():
        yield f"an entry of {newest[:10]}, which is to come", "the source's clock is wrong, or its dates are of events"
    if trial.page and trial.page.moved_to:
        yield f"has moved for good to {trial.page.moved_to}", "write that address into feeds.yaml"
    if source.kind not in UNTITLED and not trial.titled:
        yield "entries have no titles", "titles come from the articles' pages; keep 'full_text: true'"


def _feeds(trial: Trial) -> tuple[str, ...]:
    """The feeds that are named in the page that came instead of one."""
    page: Page | None = trial.page
    if not trial.fault or page is None or trial.source.kind not in {SourceKind.FEED, SourceKind.JSON_FEED}:
        return ()
    return tuple(guess.url for guess in discovery.in_page(page) if guess.url != trial.source.url)[:3]
