"""`tracker completion`: the script that a shell loads to complete commands, options and event types."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the shell completion script.

    \b
    Examples:
      tracker completion bash >> ~/.bashrc
      tracker completion fish > ~/.config/fish/completions/tracker.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None  # SHELLS are click's own
    click.echo(kind(ctx.find_root().command, {}, "tracker", "_TRACKER_COMPLETE").source())
