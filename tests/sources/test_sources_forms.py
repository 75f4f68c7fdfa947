"""Each file in data/ is an answer in a documented form of its kind; its `.expected.json` is what it must yield."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Basis, Done, Listing, Poison, Records, Selectors, SourceKind, Wanted

DATA = Path(__file__).parent / "data"
ANSWERS = sorted(path for path in DATA.iterdir() if not path.name.endswith(".expected.json"))


def test_every_answer_has_its_expectation_and_the_reverse() -> None:
    assert {f"{path.name}.expected.json" for path in ANSWERS} == {path.name for path in DATA.glob("*.expected.json")}


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_an_answer_yields_what_is_expected(path: Path) -> None:
    expected = json.loads((DATA / f"{path.name}.expected.json").read_text(encoding="utf-8"))
    selectors = Selectors(**expected["selectors"]) if "selectors" in expected else None
    asked = source(
        SourceKind(expected["kind"]),
        url=expected.get("source_url", expected["url"]),
        selectors=selectors,
        country=expected.get("country"),
        records=Records(**expected["records"]) if "records" in expected else None,
        wanted=Wanted(**{key: tuple(words) for key, words in expected.get("wanted", {}).items()}),
    )
    answer = page(
        path.read_bytes(),
        url=expected["url"],
        final_url=expected.get("final_url"),
        content_type=expected["content_type"],
    )
    assert readable(sources.parse(asked, answer)) == wanted(expected)


def readable(outcome: Done[Listing] | Poison) -> dict[str, Any]:
    """An outcome in the words of the expectation files: what is empty is left out."""
    if isinstance(outcome, Poison):
        return {"poison": outcome.reason}
    listing = outcome.value
    return {
        "items": [_item(asdict(item)) for item in listing.items],
        "follow": [request.url for request in listing.follow],
        "older": listing.older.url if listing.older else None,
        "notes": list(listing.notes),
    }


def _item(values: dict[str, Any]) -> dict[str, Any]:
    assert values.pop("source_id") == "the-source"
    published = values.pop("published")
    kept = {name: value for name, value in values.items() if value not in (None, False) or name == "title"}
    if published:
        assert published["basis"] == Basis.FEED
        kept["published"] = published["value"]
    return kept


def wanted(expected: dict[str, Any]) -> dict[str, Any]:
    if "poison" in expected:
        return {"poison": expected["poison"]}
    return {
        "items": expected["items"],
        "follow": expected.get("follow", []),
        "older": expected.get("older"),
        "notes": expected.get("notes", []),
    }
