"""The lake's room: what was read of archives as Parquet, by month, for whoever resolves it, loads it or asks it.

`Lake.begun` makes or continues a lake, `Gathered` takes the articles of one chunk, `Lake.write` puts them there;
`Lake.read` and `Lake.articles` give them back, `Lake.verify` looks at every byte. It needs the extra `lake`.

It reads no archive, decides about no article, and knows nothing of events that several articles tell.
"""

from __future__ import annotations

from tracker.lake.lake import Lake
from tracker.lake.layout import ARTICLES, REPORTS, UNDATED, About, Fault, Identity, Note, Refused, Written
from tracker.lake.rows import Read, event_of, read_of
from tracker.lake.schemas import SCHEMAS
from tracker.lake.tables import Gathered

__all__ = [
    "ARTICLES",
    "REPORTS",
    "SCHEMAS",
    "UNDATED",
    "About",
    "Fault",
    "Gathered",
    "Identity",
    "Lake",
    "Note",
    "Read",
    "Refused",
    "Written",
    "event_of",
    "read_of",
]
