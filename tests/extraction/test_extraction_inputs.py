"""Files, standard input and addresses to articles and answers: real files, a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from folder_site import Site
from stand_ins import NOW, BlockReader

from tracker import extraction
from tracker.extraction import Desk, Fault, Form, Input
from tracker.model import Basis, FetchSettings, When

SENTENCE = "OpenAI will block access to its API from China."
REST = "Developers there have until 9 July, the company wrote to them in a short note on Monday. " * 4
PAGE = f"""<!doctype html><html lang="en"><head><title>OpenAI shuts out China | The Post</title>
<meta property="og:site_name" content="The Post"><meta property="article:published_time" content="2024-06-25T08:00:00Z">
<link rel="canonical" href="https://post.example/tech/openai-china"></head><body>
<nav><a href="/">Home</a></nav><article><h1>OpenAI shuts out China</h1>
<p>{SENTENCE} {REST}</p><p>Nothing changes for anybody else, it added, and refunds will be paid.</p></article>
<footer>All rights reserved.</footer></body></html>"""
UNDATED = PAGE.replace('<meta property="article:published_time" content="2024-06-25T08:00:00Z">', "")
TEXT = f"OpenAI shuts out China\n\n{SENTENCE} {REST.strip()}\n"
WALL = "<!doctype html><html lang=en><title>Page not found</title><h1>404 Not found</h1><p>Sorry.</p></html>"
CHINESE = (
    "<!doctype html><html lang=zh><title>禁令</title><p>" + "商务部周二宣布对镓实施出口管制，并要求企业申请许可证。" * 8
)
JUNE = When(value="2024-06-25", basis=Basis.METADATA)
JULY = When(value="2024-07", basis=Basis.METADATA)


class Faults(list[str]):
    """What was told of inputs that could not be had."""

    def __call__(self, fault: Fault) -> None:
        self.append(f"{'network' if fault.is_network else 'input'}: {fault.reason}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "page.html": PAGE,
        "undated.html": UNDATED,
        "note.txt": TEXT,
        "latin.txt": "OpenAI: Zürich\n\nOpenAI will block API access from China, Zürich hört es.".encode("cp1252"),
        "two.jsonl": f"\n{json.dumps({'id': 'a', 'text': SENTENCE, 'published_at': '2023'})}\n"
        + json.dumps({"id": "b", "text": "Weather."}),
        "half.jsonl": f"{json.dumps({'id': 'a', 'text': SENTENCE})}\nno json\n",
        "bytes.jsonl": b'{"id": "a", "text": "x"}\n{"id": "b", "text": "\xff"}\n',
        "empty.txt": " \n",
        "empty.jsonl": "",
        "wall.html": WALL,
        "chinese.html": CHINESE,
        "law.pdf": b"%PDF-1.7",
        "long.txt": "word " * 100_000,
        "robots.txt": "User-agent: *\nDisallow: /private/\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with Site(folder) as running:
        yield running


def network() -> FetchSettings:
    return FetchSettings(user_agent="tracker/0 (+desk@tracker.example)", connect_timeout=2, host_delay=0.0)


def no_network() -> FetchSettings:
    raise AssertionError("the network was not asked for")


def read(*names: object, stdin: bytes = b"", **how: Any) -> tuple[list[Input], Faults]:
    faults = Faults()
    desk = Desk(**{"now": lambda: NOW, "network": no_network, "stdin": BytesIO(stdin), "on_fault": faults, **how})
    return list(extraction.read([str(name) for name in names], desk)), faults


def lines(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    return [answer.line() for answer in extraction.answers(inputs, BlockReader())]


@pytest.mark.parametrize("name", ["page.html", "note.txt", "undated.html"])
def test_the_answer_to_a_text_or_page_carries_the_text_that_its_spans_refer_to(folder: Path, name: str) -> None:
    inputs, faults = read(folder / name)
    (line,) = lines(inputs)
    (event,) = line["events"]
    assert faults == []
    assert line["input"] == str(folder / name)
    assert line["title"] == "OpenAI shuts out China"
    (evidence,) = event["evidence"]
    assert line["text"][evidence["start"] : evidence["end"]] == SENTENCE.removesuffix(".")
    (actor,) = event["spans"]["actors"]
    assert line["text"][actor["start"] : actor["end"]] == "OpenAI"
    assert "Home" not in line["text"]


def test_an_answer_is_an_input_again_and_gives_the_same_events(folder: Path) -> None:
    (first,) = lines(read(folder / "page.html")[0])
    (again,) = lines(read("-", stdin=json.dumps(first).encode())[0])
    assert again == {key: first[key] for key in ("id", "events", "entities")}


@pytest.mark.parametrize(
    ("name", "date", "published", "url"),
    [
        ("page.html", None, "2024-06-25T08:00:00Z", "https://post.example/tech/openai-china"),
        ("page.html", JULY, "2024-06-25T08:00:00Z", "https://post.example/tech/openai-china"),  # the page's own word
        ("undated.html", None, None, "https://post.example/tech/openai-china"),  # never the day of reading
        ("undated.html", JULY, "2024-07", "https://post.example/tech/openai-china"),
        ("note.txt", None, None, None),
        ("note.txt", JULY, "2024-07", None),
    ],
)
def test_the_date_is_the_inputs_own_or_the_one_given(
    folder: Path, name: str, date: When | None, published: str | None, url: str | None
) -> None:
    (line,) = lines(read(folder / name, date=date)[0])
    assert (line["published_at"], line["url"]) == (published, url)


def test_a_date_is_given_to_json_lines_that_have_none(folder: Path) -> None:
    one, two = read(folder / "two.jsonl", date=JULY)[0]
    assert one.article.published is not None
    assert one.article.published.value == "2023"
    assert two.article.published == JULY


def test_one_text_in_two_files_is_two_accounts_of_one_event(folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT, encoding="utf-8")
    one, two = lines(read(folder / "note.txt", folder / "copy.txt", date=JUNE)[0])
    assert one["id"] != two["id"]
    assert one["events"][0]["event_id"] == two["events"][0]["event_id"]


def test_json_lines_are_answered_without_their_text(folder: Path) -> None:
    one, two = lines(read(folder / "two.jsonl")[0])
    assert (set(one), two["id"], two["events"]) == ({"id", "events", "entities"}, "b", [])


@pytest.mark.parametrize(
    ("stdin", "form", "titles"),
    [
        (PAGE.encode(), None, ["OpenAI shuts out China"]),
        (TEXT.encode(), None, ["OpenAI shuts out China"]),
        (b"\xef\xbb\xbf" + b'{"id": "a", "title": "T", "text": "x"}\r\n\r\n{"id": "b", "text": "x"}', None, ["T", ""]),
        (b"", None, []),
        (b"\n\n", None, []),
        (b"<b>Ban</b> of nickel exports, the ministry said", Form.TEXT, [""]),
        (b"Ban\n\n<p>of nickel", Form.HTML, [""]),
    ],
)
def test_standard_input_is_looked_at_or_taken_as_told(stdin: bytes, form: Form | None, titles: list[str]) -> None:
    inputs, faults = read("-", stdin=stdin, form=form)
    assert [one.article.title for one in inputs] == titles
    assert faults == []


def test_standard_input_streams() -> None:
    class Endless(BytesIO):
        def __next__(self) -> bytes:
            return b'{"id": "a", "text": "x"}\n'

    desk = Desk(now=lambda: NOW, network=no_network, stdin=Endless(), on_fault=Faults())
    found = extraction.read(["-"], desk)
    assert [next(found).article.id, next(found).article.id] == ["a", "a"]


def test_a_text_in_another_encoding(folder: Path) -> None:
    (line,) = lines(read(folder / "latin.txt")[0])
    assert line["title"] == "OpenAI: Zürich"
    assert "hört" in line["text"]


def test_an_address_is_asked_politely_and_read_like_a_page(site: Site) -> None:
    (one, two), faults = read(site.url("page.html"), site.url("note.txt"), network=network, date=JUNE)
    assert faults == []
    assert site.asked[0] == "/robots.txt"
    assert site.asked.count("/robots.txt") == 1
    page, note = lines([one, two])
    assert page["url"] == site.url("page.html")  # a canonical address on another site is not believed
    assert (page["input"], page["published_at"]) == (site.url("page.html"), "2024-06-25T08:00:00Z")
    assert [event["type"] for event in page["events"]] == ["access_restriction"]
    assert note["title"] == page["title"]
    assert page["events"][0]["event_id"] == note["events"][0]["event_id"]  # one event, told by two inputs


def test_inputs_come_in_the_order_they_are_named(site: Site, folder: Path) -> None:
    names = [
        site.url("note.txt"),
        site.url("page.html"),
        folder / "two.jsonl",
        site.url("two.jsonl"),
        folder / "note.txt",
    ]
    inputs, faults = read(*names, network=network)
    assert [one.name for one in inputs] == list(map(str, [*names[:3], names[2], names[3], names[3], names[4]]))
    assert faults == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("half.jsonl", "input: {}:2: not JSON"),
        ("bytes.jsonl", "input: {}:2: not UTF-8 (byte 22 of the line); convert it"),
        ("law.pdf", "input: {}: is a PDF"),
        ("empty.txt", "input: {}: is empty"),
        ("long.txt", "input: {}: the text has 499,999 characters, more than the cap of 400,000"),
        ("absent.txt", "input: {}: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(folder: Path, name: str, fault: str) -> None:
    inputs, faults = read(folder / name, folder / "note.txt")
    assert [one.name for one in inputs][-1] == str(folder / "note.txt")
    assert len(faults) == 1
    assert faults[0].startswith(fault.format(folder / name))


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("absent", "network: {}: HTTP 404 (not found)"),
        ("private/a", "network: {}: robots.txt of 127.0.0.1 forbids /private/a"),
        ("law.pdf", "input: {}: is a PDF"),
        ("half.jsonl", "input: {}:2: not JSON"),
    ],
)
def test_an_address_that_gives_no_article_is_told_and_the_others_go_on(site: Site, path: str, fault: str) -> None:
    inputs, faults = read(site.url(path), site.url("note.txt"), network=network)
    assert inputs[-1].name == site.url("note.txt")
    assert len(faults) == 1
    assert faults[0].startswith(fault.format(site.url(path)))


def test_a_server_that_is_not_there() -> None:
    inputs, (fault,) = read("http://127.0.0.1:9/a", network=network)
    assert inputs == []
    assert fault.startswith("network: http://127.0.0.1:9/a: ")
    assert "cannot connect" in fault


@pytest.mark.parametrize(("name", "why"), [("wall.html", "error page: "), ("chinese.html", "language: zh")])
def test_what_is_no_article_to_read_is_answered_with_the_reason(folder: Path, name: str, why: str) -> None:
    (line,) = lines(read(folder / name)[0])
    assert line["unread"].startswith(why)


def test_nothing_is_no_fault_of_json_lines(folder: Path) -> None:
    assert read(folder / "empty.jsonl") == ([], [])
