"""The published JSON Schemas: what the code says, and what real answers are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tracker.errors import NotFoundError
from tracker.model.assertions import Assertion, Breach
from tracker.query import Timeline, forms
from tracker.query.holds import HeldArticle, HoldRow

ROOT = Path(__file__).parents[2]


def answers(timeline: Timeline) -> Iterator[tuple[str, Any]]:
    """Real answers of every kind, each with the name of its form."""
    events = timeline.timeline(limit=None)
    yield from (("Event", one) for one in events)
    yield from (("EventRow", one) for one in events.rows())
    yield from (("EventPage", timeline.page(limit=size)) for size in (2, 100))
    yield from (("EventDetail", timeline.event(one.id)) for one in events.rows())
    yield from (("ReportRow", report) for one in events for report in one.reports)
    yield from (("MeasureDetail", timeline.measure(one.measure_id)) for one in events.rows())
    yield "MeasureDetail", timeline.measure("m-api", day="2024-07-01")
    yield from (("PartyDossier", timeline.party(key)) for key in ("gov:us", "China", "OpenAI"))
    yield from (("PartyRow", one) for one in timeline.parties())
    yield from (("Hits", timeline.search(words)) for words in ("chips", "OpenAI", "nothing of the kind", ""))
    changes = timeline.changes()
    yield "Changes", changes
    yield from (("Change", one) for one in changes.changes)
    for by in ((), ("type",), ("actor",), ("type", "source")):
        yield "Counts", timeline.counts(*by, per="month", first=by == ("actor",))
    yield "Trend", timeline.counts("status", per="quarter").trend()
    yield "Matrix", timeline.matrix()
    yield from (("Lags", timeline.lag(by=by)) for by in (None, "type", "source"))
    with Timeline.open(timeline.path, clock=lambda: datetime(2024, 12, 5, tzinfo=UTC)) as then:
        yield from (("Brief", then.brief(time)) for time in ("7d", "1d"))
    yield from (("JudgementRow", one) for one in timeline.judgements())
    yield "ArticleDetail", timeline.article("api-chipweek")
    yield from (("Revision", one) for one in timeline.revisions("api-gazette"))
    yield from (("SourceRow", one) for one in timeline.sources())
    yield "SourceDetail", timeline.source("gazette")
    breach = Breach(
        assertion=Assertion.FLOOD, overall=False, articles=90, found=30.0, usual=None, limit=10.0, example="A title"
    )
    held = HeldArticle(id="a", title="A title", url=None, published=None, beginning="Words", reports=2)
    yield "HoldRow", HoldRow(
        source_id="s", since_at="2026-01-05T12:00:00+00:00", held_at="2026-01-05T12:00:00+00:00", articles=90,
        reports=2, reasons=(breach,), shown=(held,),
    )  # fmt: skip
    yield "Stats", timeline.stats()


@pytest.fixture(scope="module")
def given(timeline: Timeline) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in forms.ANSWERS}
    for name, answer in answers(timeline):
        assert type(answer).__name__ == name
        found[name].append(json.loads(json.dumps(answer.to_dict())))
    return found


@pytest.mark.parametrize("name", forms.ANSWERS)
def test_what_is_published_is_what_the_code_says(name: str) -> None:
    assert forms.kept(name) == forms.schema(name), "write the files anew: python -m tracker.query.forms"


def test_nothing_else_is_published() -> None:
    files = (ROOT / "tracker" / "query" / forms.FOLDER).iterdir()
    assert {file.name for file in files} == {f"{name}.json" for name in forms.ANSWERS}


@pytest.mark.parametrize("name", forms.ANSWERS)
def test_real_answers_are_of_their_form(name: str, given: dict[str, list[Any]]) -> None:
    if name != "JudgementRow":  # nobody has decided anything in the sample; `tests/review` has those who do
        assert given[name]
    schema = forms.kept(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    for one in given[name]:
        check.validate(one)


def faults(given: dict[str, list[Any]]) -> Iterable[tuple[str, dict[str, Any]]]:
    event, detail, counts = (dict(given[name][0]) for name in ("Event", "EventDetail", "Counts"))
    yield "Event", {key: one for key, one in event.items() if key != "summary"}
    yield "Event", event | {"colour": "red"}
    yield "Event", event | {"type": "weather"}
    yield "Event", event | {"date": "2024-13-01"}
    yield "Event", event | {"announced_on": "June 2024"}
    yield "Event", event | {"confidence": 2}
    yield "Event", event | {"reports": 3}
    yield "Event", event | {"reports": [event["reports"][0] | {"tier": "best"}]}
    yield "EventDetail", detail | {"actors": ["OpenAI"]}
    yield "EventDetail", detail | {"status": None}
    yield "Counts", counts | {"rows": [{"type": "tariff"}]}


def test_what_is_of_another_form_is_told(given: dict[str, list[Any]]) -> None:
    for name, wrong in faults(given):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, forms.kept(name), format_checker=jsonschema.FormatChecker(["date"]))


def test_every_form_has_an_address_and_says_what_it_is() -> None:
    for name in forms.ANSWERS:
        told = forms.kept(name)
        assert (told["$schema"], told["$id"]) == (forms.DRAFT, f"urn:tracker:{name}")
        assert len(told["description"]) > 20


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'EventRow'"):
        forms.kept("EventRows")
