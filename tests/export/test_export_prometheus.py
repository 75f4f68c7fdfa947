"""The file of figures as a strict reader of the exposition format reads it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.export.prometheus import Gauge, by_label, gauge, save, text

Labels = tuple[tuple[str, str], ...]

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
HELP = re.compile(rf"# HELP ({NAME}) ((?:[^\\\n]|\\[\\n])*)")
TYPE = re.compile(rf"# TYPE ({NAME}) (gauge|counter|histogram|summary|untyped)")
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
PAIR = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
UNESCAPED = {r"\\": "\\", r"\n": "\n", r"\"": '"'}


def parsed(document: str) -> dict[str, dict[Labels, float]]:
    """Families by name; every family has HELP and TYPE once, before its samples, which stand together."""
    found: dict[str, dict[Labels, float]] = {}
    assert document == "" or document.endswith("\n")
    lines = document.split("\n")[:-1]
    while lines:
        told, kind = HELP.fullmatch(lines.pop(0)), TYPE.fullmatch(lines.pop(0))
        assert told is not None
        assert kind is not None
        name = told[1]
        assert kind[1] == name
        assert name not in found
        samples = found[name] = {}
        while lines and not lines[0].startswith("#"):
            sample = SAMPLE.fullmatch(lines.pop(0))
            assert sample is not None
            assert sample[1] == name
            pairs = PAIR.findall(sample[2] or "")
            labels = tuple((key, re.sub(r"\\.", lambda m: UNESCAPED[m[0]], value)) for key, value in pairs)
            assert labels not in samples
            samples[labels] = float(sample[3])
        assert samples
    return found


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), st.floats(allow_nan=False)),
    st.text(st.characters(codec="utf-8")),
)
def test_labels_and_values_come_back_as_they_went_in(values: dict[str, float], words: str) -> None:
    found = parsed(text([by_label("tracker_x", words, "kind", values)]))
    assert found == ({"tracker_x": {(("kind", name),): value for name, value in values.items()}} if values else {})


def test_a_family_without_a_value_is_left_out() -> None:
    assert text([gauge("tracker_a", "A.", None), gauge("tracker_b", "B.", 0)]) == (
        "# HELP tracker_b B.\n# TYPE tracker_b gauge\ntracker_b 0\n"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [(1, "1"), (1.0, "1"), (0.25, "0.25"), (1e21, str(10**21)), (math.inf, "+Inf"), (math.nan, "NaN")],
    ids=str,
)
def test_numbers(value: float, written: str) -> None:
    assert text([gauge("tracker_a", "A.", value)]).splitlines()[-1] == f"tracker_a {written}"


def test_a_file_takes_the_place_of_the_one_before_whole(tmp_path: Path) -> None:
    file = tmp_path / "tracker.prom"
    save(file, [gauge("tracker_a", "A.", 1)])
    before = file.stat().st_ino
    save(file, [gauge("tracker_a", "A.", 2)])
    assert parsed(file.read_text()) == {"tracker_a": {(): 2.0}}
    assert file.stat().st_ino != before  # another file under the name: no reader saw half of it
    assert [path.name for path in tmp_path.iterdir()] == ["tracker.prom"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        save(tmp_path / "no" / "tracker.prom", [gauge("tracker_a", "A.", 1)])


@pytest.mark.parametrize("name", ["tracker-a", "1a", "a b", ""])
def test_a_name_that_prometheus_refuses_is_a_bug(name: str) -> None:
    with pytest.raises(AssertionError):
        text([Gauge(name=name, help="A.", values={(): 1})])
