"""What an installation is made of, as CycloneDX 1.6 in JSON: each locked package, its version, its files' hashes.

    make sbom                                   writes sbom.json
    python drills/sbom.py [LOCK] > sbom.json

Read from the lock file, and licences from what the packages that are installed here say of themselves, where the
version is the locked one: the same lock and installation give the same bytes. It judges no licence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?")
LONGEST = 80  # characters of a licence's name; what is longer is its text
CLASSIFIER = "License :: "
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
    if told := licences(pinned["name"], pinned["version"]):
        made["licenses"] = told
    if pinned["marker"]:
        made["properties"] = [{"name": "tracker:where", "value": pinned["marker"]}]
    return made


def licences(name: str, version: str) -> list[dict[str, Any]]:
    """The licences of a package that is installed here, as CycloneDX has them; none where it is not, or says nothing.

    By its expression (PEP 639), else its classifiers, else the name that it gives.
    """
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if about["Version"] != version:
        return []
    if "License-Expression" in about:
        return [{"expression": about["License-Expression"]}]
    classes = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith(CLASSIFIER)]
    named = about["License"].strip() if "License" in about else ""
    names = [one for one in classes if one != "OSI Approved"] or ([named] if 0 < len(named) <= LONGEST else [])
    return [{"license": {"name": one}} for one in names]


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
