"""`tracker alerts`: who is told what, what would be sent, what was."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tracker.cli import exits
from tracker.cli.clock import now
from tracker.cli.options import database, json_option

if TYPE_CHECKING:  # imported when called
    from tracker.model.alerts import Alerts
    from tracker.pipeline.alerting import Preview


@click.group("alerts", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Be told: alerts.yaml beside feeds.yaml says who, of what, when and how (docs/alerts.md).

    `tracker refresh` and `tracker run` send what is due; so does `send`. Exit code 69 where messages were given up.

    \b
    Examples:
      tracker alerts                       every alert, what waits, what was given up
      tracker alerts test china-chips      what would be sent now
      tracker alerts test china-chips --send-test
      tracker alerts log
    """
    if ctx.invoked_subcommand is None:
        ctx.exit(ctx.invoke(list_))


@command.command("list")
@json_option
@click.pass_obj
def list_(obj: dict[str, Any], /, *, as_json: bool = False) -> int:
    """List the alerts with what waits, what was given up and when each last sent something."""
    from tracker.cli import alerting, alerts_text, render
    from tracker.store import Store

    alerts = alerting.load(obj["config"])
    with Store.open(database(obj), read_only=True) as store:
        messages, outbox = store.messages, store.outbox
        listed = alerts_text.rows(alerts, messages.tally(), messages.last_sent(), outbox.looks())
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        render.show(*alerts_text.table(listed))
    return exits.NOTHING_ANSWERED if any(row["dead"] for row in listed) else exits.OK


@command.command("test")
@click.argument("name", required=False)
@click.option("--send-test", is_flag=True, help="Send one message marked TEST to each channel.")
@json_option
@click.pass_obj
def test(obj: dict[str, Any], /, name: str | None, send_test: bool, as_json: bool) -> int:
    """Show what would be sent now if there were no quiet hours, digests and limits; nothing is kept or sent.

    Where nothing waits, a sample made of the newest event that the query chooses.
    """
    from tracker.cli import alerting, alerts_text, opening, render
    from tracker.pipeline.alerting import preview, sample

    alerts = alerting.only(alerting.load(obj["config"]), name)
    with opening.named(obj) as store, alerting.ask(database(obj), now) as answers:
        if send_test:
            pairs = [(alert, channel) for alert in alerts.alerts.values() for channel in alert.channels]
            return _send_test(alerts, [sample(alerts, alert, channel, answers, now()) for alert, channel in pairs])
        shown, faults = preview(alerts, store, answers, clock=now)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in shown], ensure_ascii=False, indent=1, default=dict))
    else:
        render.show(*alerts_text.previews(shown, alerts))
    for fault in faults:
        click.echo(f"! {fault}", err=True)
    return exits.FAILED if faults else exits.OK


def _send_test(alerts: Alerts, shown: list[Preview]) -> int:
    """Send the samples, and say which arrived."""
    from tracker.model.alerts import Undelivered
    from tracker.pipeline.alerting import send_test

    failed = False
    for one in shown:
        outcome = send_test(alerts, one)
        where = f"{one.alert} → {one.channel} ({alerts.channels[one.channel].kind})"
        if isinstance(outcome, Undelivered):
            failed = True
            click.echo(f"{where}: failed: {outcome.reason}", err=True)
        else:
            click.echo(f"{where}: sent: {one.message.title}")
    return exits.NOTHING_ANSWERED if failed else exits.OK


@command.command("send")
@click.option("--again", is_flag=True, help="Also those that were given up.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what went wrong (for cron).")
@json_option
@click.pass_obj
def send(obj: dict[str, Any], /, again: bool, quiet: bool, as_json: bool) -> int:
    """Send what is due. What fails is tried again by the next run, later each time."""
    from tracker.cli import alerting, alerts_text, opening

    alerts = alerting.load(obj["config"])
    with opening.named(obj) as store:
        if again:
            store.messages.revive(now())
    done = alerting.send(alerts, database(obj), clock=now)
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
    elif not quiet or done.faults or done.dead:
        click.echo(alerts_text.report(done), err=quiet)
    return exits.NOTHING_ANSWERED if done.dead else exits.OK


@command.command("log")
@click.argument("name", required=False)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@json_option
@click.pass_obj
def log(obj: dict[str, Any], /, name: str | None, limit: int, as_json: bool) -> None:
    """Show the messages of all alerts or of one, newest first: what, when, to which channel, what went wrong."""
    from tracker.cli import alerting, alerts_text, render
    from tracker.store import Store

    alerts = alerting.load(obj["config"])
    with Store.open(database(obj), read_only=True) as store:
        listed = alerts_text.log(store.messages.log(name, limit), alerts)
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        render.show(*alerts_text.log_lines(listed))
