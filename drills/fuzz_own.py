"""What the fuzzing drill feeds with a user's own files and questions, and the reader with articles.

As `fuzz_targets`: a target raises only where a promise is broken. Files are written where the case is read from them;
questions are asked of a small database of the tests.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fuzz_cases import as_text
from fuzz_samples import (
    ASKED_AMOUNTS,
    ASKED_DATES,
    BACKUP,
    FEEDS,
    FILTERS,
    IDS,
    OF_OPML,
    OF_TEMPLATES,
    OF_YAML,
    ONTOLOGY,
    OPML,
    QUERIES,
    RULES,
    SEARCHES,
    TEMPLATES,
)
from fuzz_targets import NOW, ROOT, Run, Target, texts

from tracker.alerts import templates, wording
from tracker.articles.rules import load as load_rules
from tracker.backups import manifest as backups
from tracker.cli.alerting import CHECKS
from tracker.config import alerts, loading, opml, queries, writing
from tracker.errors import ConfigError, InputError, NotFoundError
from tracker.export import manifest
from tracker.extraction import Desk
from tracker.extraction import read as read_inputs
from tracker.model import Article, Basis, FetchSettings, SavedQuery, TextFrom, Tier, When
from tracker.model.alerts import Form
from tracker.nlp import own
from tracker.nlp.amounts import find_amounts
from tracker.nlp.ontology import load_ontology
from tracker.nlp.temporal import find_dates
from tracker.query import Timeline, amounts, given
from tracker.query import dates as asked
from tracker.scoring import documents
from tracker.scoring.outcomes import outcomes

READ = 100_000  # characters of an article that are read
ARTICLE = 20.0  # seconds that one may take its reader, however long it is: see docs/reliability.md
TODAYS = (date.min, date(2024, 2, 29), date.max)
ANCHORS = (None, "2024-07-09", "9999-12-31", "0001-01-01", "2024", "2024-07-09T10:30:00Z")


def _declared(*errors: type[Exception]) -> Callable[[Callable[[bytes], Any]], Run]:
    """What is called may raise these, whose words people read; anything else is a finding."""

    def around(call: Callable[[bytes], Any]) -> Run:
        def run(data: bytes) -> None:
            try:
                call(data)
            except errors as error:
                said = str(error)
            else:
                return
            assert said.strip(), "an error without words"

        return run

    return around


def _file(call: Callable[[Path, bytes], Any], name: str, *errors: type[Exception]) -> Run:
    """Each case is written to a file of that name, and its path handed on."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))

    def run(data: bytes) -> None:
        (folder / name).write_bytes(data)
        call(folder / name, data)

    return _declared(*errors)(run)


def _feeds(path: Path, data: bytes) -> None:
    loading.load(path, environ={})
    entry = {
        "id": "z",
        "name": "Z: #z",
        "kind": "feed",
        "url": "https://z.example/f",
        "tier": "major",
        "language": "en",
    }
    added = writing.add(data, [("official", entry)], name="feeds.yaml")
    writing.remove(writing.switch(added, "z", enabled=False, name="feeds.yaml"), "z", name="feeds.yaml")


def _queries(path: Path, _: bytes) -> None:
    queries.load(path, given)
    queries.add(path, SavedQuery(name="zz", title="Z: #", filters={"type": "tariff"}), given)


def _opml(data: bytes) -> None:
    found = opml.read(data, name="x.opml")
    made = opml.entries(found.feeds, sources=(), tier=Tier.MAJOR, language="en").entries
    try:
        loading.check(writing.start(made, name="feeds.yaml"), name="feeds.yaml")
    except ConfigError as error:  # what OPML lists, feeds.yaml may hold
        raise AssertionError(str(error)) from error


def _alerts(path: Path, _: bytes) -> None:
    alerts.load(path, CHECKS, SAVED, environ={})


def _rules(path: Path, _: bytes) -> None:
    load_rules(path.parent)


def _asked_amounts(data: bytes) -> None:
    amounts.read(as_text(data))


