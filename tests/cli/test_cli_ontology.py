"""`tracker ontology` and the pages about it: what the pages show is what the commands say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from process import tracker

from tracker.nlp.ontology import CROSSWALKS, load_ontology

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "ontology.md").read_text(encoding="utf-8")
CHIPS = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "examples:" in block)
SHOWN = re.findall(r"^    ((?:ok|chips\.yaml:|warning:).*)$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chips.yaml").write_text(CHIPS, encoding="utf-8")
    return tmp_path


@pytest.mark.real_reader
def test_the_worked_example_holds_as_it_is_shown(folder: Path) -> None:
    result = tracker("ontology", "check", "chips.yaml", cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    shown = [line for line in SHOWN if line.startswith("ok") or "examples hold" in line]
    assert len(lines) == len(shown) == 7
    assert [a.startswith(b.removesuffix("…").strip()) for a, b in zip(lines, shown, strict=True)] == [True] * 7


@pytest.mark.real_reader
def test_a_failing_example_says_what_was_found_instead(folder: Path) -> None:
    more = "  - {text: Norway proposed mandatory location verification for exported accelerators., none: true}\n"
    (folder / "chips.yaml").write_text(CHIPS + more, encoding="utf-8")
    result = tracker("ontology", "check", "chips.yaml", "--json", cwd=folder)
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert [example["ok"] for example in report["examples"]] == [True] * 6 + [False]
    assert report["examples"][6]["wanted"] == "no event"
    assert report["examples"][6]["found"] == ["export_control/chip_tracking proposed by Norway"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("  export_control:\n", "  export_controls:\n"), 0),
        (("acts:\n  end:", "acts:\n  ends:"), 1),
    ],
)
def test_faults_are_told_as_the_page_shows_them(folder: Path, change: tuple[str, str], line: int) -> None:
    (folder / "chips.yaml").write_text(CHIPS.replace(*change), encoding="utf-8")
    faults = [shown for shown in SHOWN if re.match(r"chips\.yaml:\d+: ", shown)]
    for words in (("ontology", "check", "chips.yaml"), ("extract", "--ontology", "chips.yaml", "-")):
        result = tracker(*words, cwd=folder, given="")
        assert result.returncode == (1 if words[0] == "ontology" else 78)
        assert faults[line] in result.stdout + result.stderr
        assert "Traceback" not in result.stderr


def test_a_refresh_tells_a_fault_before_it_asks_anybody(folder: Path) -> None:
    (folder / "chips.yaml").write_text("types: {tarif: {strong: [a]}}", encoding="utf-8")
    (folder / "feeds.yaml").write_text(
        "settings: {ontology: chips.yaml}\nsources:\n  news:\n    - {id: dead, name: Dead, kind: feed,"
        " url: 'http://127.0.0.1:9/feed', tier: major, language: en}\n",
        encoding="utf-8",
    )
    result = tracker("refresh", cwd=folder)
    assert result.returncode == 78
    assert "types.tarif: not one of the 15 types" in result.stderr
    assert not (folder / "db").exists()
    checked = tracker("ontology", "check", cwd=folder)  # the file that feeds.yaml names
    assert checked.returncode == 1
    assert "types.tarif: not one of the 15 types" in checked.stdout


@pytest.mark.real_reader
def test_extract_gives_the_subtype_beside_the_type(folder: Path) -> None:
    text = "The US Commerce Department introduced chip passports for exported AI accelerators on Tuesday."
    given = json.dumps({"id": "a", "text": text, "published_at": "2026-01-08"})
    result = tracker("extract", "--ontology", "chips.yaml", "--explain", "-", cwd=folder, given=given)
    (event,) = json.loads(result.stdout)["events"]
    assert (event["type"], event["subtype"], event["status"]) == ("export_control", "chip_tracking", "in_force")
    (reason,) = [reason for reason in event["why"] if reason["what"] == "subtype"]
    assert json.dumps(reason["words"]) in " ".join(PAGE.split())
    assert (reason["span"]["start"], reason["span"]["end"]) == (38, 52)


def test_a_type_is_shown_with_definition_cues_and_codes(folder: Path) -> None:
    result = tracker("ontology", "show", "tariff", cwd=folder)
    for words in ("Duties imposed", "anti-dumping", "Global Trade Alert", "Import tariff", "Digital Policy Alert"):
        assert words in result.stdout
    shown = json.loads(tracker("ontology", "show", "tariff", "--json", cwd=folder).stdout)
    assert shown["crosswalk"]["opensanctions"] == []
    assert "Anti-dumping" in shown["crosswalk"]["gta"]


def test_a_subtype_is_shown_with_its_own_codes(folder: Path) -> None:
    result = tracker("ontology", "show", "chip_tracking", "--ontology", "chips.yaml", cwd=folder)
    for words in ("chip_tracking, of export_control", "kill switch", "Design requirement"):
        assert words in result.stdout
    assert "chip_tracking" in tracker("ontology", "show", "--ontology", "chips.yaml", cwd=folder).stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "tarif"), 66, "no type 'tarif'; did you mean 'tariff'?"),
        (("show", "--ontology", "none.yaml"), 78, "none.yaml: cannot be read (No such file or directory)"),
        (("check", "none.yaml"), 1, "none.yaml: cannot be read (No such file or directory)"),
        (("check",), 78, "no feeds.yaml here"),
    ],
)
def test_an_error_is_one_message_and_a_code(folder: Path, words: tuple[str, ...], code: int, message: str) -> None:
    result = tracker("ontology", *words, cwd=folder)
    assert result.returncode == code
    assert message in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_every_act_can_be_shown(folder: Path) -> None:
    shown = json.loads(tracker("ontology", "show", "--acts", "--json", cwd=folder).stdout)
    assert [act["act"] for act in shown] == list(load_ontology().acts)


def test_the_page_of_the_crosswalk_is_the_crosswalk() -> None:
    page = (DOCS / "crosswalk.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert list(sections) == list(load_ontology().kinds)
    for kind in load_ontology().kinds.values():
        section = sections[kind.type]
        assert kind.about in section
        assert kind.crosswalk_note[1:] in section
        for key, title in CROSSWALKS.items():
            (line,) = re.findall(rf"^- {title}: (.*)$", section, re.MULTILINE)
            assert tuple(re.findall(r"`([^`]+)`", line)) == kind.crosswalk[key]
