"""Follows which dates a text has told so far, so that "a month later" and "in June" can count from them."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from datetime import date

from tracker.model import Basis
from tracker.nlp.temporal import calendar
from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.mention import TimeMention
from tracker.nlp.temporal.scan import Expression
from tracker.nlp.temporal.setting import Place, Setting

_PASSING = frozenset(["within", "recent", "weekend", "immediate"])  # what follows does not count from these
_PASSAGE = 400  # characters within a paragraph over which a story keeps its year
_WEEK = 7
_YEAR_OPENERS = frozenset(["in", "back in", "rel_unit", "of", "during", "earlier"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The last date; the last that had happened, at each precision; the last day of the news itself."""

    text: str
    bounds: tuple[int, ...]  # where sentences start
    anchor: date | None
    day_first: bool | None
    focus: TimeMention | None = None
    story: TimeMention | None = None
    story_month: TimeMention | None = None
    story_day: TimeMention | None = None
    spoken: TimeMention | None = None

    def setting(self, here: int, way: Way | None) -> Setting:
        """What is known at an offset of the text."""
        return Setting(
            anchor=self.anchor,
            focus=self.focus.value if self.focus else None,
            story=self.story.value if self.story else None,
            story_month=self.story_month.value if self.story_month else None,
            story_day=self.story_day.value if self.story_day else None,
            spoken=self.spoken.value if self.spoken else None,
            focus_in=self._place(self.focus, here),
            story_in=self._place(self.story, here),
            spoken_in=self._place(self.spoken, here),
            year_open=self.story is not None and self.story.cue in _YEAR_OPENERS,
            way=way,
            day_first=self.day_first,
        )

    def after(self, mention: TimeMention, expression: Expression, way: Way | None) -> Thread:
        """The thread once a date has been told."""
        if mention.cue in ("dateline", "name") or expression.kind in _PASSING or "clause" in expression.parts:
            return self
        told = self._is_told(mention, way) and not self._is_aside(mention)
        return replace(
            self,
            focus=mention,
            story=mention if told else self.story,
            story_month=mention if told and len(mention.value) >= 7 else self.story_month,
            story_day=mention if told and len(mention.value) == 10 else self.story_day,
            spoken=mention if told and self._is_news(mention) else self.spoken,
        )

    def _is_told(self, mention: TimeMention, way: Way | None) -> bool:
        """Whether a date has happened, and is no deadline or start to come."""
        if mention.role == "deadline" or (way == "future" and mention.when.basis is not Basis.STATED):
            return False
        return self.anchor is None or mention.value <= self.anchor.isoformat()[: len(mention.value)]

    def _is_aside(self, mention: TimeMention) -> bool:
        """As in "on 16 January 2016 they lifted the embargo, in force since July 2012": the story stays in 2016."""
        return "since" in mention.cue and self._place(self.story, mention.span.start) == "sentence"

    def _is_news(self, mention: TimeMention) -> bool:
        day = calendar.day_of(mention.value) if len(mention.value) == 10 else None
        return bool(day and self.anchor and 0 <= (self.anchor - day).days < _WEEK)

    def _place(self, told: TimeMention | None, here: int) -> Place:
        if told is None:
            return None
        start = told.span.start
        if bisect.bisect_right(self.bounds, start) == bisect.bisect_right(self.bounds, here):
            return "sentence"
        return "passage" if here - start <= _PASSAGE and "\n" not in self.text[start:here] else None
