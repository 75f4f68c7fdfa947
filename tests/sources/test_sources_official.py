"""How official and bulk services are asked, what a full answer leads to, and what is refused of archives and lists."""

from __future__ import annotations

import io
import json
import zipfile
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sources_samples import FETCHED_AT, page, source

from tracker import sources
from tracker.gdelt import codes, zipped
from tracker.model import Done, Listing, Poison, Records, Request, Source, SourceKind, Wanted
from tracker.sources import gdelt_doc, json_documents, paths, xml_documents

API = "https://api.gdeltproject.example/api/v2/doc/doc"
FR = "https://www.federalregister.gov"


def done(outcome: Done[Listing] | Poison) -> Listing:
    assert isinstance(outcome, Done), outcome
    return outcome.value


# ------------------------------------------------------------------------------------------------------- GDELT, bulk


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("20240709120000.gkg.csv.zip", "20240709114500.gkg.csv.zip"),
        ("20240301000000.translation.gkg.csv.zip", "20240229234500.translation.gkg.csv.zip"),
        ("20240709120000.export.CSV.zip", "20240709114500.export.CSV.zip"),
        ("20249909120000.gkg.csv.zip", None),
        ("00010101000000.gkg.csv.zip", None),
        ("latest.zip", None),
    ],
)
def test_the_file_of_the_quarter_before_is_older(name: str, before: str | None) -> None:
    folder = "http://data.gdeltproject.example/gdeltv2/"
    body = archive("\t" * 60)
    listing = done(sources.parse(source(SourceKind.GDELT), page(body, url=folder + name)))
    assert (listing.older.url if listing.older else None) == (before and folder + before)
    assert listing.older is None or listing.older.conditional


