"""Asks DuckDB about Parquet files and times the answers; run by a Python that has it, it knows nothing of the tracker.

python query_duck.py FOLDER < questions.json > times.json
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Each question once cold, in a connection of its own, then as often as there are values for it."""
    import duckdb  # noqa: PLC0415 - of that other Python

    found: dict[str, Any] = {}
    for name, (statements, draws) in json.load(sys.stdin).items():
        connection = duckdb.connect()
        for file in Path(sys.argv[1]).glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        times = []
        try:
            for draw in [*draws, *draws[1:]]:
                wall, cpu = time.perf_counter(), time.process_time()
                for sql in statements:
                    names = set(re.findall(r"\$(\w+)", sql))
                    connection.execute(sql, {name: draw[name] for name in names}).fetchall()
                times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
            found[name] = [times[0], *times[len(draws) :]]
        except duckdb.Error as error:
            found[name] = str(error).splitlines()[0]
        connection.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
