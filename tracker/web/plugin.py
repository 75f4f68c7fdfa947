"""What Datasette loads: routes, headers and who may decide; for Datasette 0.65 and the pre-releases of 1.0."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl, unquote

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, Response
from markupsafe import Markup

from tracker.errors import BusyError, ConfigError, InputError, NotFoundError, StoreError, TrackerError
from tracker.store.connection import is_ours
from tracker.web import bounding, cells, failing, files, gate, guarding, hosts, sheets, viewing
from tracker.web.asking import Answer, Ask, Query
from tracker.web.authority import Authority, Door, NotAllowedError
from tracker.web.desk import THREADS, Desk, TooSlowError
from tracker.web.links import Links
from tracker.web.routes import ROUTES, Route
from tracker.web.settings import Settings

NAME = "tracker"  # of the plugin in Datasette's configuration
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InputError, 400),
    (NotAllowedError, 403),
    (gate.WrongMethodError, 405),
    (NotFoundError, 404),
    (BusyError, 503),
    (TooSlowError, 503),
    (StoreError, 500),
)
DECIDING = 3600.0  # seconds that a decision may take: after an upgrade of the rules it settles everything
LONGEST_FORM = 200_000  # bytes
PRIVATE = "private, no-store"
BUG = "The page has a fault; what it is stands in the log of the server."
FOREVER = "public, max-age=31536000, immutable"


@dataclass(slots=True)
class Room:
    """The plugin at work in one Datasette: its settings, and the desks of databases that were asked."""

    datasette: Any
    settings: Settings
    desks: dict[tuple[Path, bool], Desk]
    authority: Authority | None  # None: nobody decides here
    ours: set[str] = field(default_factory=set)  # files that were seen to be a tracker's database

    def database(self) -> Any:
        """The tracker's database; raises NotFoundError where there is none, or several and none is chosen."""
        named = self.settings.database
        found = [
            one
            for name, one in self.datasette.databases.items()
            if one.path and (name == named if named else self._is_ours(one.path))
        ]
        if len(found) == 1:
            return found[0]
        if named or not found:
            raise NotFoundError(f"Datasette has no database {named!r}" if named else "no tracker database is open here")
        names = ", ".join(sorted(one.name for one in found))
        raise NotFoundError(f"there are several tracker databases ({names}): set plugins.tracker.database to one")

    def _is_ours(self, path: str) -> bool:
        if path not in self.ours and is_ours(Path(path)):
            self.ours.add(path)
        return path in self.ours

    def desk(self, path: Path, *, deciding: bool) -> Desk:
        """The threads that ask a file; for decisions a single one, so that those who read wait for none."""
        if (path, deciding) not in self.desks:
            seconds, threads = (DECIDING, 1) if deciding else (self.settings.seconds, THREADS)
            self.desks[path, deciding] = Desk(path, clock=now, seconds=seconds, threads=threads)
        return self.desks[path, deciding]


def now() -> datetime:
    """The time, read here and nowhere below."""
    return datetime.now(UTC)


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """All pages, below the base of the settings."""
    settings = Settings.read(datasette.plugin_config(NAME))
    room = Room(datasette, settings, {}, authority(datasette, settings))
    base = room.settings.base
    found: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
        (route.expression(base), handler(room, route)) for route in ROUTES
    ]
    return [*found, (rf"{base}/static/(?P<mark>[0-9a-f]+)/(?P<name>[\w./-]+)$", static)]


def authority(datasette: Any, settings: Settings) -> Authority | None:
    """Who may decide; the secret is made of Datasette's own, which changes at every start where it is not set."""
    if not settings.review:
        return None
    secret = datasette.sign("authority", NAME).encode()
    return Authority(secret=secret, key=settings.key.get_secret_value().strip(), reviewers=settings.reviewers)


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """From the pages of Datasette to ours."""
    base = Settings.read(datasette.plugin_config(NAME)).base
    return [{"href": datasette.urls.path(f"{base}/"), "label": "Timeline of policy events"}]


@hookimpl
def render_cell(value: object, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Ids in the tables of our database lead to our pages."""
    settings = Settings.read(datasette.plugin_config(NAME))
    if cells.is_told(column, table) and ours(datasette, settings, database):
        return cells.shown(value, column, table, Links(datasette.urls.path(f"{settings.base}/").rstrip("/"), ""))
    return None


def ours(datasette: Any, settings: Settings, database: str) -> bool:
    """Whether a database of Datasette is the one that the pages show."""
    try:
        return bool(Room(datasette, settings, {}, None).database().name == database)
    except NotFoundError:
        return False


@hookimpl
def prepare_connection(conn: Any, datasette: Any) -> None:
    """Bounds on what one answer of Datasette's own pages may hold, where the settings want it."""
    if Settings.read(datasette.plugin_config(NAME)).guard:
        bounding.bound(conn)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[guarding.App], guarding.App]:
    """Names by which the server may be asked, and policies for Datasette's own pages, where the settings want it."""
    settings = Settings.read(datasette.plugin_config(NAME))

    def wrapped(app: guarding.App) -> guarding.App:
        inner = guarding.wrapper(sheets.wrapper(app)) if settings.guard else app
        return inner if settings.hosts is None else hosts.wrapper(inner, settings.hosts)

    return wrapped


