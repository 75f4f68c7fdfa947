"""The sources: how each does, what it gives, and those first that need attention; one source with its past.

`.json` is the same for programs. What a source is like in words is said by `tracker.web.watching`.
"""

from __future__ import annotations

from tracker.charts.countries import COUNTRIES
from tracker.model import Tier
from tracker.query import health
from tracker.query.source_answers import SourceStory
from tracker.web import watching, words
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

LATEST = 20  # alarms, requests and articles of one source
MONTHS = 24
ANY = ""


def show(ask: Ask) -> Answer:
    """All sources, narrowed by a tier or a state."""
    found, order = _found(ask)
    state = ask.choice("state", (ANY, "attention", *watching.STATES), ANY)
    tier = ask.choice("tier", (ANY, *Tier), ANY)
    chosen = [
        one
        for one in found
        if tier in (ANY, one.source.tier)
        and (state in (ANY, one.state) or (state == "attention" and one.state in watching.NEEDY))
    ]
    return page(
        ask,
        "sources.html",
        found=watching.ordered(chosen, order),
        order=order,
        state=state,
        tier=tier,
        everything=len(found),
        needy=sum(one.state in watching.NEEDY for one in found),
        states=watching.STATES,
        watching=watching,
    )


def listed(ask: Ask) -> Answer:
    """The same as JSON: all of them, each with its state."""
    found, order = _found(ask)
    return in_json(
        [one.source.to_dict() | {"state": one.state, "why": one.why} for one in watching.ordered(found, order)]
    )


def show_one(ask: Ask) -> Answer:
    """One source."""
    story = _story(ask)
    country, language = story.source.country or "", story.source.language
    return page(
        ask,
        "source.html",
        story=story,
        one=watching.watched(story.source),
        watching=watching,
        language=words.LANGUAGES.get(language, language),
        country=COUNTRIES[country].name if country in COUNTRIES else country,
    )


def told(ask: Ask) -> Answer:
    """One source as JSON."""
    story = _story(ask)
    one = watching.watched(story.source)
    return in_json(story.to_dict() | {"state": one.state, "why": one.why})


def _story(ask: Ask) -> SourceStory:
    return ask.timeline.ask(lambda db, _: health.story(db, ask.path["id"], ask.now, limit=LATEST, months=MONTHS))


def _found(ask: Ask) -> tuple[list[watching.Watched], str]:
    order = ask.choice("order", watching.ORDERS, "attention")
    sources = ask.timeline.ask(lambda db, _: health.glance(db, ask.now, MONTHS))
    return [watching.watched(source) for source in sources], order
