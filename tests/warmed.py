"""What the server of forks (`process`) loads once; every command finds it there."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import tracker.cli
from tracker import nlp

nlp.load()
for found in pkgutil.iter_modules(tracker.cli.__path__, "tracker.cli."):
    importlib.import_module(found.name)
gc.freeze()
