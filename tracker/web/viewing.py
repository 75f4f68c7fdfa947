"""Whether somebody may see the database at all: asked of Datasette as its own pages do, on 0.65 and from 1.0 on.

Permissions of single tables are not asked for: the pages show what all of them hold together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ACTION = "view-database"


async def require(datasette: Any, actor: Mapping[str, Any] | None, database: str) -> None:
    """Raises Datasette's Forbidden, which it answers itself, where its settings or plugins keep somebody out."""
    if hasattr(datasette, "ensure_permissions"):  # until 1.0
        await datasette.ensure_permissions(actor, [(ACTION, database), "view-instance"])
        return
    from datasette.resources import DatabaseResource  # noqa: PLC0415 - 0.65 has none

    await datasette.ensure_permission(action=ACTION, resource=DatabaseResource(database), actor=actor)
