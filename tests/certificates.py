"""Certificates for servers of tests, which nobody vouches for but themselves; openssl makes them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def certificate(folder: Path, *names: str) -> Path:
    """A file with a certificate for names ("DNS:one.example", "IP:127.0.0.1") and its key; without it as `.crt`."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl makes the certificates of tests"
    path = folder / "both.pem"
    words = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tests"
    more = ("-addext", f"subjectAltName={','.join(names)}", "-keyout", str(path), "-out", f"{path}.crt")
    subprocess.run([*words.split(), *more], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path
