"""A small gold set and predictions, in the shared format, to count by hand."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]
US = {"name": "United States", "kind": "government", "country": "US"}
EU = {"name": "European Union", "kind": "government", "country": "EU"}
CHINA = {"name": "China", "kind": "place", "country": "CN"}


def event(kind: str, actor: JSON, *, at: int, **more: Any) -> JSON:
    """An event whose evidence is the ten characters from `at` on."""
    usual = {"status": "in_force", "direction": "restrict", "certainty": "confirmed", "targets": [CHINA]}
    return {"type": kind, "actors": [actor], "evidence": [{"start": at, "end": at + 10}], **usual, **more}


# Two articles tell one tariff ("t"), and one of them a sanction and something arguable; one tells nothing; one only
# something arguable.
GOLD: list[JSON] = [
    {
        "id": "s-1",
        "text": "A tariff. Sanctions. It may. ",
        "events": [
            event("tariff", US, at=0, items=["cars"], salience="main", event_key="t", measure="m",
                  announced_on="2024-05-01"),
            event("sanction", EU, at=10, items=["oil"], salience="background", effective_on="2024-07"),
            event("regulation", US, at=20, optional=True),
        ],
    },
    {
        "id": "s-2",
        "text": "That tariff.",
        "events": [event("tariff", US, at=0, items=["cars"], salience="main", event_key="t", measure="m")],
    },
    {"id": "s-3", "text": "Weather and markets.", "events": []},
    {"id": "s-4", "text": "It may, some day.", "events": [event("regulation", EU, at=0, optional=True)]},
]  # fmt: skip
# s-1: the tariff wholly right but for its date; the sanction by its words only (wrong actor), with a wrong status; the
# optional one found. s-2: the tariff under another id. s-3: not quiet. s-4: nothing.
FOUND: list[JSON] = [
    {
        "id": "s-1",
        "events": [
            event("sanction", CHINA, at=10, items=["oil"], status="proposed", targets=[], effective_on="2024-07"),
            event("tariff", US, at=0, items=["cars"], announced_on="2024-05-02", event_id="e1", measure_id="m1"),
            event("regulation", US, at=20),
        ],
    },
    {"id": "s-2", "events": [event("tariff", US, at=0, items=["cars"], event_id="e2", measure_id="m1")]},
    {"id": "s-3", "events": [event("subsidy", CHINA, at=0)]},
]