def _own(data: bytes) -> None:
    own.extended(load_ontology(), own.parse(data, Path("own.yaml")))


def _gold(data: bytes) -> None:
    lines = as_text(data).splitlines()
    gold = documents.read_gold(lines)
    outcomes(gold, documents.read_predictions(lines))
    for article in gold.values():
        for event in article.events:
            article.quote(event)


def _inputs(data: bytes) -> None:
    faults: list[str] = []
    desk = Desk(now=lambda: NOW, network=lambda: FetchSettings(user_agent="x"), stdin=io.BytesIO(data),
                on_fault=lambda fault: faults.append(fault.reason))  # fmt: skip
    for one in read_inputs(["-"], desk):
        (one.article.title + one.article.text).encode()


def _template(data: bytes) -> None:
    for form in (Form.TEXT, Form.HTML):
        wording.check(as_text(data), form)


def _manifest(path: Path, data: bytes) -> None:
    manifest.beside(path).write_bytes(data)
    manifest.verify(path)


def _backup(data: bytes) -> None:
    backups.parsed(data, Path("tracker-20240709T103000Z.db.gz"))


def _asked_dates(data: bytes) -> None:
    text = as_text(data)
    for today in TODAYS:
        for read in (asked.period, asked.between, asked.last, asked.moment):
            try:
                found = read(text, today)
            except InputError:
                continue
            assert isinstance(found, str) or len(found.first) == len(found.last) == 10


