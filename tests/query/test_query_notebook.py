"""The notebook in docs/ runs from its first cell to its last, in a real kernel, on the sample database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tracker.query import Timeline

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOK = DOCS / "notebook.ipynb"


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def outputs(book: Any) -> Iterator[tuple[str, Any]]:
    for cell in book.cells:
        yield from ((cell.id, output) for output in cell.get("outputs", ()))


def test_what_is_committed_has_no_outputs() -> None:
    book = read()
    nbformat.validate(book)
    assert list(outputs(book)) == []
    assert {cell.get("execution_count") for cell in book.cells} == {None}


def test_it_runs(timeline: Timeline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_DB", str(timeline.path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # nobody's own settings, nor kernels
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    book = read()
    client = NotebookClient(book, timeout=60, resources={"metadata": {"path": str(DOCS)}})
    kernel = client.create_kernel_manager()
    kernel.transport, kernel.ip = "ipc", str(tmp_path / "kernel")  # not ports that another one may take
    client.execute()
    told: dict[str, Any] = {}
    for cell, output in outputs(book):
        assert output.output_type in {"stream", "display_data", "execute_result"}, output
        told.setdefault(cell, output)
    assert "8 events from 10 reports, 2023-10-17 to 2024-09-15" in told["open"].text
    assert (
        told["events"].data["text/html"].count("<tr>") == len(timeline.timeline(target="CN", direction="restrict")) + 1
    )
    assert "The Gazette (official): “" in told["quotes"].text
    assert "accounts disagree on status" in told["detail"].text
    assert "announced_precision" in told["pandas"].data["text/html"]
    assert "2024-06" in told["polars"].data["text/html"]
    assert told["chart"].data["image/svg+xml"].startswith("<svg")
    assert "8 events were known on 2024-12-01 - 8 are now" in told["past"].text
