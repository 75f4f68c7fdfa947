"""Databases damaged in many ways, and repaired: nothing is told that was not stored, and what is lost is counted.

    python drills/damage.py [--rounds 200] [--seed 1] [--database FILE]     about a quarter of an hour
    python drills/damage.py --short

Each round takes a copy of a database (of the sample newsroom, unless one is named), damages it as disks and careless
people do, and repairs it; every fourth repair is killed with SIGKILL at a random moment and begun again. Afterwards the
file must be sound by every check there is, the damaged one must be kept byte for byte, and no table may have lost more
rows than the repair told. Exit code 0 where all holds, else 1; the report is plain text. A bit that was flipped within
a row is not found by anybody: rows whose id was changed so are counted.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tracker import doctor
from tracker.doctor import Patient
from tracker.store import soundness
from tracker.store.connection import open_database
from tracker.store.salvage import Salvaged

PAGE = 4096
KEYED = ("article", "item", "report", "event", "entity", "measure", "judgement")  # tables with a column id
KILL_EVERY = 4


Keys = Mapping[str, set[str]]  # table to the ids in it


@dataclass(slots=True)
class Tally:
    """What came of all rounds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    rows: int = 0  # of the keyed tables, in all rounds
    kept: int = 0
    odd: int = 0  # ids that were never stored
    problems: list[str] = field(default_factory=list)
    slowest: float = 0.0


def noise(path: Path, chance: random.Random) -> str:
    """Some pages overwritten with anything."""
    count = chance.choice((1, 1, 2, 5, 20))
    for _ in range(count):
        _written(path, chance.randrange(1, _pages(path)) * PAGE, chance.randbytes(PAGE))
    return f"{count} pages of noise"


def zeroes(path: Path, chance: random.Random) -> str:
    """A stretch of zeroes, as a file system leaves it after a crash."""
    first, count = chance.randrange(1, _pages(path)), chance.choice((1, 4, 16))
    _written(path, first * PAGE, bytes(PAGE * min(count, _pages(path) - first)))
    return f"{count} pages of zeroes"


