"""`tracker eval` in a process of its own. What the figures mean is in tests/scoring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import score as judges
from process import tracker
from scoring_samples import FOUND, GOLD, event

OPENAI = {"name": "OpenAI", "kind": "company", "country": "US"}
SET = {
    "id": "s-1", "title": None, "published_at": "2024-06-25",
    "text": "OpenAI will block access to its API from China from 9 July, the company said on Tuesday. Developers in "
    "China received an email that told them their API traffic would be blocked.",
    "events": [event("access_restriction", OPENAI, at=0, items=["API access"])],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, docs in {"gold": GOLD, "found": FOUND, "part": FOUND[:1], "own": [SET]}.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(doc) + "\n" for doc in docs), encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff")
    return tmp_path


def test_the_json_is_that_of_those_who_judge(folder: Path) -> None:
    result = tracker("eval", "gold.jsonl", "--predictions", "found.jsonl", "--json", cwd=folder)
    wanted, _ = judges.score({doc["id"]: doc for doc in GOLD}, {doc["id"]: doc for doc in FOUND})
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == json.loads(json.dumps(wanted))


def test_figures_and_mistakes_for_a_person(folder: Path) -> None:
    result = tracker("eval", "gold.jsonl", "--predictions", "found.jsonl", "--errors", "3", cwd=folder)
    assert result.returncode == 0, result.stderr
    for words in (
        "4 articles, 3 events expected, 4 found",
        "strict                                    0.500      0.667      0.571",
        "wrong field  s-1  tariff",
        "“A tariff.”",
        "expected announced_on 2024-05-01",
        "found    announced_on 2024-05-02",
        "3 of 4 mistakes; --errors N lists N",
    ):
        assert words in result.stdout
    assert "\x1b" not in result.stdout


def test_one_type_alone(folder: Path) -> None:
    words = ("--predictions", "found.jsonl", "--type", "sanction", "--errors", "9", "--json")
    result = json.loads(tracker("eval", "gold.jsonl", *words, cwd=folder).stdout)
    assert list(result["by_type"]) == ["sanction"]
    assert [error["kind"] for error in result["errors"]] == ["partial", "wrong field"]
    assert result["errors"][0]["expected"]["actors"] == ["European Union"]


def test_a_set_may_come_in_parts_and_on_standard_input(folder: Path) -> None:
    given = (folder / "gold.jsonl").read_text(encoding="utf-8")
    words = ("-", "own.jsonl", "--predictions", "found.jsonl", "--json")
    (folder / "own.jsonl").write_text(json.dumps({**SET, "id": "other"}), encoding="utf-8")
    result = tracker("eval", *words, given=given, cwd=folder)
    assert json.loads(result.stdout)["articles"] == 5


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("bad.jsonl",), 65, "tracker: bad.jsonl:1: 'events' is missing; a gold article has a list"),
        (("bytes.jsonl",), 65, "tracker: bytes.jsonl: not UTF-8"),
        (("gold.jsonl", "gold.jsonl"), 65, "tracker: two gold sets hold an article 's-1'"),
        (("gold.jsonl", "--predictions", "bytes.jsonl"), 65, "tracker: bytes.jsonl: not UTF-8"),
        (("gold.jsonl", "--predictions", "found.jsonl", "--type", "taxes"), 2, "--type: 'taxes' is not one of access_"),
        (("gold.jsonl", "--errors", "-1"), 2, "-1 is not in the range"),
        (("-", "--predictions", "-"), 2, "standard input (-) can be read once only"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_cannot_be_scored_is_told(folder: Path, words: tuple[str, ...], code: int, message: str) -> None:
    result = tracker("eval", *words, cwd=folder, given="")
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_predictions_of_other_articles_are_told(folder: Path) -> None:
    result = tracker("eval", "gold.jsonl", "--predictions", "part.jsonl", cwd=folder)
    assert "part.jsonl: lacks 3 articles of the gold set, which count as read without an event" in result.stderr


@pytest.mark.real_reader
def test_the_reader_reads_the_gold_itself(folder: Path) -> None:
    result = tracker("eval", "own.jsonl", "--json", cwd=folder)
    assert result.returncode == 0, result.stderr
    answers = tracker("extract", "own.jsonl", cwd=folder).stdout
    wanted, _ = judges.score({"s-1": SET}, {"s-1": json.loads(answers)})
    assert json.loads(result.stdout) == json.loads(json.dumps(wanted))
    assert wanted["strict"]["f1"] > 0
