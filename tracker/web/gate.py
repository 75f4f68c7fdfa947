"""Whether a request may go on to its page: what is for people who decide is for nobody else, and forms are our own.

Each check raises what the answer is to say; a route that is only for deciding is not there where nobody can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.errors import InputError, NotFoundError
from tracker.web.asking import Query
from tracker.web.authority import Authority, NotAllowedError, Reviewer, elsewhere, kept
from tracker.web.routes import Route

FORM = "application/x-www-form-urlencoded"
CLOSED = "Decisions are not taken here. `tracker serve --review` starts a server that takes them."
STRANGER = "This is for people who decide what the timeline says: {how}."
BY_KEY = "open the address that `tracker serve --review` printed at its start"
BY_NAME = "sign in under a name that may decide"


class WrongMethodError(Exception):
    """The address takes another method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a request says of whoever sent it; the names of headers are in small letters."""

    method: str
    headers: Mapping[str, str]
    actor: Mapping[str, Any] | None  # of Datasette


def visitor(authority: Authority | None, visit: Visit, now: datetime) -> Reviewer | None:
    """Who decides here; None for a reader."""
    if authority is None:
        return None
    return authority.reviewer(visit.actor, kept(visit.headers.get("cookie", "")), now)


def admit(route: Route, authority: Authority | None, who: Reviewer | None, visit: Visit) -> None:
    """Let a request pass, before anything is read of what it sent.

    Raises:
        NotFoundError: nobody decides here.
        WrongMethodError: the page takes another method.
        NotAllowedError: this one may not decide, or the form comes from elsewhere.
        InputError: what is sent is no form.
    """
    only = route.reviewing or route.entering
    if only and (authority is None or (route.entering and not authority.key)):
        raise NotFoundError(CLOSED)
    if visit.method != route.method and (visit.method, route.method) != ("HEAD", "GET"):
        raise WrongMethodError(f"this address takes {route.method} alone")
    if route.reviewing and who is None:
        raise NotAllowedError(STRANGER.format(how=BY_KEY if authority and authority.key else BY_NAME))
    if route.method == "POST":
        if reason := elsewhere(visit.headers):
            raise NotAllowedError(f"Nothing was done: this form was not sent by a page of this server, {reason}.")
        if visit.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise InputError(f"what was sent is no form ({FORM})")


def accept(route: Route, authority: Authority | None, who: Reviewer | None, form: Query) -> None:
    """Let a form pass; raises NotAllowedError where it was made for somebody else, or by somebody else."""
    if route.method != "POST" or route.entering:
        return
    token = next(iter(form.get("token", ())), "")
    if authority is None or who is None or not authority.owns(who, token):
        raise NotAllowedError("Nothing was done: this form was made for another visit. Open the page again.")
