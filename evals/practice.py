"""Practice texts as gold articles: sentences with parties and items marked, and articles that tell no event.

Only for training. They never take part in a score.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "practice"
QUIET = FOLDER / "quiet.txt"  # whole articles; every other file holds a sentence a line
MARK = re.compile(r"\[([ATI]) ([^\]]+)\]")
PUBLISHED = "2024-05-15"


def practice() -> list[dict[str, Any]]:
    """Every practice text as an article in the shape of the gold."""
    files = [path for path in sorted(FOLDER.glob("*.txt")) if path != QUIET]
    lines = [(path.stem, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [(stem, line) for stem, line in lines if line.strip() and not line.startswith("#")]
    blocks = QUIET.read_text(encoding="utf-8").split("\n\n")[1:]
    told = [_article(f"practice-{stem}-{number:04}", line) for number, (stem, line) in enumerate(kept)]
    return told + [_silent(number, block) for number, block in enumerate(blocks)]


def _silent(number: int, block: str) -> dict[str, Any]:
    title, _, text = block.strip().partition("\n")
    key = f"practice-quiet-{number:03}"
    base = {"id": key, "case": key, "title": title, "text": text.replace("\n", "\n\n")}
    return {**base, "published_at": PUBLISHED, "lang": "en", "events": []}


def _article(key: str, line: str) -> dict[str, Any]:
    head, _, marked = line.partition(" | ")
    text, parties = _unmark(marked)
    base = {"id": key, "case": key, "title": "", "text": text}
    article = {**base, "published_at": PUBLISHED, "lang": "en", "events": []}
    if head.strip() != "none":
        kind, status, direction, certainty = head.split()
        event = {"type": kind, "also_types": [], "status": status, "direction": direction, "certainty": certainty}
        event |= {
            "actors": [p for role, p in parties if role == "A"],
            "targets": [p for role, p in parties if role == "T"],
        }
        event |= {"items": [p["name"] for role, p in parties if role == "I"], "instruments": []}
        event |= {"evidence": [{"start": 0, "end": len(text)}], "salience": "main"}
        article["events"] = [event]
    return article


def _unmark(marked: str) -> tuple[str, list[tuple[str, dict[str, Any]]]]:
    """The plain text, and the marked phrases with their roles and places."""
    text, parties, last = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[last : mark.start()]
        start = len(text)
        text += mark[2]
        parties.append((mark[1], {"name": mark[2], "kind": None, "country": None, "span": (start, len(text))}))
        last = mark.end()
    return text + marked[last:], parties
