"""The shapes of date phrases: one regular expression per kind, tried only at words that can open it.

Every expression is bounded in length, so that scanning costs time linear in the text. What a shape means is the
business of `tracker.nlp.temporal.values`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.nlp.temporal.words import BLANK as B
from tracker.nlp.temporal.words import HOLIDAYS, MONTHS, NUMBERS, ORDINALS, WEEKDAYS, WORDED_YEAR, alternation, table

DIGIT = "0"  # stands for any number among the words that open a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A shape: its kind, the lower-case words (or DIGIT) that can open it, and the expression."""

    kind: str
    opens: frozenset[str]
    pattern: re.Pattern[str]


def _rule(kind: str, opens: Iterable[str], *shapes: str) -> Rule:
    return Rule(kind=kind, opens=frozenset(opens), pattern=re.compile("".join(shapes), re.IGNORECASE))


def _first_words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z]", phrase)[0] for phrase in phrases)


_END = r"(?![A-Za-z])"
_YEAR = r"(?:19[5-9]\d|20\d\d)(?!\d|[.,/]\d|%|-\d{3})"
_MONTH = rf"(?P<mon>{alternation(MONTHS)}){_END}(?:\.(?={B}?(?-i:[\da-z,'’)])))?"
_WEEKDAY = rf"(?P<wd>{alternation(WEEKDAYS)}){_END}\.?"
_NUMBER_END = r"(?![\w%]|[.,:]\d)"
_DAY = r"(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TO_DAY = rf"(?:{B}?(?:[-–—/]|to|and|&){B}?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?"
_ORDINAL_WORD = rf"(?:{alternation(ORDINALS)})(?![A-Za-z-])"
_ORDINAL = rf"(?P<ord>{_ORDINAL_WORD}|\d{{1,2}}(?:st|nd|rd|th)(?!\w))"
_YEAR_NAMED = (
    rf"(?:of{B})?(?P<yrel>this|last|next|that|the same|the following|the previous|the preceding){B}(?:same{B})?year"
)
_YEAR_TAIL = (
    rf"(?:,?{B}(?:of{B}|in{B})?(?:(?P<y>{_YEAR})|(?P<yw>{WORDED_YEAR}))"
    rf"|{B}?['’](?P<yy>\d\d)(?!\w)|,?{B}{_YEAR_NAMED})?"
)
_REL = r"(?P<rel>this|last|next|past|coming|previous|preceding|following|same|that)"
_THE = rf"(?:the{B})?"
_SAME = rf"(?:that{B}(?=same))?"
_N = rf"(?P<n>(?:\d{{1,3}}|{alternation(NUMBERS)})(?:{B}\(\d{{1,3}}\))?(?:{B}and{B}a{B}half)?)"
_UNIT = (
    rf"(?:(?:full|calendar|business|working|trading|whole|short){B})?"
    rf"(?P<unit>day|week|fortnight|month|mo|year|yr)s?{_END}['’]?"
)
_UNITS = rf"{_N}(?:{B}|-){_UNIT}"
_SEASON = rf"(?P<season>{alternation(table()['seasons'])}){_END}"
_HOLIDAY = rf"(?P<hol>{alternation(HOLIDAYS)}){_END}"
_DMY = rf"{_DAY}{_TO_DAY}(?:{B}day)?(?:{B}|-)(?:of{B})?{_MONTH}(?:-(?P<y2>{_YEAR}|\d\d(?!\d)))?{_YEAR_TAIL}(?!\w)"
_MDY = rf"{_MONTH}{B}{_DAY}{_TO_DAY}{_NUMBER_END}{_YEAR_TAIL}"
_MOY = rf"{_MONTH}{B}{_THE}(?P<ord>{_ORDINAL_WORD}){_YEAR_TAIL}"
_NTH_OF = rf"{_ORDINAL}(?:{B}day)?{B}(?:of{B})?{_MONTH}{_YEAR_TAIL}"
_NUMERIC = rf"(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{_YEAR}|\d\d)(?![\w/])"
_SLASH = r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/%]|\.\d)"
_ON_WEEKDAY = rf"{_WEEKDAY}(?:,?{B}(?:the{B})?|,|{B}\()"
_WORDS_OF_DAY = (
    rf"the{B}day{B}before{B}yesterday|the{B}day{B}after{B}tomorrow|today|yesterday|tomorrow|tonight|tonite|overnight"
    rf"|tmrw|last{B}night|last{B}evening|(?:earlier{B})?this{B}(?:morning|afternoon|evening|lunchtime|aft)"
)
_WEEK_NAMED = rf"(?P<wrel>last|this|next|the{B}following|the{B}previous|the{B}same){B}week"
_IN_ALL = rf"(?:about{B}|around{B}|just{B}|roughly{B}|some{B})?"
_LEGAL_BASE = (
    rf"(?:{B}(?:of|after|from|following){B}(?P<base>its|the|this|that|today|publication|signing|receipt|notice)?)?"
)

