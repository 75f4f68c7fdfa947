"""Folders of saved pages and mailboxes, from files on disk to items."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sources_samples import FETCHED_AT, page, source

from tracker import articles
from tracker.fetch import local
from tracker.model import Done, FetchSettings, Item, Listing, Page, Poison, Request, SourceKind
from tracker.sources import files, folder, mail

LETTER = b"""\
From: "Trade Desk" <desk@letters.example>
Subject: =?utf-8?q?Tariffs_on_steel=3A_what_we_know?=
Date: Tue, 9 Jul 2024 14:00:00 +0200 (CEST)
Message-ID: <42.abc@letters.example>
Content-Type: text/html; charset=utf-8

<p>The ministry raised the tariff on steel to 25 percent.</p>
"""


def lay(root: Path, named: dict[str, bytes]) -> Path:
    """Files in a folder, the first named the newest."""
    for number, (name, content) in enumerate(named.items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_720_000_000 - number, 1_720_000_000 - number))
    return root


def ask(request: Request, *, max_bytes: int = 1_000_000) -> Page:
    outcome = local.read(request, FetchSettings(user_agent="t", max_bytes=max_bytes), FETCHED_AT)
    assert isinstance(outcome, Done), outcome
    assert isinstance(outcome.value, Page)
    return outcome.value


def listings(kind: SourceKind, place: Path, *, max_bytes: int = 1_000_000) -> Iterator[Listing]:
    """The answers of a source, each leading to the one before it in time."""
    room = folder if kind is SourceKind.FOLDER else mail
    asked = source(kind, url=place.as_uri())
    request: Request | None = room.request(asked)
    while request is not None:
        assert request.local
        outcome = room.parse(asked, ask(request, max_bytes=max_bytes))
        assert isinstance(outcome, Done), outcome
        yield outcome.value
        request = outcome.value.older


def letters(place: Path, *, max_bytes: int = 1_000_000) -> tuple[Item, ...]:
    return tuple(item for one in listings(SourceKind.MAIL, place, max_bytes=max_bytes) for item in one.items)


def only(raw: bytes, tmp_path: Path) -> Item:
    (item,) = letters(lay(tmp_path, {"new/1.host": raw}))
    return item


# ---------------------------------------------------------------------------------------------------------- folders


def test_a_folder_lists_its_saved_pages_newest_first_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "Rule on chips.html": b"<p>a",
            "2024/Notice 50% #2.HTM": b"<p>b",
            "plain.txt": b"c",
            "rule.pdf": b"%PDF-",
            "Rule on chips_files/frame.html": b"<p>an advertisement",
            "table.xlsx": b"",
            "README": b"",
        },
    )
    (listing,) = listings(SourceKind.FOLDER, tmp_path)
    root = tmp_path.as_uri()
    assert [(item.url, item.guid) for item in listing.items] == [
        (f"{root}/Rule%20on%20chips.html", "Rule on chips.html"),
        (f"{root}/2024/Notice%2050%25%20%232.HTM", "2024/Notice 50% #2.HTM"),
        (f"{root}/plain.txt", "plain.txt"),
        (f"{root}/rule.pdf", "rule.pdf"),
    ]
    assert not any(item.is_whole for item in listing.items)
    assert listing.notes == ("2 files left out: no saved pages (.xlsx, README)",)


def test_the_address_of_a_saved_page_leads_to_its_bytes(tmp_path: Path) -> None:
    lay(tmp_path, {"Zölle/50% #2?.html": b"<p>Tariffs"})
    ((item,),) = (one.items for one in listings(SourceKind.FOLDER, tmp_path))
    assert ask(Request(url=item.url, local=True)).body == b"<p>Tariffs"


@pytest.mark.parametrize(
    ("head", "address"),
    [("<link rel=canonical href='https://desk.example/news/steel'>", "https://desk.example/news/steel"), ("", None)],
)
def test_a_saved_page_lies_where_it_says(tmp_path: Path, head: str, address: str | None) -> None:
    words = "<p>The ministry raised the tariff on steel to 25 percent, says the notice of the day.</p>" * 5
    lay(tmp_path, {"a.html": f"<html><head><title>Steel</title>{head}</head><body><article>{words}".encode()})
    ((item,),) = (one.items for one in listings(SourceKind.FOLDER, tmp_path))
    made = articles.from_page(item, source(SourceKind.FOLDER), ask(Request(url=item.url, local=True)), now=FETCHED_AT)
    assert isinstance(made, Done)
    assert made.value.url == (address or f"{tmp_path.as_uri()}/a.html")


def test_a_folder_with_more_files_than_one_answer_holds_is_listed_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MAX_LISTED", 2)
    lay(tmp_path, {f"{number}.html": b"x" for number in range(5)})
    names = [[item.guid for item in one.items] for one in listings(SourceKind.FOLDER, tmp_path)]
    assert names == [["0.html", "1.html"], ["2.html", "3.html"], ["4.html"]]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = lay(tmp_path, {"page.html": b"<html><title>Tariffs</title>"}) / "page.html"
    asked = source(SourceKind.FOLDER, url=path.as_uri())
    assert folder.parse(asked, ask(folder.request(asked))) == Poison(
        reason='an HTML page ("Tariffs"), not a folder: name the folder that the pages lie in'
    )


@pytest.mark.parametrize("room", [folder, mail])
def test_a_source_on_the_web_lists_no_files(room: object) -> None:
    body = json.dumps({"files": [{"path": "a.html", "content": base64.b64encode(LETTER).decode()}]}).encode()
    for module, kind, form in ((folder, SourceKind.FOLDER, files.NAMES), (mail, SourceKind.MAIL, files.CONTENTS)):
        if module is room:
            asked = source(kind, url="http://a.example/x")
            expected = Poison(reason="not on this machine: 'http://a.example/x'; name it with 'path:'")
            assert module.parse(asked, page(body, content_type=form)) == expected


@pytest.mark.parametrize("path", ["../a.html", "a/../../b.html", "/etc/a.html", "", "a//b.html", "\ud800.html"])
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    body = json.dumps({"files": [{"path": path}, {"path": "good.html"}]}).encode()
    outcome = folder.parse(source(SourceKind.FOLDER, url="file:///saved"), page(body, content_type=files.NAMES))
    assert isinstance(outcome, Done)
    assert [item.url for item in outcome.value.items] == ["file:///saved/good.html"]


# ------------------------------------------------------------------------------------------------------------- mail


def test_a_letter_is_a_whole_article(tmp_path: Path) -> None:
    item = only(LETTER, tmp_path)
    assert item.published is not None
    assert replace(item, published=None) == Item(
        source_id="the-source",
        url=f"{tmp_path.as_uri()}#42.abc@letters.example",
        title="Tariffs on steel: what we know",
        guid="42.abc@letters.example",
        author="Trade Desk",
        content="<p>The ministry raised the tariff on steel to 25 percent.</p>",
        is_whole=True,
    )
    assert item.published.value == "2024-07-09T12:00:00Z"


# Headers and body of a letter, and the fields that they must give.
LATIN = b"Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
BASE64 = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
CHINESE, JAPANESE = "<p>关税提高".encode("gb18030"), "関税を引き上げる".encode("cp932")
FORMS = [
    ("a plain text", b"Content-Type: text/plain\n\nA < 25%\nup.\n\nB.", {"content": "<p>A &lt; 25%\nup.</p><p>B.</p>"}),
    ("no type at all", b"\nTariffs rise.", {"content": "<p>Tariffs rise.</p>"}),
    ("quoted-printable", LATIN + b"<p>Z=F6lle =\nsteigen", {"content": "<p>Zölle steigen"}),
    ("base64", BASE64 + base64.b64encode("<p>Zölle".encode()), {"content": "<p>Zölle"}),
    ("GB2312", b"Content-Type: text/html; charset=gb2312\n\n" + CHINESE, {"content": "<p>关税提高"}),
    ("Shift JIS", b"Content-Type: text/html; charset=shift_jis\n\n" + JAPANESE, {"content": "関税を引き上げる"}),
    ("a charset nobody knows", b"Content-Type: text/html; charset=x-desk\n\n<p>Tariffs", {"content": "<p>Tariffs"}),
    ("bytes beyond", b"Content-Type: text/html; charset=us-ascii\n\n<p>Z\xc3\xb6lle", {"content": "<p>Zölle"}),
    ("an encoded name", b"From: =?iso-8859-1?q?Z=F6llner?= <z@a.example>\n\nTariffs", {"author": "Zöllner"}),
    ("an address alone", b"From: z@a.example\n\nTariffs", {"author": "z@a.example"}),
    ("a broken sender", b'From: "Desk <<<@@\n\nTariffs', {"content": "<p>Tariffs</p>"}),
    ("a folded subject", b"Subject: Tariffs\n on steel\n\nTariffs", {"title": "Tariffs on steel"}),
    ("a subject in two words", b"Subject: =?utf-8?b?WsO2?= =?utf-8?b?bGxl?=\n\nTariffs", {"title": "Zölle"}),
    ("no subject", b"\nTariffs", {"title": ""}),
    ("a date that is none", b"Date: yesterday\n\nTariffs", {"published": None}),
    ("a language", b"Content-Language: de-AT\n\nTariffs", {"language": "de"}),
    ("an endless header", b"Subject: " + b"(" * 100_000 + b"\n\nTariffs", {"content": "<p>Tariffs</p>"}),
]


@pytest.mark.parametrize(("rest", "expected"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_letters_of_every_form_are_read(tmp_path: Path, rest: bytes, expected: dict[str, object]) -> None:
    item = only(b"Message-ID: <1@a.example>\n" + rest, tmp_path)
    assert {name: getattr(item, name) for name in expected} == expected


PARTED = b"""\
Message-ID: <1@a.example>
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain

