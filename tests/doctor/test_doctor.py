"""Each check finds what it is for and nothing else, and a repair mends what can be mended."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from damage_samples import PAGE, changed, leaves, roots, spoilt

from tracker import doctor
from tracker.config import Config
from tracker.doctor import CHECKS, Finding, Patient, State
from tracker.errors import BusyError, ForeignDatabaseError, NewerDatabaseError
from tracker.store import Store, holder
from tracker.store.compare import dump
from tracker.store.connection import open_database
from tracker.store.migrations import STEPS, migrate

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)


@pytest.fixture
def patient(stocked: Config, tmp_path: Path) -> Patient:
    """An installation in which nothing is wrong."""
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(stocked.settings.database)) as raw, closing(sqlite3.connect(path)) as copy:
        raw.backup(copy)
    shutil.copy(stocked.path, tmp_path / "feeds.yaml")
    return Patient(database=path, config=tmp_path / "feeds.yaml", now=NOW, thorough=True)


@pytest.fixture(autouse=True)
def _without_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the model takes seconds, and one test does it."""
    kept = tuple(check for check in CHECKS if check.name != "reader")
    monkeypatch.setattr("tracker.doctor.checks.CHECKS", kept)


def found(patient: Patient, *states: State) -> list[Finding]:
    return [one for one in doctor.examine(patient) if one.state in states]


def wrong(patient: Patient) -> set[str]:
    return {one.check for one in found(patient, State.WRONG)}


def test_nothing_is_wrong_and_looking_changes_nothing(patient: Patient) -> None:
    before = patient.database.read_bytes()
    findings = list(doctor.examine(patient))
    assert {one.check for one in findings if one.state is not State.FINE} == {"backups"}
    assert {one.check for one in findings} == {check.name for check in CHECKS} - {"reader"}
    assert patient.database.read_bytes() == before
    assert doctor.repair(patient).done == []


def test_without_a_database_there_is_little_to_say(tmp_path: Path) -> None:
    patient = Patient(database=tmp_path / "t.db", config=tmp_path / "feeds.yaml", now=NOW)
    (tmp_path / "feeds.yaml").write_text("sources: {}\n")
    findings = {one.check: one.state for one in doctor.examine(patient)}
    assert findings["file"] is State.NOTE
    assert findings["structure"] is State.UNKNOWN
    assert doctor.repair(patient).done == []
    assert [file.name for file in tmp_path.iterdir()] == ["feeds.yaml"]


def log_left(path: Path) -> None:
    """As a process leaves it that was killed."""
    script = "import os, sqlite3, sys; raw = sqlite3.connect(sys.argv[1]); raw.execute('PRAGMA journal_mode = wal');"
    script += "raw.execute('UPDATE source SET failures = failures + 1'); raw.commit(); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


def lock_left(path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    gone = holder.Holder(pid=child.pid, host=os.uname().nodename, boot=holder.myself().boot, started=1)
    path.with_name("t.db.lock").write_text(gone.line)


def drop_index(path: Path) -> None:
    changed(path, "DROP INDEX event_of_type", "DROP TRIGGER facet_stale_event", "DROP VIEW upcoming")


def past_an_index(path: Path) -> None:
    """Rows written while the schema did not tell of an index."""
    with closing(sqlite3.connect(path)) as raw:
        row = raw.execute("SELECT * FROM sqlite_schema WHERE name = 'item_of_article'").fetchone()
    hidden = ("PRAGMA writable_schema = on", "DELETE FROM sqlite_schema WHERE name = 'item_of_article'")
    changed(path, *hidden)
    changed(path, "UPDATE item SET article_id = 'odd' WHERE rowid = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = on")
        raw.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)


