"""`python -m tracker.web`: Datasette's command, as `tracker serve` starts it.

Where rich is installed, Datasette prints every error (each address that is not there, each slip in SQL) with the
variables of its stack: a second of the server's time and pages of its log for one request of anybody. Here errors of
the server's own are printed as Python does, and others not at all.
"""

from __future__ import annotations

from datasette.cli import cli


def main() -> None:
    """Run the command with the words of this process."""
    from datasette import handle_exception  # noqa: PLC0415 - it is a plugin, which Datasette has to load first

    handle_exception.rich = None
    cli(prog_name="datasette")


if __name__ == "__main__":
    main()
