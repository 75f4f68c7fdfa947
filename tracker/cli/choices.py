"""A choice among words: in help a list that can be broken, in errors the word that was meant."""

from __future__ import annotations

from typing import Any

import click


class OneOf(click.Choice[str]):
    """As click's Choice. A slip of the pen is told with the word that comes near it."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's form
        """The name of the option, since fifteen words are longer than a line."""
        return (param.name or "").upper()

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What may be written, and what probably was meant."""
        from tracker.spelling import nearest

        near = nearest(str(value), tuple(self.choices))
        told = super().get_invalid_choice_message(value, ctx)
        return f"{value!r} is none; did you mean {near!r}?" if near else told
