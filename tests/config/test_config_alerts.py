"""alerts.yaml: what it may say, and what is told of one that is wrong, with its line; no fault holds an address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tracker.config import alerts
from tracker.config.alerts import Checks
from tracker.errors import ConfigError
from tracker.model import SavedQuery
from tracker.model.alerts import Alerts, Digest, Form, Hours, OnDoubt, Rate, Trigger
from tracker.query import given

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/alerts.md").read_text(encoding="utf-8")
SAVED = {"chips": SavedQuery(name="chips", title="Chip controls", filters={"target": "CN"})}
SECRET = "T0kenT0ken"
ENVIRON = {"DESK": f"slack://{SECRET}"}
CHECKS = Checks(
    filters=given,
    template=lambda source, form, trigger: (f"no {form} for {trigger}", 2) if "broken" in source else None,
    address=lambda address: "no token" if "wrong" in address else None,
)
LEAST = "channels:\n  a: {file: out.txt}\nalerts:\n  one: {query: chips, channel: a}\n"


def load(folder: Path, text: str) -> Alerts:
    path = folder / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    return alerts.load(path, CHECKS, SAVED, environ=ENVIRON)


def test_the_least_that_works(tmp_path: Path) -> None:
    found = load(tmp_path, LEAST)
    one = found.alerts["one"]
    assert (one.title, one.query, one.filters) == ("Chip controls", "chips", {"target": "CN"})
    assert (one.triggers, one.channels, one.on_doubt, one.digest) == ((Trigger.NEW,), ("a",), OnDoubt.SEND, None)
    assert found.channels["a"].file == tmp_path / "out.txt"
    assert found.channels["a"].rate is None
    assert found.dead_after == timedelta(days=3)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """\
settings: {time_zone: Europe/Brussels, dead_after: 12h}
channels:
  desk: {url_env: DESK, rate: 2/15m, quiet: ["22:00-07:00", "sat,sun"], time_zone: UTC, timeout: 5s}
  run: {command: [a, "b c"], form: html}
alerts:
  all:
    title: All of it
    filters: {type: [tariff, sanction], min_origins: 2}
    on: [status, effective, silent]
    days: [1, 30]
    sources: [official]
    channel: [desk, run]
    subject: "{{ count }}"
    body: |
      a
      b
    quiet: none
    digest: weekly friday 17:30
    since: 2024-10-01
    on_doubt: skip
    enabled: no
