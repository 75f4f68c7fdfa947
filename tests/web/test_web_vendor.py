"""The libraries of others are those that their table names, and their licences are with them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import tracker.web

FOLDER = Path(tracker.web.__file__).parent / "static" / "vendor"
ROW = re.compile(r"^\| (\S+\.(?:js|json)) \| .* \| (\S+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)


def test_the_files_are_those_of_the_table() -> None:
    table = {name: digest for name, _, digest in ROW.findall((FOLDER / "README.md").read_text("utf-8"))}
    files = {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in FOLDER.iterdir() if one.name != "README.md"
    }
    assert table == files


def test_the_licences_are_there_in_full() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    named = {licence for _, licence, _ in ROW.findall(text)}
    assert named == {"BSD-3-Clause", "ISC"}
    assert "University of Washington Interactive Data Lab" in text
    assert "Neither the name of the copyright holder" in text
    assert "Permission to use, copy, modify, and/or distribute this software" in text