def _world() -> Timeline:
    """The small timeline of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    from query_samples import build  # noqa: PLC0415  # only where it is asked

    path = build(Path(tempfile.mkdtemp(prefix="fuzz-")) / "world.db")
    return Timeline.open(path, clock=lambda: datetime(2024, 12, 1, tzinfo=UTC))


def _search() -> Run:
    world = _world()

    @_declared(InputError, NotFoundError)
    def run(data: bytes) -> None:
        text = as_text(data)
        world.search(text, limit=5)
        world.parties(text)
        world.search("chips", after=text, limit=5)

    return run


def _ids() -> Run:
    world = _world()

    def run(data: bytes) -> None:
        text = as_text(data)
        for ask in (
            world.event,
            world.measure,
            world.article,
            world.judgement,
            world.subject,
            world.party,
            world.source,
        ):
            _declared(NotFoundError, InputError)(lambda _, ask=ask: ask(text))(data)  # type: ignore[misc]
        _declared(NotFoundError, InputError)(lambda _: world.page(after=text))(data)

    return run


def _filters() -> Run:
    world = _world()

    @_declared(InputError, NotFoundError)
    def run(data: bytes) -> None:
        texts = dict(parse_qsl(as_text(data), errors="surrogateescape"))
        found = given(texts)
        world.page(limit=5, **found)
        world.count(**found)
        world.counts("type", **found)
        world.statement(**found)

    return run


def _prose_dates(data: bytes) -> None:
    text = as_text(data)[:READ]
    for found in find_dates(text, ANCHORS[len(data) % len(ANCHORS)]):
        assert found.value


def _prose_amounts(data: bytes) -> None:
    text = as_text(data)[:READ]
    for found in find_amounts(text):
        assert text[found.span.start : found.span.end] == found.text


def _reader() -> Run:
    from tracker.nlp import load  # noqa: PLC0415  # seconds, and only this target needs it

    reader = load()

    def run(data: bytes) -> None:
        text = as_text(data).replace("\x00", "")
        title, _, rest = text.partition("\n")
        anchor = ANCHORS[len(data) % len(ANCHORS)]
        article = Article(
            id="a",
            url=None,
            title=title,
            text=rest,
            published=When(value=anchor, basis=Basis.METADATA) if anchor else None,
            language="en",
            text_from=TextFrom.INPUT,
        )
        analysis = reader.read(article)
        fields = {"text": rest, "title": title}
        for mention in analysis.mentions:
            assert 0 <= mention.span.start < mention.span.end <= len(fields[mention.span.field])
        for event in analysis.events:
            assert event.evidence
            assert 0 <= event.confidence <= 1
            for phrase in (*event.items, *event.instruments):
                assert fields[phrase.span.field][phrase.span.start : phrase.span.end]

    return run


def _gold_samples() -> list[bytes]:
    return [
        line
        for path in sorted((ROOT / "evals" / "gold").glob("*.jsonl"))
        for line in path.read_bytes().splitlines()[:6]
    ]


def _alerts_samples() -> list[bytes]:
    return [(ROOT / "docs" / "sample-alerts.yaml").read_bytes()]


def _manifests() -> list[bytes]:
    told: Mapping[str, Any] = {"format": "csv", "rows": 1, "sha256": "0" * 64, "bytes": 3, "columns": [], "filters": {}}
    return [json.dumps(told).encode(), json.dumps({**told, "format": "parquet"}).encode()]


SAVED: Mapping[str, SavedQuery] = {"china-chips": SavedQuery(name="china-chips", title="x", filters={"type": "tariff"})}


def _target(
    name: str,
    about: str,
    samples: Callable[[], Sequence[bytes]] | Sequence[bytes],
    start: Callable[[], Run],
    pieces: Sequence[bytes] = (),
    seconds: float = 2.0,
) -> Target:
    given_ = samples if callable(samples) else lambda: samples
    return Target(name=name, about=about, samples=given_, start=start, pieces=pieces, seconds=seconds)


def _calling(call: Callable[[bytes], Any], *errors: type[Exception]) -> Callable[[], Run]:
    return lambda: _declared(*errors)(call)


def _reading(call: Callable[[Path, bytes], Any], name: str, error: type[Exception]) -> Callable[[], Run]:
    return lambda: _file(call, name, error)


OWN: tuple[Target, ...] = (
    _target("opml", "OPML lists", (OPML,), _calling(_opml, InputError), OF_OPML),
    _target("feeds.yaml", "feeds.yaml, read and edited", (FEEDS,), _reading(_feeds, "feeds.yaml", ConfigError),
            OF_YAML),
    _target("alerts.yaml", "alerts.yaml with its templates and addresses", _alerts_samples,
            _reading(_alerts, "alerts.yaml", ConfigError), OF_YAML),
    _target("queries.yaml", "saved queries, read and edited", (QUERIES,),
            _reading(_queries, "queries.yaml", ConfigError), OF_YAML),
    _target("ontology", "a user's ontology file", (ONTOLOGY,), _calling(_own, ConfigError), OF_YAML),
    _target("site rules", "rules for sites", (RULES,), _reading(_rules, "a.yaml", ConfigError), OF_YAML),
    _target("template", "templates of alerts", TEMPLATES, _calling(_template, templates.TemplateFaultError),
            OF_TEMPLATES),
    _target("gold", "gold and predictions", _gold_samples, _calling(_gold, InputError)),
    _target("extract", "standard input of `extract`", _gold_samples, _calling(_inputs)),
    _target("manifest", "manifests of exports", _manifests, _reading(_manifest, "x.csv", InputError)),
    _target("backup", "manifests of backups", (BACKUP,), _calling(_backup, InputError)),
    _target("asked dates", "dates and periods of questions", ASKED_DATES, _calling(_asked_dates)),
    _target("asked amounts", "amounts of questions", ASKED_AMOUNTS, _calling(_asked_amounts, InputError)),
    _target("search", "what is typed into a search", SEARCHES, _search),
    _target("ids", "ids and places of questions", IDS, _ids),
    _target("filters", "filters of addresses and saved queries", FILTERS, _filters),
    _target("prose dates", "dates in prose", texts, _calling(_prose_dates)),
    _target("prose amounts", "amounts in prose", texts, _calling(_prose_amounts)),
    _target("reader", "the reader: text to parties and events", texts, _reader, seconds=ARTICLE),
)  # fmt: skip
