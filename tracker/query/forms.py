"""The JSON form of every answer as JSON Schema (draft 2020-12), made from the dataclasses and kept in `schema/`.

`python -m tracker.query.forms` writes the files anew after an answer has changed; a test fails until that is done.
`kept` reads them, which needs no pydantic. It describes objects, and checks none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracker.errors import NotFoundError
from tracker.model import Certainty, Direction, EventType, PartyKind, Status, Tier
from tracker.model.briefs import Brief
from tracker.query.answers import (
    EventDetail,
    EventPage,
    EventRow,
    Hits,
    JudgementRow,
    MeasureDetail,
    PartyRow,
    ReportRow,
    Stats,
)
from tracker.query.article_answers import ArticleDetail
from tracker.query.changes import Change, Changes
from tracker.query.counting import Counts, Trend
from tracker.query.counts import Matrix
from tracker.query.dossier import PartyDossier
from tracker.query.holds import HoldRow
from tracker.query.lags import Lags
from tracker.query.revisions import Revision
from tracker.query.sequence import Event
from tracker.query.source_answers import SourceDetail, SourceRow
from tracker.spelling import nearest

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schema"
ANSWERS: Mapping[str, type] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            *(Event, EventRow, EventPage, EventDetail, ReportRow, MeasureDetail, PartyDossier, PartyRow, Hits),
            *(
                ArticleDetail,
                Change,
                Changes,
                Counts,
                Trend,
                Matrix,
                Lags,
                Brief,
                JudgementRow,
                Revision,
                SourceRow,
                SourceDetail,
                HoldRow,
                Stats,
            ),
        )
    }
)
# Whose `to_dict` puts the fields of one field before its own.
FLAT: Mapping[str, str] = MappingProxyType({"EventDetail": "event", "SourceDetail": "source"})
DAY: Mapping[str, Any] = MappingProxyType({"format": "date"})
PREFIX: Mapping[str, Any] = MappingProxyType({"pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"})
# The name says in all answers what a text or a number may be.
FORMS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "announced_on": PREFIX,
        "effective_on": PREFIX,
        "confidence": {"minimum": 0, "maximum": 1},
        "report_count": {"minimum": 0},
        "origins": {"minimum": 0},
        "cursor": {"minimum": 0},
    }
)
EVENT: Mapping[str, type[StrEnum] | Mapping[str, Any]] = MappingProxyType(
    {"type": EventType, "status": Status, "direction": Direction, "certainty": Certainty, "date": DAY}
)
# The same of one kind of answer alone.
FORMS_OF: Mapping[str, Mapping[str, type[StrEnum] | Mapping[str, Any]]] = MappingProxyType(
    {
        "Event": EVENT,
        "EventRow": EVENT,
        "EventDetail": EVENT,
        "PartyRef": {"kind": PartyKind},
        "PartyRow": {"kind": PartyKind},
        "PartyDossier": {"kind": PartyKind},
        "StepRow": {"status": Status, "date": PREFIX},
        "ReportRow": {"tier": Tier},
        "SourceRow": {"tier": Tier},
        "SourceDetail": {"tier": Tier},
    }
)
# Of `Counts` the columns depend on what is counted by.
CELL = MappingProxyType({"type": ["string", "integer", "null"]})
ROWS = MappingProxyType(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"events": {"type": "integer", "minimum": 0}},
            "required": ["events"],
            "additionalProperties": dict(CELL),
        },
    }
)


def schema(name: str) -> Schema:
    """The JSON Schema of one answer, by the name of its class; raises NotFoundError for a name that is none."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - only those who write the files need it

    _known(name)
    told = TypeAdapter(ANSWERS[name]).json_schema(mode="serialization")
    _tidy(name, told)
    for inner, part in told.get("$defs", {}).items():
        _tidy(inner, part)
    if name in FLAT:
        told = _flat(told, FLAT[name])
        _tell(name, told)
    if name == "Counts":
        told["properties"] |= {"rows": dict(ROWS), "others": dict(ROWS)}
        told.pop("$defs", None)
    head = {"$schema": DRAFT, "$id": f"urn:tracker:{name}", "title": name}
    found: Schema = _bare(head | told)
    return found


def kept(name: str) -> Schema:
    """The same as it is published."""
    _known(name)
    found: Schema = json.loads((resources.files("tracker.query") / FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def write(folder: Path) -> None:
    """Write every schema, one a file."""
    for name in ANSWERS:
        text = json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _known(name: str) -> None:
    if name not in ANSWERS:
        near = nearest(name, tuple(ANSWERS))
        remedy = f"did you mean {near!r}?" if near else "`tracker schema` lists them"
        raise NotFoundError(f"no answer is called {name!r}; {remedy}")


def _tidy(name: str, part: Schema) -> None:
    """An object of this name: all fields are there, no others, and each as its name says."""
    if "properties" in part:  # else it is one of so many words
        part |= {"required": list(part["properties"]), "additionalProperties": False}
    if "description" in part:
        part["description"] = " ".join(part["description"].split())
    _tell(name, part)


def _tell(name: str, part: Schema) -> None:
    for field, told in part.get("properties", {}).items():
        found = FORMS_OF.get(name, {}).get(field) or FORMS.get(field)
        if found is not None:
            more: Mapping[str, Any] = {"enum": [*found]} if isinstance(found, type) else found
            _plain(told).update(more)


def _plain(told: Schema) -> Schema:
    """Where something may be null, the part that says what else it may be."""
    some: list[Schema] = [one for one in told.get("anyOf", ()) if one.get("type") != "null"]
    return some[0] if some else told


def _flat(told: Schema, field: str) -> Schema:
    """The fields of one field before the others, which stand for those of the same name."""
    own, defs = dict(told["properties"]), told["$defs"]
    name = own.pop(field)["$ref"].rpartition("/")[2]
    properties = defs[name]["properties"] | own
    if f'"#/$defs/{name}"' not in json.dumps([own, {key: one for key, one in defs.items() if key != name}]):
        del defs[name]
    return told | {"properties": properties, "required": list(properties)}


def _bare(value: Any) -> Any:
    """Without the titles that pydantic makes of names, and with the definitions at the end."""
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    named = {key: _bare(one) for key, one in value.items() if key not in {"title", "$defs", "properties"}}
    told = {key: value[key] for key in ("$schema", "$id", "title") if "$id" in value and key in value}
    inside = {
        group: {key: _bare(one) for key, one in value[group].items()}
        for group in ("properties", "$defs")
        if group in value
    }
    return told | {key: one for key, one in named.items() if key not in told} | inside


if __name__ == "__main__":
    write(Path(__file__).with_name(FOLDER))
