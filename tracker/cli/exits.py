"""Exit codes, after sysexits.h where it has one for the case; the command line's contract with cron and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tracker.errors import (
    BusyError,
    ConfigError,
    EngineError,
    InputError,
    LakeError,
    ModelError,
    NotFoundError,
    StoreError,
    TrackerError,
)

OK = 0
FAILED = 1  # an error that has no code of its own
USAGE = 2  # click's own: wrong options
NOTHING_ANSWERED = 69  # a refresh in which every source that was asked failed
INTERRUPTED = 130  # by Ctrl-C, or at the end of input; of other signals: 128 and their number (`tracker.bell`)

CODES: Mapping[type[TrackerError], int] = MappingProxyType(
    {
        InputError: 65,  # EX_DATAERR
        NotFoundError: 66,  # EX_NOINPUT
        ModelError: 70,  # EX_SOFTWARE
        BusyError: 75,  # EX_TEMPFAIL: try again later
        StoreError: 74,  # EX_IOERR
        LakeError: 74,
        EngineError: 75,
        ConfigError: 78,  # EX_CONFIG
    }
)


def code(error: TrackerError) -> int:
    """The exit code of an error: its own or its nearest parent's."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), FAILED)
