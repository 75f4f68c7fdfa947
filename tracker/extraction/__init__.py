"""`tracker extract` without its command: inputs of every form to the objects of the extraction contract.

    articles(lines) -> articles of JSON lines          extract(articles, reader) -> one object of the contract each
    read(names, desk) -> inputs of files and URLs      answers(inputs, reader)   -> one `Answer` each

Resolution names events and measures across the whole input, and so waits for its end unless it is told to stream. Does
not touch the database, does not load a reader, prints nothing.
"""

from __future__ import annotations

from tracker.extraction.answers import Answer, answers
from tracker.extraction.contract import JSON, articles, entities, event, extract
from tracker.extraction.forms import Form
from tracker.extraction.inputs import STDIN, Desk, Fault, Input, is_address, read
from tracker.jsonlines import published

__all__ = [
    "JSON",
    "STDIN",
    "Answer",
    "Desk",
    "Fault",
    "Form",
    "Input",
    "answers",
    "articles",
    "entities",
    "event",
    "extract",
    "is_address",
    "published",
    "read",
]
