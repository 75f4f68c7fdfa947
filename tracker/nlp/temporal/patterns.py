"""The shapes of date phrases: one regular expression per kind, tried only at words that can open it.

Every expression is bounded in length, so that scanning costs time linear in the text. What a shape means is the
business of `tracker.nlp.temporal.values`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.nlp.temporal.words import BLANK as B
from tracker.nlp.temporal.words import HOLIDAYS, MONTHS, NUMBERS, ORDINALS, WEEKDAYS, alternation, table

DIGIT = "0"  # stands for any number among the words that open a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A shape: its kind, the lower-case words (or DIGIT) that can open it, and the expression."""

    kind: str
    opens: frozenset[str]
    pattern: re.Pattern[str]


_YEAR = r"(?:19[5-9]\d|20\d\d)(?!\d|[.,/]\d|%|-\d{3})"
_MONTH = rf"(?P<mon>{alternation(MONTHS)})(?![A-Za-z])\.?"
_WEEKDAY = rf"(?P<wd>{alternation(WEEKDAYS)})(?![A-Za-z])\.?"
_NUMBER_END = r"(?![\w%]|[.,:]\d)"
_DAY = rf"(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?{_NUMBER_END}"
_DAY_OPEN = r"(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TO_DAY = rf"(?:{B}?(?:[-–—/]|to|and|&){B}?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?"
_ORDINAL = rf"(?P<ord>(?:{alternation(ORDINALS)})(?![A-Za-z-])|\d{{1,2}}(?:st|nd|rd|th)(?!\w))"
_YEAR_WORD = (
    rf"(?:of{B})?(?P<yrel>this|last|next|that|the same|the following|the previous|the preceding){B}(?:same{B})?year"
)
_YEAR_TAIL = rf"(?:,?{B}(?:of{B}|in{B})?(?P<y>{_YEAR})|{B}?['’](?P<yy>\d\d)(?!\w)|,?{B}{_YEAR_WORD})?"
_REL = r"(?P<rel>this|last|next|past|coming|previous|preceding|following|same|that)"
_THE = rf"(?:the{B})?"
_N = rf"(?P<n>(?:\d{{1,3}}|{alternation(NUMBERS)})(?:{B}\(\d{{1,3}}\))?(?:{B}and{B}a{B}half)?)"
_UNIT = rf"(?:(?:full|calendar|business|working|trading|whole|short){B})?(?P<unit>day|week|fortnight|month|mo|year|yr)s?(?![A-Za-z])['’]?"
_UNIT_N = rf"{_N}(?:{B}|-){_UNIT}"
_SEASON = rf"(?P<season>{alternation(table()['seasons'])})(?![A-Za-z])"
_HOLIDAY = rf"(?P<hol>{alternation(HOLIDAYS)})(?![A-Za-z])"
_DMY = rf"{_DAY_OPEN}{_TO_DAY}(?:{B}day)?(?:{B}|-)(?:of{B})?{_MONTH}(?:-(?P<y2>{_YEAR}|\d\d(?!\d)))?{_YEAR_TAIL}(?!\w)"
_MDY = rf"{_MONTH}{B}{_DAY_OPEN}{_TO_DAY}{_NUMBER_END}{_YEAR_TAIL}"
_NUMERIC = rf"(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{_YEAR}|\d\d)(?![\w/])"
_WD_LEAD = rf"{_WEEKDAY}(?:,?{B}(?:the{B})?|,|{B}\()"

_words = frozenset
_MON, _WD, _NUM = _words(MONTHS), _words(WEEKDAYS), _words(word.split()[0] for word in NUMBERS) | {DIGIT}
_NUM |= {word.split("-")[0] for word in NUMBERS}
_RELS = _words("the this last next past coming previous preceding following same that".split())
_SEASONS = _words(table()["seasons"]) | _RELS | {"in"}
_ORDS = _words(word.split("-")[0] for word in ORDINALS)


def _rule(kind: str, opens: Iterable[str], pattern: str) -> Rule:
    return Rule(kind=kind, opens=frozenset(opens), pattern=re.compile(pattern, re.IGNORECASE))


RULES: tuple[Rule, ...] = (
    # written out
    _rule("iso", {DIGIT}, rf"(?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?:T[\d:.+Z-]{{2,25}})?(?!\w)"),
    _rule("iso_month", {DIGIT}, rf"(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?![\w-])"),
    _rule("numeric", {DIGIT}, _NUMERIC),
    _rule("numeric", _WD, _WD_LEAD + _NUMERIC),
    _rule("slash", {DIGIT}, r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/%]|\.\d)"),
    _rule("slash", _WD, _WD_LEAD + r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/%]|\.\d)"),
    _rule("day", {DIGIT}, _DMY),
    _rule("day", _WD, _WD_LEAD + _DMY),
    _rule("day", _MON, _MDY),
    _rule("day", _WD, _WD_LEAD + _MDY),
    _rule("day", {"the", "this"} | _ORDS, rf"(?:the{B}|this{B})?{_ORDINAL}(?:{B}day)?{B}(?:of{B})?{_MONTH}{_YEAR_TAIL}"),
    _rule("day", _WD, rf"{_WD_LEAD}{_ORDINAL}{B}(?:of{B})?{_MONTH}{_YEAR_TAIL}"),
    _rule("month", _MON, rf"{_MONTH}{_YEAR_TAIL}"),
    _rule("holiday", {word.split()[0] for word in HOLIDAYS} | {"the"}, rf"{_THE}{_HOLIDAY}{_YEAR_TAIL}"),
    _rule("year", {DIGIT}, rf"(?P<y>{_YEAR})(?![\w])"),
    _rule("nothing", {"fy", "fiscal"}, rf"(?:FY{B}?|fiscal{B}(?:year{B})?)(?:20)?\d\d(?:[-/]\d\d)?(?!\w)"),
    _rule("nothing", {DIGIT}, r"(?:24/7|9/11|20/20|50/50)(?![\w/])"),
    # parts of a year: the ISO prefix can only hold the year
    _rule("part", {"q", "h"} | _RELS | _ORDS | {"final"},
          rf"(?:(?P<rel>this|last|next){B}|the{B})?(?:(?:first|second|third|fourth|final|last|current){B}(?:quarter|half|semester)"
          rf"|[QH][1-4])(?![A-Za-z]){_YEAR_TAIL}"),
    _rule("part", {DIGIT}, r"[1-4][QH](?:20)?(?P<yy>\d\d)(?!\w)"),
    _rule("part", _SEASONS, rf"(?:in{B})?(?:the{B})?(?:{_REL}{B})?{_SEASON}{_YEAR_TAIL}"),
    # counted from the article's day or from an earlier date
    _rule("deictic", {"today", "yesterday", "tomorrow", "tonight", "overnight", "tmrw", "tonite", "the", "last", "this", "earlier"},
          rf"(?P<word>the{B}day{B}before{B}yesterday|the{B}day{B}after{B}tomorrow|today|yesterday|tomorrow|tonight|tonite"
          rf"|overnight|tmrw|last{B}night|last{B}evening|(?:earlier{B})?this{B}(?:morning|afternoon|evening|lunchtime|aft))(?![A-Za-z])"),
    _rule("rel_unit", _RELS, rf"(?:the{B})?(?:that{B}(?=same))?{_REL}{B}"
          rf"(?P<unit>day|week|fortnight|weekend|month|year|morning|evening|afternoon|night)(?![A-Za-z-])"),
    _rule("rel_month", _RELS, rf"{_THE}(?:that{B}(?=same))?{_REL}{B}{_MONTH}"),
    _rule("rel_weekday", _RELS, rf"{_THE}{_REL}{B}{_WEEKDAY}(?:{B}(?P<dom>\d{{1,2}})(?:st|nd|rd|th){_NUMBER_END})?"),
    _rule("weekday", _WD, rf"{_WEEKDAY}(?:{B}(?:of{B})?(?P<wrel>last|this|next|the{B}following|the{B}previous|the{B}same){B}week"
          rf"|{B}(?P<late>week|last|next)(?![A-Za-z])|,?{B}(?:the{B})?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%/]|[.,:]\d|{B}(?-i:[a-z])))?"),
    _rule("wd_of_week", {"the", "on"}, rf"(?:the{B}){_WEEKDAY}{B}(?P<side>before|after)(?![A-Za-z])"),
    _rule("the_nth", {"the"}, rf"the{B}{_ORDINAL}(?:{B}of{B}(?P<of>the{B}same|the{B}following|the|that|this|last|next)"
          rf"{B}month)?"),
    _rule("the_unit", {"the", "year", "month", "that"}, rf"(?:the|that){B}(?P<unit>year|month|week|quarter)(?![A-Za-z])|(?P<end>year|month)[- ]end"),
    _rule("weekend", {"the", "at", "over"}, rf"the{B}weekend(?![A-Za-z])"),
    _rule("recent", {"in", "over", "during"}, rf"(?:in|over|during){B}(?:the{B})?(?:recent|past|last|past{B}few|last{B}few|past{B}couple{B}of){B}(?P<unit>day|week|month)s"),
    _rule("ago", _NUM, rf"{_UNIT_N}{B}(?:ago(?:{B}(?P<exact>today|yesterday|on{B}{_WEEKDAY}|to{B}the{B}day))?|back(?={B}?[,.;]))"),
    _rule("ago", _NUM, rf"a{B}week{B}last{B}{_WEEKDAY}"),
    _rule("ahead", _NUM, rf"{_UNIT_N}{B}(?:from{B}(?P<exact>now|today|tomorrow|on{B}{_WEEKDAY})|hence|out)"),
    _rule("ahead", {"in"}, rf"in{B}(?:about{B}|around{B}|just{B}|roughly{B}|some{B})?{_UNIT_N}(?:{B}time)?"),
    _rule("within", {"within", "not", "no"}, rf"(?:within|no(?:t)?{B}later{B}than){B}(?:a{B}period{B}of{B}|the{B}next{B})?{_UNIT_N}"
          rf"(?:{B}(?:of|after|from|following){B}(?P<base>its|the|this|that|today|publication|signing|receipt|notice|notification)?)?"),
    _rule("offset", _NUM, rf"{_UNIT_N}{B}(?P<side>later|earlier|after|before|afterwards|prior|previously|beforehand|on(?={B}from))"
          rf"(?:{B}(?P<exact>to{B}the{B}day))?"),
    _rule("offset", {"the"}, rf"the{B}(?P<unit>day|week|month|year){B}(?P<side>before|after)(?![A-Za-z])"),
    _rule("offset", {"days", "weeks", "months", "hours", "minutes"}, rf"(?P<many>day|week|month|hour|minute)s{B}(?P<side>later|earlier|after|before)"),
    _rule("midnight", {"from", "since", "at", "after", "just"}, rf"(?:from|since|at|just{B}after|after){B}(?:the{B}stroke{B}of{B})?midnight(?:{B}(?P<word>tonight|today|yesterday|last{B}night))?"),
    _rule("immediate", {word.split()[0] for word in table()["immediate"]}, rf"(?:{alternation(table()['immediate'])})(?![A-Za-z])"),
)  # fmt: skip


def _by_word(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for word in rule.opens:
            found[word] = (*found.get(word, ()), rule)
    return found


BY_WORD = _by_word(RULES)
# What may stand before a date and only narrow it: "mid-November", "the end of the year", "earlier this month".
EDGE = re.compile(
    rf"(?<![A-Za-z])(?P<edge>early|earlier|mid|middle|late|later|(?:the{B})?(?:very{B})?(?:start|beginning|middle|end|close|turn)"
    rf"{B}of|(?:the{B})?(?:first|second|latter|last){B}(?:half|week|days|day|fortnight){B}of)"
    rf"(?:-|{B}(?:on{B}|in{B})?)$",
    re.IGNORECASE,
)
