"""The events of the filters in view as files and feeds, in the forms of `tracker.export`.

A file holds at most so many events; tables and JSON say in a header where the next ones are. The whole of a large
answer is what `tracker export` is for. A feed holds those that changed last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from types import MappingProxyType
from typing import Any

from tracker.errors import NotFoundError
from tracker.export import formats
from tracker.export.formats import FORMATS, Source
from tracker.model import About
from tracker.query.events import Order
from tracker.web import exported, narrowing, saved
from tracker.web.asking import JSON, Answer, Ask
from tracker.web.narrowing import Stated

MOST = 10_000  # events of a file
LATEST = 100  # entries of a feed
SLOW = 1_000  # events of a file that takes a while to write
OWN = ("order", "after", "size", "by", "all")
TITLE = "Policy events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A form by the end of its address: what `tracker.export` calls it, its media type; `saved`: not looked at."""

    form: str
    type: str
    saved: bool = False
    most: int = MOST


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "json": Kind(form="json", type=JSON),
        "jsonl": Kind(form="jsonl", type="application/jsonl; charset=utf-8", saved=True),
        "csv": Kind(form="csv", type="text/csv; charset=utf-8; header=present", saved=True),
        "tsv": Kind(form="tsv", type="text/tab-separated-values; charset=utf-8", saved=True),
        "md": Kind(form="markdown", type="text/markdown; charset=utf-8"),
        "parquet": Kind(form="parquet", type="application/vnd.apache.parquet", saved=True),
        "atom": Kind(form="atom", type="application/atom+xml; charset=utf-8", most=SLOW),
        "feed.json": Kind(form="jsonfeed", type="application/feed+json; charset=utf-8", most=SLOW),
        "ics": Kind(form="ics", type=exported.CALENDAR, most=SLOW // 2),
        "stix": Kind(form="stix", type="application/stix+json;version=2.1", saved=True, most=SLOW),
        "graphml": Kind(form="graphml", type="application/graphml+xml; charset=utf-8", saved=True, most=SLOW),
    }
)


def show(ask: Ask) -> Answer:
    """The file of a form. Raises NotFoundError for a form that there is none of."""
    end = ask.path["form"]
    if end not in KINDS:
        raise NotFoundError(f"events are not told as {end!r}; use {', '.join(KINDS)}")
    kind = KINDS[end]
    most = ask.number("size", LATEST if FORMATS[kind.form].latest else kind.most, most=kind.most)
    out = BytesIO()
    with ask.timeline.still() as cursor:
        found = list(_found(ask, kind.form, most + 1))
        formats.writer(kind.form, reports=False)(found[:most], out, _about(ask, cursor))
    headers = {"content-disposition": f'{"attachment" if kind.saved else "inline"}; filename="events.{end}"'}
    if len(found) > most and FORMATS[kind.form].source is not Source.WHOLE:
        following = ask.links.page(f"events.{end}", ask.query, after=str(found[most - 1][0]))
        headers["link"] = f'<{following.replace(">", "%3E")}>; rel="next"'  # which ends the address there (RFC 8288)
    return Answer(body=out.getvalue(), type=kind.type, headers=headers)


def _found(ask: Ask, form: str, most: int) -> Iterable[Any]:
    """What a form is written from; of feeds what changed last."""
    filters = ask.filters(*OWN)
    if FORMATS[form].latest:
        return ask.timeline.whole(order=None, limit=most - 1, **filters)
    order: Order = "oldest" if ask.one("order") == "oldest" else "newest"
    if FORMATS[form].source is Source.WHOLE:
        whole = ask.timeline.whole(order=order, **filters)
        return islice(formats.placed(whole, form), most - 1)
    return islice(ask.timeline.rows(order=order, after=ask.one("after") or None, **filters), most)


def _about(ask: Ask, cursor: int) -> About:
    """What a file says of itself: the title of the saved query that asks the same, or the filters in words."""
    stated = ask.stated(*OWN)
    query = next((one for one in saved.known(ask).values() if saved.asks(one, stated)), None)
    title, name = (query.title, query.name) if query else (": ".join(filter(None, (TITLE, _told(ask, stated)))), None)
    return exported.about(ask, title, stated, cursor, at=f"events.{ask.path['form']}", query=name)


def _told(ask: Ask, stated: Stated) -> str:
    """The filters in words."""
    return narrowing.told(narrowing.chips(ask, stated, ask.links.home))
