"""What a reader can put into an address: no part of it becomes SQL, a file, a template or a fault of the server."""

from __future__ import annotations

import re
from itertools import cycle
from pathlib import Path
from typing import get_type_hints
from urllib.parse import quote

import apart
import pytest
import query_samples
from datasette.app import Datasette
from test_web_hosts import datasette

from tracker.query import Filters
from tracker.web.routes import ROUTES

PAYLOADS = (
    "'",
    '" OR 1=1 --',
    "'; DROP TABLE event; --",
    "' UNION SELECT sql FROM sqlite_schema --",
    "x') OR 1=1 --",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "{{6061*7}}${6061*7}<%=6061*7%>",
    "%s%n%x{0.__class__}",
    "a" * 1_500,
    "-1",
    "1e999",
    '"unclosed',
    "NEAR(a b, 99999) AND * NOT",
    "a* OR b* ^c col:d {e f}",
)
FIELDS = (
    *sorted(get_type_hints(Filters)),
    "order",
    "after",
    "size",
    "by",
    "rows",
    "cols",
    "per",
    "state",
    "tier",
    "in",
    "as",
    "part",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return query_samples.build(tmp_path_factory.mktemp("injection") / "t.db")


def asked(server: Datasette, addresses: list[str]) -> list[tuple[str, int, str]]:
    """Address, status and words of each answer."""

    async def ask() -> list[tuple[str, int, str]]:
        await server.invoke_startup()
        found = []
        for address in addresses:
            answer = await server.client.get(address)
            found.append((address, answer.status_code, answer.text))
        return found

    return apart.run(ask())


def filled(pattern: str, words: str) -> str:
    return re.sub(r"\{\w+\}", lambda _: words, pattern)


def addresses() -> list[str]:
    """Every payload in every part of every route's path, one in all fields of each, and all in each of some."""
    routes = [route.pattern for route in ROUTES if route.method == "GET" and not route.reviewing]
    parts = [filled(one, quote(payload, safe="")) for one in routes if "{" in one for payload in PAYLOADS]
    wholes = [
        f"{filled(one, 'json')}?{'&'.join(f'{field}={quote(payload[:60])}' for field in FIELDS)}"
        for one, payload in zip(routes, cycle(PAYLOADS), strict=False)
    ]
    single = [f"/events.json?{field}={quote(payload)}" for field in FIELDS for payload in PAYLOADS[::2]]
    others = [f"/{page}.json?text=chips&{field}=%27" for page in ("search", "matrix", "map") for field in FIELDS]
    return [*parts, *wholes, *single, *others]


def test_no_part_of_an_address_is_taken_for_more_than_words(sample: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = sample.read_bytes()
    found = asked(datasette(sample, seconds=60.0), addresses())
    assert len(found) > 500
    assert {(address, status) for address, status, _ in found if status not in {200, 302, 303, 400, 404}} == set()
    for sign in (
        "root:",
        "42427",
        "CREATE TABLE",
        "sqlite3.",
        "Traceback",
        "no such column",
        "fts5: syntax",
        "unrecognized token",
    ):
        assert [address for address, _, words in found if sign in words] == []
    assert "Traceback" not in capfd.readouterr().err
    assert sample.read_bytes() == before
