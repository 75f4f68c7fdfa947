"""What the subcommands of `tracker review` share: the database, who decides, and the telling of what came of it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any

import click

from tracker.cli import opening, render, review_text
from tracker.cli.clock import now
from tracker.cli.options import database
from tracker.errors import InputError
from tracker.review import Decision
from tracker.store import Store


def decide(obj: dict[str, Any], act: Callable[..., Decision], *given: Any, as_json: bool, **by: Any) -> int:
    """Make a decision and show what came of it; exit code 1 where another decision keeps it from having effect."""
    by["who"] = by["who"] or user()
    Store.open(database(obj), read_only=True).close()  # it must be there: a decision is about something
    with opening.named(obj) as store:
        found = act(store, *given, now=now(), **by)
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*review_text.decision(found))
    return 0 if found.holds or found.judgement.closed_at else 1


def user() -> str:
    """The name under which somebody is logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise InputError("nobody is logged in by name; say who decides with --who") from None
