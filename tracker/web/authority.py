"""Who may decide: people who are signed in to Datasette, or who came in with the key that `tracker serve` printed.

All of it is a function of a secret, of what a browser sent and of the time; it knows no server. The key is never part
of a request's address: a form sends it, and a signed cookie takes its place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tracker.errors import InputError

COOKIE = "tracker_review"
LASTS = timedelta(days=7)  # a session
LONGEST_NAME = 60
SESSION, FORM = b"session", b"form"  # what a signature is for, so that none does for another


class NotAllowedError(Exception):
    """Whoever asks may not do this; the text says what would help."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may decide; `session` tells one browser of theirs from another."""

    name: str
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who may decide in one Datasette.

    With a `key` whoever has it, and of those who are signed in only the `reviewers`; without one the `reviewers`, or
    where none is named all who are signed in.
    """

    secret: bytes
    key: str = ""
    reviewers: tuple[str, ...] = ()

    def reviewer(self, actor: Mapping[str, Any] | None, cookie: str, now: datetime) -> Reviewer | None:
        """Who decides here, of an actor of Datasette and a cookie of ours; None for a reader."""
        name = str((actor or {}).get("id") or "")
        if name and (name in self.reviewers if self.reviewers else not self.key):
            return Reviewer(name)
        return self._of_session(cookie, now) if self.key else None

    def session(self, key: str, name: str, now: datetime, nonce: str) -> str:
        """The cookie of somebody who comes in.

        Raises:
            NotAllowedError: it is another key, or nobody comes in by one.
            InputError: the name is none.
        """
        if not self.key or not hmac.compare_digest(key.strip().encode(), self.key.encode()):
            raise NotAllowedError("This is not the key that `tracker serve --review` printed at its start.")
        told = json.dumps([called(name), int(now.timestamp()), nonce])
        payload = urlsafe_b64encode(told.encode()).decode()
        return f"{payload}.{self._signed(SESSION, payload)}"

    def token(self, reviewer: Reviewer) -> str:
        """What the forms of somebody hold, and nobody else knows."""
        return self._signed(FORM, json.dumps([reviewer.name, reviewer.session]))

    def owns(self, reviewer: Reviewer, token: str) -> bool:
        """Whether a form is one that was made for this person."""
        return hmac.compare_digest(token.encode(), self.token(reviewer).encode())

    def _of_session(self, cookie: str, now: datetime) -> Reviewer | None:
        payload, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(SESSION, payload).encode()):
            return None
        name, since, nonce = json.loads(urlsafe_b64decode(payload))
        age = now - datetime.fromtimestamp(since, UTC)
        return Reviewer(name, nonce) if age <= LASTS else None

    def _signed(self, purpose: bytes, text: str) -> str:
        return hmac.new(self.secret + self.key.encode(), purpose + b"\0" + text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where somebody comes in to decide, and goes out again: gives Set-Cookie headers."""

    authority: Authority
    path: str  # of our pages
    secure: bool  # whether the request came by https
    nonce: str  # that no other visit has

    def enter(self, key: str, name: str, now: datetime) -> str:
        """Come in with the key, under a name; errors as of `Authority.session`."""
        return cookie(self.authority.session(key, name, now, self.nonce), path=self.path, secure=self.secure)

    def leave(self) -> str:
        """Go out."""
        return cookie("", path=self.path, secure=self.secure)


def called(name: str) -> str:
    """The name of a person as decisions bear it; raises InputError."""
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise InputError(f"say who decides: a name of at most {LONGEST_NAME} letters")
    return name


def elsewhere(headers: Mapping[str, str]) -> str:
    """Why a form was not sent by one of our pages; an empty text where it was.

    Args:
        headers: of the request, their names in small letters.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:  # set by the browser itself, and right behind a proxy that changes the host
        return "" if site == "same-origin" else f"the browser says that it comes from elsewhere ({site})"
    origin = headers.get("origin")
    if origin is None:
        return "the browser does not say where it comes from"
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        host = ""
    return "" if host and host.lower() == headers.get("host", "").lower() else "it comes from another site"


def kept(header: str) -> str:
    """Our cookie in the Cookie header of a request; an empty text for none.

    `http.cookies` reads no further than the first one that it does not like, and on 127.0.0.1 others have theirs, too.
    """
    pairs = (one.strip().partition("=") for one in header.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def cookie(value: str, *, path: str, secure: bool) -> str:
    """A Set-Cookie header that keeps a session until the browser is closed; one that ends it for an empty value."""
    parts = [f"{COOKIE}={value}", f"Path={path or '/'}", "HttpOnly", "SameSite=Strict"]
    return "; ".join([*parts, *(["Secure"] if secure else []), *([] if value else ["Max-Age=0"])])