FACET = "(SELECT number FROM facet_key WHERE field = 'type' LIMIT 1)"
# What is done -> (the check that finds it, whether a repair mends it).
FAULTS: dict[str, tuple[Callable[[Path], object], str, bool]] = {
    "a page of rows": (lambda path: spoilt(path, leaves(path, "report")[0]), "structure", True),
    "the root of a table": (lambda path: spoilt(path, roots(path)["item"], content=bytes(PAGE)), "structure", True),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[: -20 * PAGE]), "size", True),
    "rows past an index": (past_an_index, "structure", True),
    "an index, a view and a trigger that are missing": (drop_index, "schema", True),
    "a table that is missing": (lambda path: changed(path, "DROP TABLE upkeep"), "schema", True),
    "a row that leads to nothing": (
        lambda path: changed(path, "UPDATE report SET event_id = 'none' WHERE event_id IS NOT NULL"),
        "references", True,
    ),
    "search without a text": (lambda path: changed(path, "DELETE FROM event_fts WHERE rowid < 9"), "search", True),
    "search with other words": (
        lambda path: changed(path, "DROP TRIGGER article_fts_update", "UPDATE article SET text = text || ' xylophone'"),
        "search words", True,
    ),
    "a wrong tally": (lambda path: changed(path, "UPDATE facet_key SET events = events + 1"), "tallies", True),
    "a wrong tally of a month": (lambda path: changed(path, "UPDATE facet_month SET events = 7777"), "tallies", True),
    "an event that is not found by its type": (
        lambda path: changed(path, f"UPDATE facet_key SET value = 'odd' WHERE number = {FACET}"), "facets", True,
    ),
    "a wrong number of reports": (
        lambda path: changed(path, "DROP TRIGGER change_event_count", "UPDATE event SET reports = reports + 3"),
        "tallies", True,
    ),
    "bytes that are no text": (
        lambda path: changed(path, "UPDATE source SET name = CAST(x'41ff42' AS TEXT)"), "text", True,
    ),
    "a clock that is behind": (
        lambda path: changed(path, "UPDATE source SET last_asked_at = '2027-01-06T12:00:00+00:00'"), "clock", False,
    ),
    "no database": (lambda path: path.write_bytes(b"notes" * 99), "file", False),
    "a later tracker's": (lambda path: changed(path, "PRAGMA user_version = 99"), "file", False),
    "settings that do not load": (
        lambda path: path.with_name("feeds.yaml").write_text("sources: [odd]\n"), "feeds.yaml", False,
    ),
    "an empty file": (lambda path: path.write_bytes(b""), "file", False),
    "a log without its file": (lambda path: path.rename(path.with_name("t.db-wal")), "logs", False),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_and_told_what_to_do_about(patient: Patient, name: str) -> None:
    spoil, check, mended = FAULTS[name]
    spoil(patient.database)
    if check not in {"structure", "search words", "facets", "text"}:
        patient = replace(patient, thorough=False)
    findings = found(patient, State.WRONG)
    assert check in {one.check for one in findings}
    assert all(one.remedy and one.words for one in findings)
    if not mended:
        return
    doctor.repair(patient)
    assert wrong(patient) == set()


def test_what_a_repair_makes_anew_is_as_it_was(patient: Patient) -> None:
    before = dump(patient.database)
    for name in ("an index, a view and a trigger that are missing", "search without a text", "a wrong tally"):
        FAULTS[name][0](patient.database)
    assert doctor.repair(patient).kept is None
    assert dump(patient.database) == before
    assert doctor.repair(patient).done == []


def test_one_bit_of_an_index_costs_no_row(patient: Patient) -> None:
    """What leads to the article seems to lead to nothing, since its id is looked for in the index."""
    before = dump(patient.database)
    key = min(str(row[1]) for row in before["report"]).encode()
    (page,) = [page for page in leaves(patient.database, "sqlite_autoindex_article_1") if key in _page(patient, page)]
    content = bytearray(_page(patient, page))
    content[content.index(key) + len(key) - 1] ^= 1
    spoilt(patient.database, page, content=bytes(content))
    assert wrong(patient) >= {"structure", "references"}
    repaired = doctor.repair(patient)
    assert repaired.kept is not None
    assert dump(patient.database) == before
    assert wrong(patient) == set()


def _page(patient: Patient, number: int) -> bytes:
    return patient.database.read_bytes()[(number - 1) * PAGE :][:PAGE]


def test_two_repairs_of_one_second_keep_both_files(patient: Patient) -> None:
    kept = []
    for table in ("report", "mention"):
        spoilt(patient.database, leaves(patient.database, table)[0])
        damaged = patient.database.read_bytes()
        kept.append((doctor.repair(patient).kept, damaged))
    assert [file.read_bytes() for file, _ in kept if file] == [damaged for _, damaged in kept]


def test_the_damaged_file_is_kept_with_its_log(patient: Patient) -> None:
    spoilt(patient.database, leaves(patient.database, "report")[0])
    log_left(patient.database)
    log, damaged = patient.database.with_name("t.db-wal").read_bytes(), patient.database.read_bytes()
    repaired = doctor.repair(patient)
    assert repaired.kept == patient.database.with_name("t.db.damaged-20260106-120000")
    assert (repaired.kept.read_bytes(), repaired.kept.with_name(f"{repaired.kept.name}-wal").read_bytes()) == (
        damaged,
        log,
    )
    assert repaired.salvaged is not None
    assert repaired.salvaged.lost.keys() >= {"report"}
    patient.database.with_name("t.db.replaced-20260101T000000Z").touch()
    told = [one.words for one in found(patient, State.NOTE) if one.check == "kept"]
    assert ["t.db.damaged-" in told[0], "t.db.replaced-" in told[1]] == [True, True]
    assert not patient.database.with_name("t.db.salvaged").exists()