def archive(content: str, *, copies: int = 1, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as written:
        for number in range(copies):
            written.writestr(f"{number}.csv", content)
    return buffer.getvalue()


def locked() -> bytes:
    """An archive whose file is marked as encrypted."""
    body = bytearray(archive("a"))
    for at in (body.index(b"PK\x03\x04") + 6, body.index(b"PK\x01\x02") + 8):
        body[at] |= 1
    return bytes(body)


def damaged() -> bytes:
    body = bytearray(archive("tariff\n" * 1000))
    body[45] ^= 0xFF
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (archive("x" * 60), "with a line of more than 50 bytes"),
        (archive("x" * 9 + "\n"), None),
        (archive(("x" * 9 + "\n") * 21), "unpacks to more than 200 bytes"),
        (archive("a", copies=30), "of more than 20 files"),
        (archive("a", packed=zipfile.ZIP_BZIP2), "empty or packed in another way"),
        (archive("", copies=0), "empty or packed in another way"),
        (locked(), "is encrypted, password required"),
        (damaged(), "is broken ("),
        (b"PK\x03\x04 and no more", "is broken (File is not a zip file)"),
    ],
)
def test_an_archive_is_read_within_bounds(body: bytes, says: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_LINE", 50)
    monkeypatch.setattr(zipped, "MAX_UNPACKED", 200)
    if says is None:
        assert list(zipped.lines(body)) == [b"x" * 9]
        return
    with pytest.raises(zipped.ZippedError) as caught:
        list(zipped.lines(body))
    assert says in str(caught.value)


# --------------------------------------------------------------------------------------------------- GDELT, DOC API


@pytest.mark.parametrize(
    ("url", "wanted", "query"),
    [
        (API, Wanted(terms=("tariff",)), "tariff"),
        (API, Wanted(terms=("export controls",)), '"export controls"'),
        (API, Wanted(terms=("tariff", "export controls")), '(tariff OR "export controls")'),
        (API, Wanted(terms=("anti-dumping", 'say "no"')), '("anti-dumping" OR "say  no ")'),
        (API, Wanted(domains=("a.example", "b.example")), "(domain:a.example OR domain:b.example)"),
        (API, Wanted(themes=("sanctions",), languages=("en",)), "theme:SANCTIONS sourcelang:eng"),
        (API, Wanted(languages=("de", "fr")), "(sourcelang:deu OR sourcelang:fra)"),
        (f"{API}?query=steel%20tariff&mode=tonechart", Wanted(), "steel tariff"),
        (f"{API}?query=steel", Wanted(languages=("en",)), "steel sourcelang:eng"),
    ],
)
def test_a_search_is_written_in_the_words_of_the_service(url: str, wanted: Wanted, query: str) -> None:
    request = sources.request(source(SourceKind.GDELT_DOC, url=url, wanted=wanted))
    asked = dict(parse_qsl(urlsplit(request.url).query))
    assert asked == {
        "query": query,
        "mode": "artlist",
        "format": "json",
        "maxrecords": "250",
        "sort": "datedesc",
        "timespan": "2h",
    }
    assert not request.conditional


@pytest.mark.parametrize(
    ("interval", "timespan"),
    [
        (timedelta(minutes=5), "1h"),
        (timedelta(minutes=50), "2h"),
        (timedelta(hours=3), "6h"),
        (timedelta(days=3), "24h"),
    ],
)
def test_each_search_looks_back_over_twice_the_interval(interval: timedelta, timespan: str) -> None:
    request = sources.request(replace(source(SourceKind.GDELT_DOC, url=API), interval=interval))
    assert request.url.endswith(f"&timespan={timespan}")
    assert request.pause == timedelta(seconds=5), "the service allows no more"


class Archive:
    """Answers searches as the DOC API does: the newest 250 articles of the window."""

    def __init__(self, seen: list[datetime]) -> None:
        self.seen = sorted(seen, reverse=True)

    def answer(self, asked: Source, request: Request) -> Done[Listing] | Poison:
        query = dict(parse_qsl(urlsplit(request.url).query))
        if "timespan" in query:
            start, end = FETCHED_AT - timedelta(hours=int(query["timespan"][:-1])), FETCHED_AT
        else:
            start, end = (
                datetime.strptime(query[f"{name}datetime"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                for name in ("start", "end")
            )
        found = [number for number, seen in enumerate(self.seen) if start <= seen <= end][: gdelt_doc.MOST]
        rows = [
            {"url": f"http://a.example/{number}", "seendate": f"{self.seen[number]:%Y%m%dT%H%M%SZ}"} for number in found
        ]
        return sources.parse(asked, page(json.dumps({"articles": rows}).encode(), url=request.url))


def collected(archive: Archive) -> tuple[set[str], int, list[str]]:
    """All that one refresh lists of an archive, in how many requests, with the notes."""
    asked = source(SourceKind.GDELT_DOC, url=API, wanted=Wanted(terms=("tariff",)))
    waiting, urls, notes, count = deque([sources.request(asked)]), set[str](), list[str](), 0
    while waiting:
        listing = done(archive.answer(asked, waiting.popleft()))
        count += 1
        assert count < 200
        assert all(one.pause == timedelta(seconds=5) for one in (*listing.follow, listing.older) if one)
        urls |= {item.url for item in listing.items}
        notes += listing.notes
        waiting += [*listing.follow, *filter(None, [listing.older])]
    return urls, count, notes


@pytest.mark.parametrize(
    ("number", "every", "requests"),
    [(10, 15, 2), (249, 5, 2), (2_000, 0.7, 20), (3_000, 0.4, 26)],
)
def test_a_day_with_more_articles_than_one_answer_holds_is_listed_whole(
    number: int, every: float, requests: int
) -> None:
    quarter = codes.SLICE
    day = [FETCHED_AT - timedelta(minutes=every * n) for n in range(number)]
    seen = [datetime.fromtimestamp(one.timestamp() // quarter.seconds * quarter.seconds, tz=UTC) for one in day]
    urls, count, notes = collected(Archive(seen))
    assert len(urls) == number
    assert notes == []
    assert count <= requests


def test_a_quarter_of_an_hour_with_more_than_one_answer_holds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gdelt_doc, "MOST", 3)
    busy = FETCHED_AT - timedelta(minutes=30)
    urls, _, notes = collected(Archive([busy] * 7 + [busy - timedelta(minutes=15)]))
    assert len(urls) == 4
    assert notes
    assert notes[0].startswith("more than 3 articles from 2024-07-09 11:")


def test_an_archive_out_of_order_is_still_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gdelt_doc, "MOST", 2)
    rows = [{"url": "http://a.example/1", "seendate": stamp} for stamp in ("20240709T110000Z", "nonsense")]
    asked = source(SourceKind.GDELT_DOC, url=API)
    body = json.dumps({"articles": rows}).encode()
    listing = done(sources.parse(asked, page(body, url=sources.request(asked).url)))
    windows = [urlsplit(one.url).query.partition("&startdatetime=")[2] for one in listing.follow]
    assert windows == ["20240709110000&enddatetime=20240709120000", "20240709100000&enddatetime=20240709110000"]


def test_too_many_requests_are_told_by_their_status() -> None:
    said = b"Please limit requests to one every 5 seconds or contact us for larger queries."
    outcome = sources.parse(source(SourceKind.GDELT_DOC, url=API), page(said))
    assert isinstance(outcome, Poison)
    assert outcome.status == 429


# ------------------------------------------------------------------------------------------------- Federal Register


@pytest.mark.parametrize(
    ("url", "wanted", "conditions"),
    [
        (f"{FR}/api/v1/documents.json", Wanted(), []),
        (f"{FR}/", Wanted(types=("RULE", "proposed-rule")), [("type", "RULE"), ("type", "PRORULE")]),
        (f"{FR}/agencies/industry-and-security-bureau", Wanted(), [("agencies", "industry-and-security-bureau")]),
        (f"{FR}/api/v1/documents", Wanted(agencies=("a", "b")), [("agencies", "a"), ("agencies", "b")]),
        (f"{FR}/documents/search?conditions%5Bterm%5D=steel", Wanted(), [("term", "steel")]),
        (f"{FR}/", Wanted(terms=("tariff", "entity list")), [("term", 'tariff | "entity list"')]),
    ],
)
def test_documents_are_asked_for_by_what_is_wanted(url: str, wanted: Wanted, conditions: list[tuple[str, str]]) -> None:
    request = sources.request(source(SourceKind.FEDERAL_REGISTER, url=url, wanted=wanted))
    assert request.url.startswith(f"{FR}/api/v1/documents.json?")
    asked = parse_qsl(urlsplit(request.url).query)
    found = [
        (name.removeprefix("conditions[").partition("]")[0], value) for name, value in asked if "conditions" in name
    ]
    assert found == conditions
    assert {("order", "newest"), ("per_page", "100"), ("fields[]", "effective_on")} <= set(asked)


def test_what_the_address_says_of_order_and_fields_stands() -> None:
    url = f"{FR}/api/v1/documents.json?per_page=20&order=oldest&fields%5B%5D=title"
    request = sources.request(source(SourceKind.FEDERAL_REGISTER, url=url))
    assert request.url == url


@pytest.mark.parametrize(
    "path", ["/api/v1/public-inspection-documents/current.json", "/api/v1/documents/2025-00001.json"]
)
def test_another_address_of_the_api_is_asked_as_it_stands(path: str) -> None:
    assert sources.request(source(SourceKind.FEDERAL_REGISTER, url=FR + path)).url == FR + path


# ----------------------------------------------------------------------------------------------------------- records

XML = b"<r xmlns:x='urn:x'><a><b n='1'>one<!--no--> <i>1</i></b><b n='2'>two</b></a><a><b x:n='3'/></a></r>"
JSON = b'{"a": [{"b": "one", "n": {"0": "zero"}}, {"b": ["two", 3]}, 7], "empty": [], "@k": "key", "t": true}'


@pytest.mark.parametrize(
    ("body", "path", "texts"),
    [
        (XML, "r.a.b", ["one 1", "two"]),
        (XML, "a.b", ["one 1", "two"]),
        (XML, "a.b.1", ["two"]),
        (XML, "a.b.@n", ["1", "2", "3"]),
        (XML, "a.b.0.i", ["1"]),
        (XML, "a.9.b", []),
        (XML, "r.@n", []),
        (XML, "b", []),
        (JSON, "a.b", ["one", "two", "3"]),
        (JSON, "a.1.b", ["two", "3"]),
        (JSON, "a.1.b.0", ["two"]),
        (JSON, "a.n.0", ["zero"]),
        (JSON, "a", ["7"]),
        (JSON, "@k", ["key"]),
        (JSON, "t", []),
        (JSON, "empty.x", []),
        (b'["x", {"y": "z"}]', "*", ["x"]),
        (b'["x", {"y": "z"}]', "*.y", ["z"]),
    ],
)
def test_a_path_leads_to_texts(body: bytes, path: str, texts: list[str]) -> None:
    answer = page(body)
    document = json_documents.load(answer) if not body.startswith(b"<") else xml_documents.root(answer)[0]
    assert paths.said(paths.from_root(document, path)) == texts


def test_a_source_of_records_without_places_says_so() -> None:
    outcome = sources.parse(source(SourceKind.RECORDS), page(b"[]"))
    assert outcome == Poison(reason="the source has kind records and no 'records' that say where they are")


@pytest.mark.parametrize(
    "body",
    [
        b"<r " + b" ".join(b"a%d=''" % n for n in range(20_000)) + b"/>",
        b"<r>" * 1_000_001,
        b"[" * 200_000,
        b'{"a": ' * 100_000,
    ],
    ids=["attributes", "tags", "lists", "objects"],
)
def test_documents_beyond_the_bounds_are_refused(body: bytes) -> None:
    asked = source(SourceKind.RECORDS, records=Records(items="r.a", url="u"))
    outcome = sources.parse(asked, page(body))
    assert isinstance(outcome, Poison)
    assert outcome.reason.endswith("not a document of JSON or XML that can be read")


def test_entities_are_not_expanded() -> None:
    body = b'<!DOCTYPE r [<!ENTITY e "ha">]><r><a><t>so &e; it</t><u>http://a.example/1</u></a></r>'
    asked = source(SourceKind.RECORDS, records=Records(items="r.a", url="u", title="t"))
    (item,) = done(sources.parse(asked, page(body))).items
    assert item.title == "so it"


def test_a_bomb_of_entities_ends_the_document() -> None:
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    body = b'<!DOCTYPE r [<!ENTITY e0 "ha">' + bomb + b"]><r><a><t>&e11;</t><u>http://a.example/1</u></a></r>"
    asked = source(SourceKind.RECORDS, records=Records(items="r.a", url="u", title="t"))
    assert sources.parse(asked, page(body)) == Poison(reason="1 records, none with an address at 'u'")


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (b"<r><a><u>/1</u></a></r>", None),
        (b"<!DOCTYPE r [<!ENTITY e 'ha'>]><r><a><u>/1</u><t>&e;</t></a></r>", None),
        (b"<r><a><u>/1</u></a><a><u>/", "XML broken at line 1 ("),
        (b"<r>\n<a><u>/1</u></a><!-- never closed <a/></r>", "XML broken at line 2 (Comment not terminated"),
    ],
)
def test_where_a_list_is_broken_is_told(body: bytes, note: str | None) -> None:
    listing = done(sources.parse(source(SourceKind.RECORDS, records=Records(items="r.a", url="u")), page(body)))
    assert listing.items[0].url == "http://a.example/1"
    assert listing.notes[0].startswith(note) if note else not listing.notes


def test_a_list_of_too_many_records_is_cut_and_says_so() -> None:
    body = json.dumps([{"u": f"/{number}"} for number in range(10_050)]).encode()
    listing = done(sources.parse(source(SourceKind.RECORDS, records=Records(items="*", url="u")), page(body)))
    assert len(listing.items) == 10_000
    assert listing.notes == ("more than 10000 entries, only the first 10000 read",)


def test_the_next_page_is_older_and_a_page_that_names_itself_is_not() -> None:
    where = Records(items="items", url="u", next="next")
    asked = source(SourceKind.RECORDS, records=where)
    for following, older in (
        ("?page=2", "http://a.example/feed?page=2"),
        ("http://a.example/feed", None),
        (None, None),
    ):
        body = json.dumps({"items": [], "next": following}).encode()
        found = done(sources.parse(asked, page(body))).older
        assert (found.url if found else None) == older