def handler(room: Room, route: Route) -> Callable[..., Awaitable[Response]]:
    """What Datasette calls for a route."""

    async def answer(request: Any) -> Response:
        return respond(await answered(room, route, request))

    return answer


async def answered(room: Room, route: Route, request: Any) -> Answer:
    """The page of a request, or one that says what is wrong; raises Datasette's Forbidden."""
    links = Links(room.datasette.urls.path(f"{room.settings.base}/").rstrip("/"), "")
    who = None
    try:
        database = room.database()
        await viewing.require(room.datasette, request.actor, database.name)
        origin = room.datasette.absolute_url(request, "/").rstrip("/")
        links = Links(links.base, room.datasette.urls.database(database.name), origin)
        authority = room.authority if database.is_mutable else None
        visit = gate.Visit(method=request.method, headers=request.headers, actor=request.actor)
        who = gate.visitor(authority, visit, now())
        gate.admit(route, authority, who, visit)
        query = parsed(request.query_string)
        form = await sent(request) if request.method == "POST" else {}
        gate.accept(route, authority, who, form)
        guarded = authority is not None and (who is not None or route.entering)
        asking = partial(
            Ask,
            links=links,
            settings=room.settings,
            now=now(),
            path={name: unquote(value) for name, value in request.url_vars.items()},
            query=query,
            method=request.method,
            form=form,
            reviewer=who.name if who else None,
            token=authority.token(who) if authority and who else "",
            csrf=request.scope["csrftoken"]() if guarded and "csrftoken" in request.scope else "",
            door=door(authority, links, request) if authority else None,
        )
        deciding = request.method == "POST"
        desk = room.desk(Path(database.path), deciding=deciding)
        answer = await desk.ask(
            lambda timeline: route.show(
                asking(
                    timeline=timeline,
                    memo=desk.memo,
                    counting=cache(lambda: None if deciding else desk.index(timeline)),
                )
            ),
            past="as_of" in query,
        )
        own = guarded or request.actor  # what perhaps only this one may see is kept by nobody
        return replace(answer, headers={**answer.headers, "cache-control": PRIVATE}) if own else answer
    except (TrackerError, TooSlowError, NotAllowedError, gate.WrongMethodError) as error:
        if isinstance(error, ConfigError):
            raise
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        return failing.page(links, room.settings, status, str(error), reviewer=who.name if who else None)
    except Forbidden:
        raise  # Datasette says it in its own way
    except Exception:  # noqa: BLE001 - a bug: Datasette would print all that there is in memory, for seconds
        traceback.print_exc()
        return failing.page(links, room.settings, 500, BUG, reviewer=who.name if who else None)


def door(authority: Authority, links: Links, request: Any) -> Door:
    """Where somebody comes in to decide."""
    return Door(authority=authority, path=links.base, secure=request.scheme == "https", nonce=token_hex(8))


async def sent(request: Any) -> Query:
    """The fields of a form; raises InputError for one that is too long or was not sent to its end."""
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise InputError("the form was not sent to its end")
        body += message.get("body", b"")
        if len(body) > LONGEST_FORM:
            raise InputError(f"the form is too long: {LONGEST_FORM:,} bytes at most")
        more = message.get("more_body", False)
    return parsed(body.decode("utf-8", "replace"), most=5000)


def parsed(text: str, *, most: int = 200) -> Query:
    """The parameters of an address or a form, each with its values in order; raises InputError for more than `most`."""
    found: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=most)
    except ValueError:
        raise InputError(f"more than {most} parameters") from None
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def respond(answer: Answer) -> Response:
    """An answer as Datasette sends it."""
    headers: dict[str, str] = {**guarding.HEADERS, **answer.headers}
    if answer.to is not None:
        return Response.redirect(answer.to, status=303, headers=headers)
    return Response(answer.body, status=answer.status, headers=headers, content_type=answer.type)


async def static(request: Any) -> Response:
    """A file of `static/`; under another mark than its own it may have changed, and is not kept for ever."""
    found = files.read(request.url_vars["name"])
    if found is None:
        return Response("there is no such file", status=404, content_type="text/plain; charset=utf-8")
    same = request.url_vars["mark"] == files.mark(request.url_vars["name"])
    headers = {**guarding.HEADERS, "cache-control": FOREVER if same else "no-cache"}
    return Response(found.body, headers=headers, content_type=found.type)
