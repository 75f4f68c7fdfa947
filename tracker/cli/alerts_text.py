"""Alerts as text: what each waits for, what it has sent, what would be sent. Addresses are never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean, entry
from tracker.model.alerts import OF_SOURCES, AlertReport, Alerts
from tracker.pipeline.alerting import Preview
from tracker.store.messages import Stored

FAULTS_SHOWN = 12


def rows(
    alerts: Alerts, tally: Mapping[str, Mapping[str, int]], last: Mapping[str, str], begun: Iterable[str]
) -> list[dict[str, Any]]:
    """Every alert with its state, JSON-ready."""
    known = set(begun)
    return [
        {
            "name": alert.name,
            "title": alert.title,
            "on": [trigger.value for trigger in alert.triggers],
            "query": alert.query,
            "filters": dict(alert.filters),
            "sources": list(alert.sources),
            "channels": {name: alerts.channels[name].kind for name in alert.channels},
            "digest": alert.digest.every if alert.digest else None,
            "enabled": alert.enabled,
            "begun": alert.name in known,
            "waiting": sum(tally.get(alert.name, {}).get(state, 0) for state in ("noted", "waiting", "sending")),
            "dead": tally.get(alert.name, {}).get("dead", 0),
            "last_sent_at": last.get(alert.name),
        }
        for alert in alerts.alerts.values()
    ]


def table(listed: Sequence[Mapping[str, Any]]) -> Iterable[RenderableType]:
    """The alerts for a person."""
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("alert", "on", "query", "channels", "when", "waiting", "dead", "last sent"):
        found.add_column(heading, overflow="fold")
    for row in listed:
        found.add_row(
            Text(clean(row["name"])),
            Text(", ".join(row["on"])),
            Text(clean(row["query"] or _asked(row))),
            Text(", ".join(f"{name} ({kind})" for name, kind in row["channels"].items())),
            Text(state(row)),
            Text(str(row["waiting"])),
            Text(str(row["dead"]), style="bold red" if row["dead"] else ""),
            Text((row["last_sent_at"] or "never")[:16].replace("T", " ")),
        )
    return [found]


def _asked(row: Mapping[str, Any]) -> str:
    """The question of an alert that has no saved query."""
    if set(row["on"]) <= set(OF_SOURCES):
        return f"sources: {', '.join(row['sources']) or 'all'}"
    words = [f"{name}={value if isinstance(value, str) else '|'.join(value)}" for name, value in row["filters"].items()]
    return ", ".join(words) or "every event"


def state(row: Mapping[str, Any]) -> str:
    """When an alert speaks."""
    if not row["enabled"]:
        return "off"
    when = {"hour": "hourly", "day": "daily", "week": "weekly"}.get(row["digest"], "at once")
    return when if row["begun"] else f"{when}; begins with the next run"


def log(stored: Iterable[Stored], alerts: Alerts) -> list[dict[str, Any]]:
    """The messages with what became of them, JSON-ready; where they went by the name and kind of the channel."""
    kinds = {name: channel.kind for name, channel in alerts.channels.items()}
    return [
        {
            "id": one.message.id,
            "alert": one.message.alert,
            "channel": one.message.channel,
            "kind": kinds.get(one.message.channel),
            "state": one.state,
            "made_at": one.made_at,
            "sent_at": one.sent_at,
            "tries": one.tries,
            "next_try_at": one.next_try_at if one.state == "waiting" else None,
            "facts": one.facts,
            "title": one.message.title,
            "error": one.error,
        }
        for one in stored
    ]


def log_lines(listed: Iterable[Mapping[str, Any]]) -> Iterable[RenderableType]:
    """The log for a person."""
    for row in listed:
        when = (row["sent_at"] or row["made_at"])[:16].replace("T", " ")
        where = f"{row['channel']} ({row['kind'] or 'no more in alerts.yaml'})"
        yield entry(f"{when}  {row['state']:<8}", Text(f"{row['alert']} → {where}: {clean(row['title'])}"))
        if row["error"]:
            again = f"; next try {row['next_try_at'][:16].replace('T', ' ')}" if row["next_try_at"] else ""
            yield Text(f"    after {row['tries']} tries: {clean(row['error'])}{again}")


def previews(shown: Iterable[Preview], alerts: Alerts) -> Iterable[RenderableType]:
    """Messages as they would be sent."""
    for one in shown:
        kind = alerts.channels[one.channel].kind
        what = "nothing waits; this is how a message looks" if one.sample else "would be sent"
        yield Text(f"── {one.alert} → {one.channel} ({kind}): {what}", style="bold")
        if one.fault:
            yield Text(f"!! {clean(one.fault)}; written in the tracker's own words", style="bold red")
        yield Text(clean(one.message.title))
        yield Text("\n".join(map(clean, one.message.body.splitlines())) + "\n")


def report(done: AlertReport) -> str:
    """What a sending did, for a person or a mail of cron."""
    lines = [f"{done.noted} new to tell, {done.sent} messages sent, {done.failed} failed, {done.waiting} wait"]
    if done.dead:
        lines.append(f"!! {done.dead} messages were given up: `tracker alerts log`, then `tracker alerts send --again`")
    lines += [f"! {clean(fault)}" for fault in done.faults[:FAULTS_SHOWN]]
    if len(done.faults) > FAULTS_SHOWN:
        lines.append(f"! and {len(done.faults) - FAULTS_SHOWN} more faults; `tracker alerts log` shows them")
    return "\n".join(lines)
