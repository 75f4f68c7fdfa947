"""The page that says what is wrong with a request, and what to do."""

from __future__ import annotations

from tracker.web.asking import Answer
from tracker.web.links import Links
from tracker.web.rendering import environment
from tracker.web.settings import Settings

TITLES = {
    400: "That cannot be asked",
    403: "Not allowed",
    404: "Not found",
    405: "Not this way",
    503: "Not now",
}
SLOW = "The question takes too long. Narrow it: a shorter time, one party, one type."


def page(links: Links, settings: Settings, status: int, words: str, *, reviewer: str | None = None) -> Answer:
    """The page of a failure."""
    text = (
        environment()
        .get_template("failure.html")
        .render(
            links=links,
            settings=settings,
            reviewer=reviewer,
            title=TITLES.get(status, "Something is wrong"),
            words=words or SLOW,
        )
    )
    return Answer(body=text, status=status)
