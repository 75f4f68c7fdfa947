"""OPML 1.0 and 2.0, the lists of feeds that readers exchange: read into entries of feeds.yaml, written from sources.

    read(data, name=) -> Outlines              entries(outlines, ...) -> Import
    write(sources) -> Export

What a reader needs comes back as it was: text, address, page for people, folders, order. Read within bounds: a document
type of its own (and so every entity) is refused, nothing is loaded, and a file is at most `MAX_BYTES`. Not kept:
descriptions, dates and attributes of one reader's own. Does not fetch.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.entities import html5
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from tracker.config import naming
from tracker.config.codes import LANGUAGES
from tracker.config.faults import place
from tracker.errors import InputError
from tracker.model import Source, SourceKind, Tier

MAX_BYTES = 20_000_000
MAX_FEEDS = 20_000
TOP = "imported"  # the group of feeds that stand in no folder
KINDS = {SourceKind.FEED: "rss", SourceKind.JSON_FEED: "json"}  # what other readers can use, and its `type`
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY")
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,30})[\"']")
_REFERENCE = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(\w{2,31});)?")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFIT_URL = re.compile(r"[\s\x00-\x1f\"<>\\]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of an OPML file, with the folders it stands in, outermost first."""

    text: str
    url: str
    homepage: str | None = None
    folders: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """The feeds of a file in their order, and what was left out and why."""

    feeds: tuple[Outline, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What to add to feeds.yaml: the group of each entry and the entry; `known` are feeds that were there already."""

    entries: tuple[tuple[str, Mapping[str, Any]], ...]
    known: tuple[str, ...] = ()
    without_language: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An OPML file, how many feeds it holds, and the ids of sources that no feed reader could ask."""

    data: bytes
    count: int
    left_out: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------------- reading


def read(data: bytes, *, name: str) -> Outlines:
    """The feeds of an OPML file.

    Raises:
        InputError: it is too large, no XML, no OPML, brings a document type of its own, or names no feed.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; split it")
    text = _decoded(data)
    if _HTML.match(text):
        raise InputError(f"{name}: an HTML page, not OPML; a site's own address goes to `tracker sources add`")
    if _DOCTYPE.search(text):
        what = "brings entities of its own (<!DOCTYPE … [ or <!ENTITY), which are refused"
        raise InputError(f"{name}: {what}; delete them")
    root, notes = _root(_DECLARATION.sub("", text, count=1), name)
    if _name(root) != "opml":
        raise InputError(f"{name}: XML <{_name(root)}>, not OPML; a feed's own address goes to `tracker sources add`")
    found = [_outline(node, folders) for node, folders in _walk(root)]
    feeds = tuple(one for one in found if isinstance(one, Outline))
    bad = [one for one in found if isinstance(one, str)]
    if bad:
        notes = (*notes, f"{len(bad)} left out: no http(s) address ({', '.join(map(repr, bad[:3]))})")
    if len(feeds) > MAX_FEEDS:
        raise InputError(f"{name}: names {len(feeds)} feeds, more than {MAX_FEEDS}; split it")
    if not feeds:
        raise InputError(f"{name}: names no feed: no <outline> has an xmlUrl with an http(s) address")
    return Outlines(feeds=feeds, notes=notes)


def _decoded(data: bytes) -> str:
    """The file's text: byte order mark, declaration, UTF-8, and windows-1252 for what is neither."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    declared = _DECLARED.match(data)
    for label in (declared[1].decode("ascii") if declared else "utf-8", "utf-8"):
        try:
            return data.decode(label)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _root(text: str, name: str) -> tuple[Any, tuple[str, ...]]:
    """The root element; bare ampersands and HTML's entities, common in such files, are mended and told."""
    try:
        return _parsed(text), ()
    except etree.XMLSyntaxError as fault:
        mended = _REFERENCE.sub(_mended, text)
        try:
            return _parsed(mended), ("mended: '&' that should be '&amp;'",)
        except etree.XMLSyntaxError:
            line, column = fault.position
            what = str(fault.msg).rpartition(", line ")[0] or fault.msg
            raise InputError(
                f"{name}:{line}:{column}: broken XML ({what}); export the list again, or mend that line"
            ) from None


def _parsed(text: str) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _mended(reference: re.Match[str]) -> str:
    if not reference[1]:
        return "&amp;"
    if not reference[2] or reference[2] in _OWN:
        return reference[0]
    return html5.get(f"{reference[2]};", f"&amp;{reference[1]}")


def _walk(root: Any) -> Iterator[tuple[Mapping[str, str], tuple[str, ...]]]:
    """Every outline that names a feed, with its folders; attributes by their names in lower case."""
    bodies = [one for one in root if _name(one) == "body"]
    waiting: list[tuple[Any, tuple[str, ...]]] = [(one, ()) for body in reversed(bodies) for one in reversed(body)]
    while waiting:
        node, folders = waiting.pop()
        if _name(node) != "outline":
            continue
        attributes = {str(key).rpartition("}")[2].lower(): str(value) for key, value in node.attrib.items()}
        if "xmlurl" in attributes:
            yield attributes, folders
        words = _words(attributes.get("text")) or _words(attributes.get("title"))
        waiting += [(one, (*folders, words) if words else folders) for one in reversed(node)]


def _outline(attributes: Mapping[str, str], folders: tuple[str, ...]) -> Outline | str:
    """One feed, or the address that is none."""
    url = attributes["xmlurl"].strip()
    if url.startswith("feed:"):  # feed:https://…, feed://https://… and feed://…
        rest = url.removeprefix("feed:")
        url = rest.removeprefix("//") if "://" in rest else f"http:{rest}"
    if not _is_fit(url):
        return url[:80]
    page = attributes.get("htmlurl", "").strip()
    language = attributes.get("language", "").strip().lower()[:2]
    return Outline(
        text=_words(attributes.get("text")) or _words(attributes.get("title")) or urlsplit(url).netloc,
        url=url,
        homepage=page if _is_fit(page) else None,
        folders=folders,
        language=language if language in LANGUAGES else None,
        type=attributes.get("type", "").strip().lower(),
    )


def _words(text: str | None) -> str:
    return " ".join(_UNFIT.sub(" ", text or "").split())


def _is_fit(url: str) -> bool:
    """Whether feeds.yaml can hold the address."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return whole and parts.scheme in {"http", "https"} and not _UNFIT_URL.search(url)


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


# ----------------------------------------------------------------------------------------- to and from feeds.yaml


def entries(
    outlines: Sequence[Outline],
    *,
    sources: Iterable[Source],
    tier: Tier,
    language: str,
    group: str | None = None,
) -> Import:
    """The entries for feeds that are not there yet.

    Args:
        outlines: feeds in their order; the outermost folder becomes the group, inner ones become tags.
        sources: those of the present file.
        tier: of every new source, since OPML has none.
        language: of those whose outline names none.
        group: one group for all of them.
    """
    present = tuple(sources)
    ids, places = {source.id for source in present}, {place(source.url): source.id for source in present}
    made: list[tuple[str, Mapping[str, Any]]] = []
    known: list[str] = []
    without = 0
    closed: set[str] = set()  # groups of this import that another one has followed: order is kept by a new one
    for folder, run in groupby(outlines, key=lambda outline: outline.folders[:1]):
        named = group or _free_group(naming.group(folder[0]) if folder else TOP, closed)
        closed.add(named)
        for outline in run:
            if place(outline.url) in places:
                known.append(outline.url)
                continue
            chosen = naming.source_id([outline.text, urlsplit(outline.url).hostname or ""], outline.url, ids)
            ids.add(chosen)
            places[place(outline.url)] = chosen
            made.append((named, _entry(outline, chosen, named, tier, language)))
            without += outline.language is None
    return Import(entries=tuple(made), known=tuple(known), without_language=without)


def _free_group(name: str, closed: Collection[str]) -> str:
    """The group, or the next of its name, where feeds of other folders stand between."""
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(closed) + 2))
    return next(one for one in names if one not in closed)


def _entry(outline: Outline, source_id: str, group: str, tier: Tier, language: str) -> Mapping[str, Any]:
    is_json = "json" in outline.type or urlsplit(outline.url).path.endswith(".json")
    tags = [tag for folder in outline.folders[1:] if (tag := naming.slug(folder))]
    entry: dict[str, Any] = {
        "id": source_id,
        "name": outline.text,
        "kind": str(SourceKind.JSON_FEED if is_json else SourceKind.FEED),
        "url": outline.url,
        "language": outline.language or language,
        "tier": str(tier),
    }
    if tags:
        entry["tags"] = list(dict.fromkeys(tags))
    if outline.homepage:
        entry["homepage"] = outline.homepage
    if outline.folders != (group,):
        entry["outline"] = list(outline.folders)
    return entry


def write(sources: Iterable[Source], *, title: str = "tracker") -> Export:
    """The feeds among the sources as OPML 2.0, in their order, each in its folders."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    parents: list[tuple[str, Any]] = [("", etree.SubElement(root, "body"))]
    left_out: list[str] = []
    count = 0
    for source in sources:
        if source.kind not in KINDS:
            left_out.append(source.id)
            continue
        folders = source.outline if source.outline is not None else source.tags[:1]
        _feed(_folder(parents, folders), source)
        count += 1
    data = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return Export(data=data, count=count, left_out=tuple(left_out))


def _folder(parents: list[tuple[str, Any]], folders: tuple[str, ...]) -> Any:
    """The element of a folder; `parents` are the body and the folders that are open, outermost first."""
    shared = 0
    while shared < min(len(folders), len(parents) - 1) and parents[shared + 1][0] == folders[shared]:
        shared += 1
    del parents[shared + 1 :]
    for name in folders[shared:]:
        parents.append((name, etree.SubElement(parents[-1][1], "outline", text=name, title=name)))
    return parents[-1][1]


def _feed(parent: Any, source: Source) -> None:
    element = etree.SubElement(parent, "outline", text=source.name, title=source.name, type=KINDS[source.kind])
    element.set("xmlUrl", source.url)
    if source.homepage:
        element.set("htmlUrl", source.homepage)
    element.set("language", source.language)
