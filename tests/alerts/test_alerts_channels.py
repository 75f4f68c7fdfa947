"""Channels: a real mail server, a real web server, real commands, files; no secret in anything that is told."""

from __future__ import annotations

import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Letter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from alert_samples import channel, message
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts import channels, services
from tracker.alerts.secrets import redacted
from tracker.model.alerts import Delivered, Form, Undelivered

SECRET = "S3cretT0ken"


class Postbox:
    """Takes mail, or answers as it is told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.recipients: list[list[str]] = []
        self.answer = "250 taken"
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        del server, session
        if self.answer.startswith("2"):
            self.letters.append(message_from_bytes(envelope.content or b""))  # type: ignore[arg-type]
            self.recipients.append(envelope.rcpt_tos)
        return self.answer


@pytest.fixture
def post() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        box, hostname="127.0.0.1", port=port, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    controller.start()
    try:
        yield box, f"mailto://127.0.0.1:{port}/desk@news.example?from=Tracker<bot@news.example>&mode=insecure"
    finally:
        controller.stop()


@contextmanager
def web(answers: list[int] | None = None, *, hang: float = 0) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """A web server with what it was sent; it answers with these codes in turn, then with 200."""
    taken: list[dict[str, Any]] = []
    left = list(answers or [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = left.pop(0) if left else 200
            if code < 300:
                taken.append({"path": self.path, "headers": dict(self.headers), "json": json.loads(body)})
            time.sleep(hang)
            self.send_response(code)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield taken, f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_email_arrives_with_an_id_of_its_own(post: tuple[Postbox, str]) -> None:
    box, url = post
    body = message(body="<p>schön</p>")
    assert channels.deliver(channel(url=f"{url}&cc=boss@news.example", form=Form.HTML), body) == Delivered()
    (letter,) = box.letters
    assert letter["Message-ID"] == f"<{body.id}@news.example>"
    assert letter.get_all("Message-ID") == [letter["Message-ID"]]
    assert letter["From"] == "Tracker <bot@news.example>"
    assert (letter["To"], letter["Cc"]) == ("desk@news.example", "boss@news.example")
    assert box.recipients == [["desk@news.example", "boss@news.example"]]
    assert letter.get_content_type() == "text/html"
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().strip() == "<p>schön</p>"


def test_the_same_message_is_the_same_email(post: tuple[Postbox, str]) -> None:
    box, url = post
    for _ in range(2):
        channels.deliver(channel(url=url), message())
    first, again = box.letters
    assert first.as_bytes() == again.as_bytes()


def test_a_title_cannot_add_headers(post: tuple[Postbox, str]) -> None:
    box, url = post
    outcome = channels.deliver(channel(url=url), message(title="a\r\nBcc: thief@evil.example"))
    assert isinstance(outcome, Undelivered)
    assert box.letters == []


@pytest.mark.parametrize("answer", ["554 no room", "451 later"])
def test_a_refused_email_leaves_no_doubt(post: tuple[Postbox, str], answer: str) -> None:
    box, url = post
    box.answer = answer
    outcome = channels.deliver(channel(url=url), message())
    assert outcome == Undelivered(reason=f"the mail server answers {answer[:3]}: {answer[4:]}")


def test_a_recipient_that_is_refused_does_not_keep_the_others_waiting(post: tuple[Postbox, str]) -> None:
    box, url = post
    box.refused = {"desk@news.example"}
    assert channels.deliver(channel(url=f"{url}&cc=boss@news.example"), message()) == Delivered(
        note="refused for some: 550 nobody here"
    )
    box.refused |= {"boss@news.example"}
    outcome = channels.deliver(channel(url=url), message())
    assert outcome == Undelivered(reason="every recipient was refused: 550 nobody here")


def test_a_mail_server_that_is_not_there() -> None:
    url = f"mailto://user:{SECRET}@127.0.0.1:9/desk@news.example?from=bot@news.example&mode=insecure"
    outcome = channels.deliver(channel(url=url), message())
    assert isinstance(outcome, Undelivered)
    assert not outcome.in_doubt
    assert "refused" in outcome.reason


def test_a_webhook_gets_the_id_and_all_that_is_told() -> None:
    with web() as (taken, host):
        assert channels.deliver(channel(url=f"json://{host}/hook"), message()) == Delivered()
    (got,) = taken
    assert got["path"] == "/hook"
    assert got["headers"]["Idempotency-Key"] == got["json"]["id"] == message().id
    assert got["json"]["alert"] == message().document
    assert (got["json"]["title"], got["json"]["message"]) == (message().title, message().body)


def test_a_webhook_gets_a_long_message_whole() -> None:
    with web() as (taken, host):
        assert channels.deliver(channel(url=f"json://{host}"), message(body="x" * 90_000)) == Delivered()
    assert [len(got["json"]["message"]) for got in taken] == [90_000]


@pytest.mark.parametrize("code", [400, 403, 500, 503])
def test_a_webhook_that_refuses_leaves_no_doubt(code: int) -> None:
    with web([code]) as (_, host):
        outcome = channels.deliver(channel(url=f"json://{host}/{SECRET}"), message())
    assert isinstance(outcome, Undelivered)
    assert str(code) in outcome.reason
    assert not outcome.in_doubt


def test_a_webhook_that_falls_silent_leaves_doubt() -> None:
    with web(hang=2) as (taken, host):
        began = time.monotonic()
        outcome = channels.deliver(channel(url=f"json://{host}", timeout=timedelta(seconds=1)), message())
        assert time.monotonic() - began < 1.9
        assert len(taken) == 1
    assert isinstance(outcome, Undelivered)
    assert outcome.in_doubt


URLS = [
    f"json://user:{SECRET}@127.0.0.1:9/path/{SECRET}?+Authorization=Bearer%20{SECRET}",
    f"mailto://user:{SECRET}@127.0.0.1:9/a@b.example?from=bot@news.example&mode=insecure",
    f"slak://{SECRET}/{SECRET}",
    f"slack://{SECRET}",
    f"msteams://{SECRET}",
    f"nonsense {SECRET}",
]


@pytest.mark.parametrize("url", URLS, ids=["json", "mail", "unknown", "slack", "teams", "nonsense"])
def test_no_secret_is_told_or_logged(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    to = channel(url=url, timeout=timedelta(seconds=1))
    with caplog.at_level(logging.DEBUG):
        outcome = channels.deliver(to, message())
        fault = services.fault(url)
    assert isinstance(outcome, Undelivered)
    told = [outcome.reason, fault or "", repr(to), caplog.text, *capfd.readouterr()]
    assert [text for text in told if SECRET.lower() in text.lower()] == []


@given(st.from_regex(r"[A-Za-z0-9%+._-]{4,20}", fullmatch=True), st.text(max_size=40))
def test_no_part_of_an_address_is_left_in_a_reason(secret: str, words: str) -> None:
    url = f"slack://bot:{secret}@host.example/{secret}/x?key={secret}"
    assert secret.lower() not in redacted(f"{words} {secret} {url} {words}", url).lower().replace(words.lower(), "")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_command_gets_the_message_as_json(tmp_path: Path) -> None:
    out = tmp_path / "got.json"
    code = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(sys.stdin.read())"
    assert channels.deliver(channel(command=python(code)), message()) == Delivered()
    assert json.loads(out.read_text()) == message().document


def test_arguments_of_a_command_are_no_shell(tmp_path: Path) -> None:
    outcome = channels.deliver(channel(command=("echo", f"; touch {tmp_path}/pwned")), message())
    assert outcome == Delivered()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "reason", "in_doubt"),
    [
        pytest.param("import sys; sys.exit(3)", "ended with code 3", False, id="fails"),
        pytest.param("import sys; sys.exit('no \\x1b[31mroom')", "code 1: no [31mroom", False, id="says why"),
        pytest.param("import time; time.sleep(60)", "ended after 1 seconds", True, id="hangs"),
        pytest.param(
            "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
            "ended after 1 seconds", True, id="hangs in a child",
        ),
        pytest.param(
            "import sys\nwhile True: sys.stderr.write('x' * 65536)", "ended after 1 seconds", True, id="floods"
        ),
    ],
)  # fmt: skip
def test_a_command_that_goes_wrong(code: str, reason: str, in_doubt: bool) -> None:  # noqa: FBT001 - a table of cases
    began = time.monotonic()
    outcome = channels.deliver(channel(command=python(code), timeout=timedelta(seconds=1)), message())
    assert time.monotonic() - began < 4
    assert isinstance(outcome, Undelivered)
    assert reason in outcome.reason
    assert len(outcome.reason) <= 300
    assert outcome.in_doubt is in_doubt


def test_a_command_that_floods_its_output_and_reads_nothing_is_no_matter() -> None:
    big = message(document={"text": "x" * 1_000_000})
    code = "import sys; sys.stdout.write('y' * 10_000_000)"
    assert channels.deliver(channel(command=python(code)), big) == Delivered()


def test_a_command_that_is_not_there() -> None:
    outcome = channels.deliver(channel(command=("/no/such/command",)), message())
    assert outcome == Undelivered(reason="the command cannot be run: No such file or directory")


@pytest.mark.parametrize("name", ["out/alerts.jsonl", "alerts.txt"])
def test_a_file_has_each_message_once(tmp_path: Path, name: str) -> None:
    to = channel(file=tmp_path / name)
    assert channels.deliver(to, message()) == Delivered()
    before = (tmp_path / name).read_text()
    assert channels.deliver(to, message()) == Delivered(note="stood in the file already")
    assert (tmp_path / name).read_text() == before
    assert message().id in before


def test_a_message_in_doubt_is_found_however_much_came_after_it(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    doubted = replace(message(), is_again=True)
    assert channels.deliver(channel(file=path), doubted) == Delivered()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "another"}\n' * 100_000)
    assert channels.deliver(channel(file=path), doubted) == Delivered(note="stood in the file already")


def test_a_line_that_was_torn_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "torn')
    channels.deliver(channel(file=path), message())
    assert json.loads(path.read_text().splitlines()[1]) == message().document


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    outcome = channels.deliver(channel(file=tmp_path), message())
    assert outcome == Undelivered(reason="the file cannot be written: Is a directory")