@pytest.mark.parametrize(
    ("leave", "check", "told"),
    [(log_left, "logs", "takes it in"), (lock_left, "lock", "takes it over")],
    ids=["a log", "a lock"],
)
def test_what_a_killed_process_left_behind_is_told(
    patient: Patient, leave: Callable[[Path], None], check: str, told: str
) -> None:
    leave(patient.database)
    (one,) = [one for one in found(patient, State.NOTE) if one.check == check]
    assert told in (one.remedy or "")


def test_a_lock_of_another_machine_is_told(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = patient.database.with_name("mounts")
    mounts.write_text("1 0 0:1 / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(holder, "MOUNTS", mounts)
    elsewhere = holder.Holder(pid=7, host="other", boot="x", started=3)
    patient.database.with_name("t.db.lock").write_text(elsewhere.line)
    told = {one.check: one.words for one in found(patient, State.NOTE, State.WRONG)}
    assert "on other" in told["lock"]
    assert "network file system (nfs4)" in told["file system"]


def test_a_full_disk_and_one_that_keeps_no_locks_are_told(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unlocked)
    monkeypatch.setattr("tracker.doctor.files.LEAST_FREE", 10**18)
    told = {one.check: one.words for one in found(patient, State.WRONG)}
    assert told.keys() == {"disk", "file system"}
    assert "No locks available" in told["file system"]


@pytest.mark.parametrize(
    ("spoil", "error"),
    [("no database", ForeignDatabaseError), ("a later tracker's", NewerDatabaseError)],
)
def test_what_is_not_ours_is_not_repaired(patient: Patient, spoil: str, error: type[Exception]) -> None:
    FAULTS[spoil][0](patient.database)
    before = patient.database.read_bytes()
    with pytest.raises(error):
        doctor.repair(patient)
    assert patient.database.read_bytes() == before


def test_nothing_is_repaired_under_a_writer(patient: Patient) -> None:
    with Store.open(patient.database) as store, store.writing(), pytest.raises(BusyError):
        doctor.repair(patient)


def test_a_lock_of_another_program_is_told(patient: Patient) -> None:
    script = (
        "import sqlite3, sys; raw = sqlite3.connect(sys.argv[1], isolation_level=None);"
        " raw.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", script, str(patient.database)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        (told,) = [one for one in doctor.examine(patient) if one.check == "lock"]
        other.communicate("")
    assert (told.state, f"process {other.pid}) is writing" in told.words) == (State.NOTE, True)
    assert {one.state for one in doctor.examine(patient) if one.check == "lock"} == {State.FINE}


def test_a_clock_that_leapt_ahead_is_told(patient: Patient) -> None:
    with Store.open(patient.database) as store:
        store.upkeep.see(NOW)
    (told,) = [
        one for one in found(replace(patient, now=NOW + timedelta(days=3650)), State.WRONG) if one.check == "clock"
    ]
    assert "leapt ahead" in told.words
    assert "until 2036-01-" in (told.remedy or "")


@pytest.mark.parametrize("column", ["sql", "name"])
def test_a_schema_that_is_no_text_is_repaired_without_a_traceback(patient: Patient, column: str) -> None:
    changed(
        patient.database,
        "PRAGMA writable_schema = on",
        f"UPDATE sqlite_schema SET {column} = CAST(x'fffe' || CAST({column} AS BLOB) AS TEXT) WHERE name = 'report'",
    )
    done = doctor.repair(patient)
    assert done.salvaged is not None
    assert done.salvaged.rows > 100
    with Store.open(patient.database, read_only=True) as store:
        assert store.articles.waiting() >= 0


def test_an_installation_of_years_ago_is_looked_at_too(tmp_path: Path) -> None:
    """Its clock may stand where it likes; what an upgrade brings is no fault."""
    with closing(open_database(tmp_path / "t.db", read_only=False)) as db:
        migrate(db, steps=STEPS[:4])
    patient = Patient(database=tmp_path / "t.db", config=None, now=NOW - timedelta(days=900), thorough=True)
    wrong = {one.check for one in doctor.examine(patient) if one.state is State.WRONG}
    assert wrong <= {"feeds.yaml", "disk"}


def test_the_checks_are_documented() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    section = page[page.index("## Doctor\n") :].split("\n## ")[0]
    told = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert told == [check.name for check in CHECKS]
