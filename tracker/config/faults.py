"""What is wrong with a file of settings, in words: pydantic's errors, and what two places of the file say together.

Finds and words faults; reads no file and raises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tracker.config.schema import (
    OWN,
    BackupEntry,
    FetchEntry,
    File,
    RecordsEntry,
    SelectorsEntry,
    SettingsEntry,
    SourceEntry,
    WantedEntry,
)
from tracker.document import Document, Fault, Plain, Where, dotted
from tracker.model import SourceKind
from tracker.spelling import nearest

# What to write for a key that is missing or empty.
EXAMPLES = {
    "sources": "add 'sources:' with groups of sources (docs/config.md shows the form)",
    "id": "add one such as 'id: us-bis'",
    "name": "add one such as 'name: US Bureau of Industry and Security'",
    "kind": f"add 'kind: feed' (or {', '.join(kind.value for kind in SourceKind if kind is not SourceKind.FEED)})",
    "url": "add 'url:' with the address of the feed",
    "tier": "add 'tier:' with official, major, specialist or social",
    "language": "add one such as 'language: en'",
    "item": "add the selector of one entry of the index page, such as 'item: article'",
    "items": "add the path to the records, such as 'items: results'",
    "records.url": "add the path to a record's address, such as 'url: html_url'",
    "path": "add 'path:' with the folder or file on this machine; a relative one starts at the folder of feeds.yaml",
}

# pydantic's type of error -> what is wrong and what to do; {value} is what stands there.
WORDS = {
    "string_type": ("not a text: {value}", "write a text"),
    "bool_parsing": ("neither true nor false: {value}", "write true or false"),
    "bool_type": ("neither true nor false: {value}", "write true or false"),
    "int_parsing": ("not a whole number: {value}", "write digits only"),
    "int_type": ("not a whole number: {value}", "write digits only"),
    "float_parsing": ("not a number: {value}", "write a number of seconds"),
    "float_type": ("not a number: {value}", "write a number of seconds"),
    "tuple_type": ("not a list: {value}", "write a list, each entry after '- ' on its own line, or [a, b]"),
    "dict_type": ("not a mapping: {value}", "write 'key: value' lines below it"),
    "model_type": ("not a mapping: {value}", "write 'key: value' lines below it"),
    "too_short": ("empty", "add an entry, or take the key away"),
    "greater_than": ("too small: {value}", "write more than {gt:g}"),
    "greater_than_equal": ("too small: {value}", "write {ge:g} or more"),
    "less_than_equal": ("too large: {value}", "write {le:g} or less"),
    "finite_number": ("not a number: {value}", "write a number"),
}

# Whose keys belong at a place: below `settings` by path, below `sources` by depth.
SETTINGS_KEYS: Mapping[Where, type[BaseModel]] = {
    ("settings",): SettingsEntry,
    ("settings", "fetch"): FetchEntry,
    ("settings", "backup"): BackupEntry,
}
SOURCES_KEYS: tuple[type[BaseModel], ...] = (File, File, File, SourceEntry)
PARTS_KEYS: Mapping[object, type[BaseModel]] = {
    "selectors": SelectorsEntry,
    "records": RecordsEntry,
    "wanted": WantedEntry,
}


# Kinds whose addresses have a form: what has to be found in them, what they are without it, what to write.
ADDRESSES: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    "mastodon": (
        re.compile(r"//[^/?#]+/(?:[^?#]*/)?(?:(?:@|users/)\w[\w.@-]*|tags/[^/?#]+|lists/\w+)/?(?:[?#]|\Z)"),
        "no Mastodon account, hashtag or list",
        "write https://HOST/@NAME, https://HOST/tags/NAME or https://HOST/lists/ID",
    ),
    "bluesky": (
        re.compile(
            r"//(?i:bsky\.app)/(?:(?:profile|hashtag)/[^/?#]+/?(?:[?#]|\Z)|search\?(?:.*&)?q=[^&])"
            r"|/xrpc/app\.bsky\.feed\.\w"
        ),
        "no Bluesky profile or search",
        "write https://bsky.app/profile/HANDLE or https://bsky.app/search?q=WORDS",
    ),
    "reddit": (
        re.compile(
            r"//[^/?#]+/(?:(?:r|u|user)/[\w+-]{2,300}(?:/(?:new|search|submitted|m/\w+(?:/new)?))?|search)"
            r"(?:/?\.json|/)?(?:[?#]|\Z)"
        ),
        "no subreddit, user or search of Reddit",
        "write https://www.reddit.com/r/NAME or https://www.reddit.com/search?q=WORDS",
    ),
    "hacker_news": (
        re.compile(
            r"//(?i:hn\.algolia\.com|news\.ycombinator\.com)(?:/(?:news|newest)?)?(?:[?#]|\Z)|/api/v1/search(?:_by_date)?\b"
        ),
        "no search of Hacker News",
        "write https://hn.algolia.com/?q=WORDS, or https://news.ycombinator.com/newest with 'wanted: {terms: […]}'",
    ),
    "telegram": (
        re.compile(r"//[^/?#]+/(?:s/)?[A-Za-z]\w{3,31}/?(?:[?#]|\Z)"),
        "no public channel of Telegram",
        "write https://t.me/NAME; invitations (t.me/+…) and private channels cannot be read",
    ),
    "youtube": (
        re.compile(
            r"/channel/UC[\w-]{22}(?:/\w+)?/?(?:[?#]|\Z)|/playlist\?(?:.*&)?list=[\w-]{10}|/feeds/videos\.xml\?"
        ),
        "no id of a YouTube channel or playlist",
        "write https://www.youtube.com/channel/UC…; the channel's page has the id under … more, Share channel",
    ),
}

# The keys of `wanted` that are of use, by kind; to other kinds none is.
WANTED_BY: Mapping[str, tuple[str, ...]] = {
    "hacker_news": ("terms",),
    "gdelt": ("themes", "domains", "languages", "types"),
    "gdelt_doc": ("terms", "themes", "domains", "languages"),
    "federal_register": ("terms", "agencies", "types"),
}
# What `wanted.types` may say, by kind, in upper or lower case.
TYPES: Mapping[str, tuple[str, ...]] = {
    "gdelt": ("gkg", "export"),
    "federal_register": ("rule", "prorule", "notice", "presdocu", "proposed-rule", "presidential-document"),
}
KINDS = tuple(kind.value for kind in SourceKind)
LOCAL = {kind.value for kind in SourceKind if kind.is_local}
# Kind -> the key that it alone has, and what to write there.
READINGS = {
    "html": ("selectors", "add 'selectors:' with 'item:', the CSS selector of one entry of the index page"),
    "records": (
        "records",
        "add 'records:' with 'items:' and 'url:', the paths to the records and in each to its address",
    ),
}

# Kinds of which everything there is would be asked for, if nothing is wanted: the keys of which one must be given.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "gdelt": ("themes", "domains"),
    "gdelt_doc": ("terms", "themes", "domains"),
}


def of_schema(errors: list[ErrorDetails], document: Document) -> Iterator[Fault]:
    """Errors of pydantic as faults, but for places whose form is already a fault."""
    known = {fault.where for fault in document.faults}
    for error in errors:
        where = tuple(part for part in error["loc"] if part != "[key]")
        told = any(where[: len(place)] == place for place in known if place)
        emptied = error["type"] == "too_short" and error["input"]  # only by faults that are told anyway
        if not told and not emptied:
            yield _fault(error, where)


def _fault(error: ErrorDetails, where: Where) -> Fault:
    key, context = str(where[-1]) if where else "", error.get("ctx", {})
    match error["type"]:
        case kind if kind == OWN:
            what, remedy = context["what"], context["remedy"]
        case "missing":
            what, remedy = "missing", EXAMPLES.get(dotted(where[-2:]), EXAMPLES.get(key, "add it"))
        case "extra_forbidden":
            what, remedy = "unknown key", _suggestion(key, _keys_at(where[:-1]))
        case kind if kind in WORDS:
            what, remedy = (words.format(value=_shown(error["input"]), **context) for words in WORDS[kind])
            remedy = EXAMPLES.get(key, remedy) if error["input"] in (None, {}) else remedy
        case _:
            what, remedy = error["msg"], "compare with docs/config.md"
    return Fault(where=where, what=what, remedy=remedy)


def _shown(value: object) -> str:
    """A value as it may stand in a message."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else repr(value)


