"""One database for all questions: they cannot change it."""

from __future__ import annotations

from collections.abc import Iterator

import count_samples
import pytest
import query_samples

from tracker.query import Timeline


@pytest.fixture(scope="session")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    path = query_samples.build(tmp_path_factory.mktemp("query") / "t.db")
    with Timeline.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    with Timeline.open(count_samples.build(tmp_path_factory.mktemp("many") / "t.db")) as opened:
        yield opened