_MON, _WD = frozenset(MONTHS), frozenset(WEEKDAYS)
_NUM = _first_words(NUMBERS) | {DIGIT}
_RELS = frozenset(
    {"the", "this", "last", "next", "past", "coming", "previous", "preceding", "following", "same", "that"}
)
_ORDS = _first_words(ORDINALS)

WRITTEN_OUT: tuple[Rule, ...] = (
    _rule("iso", {DIGIT}, rf"(?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)",
          r"(?:T[\d:.+Z-]{2,25})?(?!\w)"),
    _rule("iso_month", {DIGIT}, rf"(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?![\w-])"),
    _rule("numeric", {DIGIT}, _NUMERIC),
    _rule("numeric", _WD, _ON_WEEKDAY, _NUMERIC),
    _rule("slash", {DIGIT}, _SLASH),
    _rule("slash", _WD, _ON_WEEKDAY, _SLASH),
    _rule("day", {DIGIT}, _DMY),
    _rule("day", _WD, _ON_WEEKDAY, _DMY),
    _rule("day", _MON, _MDY),
    _rule("day", _MON, _MOY),
    _rule("day", _WD, _ON_WEEKDAY, _MDY),
    _rule("day", _WD, _ON_WEEKDAY, _MOY),
    _rule("day", {"the", "this"} | _ORDS, rf"(?:the{B}|this{B})?", _NTH_OF),
    _rule("day", _WD, _ON_WEEKDAY, _NTH_OF),
    _rule("month", _MON, _MONTH, _YEAR_TAIL),
    _rule("holiday", _first_words(HOLIDAYS) | {"the"}, _THE, _HOLIDAY, _YEAR_TAIL),
    _rule("year", {DIGIT}, rf"(?P<y>{_YEAR})(?!\w)"),
    _rule("year", {"twenty", "two"}, rf"(?P<yw>{WORDED_YEAR})"),
    _rule("border_day", {"the"}, rf"the{B}(?P<side>first|last|final){B}day{B}of{B}",
          rf"(?:{_MONTH}{_YEAR_TAIL}|(?P<y2>{_YEAR}))"),
    _rule("nothing", {"fy", "fiscal"}, rf"(?:FY{B}?|fiscal{B}(?:year{B})?)(?:20)?\d\d(?:[-/]\d\d)?(?!\w)"),
    _rule("nothing", {DIGIT}, r"(?:24/7|9/11|20/20|50/50)(?![\w/])"),
)  # fmt: skip

# An ISO prefix can hold no part of a year: these are read as the year.
PARTS: tuple[Rule, ...] = (
    _rule(
        "part",
        {"q", "h", "final"} | _RELS | _ORDS,
        rf"(?:(?P<rel>this|last|next){B}|the{B})?",
        rf"(?:(?:first|second|third|fourth|final|last|current){B}(?:quarter|half|semester)|[QH][1-4](?!\d))",
        _END,
        _YEAR_TAIL,
    ),
    _rule("part", {"this", "last", "next"}, rf"(?P<rel>this|last|next){B}quarter{_END}"),
    _rule("part", {DIGIT}, r"[1-4][QH](?:20)?(?P<yy>\d\d)(?!\w)"),
    _rule("part", frozenset(table()["seasons"]) | _RELS, rf"(?:the{B})?(?:{_REL}{B})?", _SEASON, _YEAR_TAIL),
)

