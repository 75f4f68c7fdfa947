"""Where a site lists its articles: the guesses of `tracker.sources`, each tried, the best first.

In stages, from what the site says itself to what is only usual; the first stage in which something answers ends the
search, so that nobody is asked for addresses that are not needed. How the page itself could be read as a list is always
among them. The order of those found is `preference`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from tracker import urls
from tracker.encoding import decode
from tracker.fetch import Fetcher
from tracker.model import Done, Fetched, Page, Request, Source, SourceKind, Tier
from tracker.probing.trials import Trial, read, trials
from tracker.sources import discovery, selecting
from tracker.sources.discovery import About, Guess

ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
STALE = timedelta(days=365)  # a listing without anything newer is most likely no longer kept
NOT_PUBLIC = "private: true"  # what the fetcher's refusal of such an address names as the remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A guess with what came of it."""

    guess: Guess
    trial: Trial
    about: About

    @property
    def answers(self) -> bool:
        """Whether it lists anything."""
        return bool(self.trial.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was tried for one address, the best first; `fault` is why the address itself gave no page."""

    url: str
    candidates: tuple[Candidate, ...]
    about: About  # the page's own words
    private: bool = False  # the address is not on the public internet
    fault: Fetched | None = None

    @property
    def best(self) -> Candidate | None:
        """The first candidate, if it lists anything."""
        return next((one for one in self.candidates if one.answers), None)


def candidates(url: str, fetcher: Fetcher, *, now: datetime, only: SourceKind | None = None) -> Found:
    """What lists articles at an address that somebody has typed, or near it.

    Args:
        url: an http(s) address; it may be a private one, since somebody meant it.
        fetcher: open.
        now: the present time, for what is stale.
        only: candidates of this kind alone.
    """
    page, fault, private = _fetched(url, fetcher)
    tried: list[Candidate] = []
    for stage in _stages(url, page, fetcher, private=private):
        wanted = [guess for guess in stage if only is None or guess.kind is only]
        tried += _tried(wanted, tried, page, fetcher, _Home(url, private))
        if any(one.answers for one in tried):
            break
    if page and (index := [one for one in selecting.index(page) if only in (None, one.kind)]):
        tried += _tried(index, tried, page, fetcher, _Home(url, private))  # costs no request
    return Found(
        url=url,
        candidates=tuple(sorted(tried, key=lambda one: preference(one, now))),
        about=discovery.described(page) if page else About(),
        private=private,
        fault=fault,
    )


def preference(one: Candidate, now: datetime) -> tuple[bool, bool, bool, int, bool]:
    """The order, least first: lists something; no comments; not stale; how it was found; has dates."""
    newest = one.trial.newest
    stale = newest is not None and newest[:10] < (now - STALE).date().isoformat()
    return not one.answers, discovery.is_about_comments(one.guess), stale, int(one.guess.way), not one.trial.dated


@dataclass(frozen=True, slots=True)
class _Home:
    """The address that was typed, and whether it and its host may be private."""

    url: str
    private: bool

    def allows(self, url: str) -> bool:
        return self.private and urls.same_server(url, self.url)


def _fetched(url: str, fetcher: Fetcher) -> tuple[Page | None, Fetched | None, bool]:
    """The page at the address, else why there is none, and whether only the permission for private ones gives it."""
    outcome = _asked(Request(url=url, accept=ACCEPT, conditional=False), fetcher)
    private = not isinstance(outcome, Done) and NOT_PUBLIC in outcome.reason
    if private:
        outcome = _asked(Request(url=url, accept=ACCEPT, conditional=False, private=True), fetcher)
    if isinstance(outcome, Done) and isinstance(outcome.value, Page):
        return outcome.value, None, private
    return None, outcome, private


def _asked(request: Request, fetcher: Fetcher) -> Fetched:
    return next(outcome for _, outcome in fetcher.fetch([request]))


def _stages(url: str, page: Page | None, fetcher: Fetcher, *, private: bool) -> Iterator[Sequence[Guess]]:
    """Guesses, from what is said to what is usual; later ones are made only when they are asked for."""
    given = discovery.as_given(page) if page else None
    platform = discovery.by_address(url)
    yield (given,) if given else (*platform, *(discovery.in_page(page) if page else ()))
    if given:
        return
    at = page.final_url if page else url
    yield discovery.common(at)
    robots = _asked(_whole_request(urljoin(at, "/robots.txt"), private=private), fetcher)
    text = decode(robots.value.body) if isinstance(robots, Done) and isinstance(robots.value, Page) else ""
    yield discovery.in_robots(text, at)
    yield discovery.sitemaps(at)


def _whole_request(url: str, *, private: bool) -> Request:
    return Request(url=url, conditional=False, private=private)


def _tried(
    guesses: Sequence[Guess], before: Sequence[Candidate], page: Page | None, fetcher: Fetcher, home: _Home
) -> list[Candidate]:
    """The guesses that were not tried before, tried; the page that is there is not asked for again."""
    known = {(one.guess.url, one.guess.kind) for one in before}
    fresh = [guess for guess in guesses if (guess.url, guess.kind) not in known]
    here = [guess for guess in fresh if page and guess.url == page.url and guess.kind in _READ_HERE]
    there = [guess for guess in fresh if guess not in here]
    found = trials([_source(guess, home) for guess in there], fetcher)
    made = {guess: read(_source(guess, home), page) for guess in here if page}
    made |= dict(zip(there, found, strict=True))
    return [Candidate(guess=guess, trial=made[guess], about=_about(made[guess])) for guess in fresh]


_READ_HERE = frozenset({SourceKind.FEED, SourceKind.JSON_FEED, SourceKind.HTML})


def _about(trial: Trial) -> About:
    return discovery.described(trial.page) if trial.page else About()


def _source(guess: Guess, home: _Home) -> Source:
    """A guess as a source to be tried; what a trial does not need stands for nothing."""
    return Source(
        id="candidate",
        name="",
        kind=guess.kind,
        url=guess.url,
        tier=Tier.SPECIALIST,
        language="en",
        country=None,
        selectors=guess.selectors,
        private=home.allows(guess.url),
    )
