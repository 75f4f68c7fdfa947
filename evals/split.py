"""Which gold articles rules and models may be tuned on, and which judge them.

Articles whose events share a measure, and articles of one case, stay together; each such component goes as a whole
to `dev` (about 60 %) or `heldout`, by a hash of its name, so that the split never depends on order or on a seed.

Usage: python evals/split.py {dev,heldout,all} > OUT.jsonl
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold"
DEV_SHARE = 0.6

Doc = dict[str, Any]


def articles(folder: Path = GOLD) -> Iterator[Doc]:
    """Every gold article, file by file."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def components(docs: list[Doc]) -> dict[str, str]:
    """Article id to the name of its component: the least key that its cases and measures lead to."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            key = parent[key]
        return key

    for doc in docs:
        scope = doc["id"].split("-")[0]
        keys = [f"{scope}/case/{doc['case']}"]
        keys += [f"{scope}/measure/{e['measure']}" for e in doc["events"] if e.get("measure")]
        for key in keys[1:]:
            one, two = sorted((root(keys[0]), root(key)))
            parent[two] = one
    return {doc["id"]: root(f"{doc['id'].split('-')[0]}/case/{doc['case']}") for doc in docs}


def part(component: str) -> str:
    """`dev` or `heldout`."""
    share = int(hashlib.sha256(component.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return "dev" if share < DEV_SHARE else "heldout"


def split(which: str) -> list[Doc]:
    """The articles of one part, or of `all`."""
    docs = list(articles())
    names = components(docs)
    return [d for d in docs if which in ("all", part(names[d["id"]]))]


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("dev", "heldout", "all"):
        sys.exit(__doc__)
    for article in split(sys.argv[1]):
        print(json.dumps(article, ensure_ascii=False))