""",
    )
    desk, run, one = found.channels["desk"], found.channels["run"], found.alerts["all"]
    assert (desk.url, desk.kind, desk.form) == (ENVIRON["DESK"], "slack", Form.MARKDOWN)
    assert desk.rate == Rate(count=2, span=timedelta(minutes=15))
    assert desk.quiet == (
        Hours(days=frozenset(range(7)), start=1320, end=420),
        Hours(days=frozenset({5, 6}), start=0, end=1440),
    )
    assert (str(desk.zone), desk.timeout) == ("UTC", timedelta(seconds=5))
    assert (run.command, run.form, str(run.zone)) == (("a", "b c"), Form.HTML, "Europe/Brussels")
    assert one.triggers == (Trigger.STATUS, Trigger.EFFECTIVE, Trigger.SILENT)
    assert (one.days, one.sources, one.quiet, one.enabled) == ((30, 1), ("official",), (), False)
    assert one.digest == Digest(every="week", minute=17 * 60 + 30, weekday=4)
    assert (one.body_template, one.since, one.on_doubt) == ("a\nb\n", "2024-10-01", OnDoubt.SKIP)


ONE = "channels:\n  a: {file: out.txt}\nalerts:\n  one:\n    channel: a\n    "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "1: the file is empty", id="empty"),
        pytest.param("channels: {a: {file: x}}\n", "alerts: no alerts", id="no alerts"),
        pytest.param("chanels:\n  a: {file: x}\n", "1: chanels: unknown key; did you mean 'channels'?", id="top key"),
        pytest.param(ONE + "quer: chips", "6: alerts.one.quer: unknown key; did you mean 'query'?", id="alert key"),
        pytest.param(
            ONE + "query: chip", "6: alerts.one.query: no saved query 'chip'; did you mean 'chips'?", id="query"
        ),
        pytest.param(ONE + "filters: {typ: tariff}", "6: alerts.one.filters.typ: 'typ' is no filter", id="filter"),
        pytest.param(
            ONE + "query: chips\n    filters: {type: tariff}", "7: alerts.one.filters: given beside", id="both"
        ),
        pytest.param(
            ONE + "on: [new, statos]", "6: alerts.one.on: no trigger: 'statos'; did you mean 'status'?", id="on"
        ),
        pytest.param(ONE + "days: 7", "6: alerts.one.days: of use only to the trigger 'effective'", id="days"),
        pytest.param(ONE + "on: effective\n    days: soon", "7: alerts.one.days: no number of days", id="no days"),
        pytest.param(ONE + "digest: dayly", "6: alerts.one.digest: no digest: 'dayly'; write hourly", id="digest"),
        pytest.param(ONE + "digest: daily 25:00", "no time of day: '25:00'", id="time"),
        pytest.param(ONE + "quiet: 9-5", "6: alerts.one.quiet: no quiet hours: '9-5'", id="quiet"),
        pytest.param(ONE + "quiet: 09:00-09:00", "begin as they end", id="no hours"),
        pytest.param(ONE + "quiet: foo 09:00-10:00", "no day of the week: 'foo'", id="weekday"),
        pytest.param(ONE + "time_zone: Mars/Olympus", "no time zone: 'Mars/Olympus'", id="zone"),
        pytest.param(ONE + "since: 2024-13-01", "6: alerts.one.since: no day: '2024-13-01'", id="day"),
        pytest.param(ONE + "on_doubt: maybe", "6: alerts.one.on_doubt: no answer: 'maybe'", id="doubt"),
        pytest.param(ONE + "enabled: 2", "6: alerts.one.enabled: neither true nor false: '2'", id="truth"),
        pytest.param(
            ONE + "body: |\n      x\n      broken",
            "6: alerts.one.body: line 2 of the template: no text for new",
            id="body",
        ),
        pytest.param(ONE.replace("channel: a", "channel: b"), "5: alerts.one.channel: no channel 'b'", id="channel"),
        pytest.param(ONE.replace("channel: a", "query: chips"), "4: alerts.one.channel: missing", id="no channel"),
        pytest.param(ONE.replace("one:", "One:"), "4: alerts.One: no name: 'One'", id="name"),
        pytest.param(ONE.replace("file: out.txt", "form: text"), "2: channels.a: leads nowhere", id="nowhere"),
        pytest.param(
            ONE.replace("out.txt", "x, url: 'json://x'"), "2: channels.a: leads to 2 places: url, file", id="two"
        ),
        pytest.param(
            ONE.replace("file: out.txt", "command: a b"), "channels.a.command: not a list of texts", id="command"
        ),
        pytest.param(ONE.replace("file: out.txt", "url_env: NONE"), "'NONE' is not set", id="variable"),
        pytest.param(ONE.replace("out.txt", "x, rate: fast"), "channels.a.rate: no rate: 'fast'", id="rate"),
        pytest.param(ONE.replace("out.txt", "x, timeout: 1h"), "channels.a.timeout: too long: '1h'", id="timeout"),
        pytest.param(
            ONE.replace("file: out.txt", f"url: wrong://{SECRET}"),
            "no address that Apprise can send to (no token)",
            id="url",
        ),
        pytest.param("channels: [a]\nalerts: 7\n", "channels: no channels", id="lists"),
        pytest.param("alerts: {a: b: c}\n", "not YAML", id="syntax"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert told in str(error.value)
    assert SECRET not in str(error.value)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, ONE + "on: never\n    digest: never\n    queri: chips\n")
    assert [fault.split(":")[1] for fault in error.value.faults] == ["6", "7", "8"]


def test_an_address_is_in_no_repr(tmp_path: Path) -> None:
    found = load(tmp_path, LEAST.replace("file: out.txt", f"url: 'slack://{SECRET}'"))
    assert SECRET not in repr(found)


@pytest.mark.parametrize("key", [*alerts.ALERT, *alerts.CHANNEL, *alerts.SETTINGS, *Trigger, *Form, *OnDoubt])
def test_every_key_is_documented(key: str) -> None:
    assert f"`{key}" in PAGE or f"  {key}:" in PAGE


def test_every_filter_of_templates_is_documented() -> None:
    from tracker.alerts import templates

    assert {name for name in templates.FILTERS | {"join", "round"} if f"`{name}`" not in PAGE} == set()


def test_the_sample_and_the_first_example_are_right(tmp_path: Path) -> None:
    from tracker.cli.alerting import CHECKS as REAL

    sample = (ROOT / "docs/sample-alerts.yaml").read_text(encoding="utf-8")
    example = PAGE.split("```yaml\n")[1].split("```")[0]
    environ = {
        "TRACKER_DESK_URL": "mailto://127.0.0.1/a@b.example?from=x@y.example",
        "TRACKER_SLACK_URL": "json://127.0.0.1/",
    }
    saved = {"china-chips": SavedQuery(name="china-chips", title="Chips", filters={})}
    for text in (sample, example):
        path = tmp_path / "alerts.yaml"
        path.write_text(text, encoding="utf-8")
        assert alerts.load(path, REAL, saved, environ=environ).alerts