Plain words.
--inner
Content-Type: text/html

<p>Words with tags.</p>
--inner--
--outer
Content-Type: text/html
Content-Disposition: attachment; filename=offer.html

<p>An attachment.</p>
--outer--
"""


def test_the_form_for_browsers_is_taken_and_attachments_are_not(tmp_path: Path) -> None:
    assert only(PARTED, tmp_path).content == "<p>Words with tags.</p>"


def nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"Message-ID: <1@a.example>\n" + opened + b"\nTariffs"


LEFT_OUT = [
    ("no id", b"Subject: Tariffs\n\nTariffs"),
    ("no text", b"Message-ID: <1@a.example>\n\n"),
    ("an attachment alone", b"Message-ID: <1@a.example>\nContent-Type: application/pdf\n\n%PDF-"),
    ("nested beyond reason", nested(3_000)),
    ("headers beyond reason", b"Message-ID: <1@a.example>\n" + b"X-A: b\n" * 50_000 + b"\nTariffs"),
    ("no message", b"\x00\xff" * 50),
]


@pytest.mark.parametrize("raw", [case[1] for case in LEFT_OUT], ids=[case[0] for case in LEFT_OUT])
def test_what_is_no_letter_is_left_out_and_told(tmp_path: Path, raw: bytes) -> None:
    (listing,) = listings(SourceKind.MAIL, lay(tmp_path, {"cur/1": raw, "cur/2": LETTER}))
    assert [item.guid for item in listing.items] == ["42.abc@letters.example"]
    assert listing.notes == ("1 of 2 messages left out: no id, no text, or too large",)


TOKEN = "eyJ1c2VyIjo0MiwibGV0dGVyIjo3fQ1a2b3c4d5e6f"  # made up
SITE = b"https://letters.example"
HTML = b"Content-Type: text/html\n\n"
ON_THE_WEB = [
    ("the header for it", b"Archived-At: <%s/2024/steel>\n\nTariffs" % SITE, "/2024/steel"),
    ("a link", HTML + b"<a href='%s/p/1?utm_source=m&amp;n=7'><b>View</b> in\nbrowser</a>" % SITE, "/p/1?n=7"),
    ("not the first", HTML + b"<a href='%s/'>Desk</a> <a class=x href=\"%s/1\">Read online</a>" % (SITE, SITE), "/1"),
    ("a link in German", HTML + b"<a href='%s/p/1'>Im Browser ansehen</a>" % SITE, "/p/1"),
    ("a plain text", b"\nView this email in your browser:\n%s/p/1.\n\nTariffs" % SITE, "/p/1"),
    ("the subscriber taken out", b"Archived-At: <%s/?u=1&id=2&e=0a1b2c3d>\n\nTariffs" % SITE, "/?u=1&id=2"),
    ("a link that is the subscriber", f"Archived-At: <https://click.example/ls/{TOKEN}>\n\nTariffs".encode(), None),
    ("a parameter that is", f"Archived-At: <https://click.example/x?upn={TOKEN}>\n\nTariffs".encode(), None),
    ("a front page", b"Archived-At: <%s/>\n\nTariffs" % SITE, None),
    ("a list's address", b"List-Post: <mailto:a@b.example>\nArchived-At: <mailto:a@b.example>\n\nTariffs", None),
    ("a file", b"Archived-At: <file:///etc/hostname>\n\nTariffs", None),
    ("no such link", HTML + b"<a href='%s/p/1'>Tariffs rise</a>" % SITE, None),
]


@pytest.mark.parametrize(("rest", "url"), [case[1:] for case in ON_THE_WEB], ids=[case[0] for case in ON_THE_WEB])
def test_a_letter_lies_where_it_says_that_it_can_be_read(tmp_path: Path, rest: bytes, url: str | None) -> None:
    item = only(b"Message-ID: <1@a.example>\n" + rest, tmp_path)
    assert item.url == (SITE.decode() + url if url else f"{tmp_path.as_uri()}#1@a.example")


def test_a_maildir_is_read_without_its_trash_and_what_is_on_its_way(tmp_path: Path) -> None:
    def named(name: bytes) -> bytes:
        return LETTER.replace(b"42.abc", name)

    lay(
        tmp_path,
        {
            "new/1720526400.M1P1.host": named(b"new"),
            "cur/1720526300.M1P1.host:2,S": named(b"seen"),
            "cur/1720526200.M1P1.host:2,RST": named(b"deleted"),
            "tmp/1720526100.M1P1.host": named(b"arriving"),
            ".Archive/cur/1720526000.M1P1.host:2,S": named(b"hidden"),
            "Letters/cur/1720525900.M1P1.host:2,": named(b"below"),
            "dovecot.index": b"\x00",
        },
    )
    assert [str(item.guid).partition("@")[0] for item in letters(tmp_path)] == ["new", "seen", "below"]


def test_a_letter_that_is_moved_or_marked_stays_the_same_item(tmp_path: Path) -> None:
    first = only(LETTER, tmp_path)
    (tmp_path / "cur").mkdir()
    (tmp_path / "new/1.host").rename(tmp_path / "cur/1.host:2,S")
    assert letters(tmp_path) == (first,)


def test_a_maildir_that_does_not_fit_into_one_answer_is_read_to_its_end(tmp_path: Path) -> None:
    padding = b"<p>" + b"x" * 300
    named = {f"cur/{n}": LETTER.replace(b"42.abc", b"%d" % n) + padding for n in range(7)}
    lay(tmp_path, {**named, "cur/huge": LETTER + b"x" * 5_000})
    found = list(listings(SourceKind.MAIL, tmp_path, max_bytes=1_500))
    assert len(found) > 2
    assert [item.guid for one in found for item in one.items] == [f"{n}@letters.example" for n in range(7)]
    assert [note for one in found for note in one.notes] == ["1 messages left out: empty or larger than max_bytes"]


def test_a_folder_of_saved_letters_is_a_mailbox_and_one_without_says_so(tmp_path: Path) -> None:
    assert len(letters(lay(tmp_path / "a", {"Steel tariffs.EML": LETTER, "notes.txt": b"x"}))) == 1
    (listing,) = listings(SourceKind.MAIL, lay(tmp_path / "b", {"notes.txt": b"x"}))
    assert (listing.items, listing.notes) == ((), ("1 files, and no message among them",))


def mbox(*ids: bytes, gap: bytes = b"\n") -> bytes:
    heads = (b"From desk@letters.example Tue Jul  9 12:00:00 2024\n" + LETTER.replace(b"42.abc", one) for one in ids)
    return gap.join(heads) + gap


def test_an_mbox_is_read_from_its_end(tmp_path: Path) -> None:
    body = b"\n>From the desk\n>>From two\nFrom there on\n\nFrom now on, tariffs rise.\n"
    content = mbox(b"first") + mbox(b"second") + body
    path = lay(tmp_path, {"Letters": content}) / "Letters"
    last, first = letters(path)
    assert (last.guid, first.guid) == ("second@letters.example", "first@letters.example")
    assert str(last.content).endswith("\n\nFrom the desk\n>From two\nFrom there on\n\nFrom now on, tariffs rise.")


@pytest.mark.parametrize("max_bytes", [700, 1_000, 1_234, 5_000])
@pytest.mark.parametrize("gap", [b"\n", b"\n\n"])
def test_an_mbox_longer_than_the_cap_is_read_whole_in_pieces(tmp_path: Path, max_bytes: int, gap: bytes) -> None:
    path = lay(tmp_path, {"mbox": mbox(*(b"%d" % number for number in range(9)), gap=gap)}) / "mbox"
    found = [str(item.guid).partition("@")[0] for item in letters(path, max_bytes=max_bytes)]
    assert found == [str(number) for number in range(8, -1, -1)]


def test_a_letter_of_an_mbox_beyond_the_cap_is_passed_over_and_told(tmp_path: Path) -> None:
    content = mbox(b"first") + mbox(b"huge") + b"x" * 2_000 + b"\n\n" + mbox(b"last")
    found = list(listings(SourceKind.MAIL, lay(tmp_path, {"mbox": content}) / "mbox", max_bytes=700))
    guids = [str(item.guid).partition("@")[0] for one in found for item in one.items]
    assert (guids[0], guids[-1]) == ("last", "first")
    assert "a message left out: larger than max_bytes" in [note for one in found for note in one.notes]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_mbox_is_a_mailbox(tmp_path: Path, content: bytes) -> None:
    assert letters(lay(tmp_path, {"mbox": content}) / "mbox") == ()


def test_another_file_is_no_mailbox(tmp_path: Path) -> None:
    path = lay(tmp_path, {"a.html": b"<html><title>Tariffs</title>"}) / "a.html"
    asked = source(SourceKind.MAIL, url=path.as_uri())
    outcome = mail.parse(asked, ask(mail.request(asked)))
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith('an HTML page ("Tariffs"), not a mailbox: name a Maildir, ')
