"""What is held back, told and decided about on the command line; out of a real database with hostile titles."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import running
from tracker.cli.group import commands
from tracker.errors import NotFoundError
from tracker.model import Article, RunReport, Source, SourceKind, TextFrom, Tier
from tracker.model.assertions import Assertion, Breach
from tracker.pipeline.holding import ALARM
from tracker.store import Store

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
WHY = Breach(
    assertion=Assertion.UNDATED,
    overall=False,
    articles=12,
    found=1.0,
    usual=0.02,
    limit=0.5,
    example="A\x1b[31m title",
)
FEEDS = "sources: {n: [{id: x, name: X, kind: feed, url: 'https://x.example/f', tier: major, language: en}]}\n"
FLOOD = replace(WHY, assertion=Assertion.FLOOD, found=900.0, usual=3.0, limit=10.0)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two sources with an article each that is held back, and one with an article that is not."""
    path = tmp_path / "t.db"
    sources = [
        Source(
            id=key,
            name=key.title(),
            kind=SourceKind.FEED,
            url=f"https://{key}.example/f",
            tier=Tier.MAJOR,
            language="en",
            country=None,
        )
        for key in ("desk", "herald", "post")
    ]
    with Store.open(path) as store:
        store.sources.sync(sources, NOW)
        for source in sources:
            article = Article(
                id=f"{source.id}0123456789",
                url=f"https://{source.id}.example/1",
                title="A\x1b[31m title",
                text="Words \x1b]0;of\x07 it.",
                published=None,
                language="en",
                text_from=TextFrom.PAGE,
                source_id=source.id,
                content_hash=source.id,
            )
            store.articles.save(None, article, now=NOW)
            store.holds.await_judgement(article.id)
        batches = store.holds.batches(last={}, usual=9, otherwise=9)
        store.holds.keep(batches, {"desk": (WHY,), "herald": (FLOOD,)}, now=NOW)
        for key in ("desk", "herald"):
            store.alarms.settle(key, {ALARM: "why"}, among={ALARM}, now=NOW)
    return path


def run(database: Path, *words: str) -> Result:
    return CliRunner().invoke(commands, ["--db", str(database), "sources", *words], catch_exceptions=False)


def test_what_is_held_back_is_shown_with_why_and_safely(database: Path) -> None:
    shown = run(database, "held").output
    for words in (
        "desk: 1 article with 0 reports",
        "herald: 1",
        "100% of 12 articles have no date, usually 2%",
        "900 new articles at once, usually 3",
        "A[31m",
    ):
        assert words in shown, words
    assert "post" not in shown
    assert "\x1b" not in shown
    told = json.loads(run(database, "held", "desk", "--json").output)
    assert [(one["source_id"], one["articles"], one["reasons"][0]["assertion"]) for one in told] == [
        ("desk", 1, "undated")
    ]
    assert told[0]["shown"][0]["title"] == "A\x1b[31m title"
    health = json.loads(run(database, "list", "--json").output)
    assert {row["id"]: (row["held"], row["alarms"]) for row in health} == {
        "desk": (1, "held: why"),
        "herald": (1, "held: why"),
        "post": (0, None),
    }


@pytest.mark.parametrize(
    ("words", "told", "left"),
    [
        (("release", "desk"), ["desk: 1 article with 0 reports of events released"], ["herald"]),
        (("discard", "desk"), ["desk: 1 article with 0 reports of events kept out for good"], ["herald"]),
        (
            ("retry", "desk"),
            ["desk: 1 article with 0 reports of events asked for again by the next refresh"],
            ["herald"],
        ),
        (("release", "post"), ["post: nothing is held back"], ["desk", "herald"]),
        (
            ("discard", "--all"),
            [f"{key}: 1 article with 0 reports of events kept out for good" for key in ("desk", "herald")],
            [],
        ),
    ],
    ids=["release", "discard", "retry", "nothing", "all"],
)
def test_a_decision_is_told_and_ends_the_hold(
    database: Path, words: tuple[str, ...], told: list[str], left: list[str]
) -> None:
    assert run(database, *words).output.splitlines() == told
    with Store.open(database, read_only=True) as store:
        assert [one.source_id for one in store.holds.open()] == left
        assert [key for key in ("desk", "herald", "post") if store.alarms.sounding(key)] == left
    again = run(database, words[0], *(words[1:] if left else ("--all",)))
    assert "nothing is held back" in again.output


def test_a_decision_needs_a_source_that_there_is(database: Path) -> None:
    assert run(database, "release").exit_code == 2
    assert run(database, "release", "desk", "--all").exit_code == 2
    with pytest.raises(NotFoundError, match="did you mean 'desk'"):
        run(database, "release", "dsek")


def test_decisions_as_json(database: Path) -> None:
    told = json.loads(run(database, "release", "--all", "--json").output)
    assert (told["decision"], told["new_events"], [one["source_id"] for one in told["held"]]) == (
        "released",
        0,
        ["desk", "herald"],
    )


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (RunReport(faults=("desk: HTTP 503",), sources_asked=2, sources_failed=1), ""),
        (
            RunReport(held=("desk: 9 articles",), alarms=("post: \x1b[2Jgone",)),
            "!! desk: 9 articles\n!! post: [2Jgone\n",
        ),
    ],
    ids=["a fault among others", "what waits for a person"],
)
def test_a_quiet_refresh_tells_once_what_waits_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: RunReport, told: str
) -> None:
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    monkeypatch.setattr(running, "refresh", lambda *_, **__: report)
    words = ["--config", str(tmp_path / "feeds.yaml"), "refresh", "--quiet"]
    done = CliRunner().invoke(commands, words, catch_exceptions=False, standalone_mode=False)
    assert (done.stdout, done.stderr) == ("", told)
