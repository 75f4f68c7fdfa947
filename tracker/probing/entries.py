"""The entry of feeds.yaml for a candidate: what it says of itself, what its address says, and what was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker import urls
from tracker.config import naming
from tracker.config.codes import COUNTRIES, LANGUAGES, MEANT_COUNTRIES
from tracker.model import SourceKind, Tier
from tracker.probing.finding import Candidate, Found

LANGUAGE = "en"  # where nothing says otherwise
# Top levels of countries that the whole world uses.
ANYBODYS = frozenset(
    "ac ai am as bz cc cd co cx dj fm gg gl gs im io la li ly me ms mu nu sh st tk to tv vc vg ws".split()
)
OF_THE_US = frozenset({"gov", "mil"})
# Services that hold the sources of many: their name says nothing about the source.
SERVICES = frozenset(
    "bsky.app reddit.com t.me youtube.com github.com medium.com feedburner.com federalregister.gov substack.com "
    "wordpress.com blogspot.com tumblr.com algolia.com ycombinator.com".split()
)
SOCIAL = frozenset(
    {SourceKind.MASTODON, SourceKind.BLUESKY, SourceKind.REDDIT, SourceKind.HACKER_NEWS, SourceKind.TELEGRAM}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for; None: found out, or left at its default."""

    id: str | None = None
    name: str | None = None
    tier: Tier | None = None
    language: str | None = None
    country: str | None = None
    tags: tuple[str, ...] = ()
    interval: str | None = None


def entry(
    candidate: Candidate, found: Found, wishes: Wishes, *, taken: Container[str], today: date
) -> Mapping[str, Any]:
    """The entry in the order in which feeds.yaml has its keys.

    Args:
        candidate: the one that was chosen.
        found: what it was chosen from, whose page says what the candidate may not.
        wishes: what was asked for.
        taken: the ids of the file.
        today: the day on which somebody has seen its items.
    """
    guess = candidate.guess
    name = wishes.name or _name(candidate, found)
    made: dict[str, Any] = {
        "id": wishes.id or naming.source_id(_names(guess.url, name), guess.url, taken),
        "name": name,
        "kind": str(guess.kind),
        "url": guess.url,
        "language": wishes.language or _language(candidate, found),
        "country": wishes.country or country(guess.url),
        "tier": str(wishes.tier or (Tier.SOCIAL if guess.kind in SOCIAL else Tier.SPECIALIST)),
        "tags": list(wishes.tags),
        "interval": wishes.interval or "1h",
        "verified_on": today.isoformat() if candidate.answers else None,
    }
    if guess.selectors:
        kept = {key: getattr(guess.selectors, key) for key in ("item", "link", "title", "date")}
        made["selectors"] = {key: value for key, value in kept.items() if value and (key, value) != ("link", "a[href]")}
    if candidate.trial.source.private:
        made["private"] = True
    return made


def _name(candidate: Candidate, found: Found) -> str:
    """The feed's title, the page's, the host."""
    is_page = candidate.guess.kind is SourceKind.HTML
    titles = (candidate.about.title if not is_page else "", found.about.title, candidate.guess.title)
    return next((title for title in titles if title), None) or urls.host(candidate.guess.url) or candidate.guess.url


def _names(url: str, name: str) -> tuple[str, ...]:
    """What an id is made of: the site's own name where it has one, else its title."""
    domain = urls.registrable_domain(url)
    if domain in SERVICES or "." not in domain or domain.replace(".", "").isdigit():
        return (name, domain)
    return (domain.partition(".")[0], name)


def _language(candidate: Candidate, found: Found) -> str:
    """What the feed says, what most of its entries say, what the page says."""
    spoken = Counter(item.language for item in candidate.trial.items if item.language)
    said = (candidate.about.language, *(language for language, _ in spoken.most_common(1)), found.about.language)
    return next((language for language in said if language in LANGUAGES), LANGUAGE)


def country(url: str) -> str | None:
    """The country of an address's top level, where only that country uses it."""
    top = urls.host(url).rpartition(".")[2]
    if top in OF_THE_US:
        return "US"
    code = MEANT_COUNTRIES.get(top.upper(), top.upper())
    return code if code in COUNTRIES and top not in ANYBODYS else None