COUNTED: tuple[Rule, ...] = (
    _rule("deictic", _first_words(["today", "yesterday", "tomorrow", "tonight", "tonite", "overnight", "tmrw", "the",
                                   "last", "this", "earlier"]), rf"(?P<word>{_WORDS_OF_DAY}){_END}"),
    _rule("rel_unit", _RELS, _THE, _SAME, _REL,
          rf"{B}(?P<unit>day|week|fortnight|weekend|month|year|morning|evening|afternoon|night)(?![A-Za-z-])"),
    _rule("rel_month", _RELS, _THE, _SAME, _REL, B, _MONTH),
    _rule("rel_weekday", _RELS, _THE, _SAME, _REL, B, _WEEKDAY),
    _rule("weekday", _WD, _WEEKDAY, rf"(?:{B}(?:of{B})?{_WEEK_NAMED}|{B}(?P<late>week|last|next){_END}"
          rf"|,?{B}(?:the{B})?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%/]|[.,:]\d|{B}(?-i:[a-z])))?"),
    _rule("weekday", {"last", "this", "next"}, _WEEK_NAMED, rf"(?:,?{B}on{B}|,{B}|{B}[-–—]{B})", _WEEKDAY),
    _rule("weekend", {"the"}, rf"the{B}weekend{_END}"),
    _rule("recent", {"in", "over", "during"},
          rf"(?:in|over|during){B}(?:the{B})?(?:recent|past|last|past{B}few|last{B}few){B}(?P<unit>day|week|month)s"),
    _rule("ago", _NUM, _UNITS,
          rf"{B}(?:ago(?:{B}(?P<exact>today|yesterday|on{B}{_WEEKDAY}|to{B}the{B}day))?|back(?={B}?[,.;]))"),
    _rule("ago", {"a"}, rf"a{B}week{B}last{B}", _WEEKDAY),
    _rule("ahead", _NUM, _UNITS, rf"{B}(?:from{B}(?P<exact>now|today|tomorrow|on{B}{_WEEKDAY})|hence)"),
    _rule("ahead", {"in"}, rf"in{B}", _IN_ALL, _UNITS, rf"(?:{B}time)?"),
    _rule("midnight", {"from", "since", "at", "after", "just"},
          rf"(?:from|since|at|just{B}after|after){B}(?:the{B}stroke{B}of{B})?midnight"
          rf"(?:{B}(?P<word>tonight|today|yesterday|last{B}night))?(?!{B}(?:on|of){B})"),
    _rule("immediate", _first_words(table()["immediate"]), rf"(?:{alternation(table()['immediate'])}){_END}"),
)  # fmt: skip

TOLD: tuple[Rule, ...] = (
    _rule("wd_of_week", {"the"}, rf"the{B}", _WEEKDAY, rf"{B}(?P<side>before|after){_END}"),
    _rule("the_nth", {"the"}, rf"the{B}", _ORDINAL,
          rf"(?:{B}of{B}(?P<of>the{B}same|the{B}following|the|that|this|last|next){B}month)?"),
    _rule("the_unit", {"the", "that", "year", "month"},
          rf"(?:the|that){B}(?P<unit>year|month|week|quarter){_END}|(?P<end>year|month)[- ]end"),
    _rule("within", {"within", "not", "no"}, rf"(?:within|not?{B}later{B}than){B}(?:a{B}period{B}of{B}|the{B}next{B})?",
          _UNITS, _LEGAL_BASE),
    _rule("offset", _NUM, _UNITS,
          rf"{B}(?P<side>later|earlier|after|before|afterwards|prior|previously|beforehand|on(?={B}from))",
          _END, rf"(?:{B}(?P<exact>to{B}the{B}day))?"),
    _rule("day_after", {"the"}, rf"the{B}(?:(?P<ord>{_ORDINAL_WORD}|\d{{1,2}}(?:st|nd|rd|th)){B})?day{B}",
          rf"(?:following|after){B}(?:(?:that|the{B}(?:day|date)){B}of{B})?(?:its|the|their){B}publication{_END}"),
    _rule("offset", {"the"}, rf"the{B}(?P<unit>day|week|month|year){B}(?P<side>before|after){_END}"),
    _rule("offset", {"days", "weeks", "months", "hours", "minutes"},
          rf"(?P<many>day|week|month|hour|minute)s{B}(?P<side>later|earlier|after|before){_END}"),
)  # fmt: skip


def _by_word(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for word in rule.opens:
            found[word] = (*found.get(word, ()), rule)
    return found


BY_WORD = _by_word((*WRITTEN_OUT, *PARTS, *COUNTED, *TOLD))
# What may stand before a date and only narrow it: "mid-November", "the end of the year", "earlier this month".
EDGE = re.compile(
    rf"(?<![A-Za-z])(?P<edge>early|earlier|mid|middle|late|later"
    rf"|(?:the{B})?(?:very{B})?(?:start|beginning|middle|end|close|turn){B}of"
    rf"|(?:the{B})?(?:first|second|latter|last){B}(?:half|week|days|fortnight){B}of)(?:-|{B}(?:on{B}|in{B})?)$",
    re.IGNORECASE,
)
# After "two weeks after": what a date counts forward from ("publication"), and not a clause that the phrase dates.
FORWARD = re.compile(
    rf"{B}(?:(?:the|its|their|his|official|formal){B}){{0,2}}(?:date|day|publication|promulgation|signature|signing|"
    rf"adoption|entry|enactment|receipt|notice|notification|effective|being|that|this|which|it|them|approval|"
    rf"filing|service|issuance|completion)(?![A-Za-z])|{B}?[.,;:)]|{B}?$|{B}(?:the|a){B}[\w-]{{2,20}}{B}?,",
    re.IGNORECASE,
)
