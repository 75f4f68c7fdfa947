"""Every page on the pre-release of Datasette: `make web-next`, in an environment of its own.

.venv-next/bin/python drills/datasette_next.py [--db db/demo.db]

The demonstration is refreshed where there is no database, served with the Datasette that is installed beside this
Python, and each address of `tests/web/example_pages.py` and each canned query is asked for. It tells which failed, and
fails where one did. What pages look like is tested on the stable Datasette: `tests/web/test_web_everywhere.py`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "web"))

from example_pages import FILES, PAGES, ids  # noqa: E402 - the addresses that the tests visit
from serving import serving  # noqa: E402 - the server as the tests start it

# Of Datasette itself, with the names that its database has in the demonstration.
TABLES = (
    *("{name}", "{name}/timeline", "{name}/event", "{name}/source", "{name}/upcoming", "{name}/event?_search=chips"),
    *("{name}/who_hits_whom", "{name}/told_by_several", "{name}/by_month", "{name}/news", "{name}/coming"),
    *("{name}?sql=select+1", "{name}/source/alsterbote"),
)
POLICY = "content-security-policy"


def main() -> int:
    """Visit everything; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path, default=ROOT / "db" / "demo.db")
    path = parser.parse_args().db
    if not path.exists():
        subprocess.run(
            [sys.executable, "-m", "tracker", "--db", str(path), "demo"], check=True, stdout=subprocess.DEVNULL
        )
    known = asdict(ids(path))
    addresses = [*PAGES.values(), *(example for example, _ in FILES.values()), *TABLES]
    failed = 0
    with serving(path, "--review") as home:
        for example in addresses:
            address = example.format(**known, name=path.stem)
            status, has_policy = asked(f"{home}/{address}")
            failed += not (fine := status == 200 and has_policy)
            print(f"{'ok    ' if fine else 'FAILED'} {status} /{address}" + ("" if has_policy else " (no policy)"))
    print(f"Datasette {version('datasette')}: {len(addresses)} addresses, {failed} failed")
    return 1 if failed else 0


def asked(address: str) -> tuple[int, bool]:
    """The status of an answer, and whether it has a Content Security Policy."""
    try:
        with urlopen(address, timeout=60) as answer:
            answer.read()
            return answer.status, POLICY in answer.headers
    except HTTPError as error:
        return error.code, POLICY in error.headers


if __name__ == "__main__":
    sys.exit(main())
