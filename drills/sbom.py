"""What an installation is made of, as CycloneDX 1.6 in JSON: each locked package, its version, its files' hashes.

    make sbom                                   writes sbom.json
    python drills/sbom.py [LOCK] > sbom.json

Read from the lock file alone, so that the same lock gives the same bytes. Licences are not told: the lock has none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?")
HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})\s*\\?")


def components(lock: str) -> Iterator[dict[str, Any]]:
    """Each package of a lock file; raises ValueError for a line that is neither a pinned package nor a hash."""
    one: dict[str, Any] | None = None
    for number, line in enumerate(lock.splitlines(), start=1):
        if (pinned := PIN.fullmatch(line)) is not None:
            if one is not None:
                yield one
            one = _component(pinned)
        elif (hashed := HASH.fullmatch(line)) is not None and one is not None:
            one["hashes"].append({"alg": "SHA-256", "content": hashed[1]})  # of any of its files that is installed
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"line {number}: neither a pinned package nor a hash: {line[:80]!r}")
    if one is not None:
        yield one


def _component(pinned: re.Match[str]) -> dict[str, Any]:
    purl = f"pkg:pypi/{pinned['name']}@{pinned['version']}"  # as package-url has it
    made: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": pinned["name"], "version": pinned["version"]}
    made |= {"purl": purl, "hashes": []}
    if pinned["marker"]:
        made["properties"] = [{"name": "tracker:where", "value": pinned["marker"]}]
    return made


def bill(lock: str) -> dict[str, Any]:
    """The whole document."""
    version = re.search(r'__version__ = "(.+)"', (ROOT / "tracker" / "__init__.py").read_text(encoding="utf-8"))
    assert version is not None
    found = list(components(lock))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, lock)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "tracker", "name": "tracker", "version": version[1]}
        },
        "components": found,
        "dependencies": [{"ref": "tracker", "dependsOn": [one["bom-ref"] for one in found]}],
    }


def main() -> int:
    """Write the document for a lock file; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lock", type=Path, nargs="?", default=LOCK, help="the lock file; default: the runtime's")
    options = parser.parse_args()
    try:
        document = bill(options.lock.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{options.lock}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(document, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
