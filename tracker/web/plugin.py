"""What Datasette loads: routes, headers and who may decide; for Datasette 0.65 and the pre-releases of 1.0."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from datasette import hookimpl
from datasette.utils.asgi import Response

from tracker.errors import BusyError, ConfigError, InputError, NotFoundError, StoreError, TrackerError
from tracker.store.connection import is_ours
from tracker.web import failing, files, guarding
from tracker.web.asking import Answer, Ask, Query
from tracker.web.desk import Desk, TooSlowError
from tracker.web.links import Links
from tracker.web.routes import ROUTES, Route
from tracker.web.settings import Settings

NAME = "tracker"  # of the plugin in Datasette's configuration
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InputError, 400),
    (NotFoundError, 404),
    (BusyError, 503),
    (TooSlowError, 503),
    (StoreError, 500),
)
FOREVER = "public, max-age=31536000, immutable"


@dataclass(slots=True)
class Room:
    """The plugin at work in one Datasette: its settings, and the desks of databases that were asked."""

    datasette: Any
    settings: Settings
    desks: dict[Path, Desk]

    def database(self) -> Any:
        """The tracker's database; raises NotFoundError where there is none, or several and none is chosen."""
        named = self.settings.database
        found = [
            one
            for name, one in self.datasette.databases.items()
            if one.path and (name == named if named else is_ours(Path(one.path)))
        ]
        if len(found) == 1:
            return found[0]
        if named or not found:
            raise NotFoundError(f"Datasette has no database {named!r}" if named else "no tracker database is open here")
        names = ", ".join(sorted(one.name for one in found))
        raise NotFoundError(f"there are several tracker databases ({names}): set plugins.tracker.database to one")

    def desk(self, path: Path) -> Desk:
        """The threads that ask a file."""
        if path not in self.desks:
            self.desks[path] = Desk(path, clock=now, seconds=self.settings.seconds)
        return self.desks[path]


def now() -> datetime:
    """The time, read here and nowhere below."""
    return datetime.now(UTC)


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """All pages, below the base of the settings."""
    room = Room(datasette, Settings.read(datasette.plugin_config(NAME)), {})
    base = room.settings.base
    found: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
        (route.expression(base), handler(room, route)) for route in ROUTES
    ]
    return [*found, (rf"{base}/static/(?P<mark>[0-9a-f]+)/(?P<name>[\w./-]+)$", static)]


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """From the pages of Datasette to ours."""
    base = Settings.read(datasette.plugin_config(NAME)).base
    return [{"href": datasette.urls.path(f"{base}/"), "label": "Timeline of policy events"}]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[guarding.App], guarding.App]:
    """The Content Security Policy for Datasette's own pages, where the settings want it."""
    return guarding.wrapper if Settings.read(datasette.plugin_config(NAME)).guard else (lambda app: app)


def handler(room: Room, route: Route) -> Callable[..., Awaitable[Response]]:
    """What Datasette calls for a route."""

    async def answer(request: Any) -> Response:
        return respond(await answered(room, route, request))

    return answer


async def answered(room: Room, route: Route, request: Any) -> Answer:
    """The page of a request, or one that says what is wrong."""
    links = Links(room.datasette.urls.path(f"{room.settings.base}/").rstrip("/"), "")
    try:
        database = room.database()
        links = Links(links.base, room.datasette.urls.database(database.name))
        path = {name: unquote(value) for name, value in request.url_vars.items()}
        asking = partial(
            Ask,
            links=links,
            settings=room.settings,
            now=now(),
            path=path,
            query=parsed(request.query_string),
            method=request.method,
        )
        if request.method not in {route.method, "HEAD"}:
            return failing.page(links, room.settings, 405, f"this address takes {route.method} alone")
        return await room.desk(Path(database.path)).ask(lambda timeline: route.show(asking(timeline=timeline)))
    except (TrackerError, TooSlowError) as error:
        if isinstance(error, ConfigError):
            raise
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        return failing.page(links, room.settings, status, str(error))


def parsed(text: str) -> Query:
    """The parameters of an address, each with its values in order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=200):
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
