"""STIX 2.1: valid by its library, ids that stay, references that lead somewhere, any text."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import export_samples as samples
import stix2
from hypothesis import given, settings

from tracker.export import stix
from tracker.model import Exported


def bundle(*events: Exported) -> dict[str, Any]:
    out = io.BytesIO()
    stix.write(events, out, samples.ABOUT)
    found: dict[str, Any] = json.loads(out.getvalue().decode("utf-8"))
    stix2.parse(found, allow_custom=False)
    return found


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in found["objects"] if one["type"] == kind]


def test_an_event_is_a_note_about_its_parties() -> None:
    found = bundle(samples.EVENT)
    parties = {one["name"]: one for one in of_kind(found, "identity")}
    assert set(parties) == {"tracker", "United States", "China"}
    assert parties["United States"]["sectors"] == ["government"]
    assert parties["United States"]["external_references"] == [{"source_name": "wikidata", "external_id": "Q30"}]
    (note,) = of_kind(found, "note")
    assert note["object_refs"] == [parties["United States"]["id"], parties["China"]["id"]]
    assert (note["abstract"], note["confidence"]) == ("The US restricts AI chips", 75)
    assert (note["created"], note["modified"]) == ("2024-06-25T12:00:00.000Z", "2024-06-26T08:30:00.000Z")
    (extension,) = note["extensions"].values()
    assert extension["effective_on"] == "2024-07-09"
    assert (extension["type"], extension["instruments"]) == ("export_control", ["Entity List"])
    (tie,) = of_kind(found, "relationship")
    assert [tie["source_ref"], tie["target_ref"]] == note["object_refs"]
    (definition,) = of_kind(found, "extension-definition")
    assert list(note["extensions"]) == [definition["id"]]


def test_ids_stay_when_an_event_changes() -> None:
    changed = replace(samples.EVENT, summary="Otherwise", changed_at="2025-01-01T00:00:00+00:00")
    assert [one["id"] for one in bundle(samples.EVENT)["objects"]] == [one["id"] for one in bundle(changed)["objects"]]
    assert bundle(samples.EVENT) == bundle(samples.EVENT)


@settings(max_examples=40)
@given(samples.EVENTS)
def test_any_event_makes_a_valid_bundle(events: list[Exported]) -> None:
    found = bundle(*events)
    ids = {one["id"] for one in found["objects"]}
    for one in found["objects"]:
        named = [one[key] for key in ("source_ref", "target_ref", "created_by_ref") if key in one]
        assert {*named, *one.get("object_refs", [])} <= ids
    assert len(of_kind(found, "note")) == len(events)
