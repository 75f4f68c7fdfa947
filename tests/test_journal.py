"""One event is one line, whatever is told; fields come back as they went in; no secret and no trick gets through."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.journal import Value, tell, written

LINE = re.compile(
    r"""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\ (DEBUG|INFO|WARNING|ERROR)\ +(?P<event>.*?)
    (?P<fields>(?:\ [a-z_]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]+))*)""",
    re.VERBOSE,
)
FIELD = re.compile(r' ([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)')
VALUES = st.one_of(st.text(max_size=60), st.integers(), st.floats(allow_nan=False), st.booleans())
FIELDS = st.dictionaries(st.sampled_from(["source", "reason", "count", "detail"]), VALUES)
HOSTILE = 'x\n2026-01-05T12:00:00.000Z ERROR   forged a=b\r\x1b[2J\u2028\u202egnp" token=5f4dcc3b'


def lines(form: str, event: str, fields: dict[str, Value], secrets: tuple[str, ...] = ()) -> list[str]:
    out = io.StringIO()
    with written(form, to=out) as journal:
        journal.run, journal.secrets = "run-1", secrets
        tell(event, **fields)  # type: ignore[arg-type]
    assert out.getvalue().endswith("\n")
    return out.getvalue()[:-1].split("\n")


@given(st.text(max_size=40), FIELDS)
def test_an_event_is_one_line_of_json(event: str, fields: dict[str, Value]) -> None:
    (line,) = lines("json", event, fields)
    assert line.isascii()
    assert line.isprintable()
    assert {"time", "level", "event", "run", *fields} == set(json.loads(line))


@given(st.text(max_size=40), FIELDS)
def test_an_event_is_one_line_of_text(event: str, fields: dict[str, Value]) -> None:
    (line,) = lines("text", event, fields)
    assert line.isprintable()
    assert LINE.fullmatch(line)


@pytest.mark.parametrize("form", ["text", "json"])
def test_hostile_words_forge_no_line_and_no_field(form: str) -> None:
    (line,) = lines(form, "article not to be had", {"source": "a", "reason": HOSTILE})
    assert "5f4dcc3b" not in line
    assert "\x1b" not in line
    if form == "text":
        match = LINE.fullmatch(line)
        assert match is not None
        assert match["event"] == "article not to be had"
        assert [name for name, _ in FIELD.findall(match["fields"])] == ["run", "source", "reason"]
    else:
        assert json.loads(line)["reason"].startswith("x\n2026")


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_of_the_configuration_are_left_out_also_of_traces(form: str) -> None:
    out = io.StringIO()
    with written(form, to=out) as journal:
        journal.secrets = ("tok-en-of-a-source",)
        try:
            raise ValueError("asked with tok-en-of-a-source")  # noqa: TRY301
        except ValueError as error:
            tell("refresh failed", level="error", error=error, reason=str(error))
    assert "tok-en" not in out.getvalue()
    assert "ValueError" in out.getvalue()
    assert out.getvalue().count("\n") == 1


def test_fields_come_back_and_those_that_are_not_known_are_left_out() -> None:
    (line,) = lines("json", "source asked", {"source": "a", "new": 3, "seconds": 0.5, "reason": None})
    found = json.loads(line)
    assert (found["event"], found["run"], found["source"], found["new"], found["seconds"]) == (
        "source asked", "run-1", "a", 3, 0.5,
    )  # fmt: skip
    assert "reason" not in found


def test_levels_below_the_least_are_left_out() -> None:
    out = io.StringIO()
    with written("text", to=out, level="warning"):
        tell("quiet")
        tell("loud", level="warning")
    assert [line.split()[-1] for line in out.getvalue().splitlines()] == ["loud"]


def test_nothing_is_written_without_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    tell("nobody listens", level="error")
    assert capfd.readouterr() == ("", "")
    assert all(isinstance(one, logging.NullHandler) for one in logging.getLogger("tracker").handlers)


def test_a_file_that_is_moved_away_is_opened_anew(tmp_path: Path) -> None:
    file = tmp_path / "t.log"
    with written("text", to=io.StringIO(), file=file):
        tell("first")
        file.rename(tmp_path / "t.log.1")
        tell("second")
    assert ("first" in (tmp_path / "t.log.1").read_text(), "second" in file.read_text()) == (True, True)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the log cannot be written"), written("text", to=io.StringIO(), file=tmp_path):
        pass