def _keys_at(where: Where) -> tuple[str, ...]:
    """The keys that are known at a place."""
    if len(where) < len(SOURCES_KEYS):
        model = SETTINGS_KEYS.get(where) or SOURCES_KEYS[len(where)]
    else:
        model = PARTS_KEYS.get(where[-1], SourceEntry)
    return tuple(model.model_fields)


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    near = nearest(key, known)
    return f"did you mean '{near}'?" if near else f"known keys: {', '.join(known)}"


def between_places(document: Document) -> Iterator[Fault]:
    """What is wrong between places: ids and addresses used twice, selectors without an index page, or it without."""
    ids: dict[str, Where] = {}
    addresses: dict[str, Where] = {}
    paths: dict[str, Where] = {}
    for where, entry in _entries(document.value):
        for key, seen, what in (("id", ids, "the id"), ("url", addresses, "the address"), ("path", paths, "the path")):
            if isinstance(value := entry.get(key), str):
                first = seen.setdefault(place(value) if key == "url" else value, where)
                if first != where:
                    yield _twice((*where, key), value, f"{what} of {_at(first, document)} too")
        yield from _place(where, entry)
        yield from _readings(where, entry)
        yield from _address(where, entry)
        yield from _wanted(where, entry)
        yield from _needed(where, entry)


def _twice(where: Where, value: str, what: str) -> Fault:
    remedy = "give each source its own" if where[-1] == "id" else "keep one of the two"
    return Fault(where=where, what=f"{value!r} is {what}", remedy=remedy)


