"""The word tables of dates, items, instruments and amounts hold words, as YAML read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tracker.nlp import instruments

TERMS = Path(instruments.__file__).parent / "terms"


def leaves(node: object) -> list[object]:
    if isinstance(node, dict):
        return [leaf for key, value in node.items() for leaf in (key, *leaves(value))]
    return [leaf for value in node for leaf in leaves(value)] if isinstance(node, list) else [node]


@pytest.mark.parametrize("path", sorted(TERMS.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_word_is_taken_for_yes_or_no_and_none_stands_twice(path: Path) -> None:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [leaf for leaf in leaves(rows) if isinstance(leaf, bool) or leaf is None] == []
    for name, words in rows.items():
        if isinstance(words, list):
            assert sorted({word for word in words if words.count(word) > 1}) == [], name
