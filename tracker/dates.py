"""Dates of feeds, headers, metadata and bylines: one date, written out, to an ISO prefix in UTC.

Strict forms only: a date that can be read in two ways (`06/07/2024` without a hint) is none, and a time without a
zone is dropped, since the day is then all that is known. Nothing is guessed from the machine's clock or locale.
Not here: dates inside prose, relative dates ("on Tuesday"), which the reader resolves; Unix seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

from tracker.model import Basis, When

MONTHS = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari",
    2: "february feb februar février févr fevrier febrero febbraio fevereiro fev februari",
    3: "march mar märz mrz mars marzo março maart mrt",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maggio mag maio mei",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug août aout agosto ago augustus",
    9: "september sep sept septembre septiembre settembre set setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro",
}
WEEKDAYS = (
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo"
)
# Words that may stand around a date without making it another one.
LABELS = (
    "published publication posted updated update modified edited issued released created first last date dated time on "
    "at am the le el den vom of de by p press release uhr hrs hr h local et il y veröffentlicht publié publicado"
)
ZONES = {  # hours east of Greenwich; where an abbreviation is shared, the zone that news sites mean by it
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "eet": 2, "eest": 3, "sast": 2, "msk": 3, "gst": 4, "pkt": 5, "ist": 5.5, "ict": 7, "wib": 7, "hkt": 8, "sgt": 8,
    "pht": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "art": -3,
}  # fmt: skip
AMERICAN = {"et": -5, "ct": -6, "mt": -7, "pt": -8}  # standard time; an hour less in summer
MONTH_FIRST = frozenset({"US", "PH"})  # countries that write 06/25/2024
EITHER_FIRST = frozenset({"CA", "KE", "GH"})  # countries where both are common
EARLIEST_YEAR = 1990  # no news site is older
LONGEST = 400  # characters looked at: bylines are short

_MONTH_OF = {name: number for number, names in MONTHS.items() for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\.?"
_YEAR, _NUMBER, _DAY = (
    r"(?P<year>(?:19|20)\d\d)",
    r"(?P<number>0?[1-9]|1[0-2])",
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?",
)
_ZONE = (
    r"(?P<zone>(?:utc|gmt)?[+−-]\d{1,2}(?::?\d\d)?|"
    + "|".join(sorted([*ZONES, *AMERICAN], key=len, reverse=True))
    + r")(?![a-z\d])"
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|\s*(?P<half_only>[ap]\.?m\b\.?))(?:\s*(?:uhr|hrs?|h)\b)?(?:\s*\(?" + _ZONE + r"\)?)?"
)
_TIME = rf"(?:(?:\s*[,|·•@–—-]\s*|\s+)(?:(?:at|um|à)\s+)?{_CLOCK})?"
_OF = r"(?:\s+(?:de|of|del))?"
_GAP = r"(?:\s*[\s,./-]\s*)"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{pattern})(?!\w)", re.IGNORECASE)


_WRITTEN = (
    _form(rf"{_YEAR}-{_NUMBER}-{_DAY}(?:(?:\s*t\s*|\s+){_CLOCK})?"),
    _form(rf"{_YEAR}(?P<sep>[/.]){_NUMBER}(?P=sep){_DAY}{_TIME}"),
    _form(
        r"(?P<year>(?:19|20)\d\d)(?P<number>\d\d)(?P<day>\d\d)t(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>z)?"
    ),
    _form(rf"{_DAY}\.?{_OF}{_GAP}{_MONTH}{_OF}{_GAP}{_YEAR}{_TIME}"),
    _form(rf"{_DAY}\s+{_MONTH}\s+(?P<short_year>\d\d)\s+{_CLOCK}"),
    _form(rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}{_TIME}"),
    _form(rf"{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+{_YEAR}"),
    _form(rf"{_CLOCK}\s*[,|·•–—-]?\s*(?:on\s+)?(?:[a-z]{{3,9}},?\s+)?{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}"),
    _form(rf"{_CLOCK}\s*[,|·•–—-]?\s*(?:on\s+)?(?:[a-z]{{3,9}},?\s+)?{_DAY}\.?{_GAP}{_MONTH}{_GAP}{_YEAR}"),
    _form(rf"(?P<first>\d{{1,2}})(?P<sep>[/.-])(?P<other>\d{{1,2}})(?P=sep){_YEAR}{_TIME}"),
    re.compile(
        r"(?P<year>(?:19|20)\d\d)\s?[年년]\s*(?P<number>\d{1,2})\s?[月월]\s*(?P<day>\d{1,2})\s?[日일]"
        r"(?:\s*(?P<hour>\d{1,2})[:：](?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
    ),
)
_BARE = (  # the whole text or nothing: inside other words these are numbers
    re.compile(r"(?P<year>(?:19|20)\d\d)(?P<number>0[1-9]|1[0-2])(?P<day>\d\d)"),
    re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])"),
    re.compile(rf"{_MONTH},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(_YEAR),
)
_HAS_NUMBER = re.compile(r"\d\d")  # what holds no two digits side by side is no date; cheaper than all forms
_NOISE = frozenset((WEEKDAYS + " " + LABELS).split())


def parse(text: str, *, basis: Basis, day_first: bool | None = None) -> When | None:
    """The date that the text is, labels and weekday aside; None when it is something else or more than a date.

    `day_first` says how to read `06/07/2024` (see `day_first`); None leaves such a date unread.
    """
    text = " ".join(text[:LONGEST].split())
    for form in _BARE:
        whole = form.fullmatch(text)
        if whole:
            return _when(whole, basis, day_first=day_first)
    for found in _found(text):
        rest = f"{text[: found.start()]} {text[found.end() :]}".lower()
        if all(word in _NOISE for word in re.findall(r"\w+", rest)):
            return _when(found, basis, day_first=day_first)
    return None


def find(text: str, *, basis: Basis, day_first: bool | None = None) -> When | None:
    """The first date written out in a line of text ("By Ann Lee | June 25, 2024 9:14 AM EDT"), or None."""
    text = " ".join(text[:LONGEST].split())
    whens = (_when(found, basis, day_first=day_first) for found in _found(text))
    return next((when for when in whens if when is not None), None)


def prefix(moment: datetime) -> str:
    """A moment as the tracker stores it: `2024-06-25T13:14:00Z`. The datetime has to know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a zone has no place in UTC")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def earliest(when: When) -> datetime:
    """The first moment that a date covers (`2024-07` begins on 1 July at midnight, UTC)."""
    value = when.value
    if len(value) > len("2024-07-09"):
        return datetime.fromisoformat(value).astimezone(UTC)
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)


