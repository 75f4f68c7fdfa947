"""Date phrases of news and law: what each means and what it is the date of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tracker.nlp.temporal import find_dates

TABLE = Path(__file__).with_name("test_nlp_temporal_cases.txt")


@dataclass(frozen=True)
class Case:
    anchor: str
    text: str
    phrases: tuple[str, ...]
    values: tuple[str, ...]
    roles: tuple[str | None, ...]


def _case(line: str) -> Case:
    anchor, marked, values, roles = (part.strip() for part in line.split("|"))
    return Case(
        anchor=anchor,
        text=re.sub(r"[\[\]]", "", marked),
        phrases=tuple(re.findall(r"\[([^\]]+)\]", marked)),
        values=tuple(values.split()),
        roles=tuple(None if role == "-" else role for role in roles.split()),
    )


CASES = [_case(line) for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:60])
def test_a_phrase_has_its_place_its_meaning_and_its_role(case: Case) -> None:
    found = find_dates(case.text, case.anchor)

    assert tuple(case.text[one.span.start : one.span.end] for one in found) == case.phrases
    assert tuple(one.value for one in found) == case.values
    assert tuple(one.role for one in found) == case.roles


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len([phrase for case in CASES for phrase in case.phrases]) >= 180
