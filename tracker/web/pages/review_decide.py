"""A decision is taken: a form that is sent leads on to the next task, or back with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.errors import BusyError, InputError, NotFoundError, StoreError
from tracker.review import Decision
from tracker.web import decisions
from tracker.web.asking import Answer, Ask
from tracker.web.rendering import page

# Fields that the page of a fault asks for again; all others go with it unseen.
OPEN = ("why", "two")
OWN = ("token", "csrftoken", "settle")
STATUS = ((BusyError, 503), (NotFoundError, 404), (InputError, 400))


def show(ask: Ask) -> Answer:
    """Decide, and go on."""
    try:
        made = decisions.decide(ask)
    except (StoreError, NotFoundError, InputError) as error:
        return _again(ask, error)
    return Answer(to=_onward(ask, made))


def _again(ask: Ask, error: StoreError | NotFoundError | InputError) -> Answer:
    """What is wrong, with all that was filled in; nothing was decided."""
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    asked = [name for name in ask.form if name in OPEN or _is_changed(ask, name)]
    return page(
        ask,
        "review_again.html",
        status=status,
        words=_plainly(str(error)),
        busy=isinstance(error, BusyError),
        unsettled=decisions.UNSETTLED in str(error),
        shown=[(name, *_label(name), ask.sent(name)) for name in asked],
        hidden=list(_hidden(ask, asked)),
        hints=decisions.HINTS,
        choices=decisions.CHOICES,
    )


def _is_changed(ask: Ask, name: str) -> bool:
    """Whether a field of an event is one that the person changed."""
    field = name.removeprefix("set-")
    return field != name and ask.sent(name) != ask.sent(f"was-{field}")


def _plainly(words: str) -> str:
    """A fault with the field as the form calls it, and nothing that only files and command lines have."""
    field, colon, rest = words.partition(": ")
    label = decisions.HINTS.get(field, (field, ""))[0]
    return f"{label}{colon}{rest}".replace(", 2024 or null", " or 2024")


def _label(name: str) -> tuple[str, str]:
    if name.startswith("set-"):
        return decisions.HINTS.get(name.removeprefix("set-"), (name, ""))
    return {"why": ("Why", ""), "two": ("With", "the id of an event")}[name]


def _hidden(ask: Ask, asked: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name, values in ask.form.items():
        if name not in OWN and name not in asked:
            yield from ((name, value) for value in values)


def _onward(ask: Ask, made: tuple[Decision, ...]) -> str:
    """Where to go after a decision: it is told there, and can be undone."""
    done = [one.judgement.id for one in made]
    idle = [one.judgement.id for one in made if not one.holds and one.judgement.closed_at is None]
    if ask.sent("back") == "event" and (home := next(iter(made[0].left), ask.sent("event"))):
        return ask.links.of("event", home, done=done, idle=idle)
    if ask.sent("back") == "log":
        return ask.links.page("review/log", done=done, idle=idle)
    return ask.links.page("review", task=ask.sent("then"), done=done, idle=idle)
