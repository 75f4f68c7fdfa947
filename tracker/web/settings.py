"""What the plugin is told: the settings under `plugins: tracker:` of Datasette's configuration, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator

from tracker.errors import ConfigError
from tracker.web import hosts

UNDER = "/-/tracker"  # where the pages are in a Datasette that shows other things, too


class Settings(BaseModel):
    """The settings, each with its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str = UNDER  # the path of the home page; "/" makes it that of Datasette
    database: str | None = None  # the name of the tracker's database in Datasette; none: the only one there is
    title: str = "tracker"
    queries: Path | None = None  # queries.yaml
    guard: bool = False  # a policy for the pages of Datasette as well, and bounds on what they answer
    hosts: tuple[str, ...] | None = None  # names by which it may be asked; none: by any
    review: bool = False  # people who are signed in may decide
    reviewers: tuple[str, ...] = ()  # ids of actors of Datasette; none: all who are signed in
    key: SecretStr = SecretStr("")  # whoever has it may decide; `tracker serve --review` makes one
    seconds: float = 5.0  # that a page may take to ask the database

    @field_validator("base")
    @classmethod
    def _path(cls, value: str) -> str:
        if not value.startswith("/"):
            raise ValueError("begins with a slash: /-/tracker")
        return value.rstrip("/")

    @field_validator("hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if wrong := [one for one in value or () if not hosts.is_name(one)]:
            raise ValueError(f"{wrong[0]!r} is no name of a host: news.example, *.example, or * for all")
        return value

    @classmethod
    def read(cls, told: Any) -> Self:
        """The settings of a mapping; raises ConfigError with every fault."""
        try:
            return cls.model_validate(told or {})
        except ValidationError as error:
            faults = tuple(f"plugins.tracker.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise ConfigError(faults) from None
