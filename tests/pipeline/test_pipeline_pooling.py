"""Processes that read pages are kept from one refresh to the next, and let go of when unused."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.articles import Job
from tracker.errors import ConfigError
from tracker.model import Done, Item, Page, Source, SourceKind, Tier
from tracker.pipeline.pooling import KEPT, KeptExtractor

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SOURCE = Source(
    id="a", name="A", kind=SourceKind.FEED, url="https://a.example/", tier=Tier.MAJOR, language="en", country=None
)
BODY = b"<title>Nickel</title><article>" + b"<p>The ministry of trade has banned the export of raw nickel.</p>" * 6


def read(extractor: KeptExtractor) -> bool:
    url = "https://a.example/1"
    page = Page(url=url, final_url=url, status=200, content_type="text/html", body=BODY, fetched_at=NOW)
    job = Job(item=Item(source_id="a", url=url, title="Nickel"), source=SOURCE, page=page, now=NOW)
    return all(isinstance(made, Done) for _, made in extractor.extract([(1, job)]))


def test_processes_outlive_a_refresh_and_end_when_no_page_comes() -> None:
    moment = [1_000.0]
    extractor = KeptExtractor(clock=lambda: moment[0])
    assert not extractor.pids
    assert read(extractor)
    (first,) = extractor.pids
    moment[0] += KEPT - 1
    extractor.rest()
    assert read(extractor)
    assert list(extractor.pids) == [first]
    moment[0] += KEPT - 1  # counted from the last page
    extractor.rest()
    assert list(extractor.pids) == [first]
    moment[0] += 1
    extractor.rest()
    assert not extractor.pids
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_rules_that_are_wrong_are_told(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("hosts: [a.example]\nbdoy: [p]\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        read(KeptExtractor(tmp_path))