def is_sane(when: When, now: datetime) -> bool:
    """Whether an article can have this date: not before 1990, not more than a day ahead of `now` (zones, clocks)."""
    begins = earliest(when)
    return begins.year >= EARLIEST_YEAR and begins <= now + timedelta(days=1)


def day_first(country: str | None, language: str | None) -> bool | None:
    """Whether `06/07/2024` is the sixth of July in a country (ISO 3166-1) or language; None where both are usual."""
    if country is None or country in EITHER_FIRST:
        return None if language in {None, "en"} else True
    return country not in MONTH_FIRST


def _found(text: str) -> Iterator[re.Match[str]]:
    """Every date of the text, the first and longest one first."""
    if not _HAS_NUMBER.search(text):
        return iter(())
    matches = [match for form in _WRITTEN for match in form.finditer(text)]
    return iter(sorted(matches, key=lambda match: (match.start(), -match.end())))


def _when(found: re.Match[str], basis: Basis, *, day_first: bool | None) -> When | None:
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    year = int(parts.get("year") or _full_year(parts["short_year"]))
    month, day = _month_and_day(parts, day_first=day_first)
    if month is None:
        return None if "other" in parts else When(value=f"{year:04}", basis=basis)
    if day is None:
        return When(value=f"{year:04}-{month:02}", basis=basis)
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    moment = _moment(on, parts)
    return When(value=prefix(moment) if moment else on.isoformat(), basis=basis)


def _full_year(short: str) -> str:
    """RFC 822 had two digits; RFC 2822 reads 00 to 49 as this century."""
    return f"20{short}" if int(short) < 50 else f"19{short}"


def _month_and_day(parts: dict[str, str], *, day_first: bool | None) -> tuple[int | None, int | None]:
    if "other" in parts:
        return _numeric(int(parts["first"]), int(parts["other"]), day_first=True if parts["sep"] == "." else day_first)
    month = _MONTH_OF[_small(parts["month"])] if "month" in parts else int(parts.get("number", 0)) or None
    return month, int(parts["day"]) if "day" in parts else None


def _small(word: str) -> str:
    """In small letters, as regular expressions compare them: "İ" is an i to them, and "ſ" an s."""
    return word.casefold().replace("\u0307", "")


def _numeric(first: int, other: int, *, day_first: bool | None) -> tuple[int | None, int | None]:
    """Month and day of `first/other`; (None, None) where it could be either."""
    if first > 12 or (day_first is True and other <= 12):
        return other, first
    if other > 12 or day_first is False or first == other:
        return first, other
    return None, None


def _moment(on: date, parts: dict[str, str]) -> datetime | None:
    """The time of day in UTC, or None where there is no usable time or no zone."""
    if "hour" not in parts or "zone" not in parts:
        return None
    hour = int(parts["hour"])
    half = (parts.get("half") or parts.get("half_only") or "")[:1].lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if hour <= 12 else hour
    try:
        seconds = min(int(parts.get("second", 0)), 59)  # a leap second is the second before
        clock = datetime(on.year, on.month, on.day, hour, int(parts.get("minute", 0)), seconds, tzinfo=UTC)
    except ValueError:
        return None
    offset = _offset(_small(parts["zone"]).replace("−", "-"), on)
    return None if offset is None else clock.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _offset(zone: str, on: date) -> timedelta | None:
    if zone in ZONES:
        return timedelta(hours=ZONES[zone])
    if zone in AMERICAN:
        return timedelta(hours=AMERICAN[zone] + (1 if _is_american_summer(on) else 0))
    sign, hours, minutes = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d\d)?", zone).groups()  # type: ignore[union-attr]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=15):
        return None
    return -offset if sign == "-" else offset


def _is_american_summer(on: date) -> bool:
    """From the second Sunday of March to the first of November (Energy Policy Act of 2005)."""
    march, november = date(on.year, 3, 8), date(on.year, 11, 1)
    starts = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return starts <= on < ends
