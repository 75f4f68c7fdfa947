"""The columns of the lake's tables, as Arrow types. What each one means is in docs/lake.md.

A change here is another `layout.FORMAT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from tracker.lake.layout import ARTICLES, REPORTS

_TEXT, _SPAN = pa.string(), {"start": pa.int32(), "end": pa.int32(), "field": pa.string()}
_PARTY = dict.fromkeys(("name", "kind", "country", "wikidata", "id", "parent"), _TEXT)


def _list(**fields: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct(list(fields.items())))


SPANS, PHRASES, PARTIES = _list(**_SPAN), _list(text=_TEXT, **_SPAN), _list(**_PARTY)
MENTIONS = _list(**_PARTY, how=_TEXT, **_SPAN)
AMOUNTS = _list(
    **dict.fromkeys(("kind", "value", "upper", "comparison", "unit", "per", "text"), _TEXT),
    **_SPAN,
)

ARTICLE = pa.schema(
    [
        ("id", _TEXT),
        ("url", _TEXT),
        ("title", _TEXT),
        ("text", _TEXT),
        ("published", _TEXT),
        ("published_basis", _TEXT),
        ("published_span", pa.struct(list(_SPAN.items()))),
        ("language", _TEXT),
        ("text_from", _TEXT),
        ("source_id", _TEXT),
        ("author", _TEXT),
        ("modified", _TEXT),
        ("site", _TEXT),
        ("content_hash", _TEXT),
        ("signature", pa.binary()),
        ("wire", _TEXT),
        ("unread", _TEXT),
        ("note", _TEXT),
        ("notice", _TEXT),
        ("reader", _TEXT),
        ("mentions", MENTIONS),
        ("known", PARTIES),
        ("record", _TEXT),
        ("copy_of", _TEXT),
    ]
)
REPORT = pa.schema(
    [
        ("id", _TEXT),
        ("article_id", _TEXT),
        ("position", pa.int32()),
        ("url", _TEXT),
        ("published", _TEXT),
        ("source_id", _TEXT),
        ("wire", _TEXT),
        ("notice", _TEXT),
        ("type", _TEXT),
        ("subtype", _TEXT),
        ("status", _TEXT),
        ("direction", _TEXT),
        ("certainty", _TEXT),
        ("announced_on", _TEXT),
        ("announced_basis", _TEXT),
        ("effective_on", _TEXT),
        ("effective_basis", _TEXT),
        ("confidence", pa.float64()),
        ("quote", _TEXT),
        ("actors", MENTIONS),
        ("targets", MENTIONS),
        ("items", PHRASES),
        ("instruments", PHRASES),
        ("amounts", AMOUNTS),
        ("evidence", SPANS),
        ("detail", _TEXT),
    ]
)
SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType({ARTICLES: ARTICLE, REPORTS: REPORT})
