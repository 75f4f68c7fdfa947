"""What a nanny of Dask loads before it starts workers: that they are forked off a process that knows our code."""

from __future__ import annotations

from typing import Any

from distributed.utils import get_mp_context


def dask_setup(_: Any) -> None:
    """Called by each nanny."""
    get_mp_context().set_forkserver_preload(["distributed", "backfill_samples"])  # type: ignore[no-untyped-call]