def _at(where: Where, document: Document) -> str:
    return f"{dotted(where)} (line {document.line(where)})"


def _entries(value: Plain) -> Iterator[tuple[Where, dict[str, Any]]]:
    """Every entry that has the form of a source, with its place."""
    groups = value.get("sources") if isinstance(value, dict) else None
    for group, entries in groups.items() if isinstance(groups, dict) else ():
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield ("sources", group, number), entry


def place(address: str) -> str:
    """One spelling for addresses that surely lead to one place."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _place(where: Where, entry: dict[str, Any]) -> Iterator[Fault]:
    """Every source has an address, but for those on this machine, which have a path."""
    kind, has_url, has_path = entry.get("kind"), entry.get("url") is not None, entry.get("path") is not None
    if kind in LOCAL:
        if not has_path:
            remedy = EXAMPLES["path"]
            yield Fault(where=(*where, "kind"), what=f"'{kind}' needs a path, and there is none", remedy=remedy)
        if has_url:
            yield Fault(where=(*where, "url"), what=f"of no use to kind '{kind}'", remedy="write 'path:' instead")
        return
    if has_path and kind in KINDS:
        remedy = "write 'url:' instead, or make it kind 'folder' or 'mail'"
        yield Fault(where=(*where, "path"), what=f"of no use to kind '{kind}'", remedy=remedy)
    elif not has_url and not has_path:
        yield Fault(where=(*where, "url"), what="missing", remedy=EXAMPLES["url"])


def _readings(where: Where, entry: dict[str, Any]) -> Iterator[Fault]:
    """What only one kind needs to be told, it must be told, and no other kind may."""
    kind = entry.get("kind")
    for owner, (key, remedy) in READINGS.items():
        if kind == owner and entry.get(key) is None:
            yield Fault(where=(*where, "kind"), what=f"'{kind}' needs {key}, and there are none", remedy=remedy)
        if kind != owner and kind in KINDS and entry.get(key) is not None:
            away = f"take them away, or make it kind '{owner}'"
            yield Fault(where=(*where, key), what=f"of no use to kind '{kind}'", remedy=away)


def _address(where: Where, entry: dict[str, Any]) -> Iterator[Fault]:
    """The form that a kind's address must have; a list of Mastodon's needs its owner's token too."""
    kind, address = entry.get("kind"), entry.get("url")
    if not (isinstance(kind, str) and kind in ADDRESSES and isinstance(address, str)):
        return
    form, what, remedy = ADDRESSES[kind]
    if not form.search(address):
        yield Fault(where=(*where, "url"), what=f"{what}: {address!r}", remedy=remedy)
    elif kind == "mastodon" and "/lists/" in address and entry.get("token_env") is None:
        remedy = "add 'token_env:' with the environment variable that holds an access token of yours"
        yield Fault(where=(*where, "url"), what="a list is shown only to its owner", remedy=remedy)


def _wanted(where: Where, entry: dict[str, Any]) -> Iterator[Fault]:
    """What a kind is not able to look for is not wanted of it."""
    kind, wanted = entry.get("kind"), entry.get("wanted")
    if kind not in KINDS or not isinstance(wanted, dict):
        return
    of_use = WANTED_BY.get(str(kind), ())
    for key in wanted if of_use else ():
        if key in WantedEntry.model_fields and key not in of_use:
            remedy = f"take it away; keys of use: {', '.join(of_use)}"
            yield Fault(where=(*where, "wanted", key), what=f"of no use to kind '{kind}'", remedy=remedy)
    if not of_use:
        remedy = f"take it away; kinds that look for something: {', '.join(WANTED_BY)}"
        yield Fault(where=(*where, "wanted"), what=f"of no use to kind '{kind}'", remedy=remedy)
    yield from _types((*where, "wanted", "types"), str(kind), wanted.get("types"))


def _types(where: Where, kind: str, types: object) -> Iterator[Fault]:
    """Types that the service does not know would be taken for none, or be refused with every request."""
    known = TYPES.get(kind, ())
    for number, one in enumerate(types if known and isinstance(types, list) else ()):
        if isinstance(one, str) and one.lower() not in known:
            remedy = f"write {', '.join(known)}"
            yield Fault(where=(*where, number), what=f"no type of kind '{kind}': {one!r}", remedy=remedy)


def _needed(where: Where, entry: dict[str, Any]) -> Iterator[Fault]:
    """Of what holds the news of the whole world, something is wanted."""
    kind, wanted = str(entry.get("kind")), entry.get("wanted") or {}
    keys = NEEDED.get(kind, ())
    is_named = kind == "gdelt_doc" and "query=" in str(entry.get("url"))
    is_told = not isinstance(wanted, dict) or bool(wanted.keys() - set(WANTED_BY.get(kind, ())))
    if keys and not is_named and not is_told and not any(wanted.get(key) for key in keys):
        remedy = f"add 'wanted:' with one or more of {', '.join(keys)}"
        yield Fault(where=(*where, "wanted"), what=f"kind '{kind}' would list all the news of the world", remedy=remedy)
