"""`tracker schedule`: how to have this installation run by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.options import open_config
from tracker.cli.spans import SPAN

if TYPE_CHECKING:  # imported when called
    from tracker.cli.scheduling import Installation
    from tracker.config import Config


@click.command("schedule")
@click.option(
    "--as",
    "form",
    type=click.Choice(["crontab", "systemd", "service", "container"]),
    default="crontab",
    show_default=True,
    help="What for: cron, a timer of systemd, a service of systemd that stays, a container.",
)
@click.option("--every", type=SPAN, default="5m", show_default=True, help="How often to look for what is due.")
@click.option(
    "--write", type=click.Path(path_type=Path, file_okay=False), help="Write the files into this folder instead."
)
@click.pass_obj
def command(obj: dict[str, Any], /, form: str, every: timedelta, write: Path | None) -> int:
    """Print what cron, systemd or a container engine needs to run this installation, with its real places.

    Nothing is installed. Tokens and other variables go into tracker.env beside feeds.yaml (NAME=value by line).

    \b
    Examples:
      tracker schedule                          a line for `crontab -e`
      tracker schedule --as systemd --write /etc/systemd/system
      tracker schedule --as container --write recipe
    """
    from tracker.cli import scheduling

    of = installation(obj)
    match form:
        case "crontab":
            files = {"tracker.crontab": scheduling.crontab(of, every)}
        case "systemd":
            files = dict(scheduling.units(of, every))
        case "service":
            files = dict(scheduling.service(of))
        case _:
            files = dict(scheduling.container(of, every))
    for name, text in files.items():
        if write is not None:
            _write(write / name, text)
        elif len(files) > 1:
            click.echo(f"# ----- {name}\n{text}")
        else:
            click.echo(text, nl=False)
    return 0


def installation(obj: dict[str, Any]) -> Installation:
    """This installation: the settings are read, so that none is scheduled that cannot run."""
    import os
    import pwd
    import sys

    import tracker
    from tracker.cli.scheduling import Installation

    config = open_config(obj)
    root = Path(tracker.__file__).parents[1]
    return Installation(
        python=Path(sys.executable).absolute(),
        config=config.path.absolute(),
        database=config.settings.database.absolute(),
        user=pwd.getpwuid(os.getuid()).pw_name,
        ids=(os.getuid(), os.getgid()),
        source=root if (root / "pyproject.toml").is_file() else None,
        version=tracker.__version__,
        metrics=config.settings.metrics.absolute() if config.settings.metrics else None,
        backups=_apart(config),
    )


def _apart(config: Config) -> Path | None:
    """A folder of backups that does not lie beside the database, where all may be written."""
    named, beside = config.settings.backup.folder, config.settings.database.absolute().parent
    return None if named is None or named.absolute().is_relative_to(beside) else named.absolute()


def _write(file: Path, text: str) -> None:
    from tracker.errors import InputError
    from tracker.saving import replaced

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{file.parent}: cannot be made ({error.strerror}); name a folder of yours") from None
    with replaced(file) as out:
        out.write(text.encode())
    click.echo(f"{file}: written")
