"""`tracker demo`: the whole path on the bundled sample newsroom, with the ordinary refresh."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

DEFAULT = Path("db/demo.db")
SHOWN = 25  # events of the timeline
NEXT = """
Try next:
  {tracker} --db {db} show {event}                what one event rests on: reports, quotes, links
  {tracker} --db {db} timeline --actor OpenAI     one actor's events
  {tracker} --db {db} timeline --target CN --type export_control
  {tracker} --db {db} search "Entity List"
  {tracker} --db {db} serve                       look at it in the browser
  {tracker} demo                                  again: nothing is new, in seconds
The database is {db}. For the live web, edit feeds.yaml and run `{tracker} refresh`.
"""


def program() -> str:
    """How the tracker was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "tracker" and shutil.which("tracker") != str(called) else "tracker"


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the newsroom; 0 takes a free one.")
@click.pass_obj
def command(obj: dict[str, Any], port: int) -> int:
    """Run the whole path on the bundled sample newsroom.

    Starts a real HTTP server on loopback that plays a dozen invented outlets, refreshes db/demo.db from it with the
    ordinary pipeline, and prints the timeline. Nothing leaves this machine.

    \b
    Examples:
      tracker demo
      tracker --db /tmp/try.db demo
    """
    from tracker import newsroom
    from tracker.cli import render, running
    from tracker.query import Timeline

    database = obj["db"] or DEFAULT
    with newsroom.Newsroom(port=port) as room:
        click.echo(f"The sample newsroom plays {len(room.hosts)} sites at http://{room.address}")
        running.refuse_real(database, room.config_text())
        config = running.demo_config(room.config_text(), room.hosts, room.address, database)
        report = running.refresh(config, force=True, quiet=False, stream=sys.stderr)
    click.echo(running.in_words(report, database))
    with Timeline.open(database) as timeline:
        events = timeline.page(limit=SHOWN).events
        render.show(*render.events(events, total=timeline.count()))
        click.echo(NEXT.format(tracker=program(), db=database, event=events[0].id[:8] if events else "ID"))
    return running.exit_code(report)
