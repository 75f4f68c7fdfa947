"""How sources do, in words, and which of them need attention first. It asks nothing: the figures are handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup, escape

from tracker.query.source_answers import SourceGlance
from tracker.web import words

UNREAD = 0.5  # share of articles that are not read, from which on it is worth saying
BAR, HIGH = 5, 24  # pixels: width of a month and height of the largest
STRIP = (
    '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}"><path d="{}"/></svg>'
)
# What a source can be like: how it is called, and the class of its badge, by what needs attention first.
STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "alarm": ("alarms", "bad"),
        "failing": ("failing", "bad"),
        "unread": ("not read", "warn"),
        "new": ("not asked yet", "warn"),
        "well": ("well", "good"),
        "off": ("off", "none"),
    }
)
NEEDY = ("alarm", "failing")  # states that somebody has to look after
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))  # seconds, the longest first
NEVER = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A source with its state, a key of STATES, and why it is in it."""

    source: SourceGlance
    state: str
    why: str

    @property
    def word(self) -> str:
        """The state as people say it; of alarms which they are."""
        return ", ".join(alarm.kind for alarm in self.source.alarms) if self.state == "alarm" else STATES[self.state][0]

    @property
    def colour(self) -> str:
        """The class of its badge."""
        return STATES[self.state][1]


Key = Callable[[Watched], object]
# Orders of the list; of numbers the largest come first.
ORDERS: Mapping[str, Key] = MappingProxyType(
    {
        "attention": lambda one: (list(STATES).index(one.state), -one.source.events),
        "name": lambda one: one.source.name.casefold(),
        "tier": lambda one: tuple(words.TIERS).index(one.source.tier) if one.source.tier in words.TIERS else 9,
        "success": lambda one: one.source.last_success_at or "",
        "week": lambda one: -one.source.per_week,
        "events": lambda one: -one.source.events,
        "yield": lambda one: -(NEVER if one.source.per_article is None else one.source.per_article),
    }
)


def watched(source: SourceGlance) -> Watched:
    """What a source is like."""
    state, why = _state(source)
    return Watched(source=source, state=state, why=why)


def ordered(found: Sequence[Watched], order: str) -> list[Watched]:
    """Sources in one of ORDERS; those alike by name."""
    key = ORDERS[order]
    return sorted(found, key=lambda one: (key(one), one.source.name.casefold(), one.source.id))


def _state(source: SourceGlance) -> tuple[str, str]:
    if not (source.enabled and source.active):
        return "off", "switched off in feeds.yaml" if source.active else "no longer in feeds.yaml"
    if source.alarms:
        return "alarm", "; ".join(alarm.detail for alarm in source.alarms)
    if source.failures or source.last_outcome in {"failed", "poison"}:
        times = f"{words.counted(source.failures, 'time')} in a row" if source.failures else "the last time"
        return "failing", f"{times}: {source.last_reason or source.last_outcome}"
    if source.last_asked_at is None:
        return "new", ""
    if source.unread_share is not None and source.unread_share >= UNREAD:
        language = words.LANGUAGES.get(source.language, source.language)
        return "unread", f"{source.unread_share:.0%} of its articles are not read ({language})"
    return "well", source.notes or ""


def ago(moment: str | None, now: datetime) -> str:
    """How long ago a moment was: "3 hours ago"; "never" for none."""
    if not moment:
        return "never"
    seconds = (now - datetime.fromisoformat(moment)).total_seconds()
    if seconds < 0:
        return ahead(moment, now)
    unit = next(((length, name) for length, name in UNITS if seconds >= length), None)
    return f"{words.counted(int(seconds // unit[0]), unit[1])} ago" if unit else "just now"


def ahead(moment: str, now: datetime) -> str:
    """How far ahead a moment is: "in 3 hours"; "due" for one that has passed."""
    seconds = (datetime.fromisoformat(moment) - now).total_seconds()
    unit = next(((length, name) for length, name in UNITS if seconds >= length), None)
    return f"in {words.counted(int(seconds // unit[0]), unit[1])}" if unit else "due"


def lasting(seconds: float | None) -> str:
    """A length of time: "3 hours"."""
    if seconds is None:
        return ""
    unit = next(((length, name) for length, name in UNITS if seconds >= 2 * length), UNITS[-1])
    return words.counted(max(1, round(seconds / unit[0])), unit[1])


def bars(months: Mapping[str, int]) -> Markup:
    """Counts by month as a strip of bars: one path, since a list may have hundreds of strips."""
    most = max(months.values(), default=0) or 1
    heights = [max(2, round(HIGH * events / most)) if events else 0 for events in months.values()]
    drawn = "".join(f"M{BAR * at} {HIGH}v-{high}h{BAR - 1}v{high}z" for at, high in enumerate(heights) if high)
    first, last = (words.date(one) for one in (min(months, default=""), max(months, default="")))
    numbers = f"{sum(months.values()):,} in all, {max(months.values(), default=0):,} at most"
    label = escape(f"Events by month, {first} to {last}: {numbers}")
    return Markup(STRIP.format(BAR * len(months), HIGH, label, drawn))  # noqa: S704 - the rest are numbers
