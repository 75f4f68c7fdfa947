"""Datasette's own pages beside ours, as `tracker serve` has them: what strangers' SQL and articles can do there."""

from __future__ import annotations

import csv
import io
import resource
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apart
import httpx
import pytest
import query_samples
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from serving import served
from test_web_hosts import datasette

from tracker.cli import publishing
from tracker.cli.publishing import Wishes
from tracker.export.cells import FORMULA
from tracker.store.connection import open_database
from tracker.web.sheets import NUMBER, Defuser


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return query_samples.build(tmp_path_factory.mktemp("sql") / "t.db")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `python -m tracker.web` has it."""
    monkeypatch.setattr("datasette.handle_exception.rich", None)


def answers(server: Datasette, *paths: str) -> list[httpx.Response]:
    async def asked() -> list[httpx.Response]:
        await server.invoke_startup()
        return [await server.client.get(path) for path in paths]

    return apart.run(asked())


def sql(words: str) -> str:
    return f"/t.json?sql={quote(words)}"


MANY = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) "
BOMBS = [
    "SELECT hex(zeroblob(400000000))",
    "SELECT zeroblob(900000000)",
    "SELECT randomblob(900000000)",
    MANY + "SELECT zeroblob(15000000) FROM n",
    MANY + "SELECT hex(zeroblob(7000000)) FROM n",
    "SELECT 'a' LIKE '%" + "a%" * 1_000 + "'",
]


def test_an_answer_in_sql_has_a_limit_of_size(sample: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = answers(datasette(sample, guard=True), *map(sql, BOMBS))
    assert [one.status_code for one in found] == [400] * len(BOMBS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB
    assert answers(datasette(sample, guard=True), sql("SELECT count(*) FROM event"))[0].json()["rows"] == [[8]]


WRITES = [
    "DELETE FROM event",
    "SELECT load_extension('/tmp/x')",
    "SELECT writefile('/tmp/x', 'y')",
    "SELECT readfile('/etc/passwd')",
    "ATTACH DATABASE '/tmp/x.db' AS x",
    "PRAGMA writable_schema = 1",
    "VACUUM INTO '/tmp/x.db'",
    "WITH x AS (SELECT 1) DELETE FROM event",
    "EXPLAIN DELETE FROM event; DELETE FROM event",
    "SELECT 1; DELETE FROM event",
]


def test_sql_changes_nothing_and_reaches_no_file(sample: Path) -> None:
    before = sample.read_bytes()
    found = answers(datasette(sample, guard=True), *map(sql, WRITES))
    assert {one.status_code for one in found} == {400}
    assert sample.read_bytes() == before


@pytest.mark.parametrize(
    ("wishes", "may"),
    [
        ({"host": "127.0.0.1"}, True),
        ({"host": "127.0.0.1", "behind_tls": True}, False),
        ({"host": "0.0.0.0"}, False),
        ({"host": "0.0.0.0", "sql": True}, True),
        ({"host": "127.0.0.1", "behind_tls": True, "sql": True}, True),
    ],
)
def test_who_is_elsewhere_asks_in_no_sql_of_his_own(tmp_path: Path, wishes: dict[str, Any], *, may: bool) -> None:
    words = publishing.prepared(tmp_path / "t.db", Wishes(port=0, **wishes), tmp_path).words
    assert ("default_allow_sql off" in " ".join(words)) is not may


def test_a_served_site_takes_no_sql_from_elsewhere_and_fills_no_log(sample: Path) -> None:
    with served(sample, "--behind-tls") as site, httpx.Client(base_url=site.address) as client:
        assert client.get("/t/event.json").status_code == 200
        assert client.get("/t/by_month.json").status_code == 200  # ours, not the reader's
        for path in ("/t.json?sql=select+1", "/t/event.json?_where=1", "/t/event.csv?_where=1"):
            assert client.get(path).status_code == 403, path
        assert client.get("/t/nothing").status_code == 404
        assert client.get("/t/event.json?_sort=nothing").status_code >= 400
        assert "locals" not in site.log()
        assert len(site.log()) < 10_000


FORMULAS = ("=1+2", "+1+2", "-1+2", "@SUM(A1)", "\t=1", " =1", "＝1+2", '=HYPERLINK("http://evil.example","x")')


def test_no_cell_of_datasettes_csv_is_a_formula(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    connection = open_database(path, read_only=False)
    articles = [row["id"] for row in connection.rows("SELECT id FROM article")]
    for article, words in zip(articles, FORMULAS, strict=False):
        connection.run("UPDATE article SET title = ? WHERE id = ?", (words, article))
    connection.close()
    values = ", ".join("('{}', -5, 1.5)".format(words.replace("'", "''")) for words in FORMULAS)
    found = answers(
        datasette(path, guard=True),
        "/t/article.csv?_col=title&_size=max",
        "/t/article.csv?_stream=on&_dl=on",
        sql(f"SELECT * FROM (VALUES {values})").replace(".json", ".csv"),
    )
    for answer in found:
        cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
        assert {f"'{words}" for words in FORMULAS[: len(articles)]} <= set(cells)
        assert [cell for cell in cells if cell.lstrip().startswith(FORMULA) and cell not in {"-5", "1.5"}] == []


CELLS = st.one_of(
    st.text(st.sampled_from("=+-@\t\r\n\"', aé＝😀1."), max_size=6), st.sampled_from(["-5", "+1.5e3", "-", "=5"])
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4), st.integers(1, 7))
def test_cells_are_defused_however_they_are_cut(rows: list[list[str]], size: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    sent, defuser = out.getvalue().encode(), Defuser()
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    told = b"".join([*(defuser.feed(piece, more=True) for piece in pieces), defuser.feed(b"", more=False)])
    found = list(csv.reader(io.StringIO(told.decode(), newline="")))
    risky = [[cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) for cell in row] for row in rows]
    wanted = [
        [f"'{cell}" if bad and not NUMBER.fullmatch(cell) else cell for cell, bad in zip(row, told_bad, strict=True)]
        for row, told_bad in zip(rows, risky, strict=True)
    ]
    assert found == wanted


def test_rows_stay_rows(sample: Path) -> None:
    """What Datasette reads of a row by name and by place, it still can."""
    (rows,) = answers(datasette(sample, guard=True), "/t/event.json?_shape=objects&_size=2&_facet=type")
    assert {"id", "type", "status"} <= set(rows.json()["rows"][0])
    assert isinstance(rows.json()["rows"][0]["id"], str)
