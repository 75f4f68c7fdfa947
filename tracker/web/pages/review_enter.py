"""Where people come in to decide, with the key and their name, and where they go out again."""

from __future__ import annotations

from tracker.errors import InputError, NotFoundError
from tracker.web.asking import Answer, Ask
from tracker.web.authority import LONGEST_NAME, NotAllowedError
from tracker.web.rendering import page


def show(ask: Ask) -> Answer:
    """The form that asks for both; the key stands behind the # of the address, which browsers keep to themselves."""
    return page(ask, "review_enter.html", longest=LONGEST_NAME, wrong="")


def begin(ask: Ask) -> Answer:
    """Come in."""
    if ask.door is None:
        raise NotFoundError("nobody decides here")
    try:
        cookie = ask.door.enter(ask.sent("key"), ask.sent("name"), ask.now)
    except (NotAllowedError, InputError) as error:
        status = 403 if isinstance(error, NotAllowedError) else 400
        return page(ask, "review_enter.html", status=status, longest=LONGEST_NAME, wrong=str(error))
    return Answer(to=ask.links.page("review"), headers={"set-cookie": cookie})


def leave(ask: Ask) -> Answer:
    """Go out."""
    if ask.door is None:
        raise NotFoundError("nobody decides here")
    return Answer(to=ask.links.home(), headers={"set-cookie": ask.door.leave()})
