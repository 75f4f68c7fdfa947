"""What is told, and that it is told once: triggers, merges, digests, quiet hours, rates, channels that fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alert_samples import World

from tracker.model.alerts import Undelivered

FILE = """\
channels:
  desk: {{url: "json://127.0.0.1:9/", rate: none}}
alerts:
  chips: {{query: chips, channel: desk, {rest}}}
"""
DOWN = Undelivered(reason="no answer")


def test_a_new_alert_begins_with_what_comes(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new"))
    world.tell("old")
    assert world.send(alerts).noted == 0
    world.tell("fresh")
    done = world.send(alerts)
    assert (done.noted, done.sent, done.waiting) == (1, 1, 0)
    assert world.told() == ["new fresh"]
    assert world.send(alerts).sent == 0


def test_since_begins_with_what_became_known_then(world: World) -> None:
    world.tell("before")
    world.wait(days=2)
    world.tell("after")
    world.send(world.alerts(FILE.format(rest="since: 2024-10-02")))
    assert world.told() == ["new after"]


def test_an_old_event_is_not_new_because_it_changes(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: [new, status]"))
    world.tell("old")
    world.send(alerts)
    world.tell("old", status="in_force")
    world.send(alerts)
    (sent,) = world.taken
    assert sent[1].document["items"][0]["words"] == "status: announced → in_force"


def test_an_event_that_matches_later_is_new_when_it_does(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new").replace("query: chips", "filters: {type: tariff}"))
    world.send(alerts)
    world.tell("e")
    world.send(alerts)
    assert world.told() == []
    world.tell("e", kind="tariff")
    world.send(alerts)
    world.tell("e", kind="tariff", summary="another")
    world.send(alerts)
    assert world.told() == ["new e"]


def test_a_merged_event_is_told_once(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: [new, status]"))
    world.send(alerts)
    world.tell("a")
    world.send(alerts)
    assert world.told() == ["new a"]
    world.tell("b", took=("a",), status="in_force")
    world.send(alerts)
    assert world.told() == []


def test_an_old_event_in_the_place_of_which_a_new_one_comes_is_not_told(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new"))
    world.tell("old")
    world.send(alerts)
    world.tell("heir", took=("old",))
    world.send(alerts)
    assert world.told() == []


def test_events_that_are_merged_before_they_are_told_are_told_as_one(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new, digest: daily 10:00"))
    world.send(alerts)
    world.tell("a")
    world.tell("b")
    world.send(alerts)
    world.tell("b", took=("a",))
    world.wait(days=1)
    world.send(alerts)
    assert world.told() == ["new b"]


def test_the_step_of_a_measure_is_a_change_of_status(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: status"))
    world.tell("proposal", status="proposed", measure="m")
    world.send(alerts)
    world.tell("rule", status="in_force", measure="m")
    world.send(alerts)
    (sent,) = world.taken
    assert sent[1].document["items"][0]["words"] == "measure: proposed → in_force"
    assert world.told() == ["status rule"]


def test_the_step_of_a_measure_is_told_once_where_new_events_are_told(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: [new, status]"))
    world.tell("proposal", status="proposed", measure="m")
    world.send(alerts)
    world.tell("rule", status="in_force", measure="m")
    world.send(alerts)
    assert world.told() == ["new rule"]


def test_a_status_that_comes_back_between_two_looks_is_no_change(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: status"))
    world.tell("e")
    world.send(alerts)
    world.tell("e", status="in_force")
    world.tell("e", status="announced")
    world.send(alerts)
    assert world.told() == []


def test_contradictions_are_told_by_field(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: contradicted"))
    world.tell("e", disputed=("status",))
    world.send(alerts)
    world.tell("e", disputed=("status", "effective_on"))
    world.send(alerts)
    (sent,) = world.taken
    assert sent[1].document["items"][0]["new"] == "effective_on"
    world.told()
    world.tell("new", disputed=("status",))
    world.send(alerts)
    assert world.told() == ["contradicted new"]


@pytest.mark.parametrize(
    ("effective", "told"),
    [
        pytest.param("2024-10-08", "takes effect in 7 days", id="just within"),
        pytest.param("2024-10-09", None, id="not yet"),
        pytest.param("2024-10-02", "takes effect tomorrow", id="the nearest number counts"),
        pytest.param("2024-10-01", "takes effect today", id="today"),
        pytest.param("2024-09-30", None, id="over"),
        pytest.param("2024-10", "takes effect in 2024-10", id="a month begins on its first day"),
    ],
)
def test_effective_dates_are_told_ahead(world: World, effective: str, told: str | None) -> None:
    alerts = world.alerts(FILE.format(rest="on: effective, days: [7, 1]"))
    world.tell("e", effective=effective)
    world.send(alerts)
    world.send(alerts)
    words = [sent.document["items"][0]["words"] for _, sent in world.taken]
    assert words == ([told] if told else [])


@pytest.mark.parametrize(("status", "told"), [("delayed", 0), ("suspended", 0), ("ended", 0), ("announced", 1)])
def test_a_plan_that_a_later_step_of_its_measure_stopped_takes_no_effect(world: World, status: str, told: int) -> None:
    alerts = world.alerts(FILE.format(rest="on: effective, days: 7"))
    world.tell("plan", effective="2024-10-08", measure="m")
    world.tell("later", status=status, measure="m")
    world.send(alerts)
    assert len(world.taken) == told


def test_an_effective_date_is_told_for_each_number_of_days_and_anew_when_it_moves(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: effective, days: [7, 1]"))
    world.tell("e", effective="2024-10-08")
    told = []
    for day in range(9):
        world.send(alerts)
        told += [f"{day}: {sent.document['items'][0]['words']}" for _, sent in world.taken]
        world.taken.clear()
        if day == 6:
            world.tell("e", effective="2024-10-12")
        world.wait(days=1)
    assert told == ["0: takes effect in 7 days", "6: takes effect tomorrow", "7: takes effect in 4 days"]


def test_a_date_that_passes_while_nobody_looks_is_told_after(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: effective, days: 0"))
    world.tell("e", effective="2024-10-03")
    world.send(alerts)
    world.wait(days=4)
    world.send(alerts)
    (sent,) = world.taken
    assert sent[1].document["items"][0]["words"] == "took effect on 2024-10-03"


def test_a_silent_source_is_told_once_for_each_alarm(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: silent, sources: press"))
    elsewhere = world.alerts(FILE.format(rest="on: silent, sources: official").replace("chips:", "others:"))
    world.send(alerts)
    world.wait(hours=1)
    world.silence()
    world.send(alerts)
    world.send(alerts)
    assert world.told() == ["silent herald"]
    world.silence("moved")
    world.wait(hours=1)
    world.send(alerts)
    assert world.told() == []
    world.silence()
    world.send(alerts)
    assert world.told() == ["silent herald"]
    world.send(elsewhere)
    assert world.told() == []


def test_what_is_held_back_is_told(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: [held, silent], sources: press"))
    world.send(alerts)
    world.wait(hours=1)
    world.silence("held", "12 articles with 9 reports of events are held back: 90% have no date")
    for _ in range(2):
        world.send(alerts)
    (sent,) = world.taken
    (item,) = sent[1].document["items"]
    assert (item["trigger"], item["words"], item["source"]["alarm"]) == ("held", "held back", "held")
    assert "90% have no date" in sent[1].body
    only_silence = world.alerts(FILE.format(rest="on: silent").replace("chips:", "others:"))
    world.send(only_silence)
    world.wait(hours=1)
    world.silence("moved")
    world.wait(hours=1)
    world.silence("held", "again")
    world.send(only_silence)
    assert len(world.taken) == 1


def test_what_is_true_no_more_is_not_told(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: [silent, effective], days: 7, digest: daily 10:00"))
    world.send(alerts)
    world.wait(minutes=1)
    world.silence()
    world.tell("e", effective="2024-10-05")
    assert world.send(alerts).waiting == 2
    world.silence("")
    world.tell("e", effective="2024-12-05")
    world.wait(days=1)
    assert world.send(alerts).waiting == 0
    assert world.told() == []


def test_a_query_that_cannot_be_asked_is_told_and_loses_nothing(world: World) -> None:
    good = world.alerts(FILE.format(rest="on: new"))
    bad = world.alerts(FILE.format(rest="on: new").replace("query: chips", "filters: {type: tarif}"))
    world.send(good)
    world.tell("e")
    done = world.send(bad)
    assert done.sent == 0
    assert "alerts.chips" in done.faults[0]
    assert "tarif" in done.faults[0]
    world.send(good)
    assert world.told() == ["new e"]


def test_an_alert_that_was_away_begins_anew(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new"))
    world.send(alerts)
    world.send(world.alerts(FILE.format(rest="on: new, enabled: false")))
    world.tell("meanwhile")
    world.send(alerts)
    world.tell("e")
    world.send(alerts)
    assert world.told() == ["new e"]


def test_a_digest_gathers_until_its_time(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new, digest: daily 10:00, time_zone: Europe/Brussels"))
    world.send(alerts)  # 10:00 in Brussels: the next digest is tomorrow's
    for key in ("a", "b", "c"):
        world.tell(key)
        world.wait(hours=1)
        assert world.send(alerts).sent == 0
    world.now = datetime(2024, 10, 2, 7, 59, tzinfo=UTC)
    assert world.send(alerts).sent == 0
    world.now = datetime(2024, 10, 2, 8, 0, tzinfo=UTC)
    assert world.send(alerts).sent == 1
    assert world.told() == ["new a + new b + new c"]


def test_quiet_hours_hold_back_and_let_go_after(world: World) -> None:
    alerts = world.alerts(FILE.format(rest='on: new, quiet: "09:30-11:00", time_zone: Europe/Brussels'))
    world.send(alerts)
    world.tell("e")
    done = world.send(alerts)
    assert (done.sent, done.waiting) == (0, 1)
    world.wait(hours=1)
    assert world.send(alerts).sent == 1


def test_what_a_rate_would_hold_back_goes_together(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new").replace("rate: none", "rate: 3/h"))
    world.send(alerts)
    for number in range(6):
        world.tell(f"e{number}")
    assert world.send(alerts).sent == 3
    assert world.told() == ["new e0", "new e1", "new e2 + new e3 + new e4 + new e5"]
    world.tell("more")
    assert world.send(alerts).sent == 0
    world.wait(minutes=61)
    assert world.send(alerts).sent == 1


def test_a_channel_that_is_down_is_tried_ever_later_and_holds_up_no_other(world: World) -> None:
    alerts = world.alerts(
        FILE.format(rest="on: new")
        .replace("channel: desk", "channel: [desk, backup]")
        .replace("alerts:", '  backup: {url: "json://127.0.0.1:9/b", rate: none}\nalerts:')
    )
    world.send(alerts)
    world.down["desk"] = DOWN
    for key in ("a", "b"):
        world.tell(key)
    done = world.send(alerts)
    assert (done.sent, done.failed) == (2, 1)
    assert {name for name, _ in world.taken} == {"backup"}
    world.taken.clear()
    tried = []
    for _ in range(200):
        world.wait(minutes=1)
        tried.append(world.send(alerts).failed)
    assert sum(tried[:30]) > sum(tried[60:90]) > 0
    del world.down["desk"]
    world.wait(hours=2)
    world.send(alerts)
    assert sorted(world.told()) == ["new a", "new b"]


def test_a_channel_that_stays_down_is_given_up_and_can_be_tried_again(world: World) -> None:
    alerts = world.alerts("settings: {dead_after: 2d}\n" + FILE.format(rest="on: new"))
    world.send(alerts)
    world.down["desk"] = DOWN
    world.tell("e")
    world.send(alerts)
    for _ in range(3):
        world.wait(days=1)
        done = world.send(alerts)
    assert (done.dead, done.waiting) == (1, 0)
    del world.down["desk"]
    world.wait(days=1)
    assert world.send(alerts).sent == 0
    assert world.store.messages.revive(world.now) == 1
    assert world.send(alerts).sent == 1
    assert world.told() == ["new e"]


@pytest.mark.parametrize(("choice", "sent"), [("send", 1), ("skip", 0)])
def test_a_message_in_doubt_is_sent_again_or_not(world: World, choice: str, sent: int) -> None:
    alerts = world.alerts(FILE.format(rest=f"on: new, on_doubt: {choice}"))
    world.send(alerts)
    world.down["desk"] = Undelivered(reason="fell silent", in_doubt=True)
    world.tell("e")
    world.send(alerts)
    del world.down["desk"]
    world.wait(days=1)
    assert world.send(alerts).sent == sent
    assert world.send(alerts).waiting == 0


def test_the_same_message_has_the_same_id_however_often_it_is_tried(world: World) -> None:
    alerts = world.alerts(FILE.format(rest="on: new"))
    world.send(alerts)
    world.tell("e")
    world.down["desk"] = DOWN
    world.send(alerts)
    (before,) = world.store.messages.log(None, 10)
    del world.down["desk"]
    world.wait(minutes=2)
    world.send(alerts)
    ((_, sent),) = world.taken
    assert sent == replace(before.message, is_again=True)
    assert sent.document["id"] == sent.id
