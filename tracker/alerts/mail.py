"""E-mail: the server, sender and recipients are those that Apprise reads out of the address; smtplib sends.

Apprise gives every e-mail a new Message-ID; ours is made of what the message tells, so that a mailbox or a filter can
drop one that comes twice. An address that asks for PGP, which Apprise offers, is refused.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol

from tracker.model.alerts import Delivered, Form, Message, Undelivered


class Mailbox(Protocol):
    """What Apprise reads out of a mailto address."""

    smtp_host: str
    port: int
    secure_mode: str  # "insecure", "starttls" or "ssl"
    user: str | None
    password: str | None
    verify_certificate: bool
    from_addr: tuple[str | bool, str]
    targets: list[tuple[str | bool, str]]
    cc: set[str]
    bcc: set[str]
    reply_to: set[str]
    headers: dict[str, str]
    pgp_mode: str  # "no" for none


def deliver(box: Mailbox, message: Message, form: Form, *, seconds: float) -> Delivered | Undelivered:
    """Send one e-mail to all recipients of the address."""
    recipients = [address for _, address in box.targets] + sorted(box.cc | box.bcc)
    server = None
    if box.pgp_mode != "no":
        return Undelivered(reason="the address asks for PGP, which is not done here; take it out to send unencrypted")
    try:
        letter = _letter(box, message, form)
        server = _connected(box, seconds)
        refused = server.send_message(letter, from_addr=box.from_addr[1], to_addrs=recipients)
    except (smtplib.SMTPException, ValueError, OSError) as error:
        return _undelivered(error, in_doubt=server is not None)
    finally:
        if server is not None:
            _leave(server)
    return Delivered(note=f"refused for some: {_answers(refused)}" if refused else None)


def _undelivered(error: Exception, *, in_doubt: bool) -> Undelivered:
    """Why it failed; what the server answered leaves no doubt, that it fell silent does, once it had the letter."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Undelivered(reason=f"the mail server hung up: {error}", in_doubt=in_doubt)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Undelivered(reason=f"every recipient was refused: {_answers(error.recipients)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Undelivered(reason=f"the mail server answers {error.smtp_code}: {_words(error.smtp_error)}")
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return Undelivered(reason=f"the mail server cannot be reached: {error}", in_doubt=in_doubt)
    return Undelivered(reason=f"no e-mail can be made of it: {error}")


def _connected(box: Mailbox, seconds: float) -> smtplib.SMTP:
    """A session with the server: encrypted and logged in as the address asks."""
    context = ssl.create_default_context()
    if not box.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    server = (
        smtplib.SMTP_SSL(box.smtp_host, box.port, timeout=seconds, context=context)
        if box.secure_mode == "ssl"
        else smtplib.SMTP(box.smtp_host, box.port, timeout=seconds)
    )
    try:
        if box.secure_mode == "starttls":
            server.starttls(context=context)
        if box.user and box.password:
            server.login(box.user, box.password)
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; what the server answers changes nothing."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _letter(box: Mailbox, message: Message, form: Form) -> EmailMessage:
    letter = EmailMessage()
    sender = box.from_addr[1]
    domain = sender.rpartition("@")[2] or "localhost"
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["Date"] = format_datetime(datetime.fromisoformat(message.document["made_at"]))
    letter["Subject"] = message.title
    letter["From"] = _address(*box.from_addr)
    letter["To"] = tuple(_address(name, address) for name, address in box.targets)
    for header, addresses in (("Cc", box.cc), ("Reply-To", box.reply_to)):
        if addresses:
            letter[header] = tuple(_address(False, address) for address in sorted(addresses))  # noqa: FBT003 - no name
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by robots
    for name, value in box.headers.items():
        letter[name] = value
    letter.set_content(message.body, subtype="html" if form is Form.HTML else "plain", cte="quoted-printable")
    return letter


def _address(name: str | bool, address: str) -> Address:  # noqa: FBT001 - Apprise has False for no name
    return Address(display_name=name or "", addr_spec=address)  # type: ignore[arg-type]


def _answers(refused: dict[str, tuple[int, bytes]]) -> str:
    """What the server says to each recipient, without the recipients."""
    return "; ".join(sorted({f"{code} {_words(words)}" for code, words in refused.values()}))


def _words(error: Any) -> str:
    return error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
