"""Asks DuckDB about Parquet files and times the answers; run by a Python that has it, it knows nothing of the tracker.

python query_duck.py FOLDER < questions.json > times.json
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any

ENOUGH = 15.0  # seconds after which no further value of a question is tried
LONGEST = 60.0  # seconds after which a question is broken off


def main() -> None:
    """Each question once cold, in a connection of its own, then warm for as many values as there is time for."""
    import duckdb  # noqa: PLC0415 - of that other Python

    found: dict[str, Any] = {}
    for name, (statements, draws) in json.load(sys.stdin).items():
        connection = duckdb.connect()
        for file in Path(sys.argv[1]).glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        patience = threading.Timer(LONGEST, connection.interrupt)
        patience.start()
        try:
            begun, times = time.perf_counter(), [timed(connection, statements, draws[0])]
            for draw in draws[1:]:
                if len(times) > 1 and time.perf_counter() - begun > ENOUGH:
                    break
                timed(connection, statements, draw)  # so that what is read lies in memory
                times.append(timed(connection, statements, draw))
            found[name] = times
        except duckdb.Error as error:
            found[name] = str(error).splitlines()[0]
        patience.cancel()
        connection.close()
        print(f"DuckDB: {name}: {found[name]}", file=sys.stderr, flush=True)
    json.dump(found, sys.stdout)


def timed(connection: Any, statements: list[str], draw: dict[str, Any]) -> tuple[float, float]:
    """Milliseconds of the wall and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    for sql in statements:
        names = set(re.findall(r"\$(\w+)", sql))
        connection.execute(sql, {name: draw[name] for name in names}).fetchall()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


if __name__ == "__main__":
    main()