def flips(path: Path, chance: random.Random) -> str:
    """Single bits, as bad memory flips them."""
    data = bytearray(path.read_bytes())
    count = chance.choice((1, 10, 100))
    for _ in range(count):
        data[chance.randrange(PAGE, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return f"{count} bits"


def swapped(path: Path, chance: random.Random) -> str:
    """Two pages in each other's place, as a lost write leaves them."""
    data = path.read_bytes()
    one, other = (chance.randrange(1, len(data) // PAGE) * PAGE for _ in range(2))
    _written(path, one, data[other : other + PAGE])
    _written(path, other, data[one : one + PAGE])
    return "2 pages swapped"


def torn(path: Path, chance: random.Random) -> str:
    """The half of a page that was written when the power went."""
    at = chance.randrange(1, _pages(path)) * PAGE + 512 * chance.randrange(1, 8)
    _written(path, at, chance.randbytes(PAGE - at % PAGE))
    return "a torn page"


def cut(path: Path, chance: random.Random) -> str:
    """The end of the file gone."""
    share = chance.uniform(0.3, 0.999)
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    return "cut off"


WAYS: tuple[Callable[[Path, random.Random], str], ...] = (noise, zeroes, flips, swapped, torn, cut)


def main() -> int:
    """The drill; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", type=Path, help="damage copies of this one")
    parser.add_argument("--short", action="store_true", help="six rounds, one of each kind, none killed")
    asked = parser.parse_args()
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = _whole(folder, asked.database)
        before = _keys(whole)
        for number in range(len(WAYS) if asked.short else asked.rounds):
            _round(
                folder, whole, before, number, random.Random(asked.seed * 10_000 + number), tally, kills=not asked.short
            )
    _report(tally, time.monotonic() - began, asked.seed)
    return 1 if tally.problems else 0


def _whole(folder: Path, named: Path | None) -> Path:
    """The database that is damaged again and again."""
    path = folder / "whole.db"
    if named is None:
        subprocess.run([sys.executable, "-m", "tracker", "--db", str(path), "demo"], check=True, capture_output=True)
    else:
        shutil.copy(named, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = delete")
    return path


def _round(
    folder: Path, whole: Path, before: Keys, number: int, chance: random.Random, tally: Tally, *, kills: bool
) -> None:
    """One damage and its repair."""
    path = folder / f"round-{number}" / "t.db"
    path.parent.mkdir()
    shutil.copy(whole, path)
    what = f"round {number}: {WAYS[number % len(WAYS)](path, chance)}"
    damaged = path.read_bytes()
    began = time.monotonic()
    if kills and number % KILL_EVERY == 0:
        _killed(path, chance.uniform(0.2, 4.0))
        what += ", killed"
    try:
        repaired = doctor.repair(_patient(path))
    except Exception as error:  # noqa: BLE001 - reported
        tally.problems.append(f"{what}: {type(error).__name__}: {error}")
        return
    tally.slowest = max(tally.slowest, time.monotonic() - began)
    kept = [file for file in path.parent.glob("t.db.damaged-*") if not file.name.endswith("-wal")]
    if repaired.kept and not any(file.read_bytes() == damaged for file in kept):
        tally.problems.append(f"{what}: the damaged file is not kept as it was")
    tally.outcomes["saved into a new file" if kept else "mended within" if repaired.done else "nothing to do"] += 1
    tally.problems += [f"{what}: {fault}" for fault in _faults(path)]
    was_killed = "killed" in what  # then the first repair may have told, to nobody
    tally.problems += [
        f"{what}: {fault}" for fault in _untold(path, before, None if was_killed else repaired.salvaged, tally)
    ]
    shutil.rmtree(path.parent)


def repaired(path: Path) -> None:
    """As a process of its own does it, to be killed."""
    doctor.repair(_patient(path))


def _killed(path: Path, after: float) -> None:
    """Begin a repair and kill it."""
    script = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import damage; from pathlib import Path;"
    script += f" damage.repaired(Path({str(path)!r}))"
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as child:
        try:
            child.wait(timeout=after)
        except subprocess.TimeoutExpired:
            child.kill()


def _patient(path: Path) -> Patient:
    return Patient(database=path, config=None, now=datetime.now(UTC))


def _faults(path: Path) -> list[str]:
    """Whatever is wrong with a database that was repaired."""
    with closing(open_database(path, read_only=False)) as db:
        found = {
            "structure": soundness.structure(db, thorough=True),
            "schema": list(soundness.schema(db)[0]),
            "references": list(soundness.references(db)),
            "search": [*soundness.full_text(db), *soundness.words(db)],
            "tallies": list(soundness.tallies(db)),
            "facets": soundness.wrong_facets(db),
            "text": list(soundness.unreadable(db)),
        }
    return [f"{name}: {told}" for name, told in found.items() if told]


def _untold(path: Path, before: Keys, salvaged: Salvaged | None, tally: Tally) -> list[str]:
    """Losses that the repair did not tell."""
    after, found = _keys(path), []
    for table, keys in before.items():
        tally.rows += len(keys)
        tally.kept += len(keys & after[table])
        missing, changed = len(keys - after[table]), len(after[table] - keys)  # the row is there, by another name
        tally.odd += changed
        if salvaged is not None:
            told = salvaged.lost.get(table, 0) + salvaged.cut.get(table, 0)
            if missing - changed > told and table not in salvaged.damaged:
                found.append(f"{missing} rows of {table} are missing, and {told} were told")
    return found


def _keys(path: Path) -> dict[str, set[str]]:
    with closing(open_database(path, read_only=True)) as db:
        return {table: {row[0] for row in db.rows(f"SELECT id FROM {table}")} for table in KEYED}


def _pages(path: Path) -> int:
    return path.stat().st_size // PAGE


def _written(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _report(tally: Tally, seconds: float, seed: int) -> None:
    rounds = sum(tally.outcomes.values())
    print(f"{rounds} databases damaged and repaired in {seconds:.0f} s (seed {seed}):")
    for outcome, count in tally.outcomes.most_common():
        print(f"  {count} {outcome}")
    print(f"rows of {', '.join(KEYED)} kept: {tally.kept} of {tally.rows} ({tally.kept / max(tally.rows, 1):.2%})")
    print(f"ids that were changed by a flipped bit: {tally.odd}")
    print(f"slowest repair: {tally.slowest:.1f} s")
    print("problems:")
    print("\n".join(tally.problems) or "None.")


if __name__ == "__main__":
    sys.exit(main())
