"""People decide in the browser: each decision as it is taken, told, kept and undone, with and without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Site, served
from visiting import Page as Seen
from visiting import Visitor

from tracker import review
from tracker.query import JudgementRow, Timeline
from tracker.review import Task
from tracker.store import Store

WHO = "Ann Example"


@dataclass(frozen=True)
class Desk:
    """A site that takes decisions, with its database."""

    site: Site
    path: Path

    @property
    def entrance(self) -> str:
        """The address that was printed."""
        return next(line for line in self.site.log().splitlines() if "/review/enter#" in line)

    @property
    def key(self) -> str:
        return self.entrance.partition("#")[2]

    def tasks(self, kind: str) -> list[Task]:
        with Store.open(self.path, read_only=True) as store:
            return [task for task in review.queue(store, limit=40) if task.kind == kind]

    def judged(self) -> list[JudgementRow]:
        """All decisions, the newest first."""
        with Timeline.open(self.path) as timeline:
            return timeline.judgements()

    def latest(self) -> JudgementRow:
        return self.judged()[0]

    def verdict(self, event: str) -> str | None:
        with Timeline.open(self.path) as timeline:
            return timeline.event(event).verdict


@pytest.fixture(scope="module")
def desk(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = Path(shutil.copy(demo, tmp_path_factory.mktemp("desk") / "desk.db"))
    with served(path, "--review") as site:
        yield Desk(site, path)


@pytest.fixture(scope="module")
def ann(desk: Desk) -> Visitor:
    """Somebody without scripts who has come in."""
    visitor = Visitor(desk.site.address)
    assert visitor.enter(desk.key, WHO).path == "/review"
    return visitor


def at(task: Task) -> str:
    return f"/review?task={task.kind}:{':'.join(task.ids)}"


def undone(desk: Desk, visitor: Visitor, page: Seen) -> JudgementRow:
    """Press Undo on the page that told of a decision."""
    told = visitor.submit(page, "close")
    assert told.status == 200
    assert "Undone:" in told.words()
    return desk.latest()


def test_tasks_of_the_list_are_told_apart_by_kind_and_reason(desk: Desk, ann: Visitor) -> None:
    lines = ann.get("/review").soup.select(".queue li a")
    told = [" ".join(line.get_text(" ").split()) for line in lines]
    assert len(set(told)) == len(told) > 5
    names = {"close call": "close", "contradiction": "contested"}
    by_kind = {name: [line for line in told if line.startswith(name)] for name in names}
    assert {name: len(some) for name, some in by_kind.items()} == {n: len(desk.tasks(k)) for n, k in names.items()}
    assert all(" held to be " in line and "score 0." in line for line in by_kind["close call"]), by_kind
    assert all(re.search(r": .+ \(\d+\);", line) for line in by_kind["contradiction"]), by_kind
    assert all(line.select_one(".kind-of")["class"][1].startswith("kind-") for line in lines)  # type: ignore[index]


def test_an_event_is_accepted_and_that_undone(desk: Desk, ann: Visitor) -> None:
    task = desk.tasks("contested")[0]
    page = ann.submit(ann.get(at(task)), "accept")
    made = desk.latest()
    assert (made.kind, made.who, made.why, made.closed_at) == ("accept", WHO, "right as it is", None)
    assert desk.verdict(task.ids[0]) == "accept"
    assert "Decided: right as it is" in page.words()
    assert task.ids[0] not in {task.ids[0] for task in desk.tasks("contested")}
    closed = undone(desk, ann, page)
    assert (closed.id, closed.closed_by) == (made.id, WHO)
    assert desk.verdict(task.ids[0]) is None


def test_an_event_is_rejected_with_a_reason_or_not_at_all(desk: Desk, ann: Visitor) -> None:
    task = desk.tasks("contested")[0]
    before = desk.judged()
    asked = ann.submit(ann.get(at(task)), "reject")
    assert asked.status == 400
    assert "say why" in asked.words()
    assert desk.judged() == before
    form = asked.soup.select_one("form.again")
    assert form is not None
    assert form.select_one("input[name=act][value=reject]") is not None  # so that it is enough to say why
    page = ann.submit(ann.get(at(task)), "reject", why="an opinion")
    assert (desk.latest().kind, desk.latest().why) == ("reject", "an opinion")
    with Timeline.open(desk.path) as timeline:
        assert task.ids[0] not in {event.id for event in timeline.timeline(limit=None)}
    undone(desk, ann, page)
    assert desk.verdict(task.ids[0]) is None


CORRECTIONS = {
    "status": ("suspended", "suspended"),
    "announced_on": ("2024-05", "2024-05"),
    "targets": ("Nvidia; Initech (company, US)", ("Nvidia", "Initech")),
    "items": ("one thing; another", ("one thing", "another")),
}


def test_fields_are_corrected_together(desk: Desk, ann: Visitor) -> None:
    task = desk.tasks("contested")[0]
    fields = {f"set-{field}": text for field, (text, _) in CORRECTIONS.items()}
    page = ann.submit(ann.get(f"/event/{task.ids[0]}"), "edit", why="the gazette has it", **fields)
    assert page.path.startswith(f"/event/{task.ids[0]}")
    with Timeline.open(desk.path) as timeline:
        detail = timeline.event(task.ids[0])
        assert {field: getattr(detail.event, field) for field in CORRECTIONS} == {
            field: value for field, (_, value) in CORRECTIONS.items()
        }
        assert {one.field for one in timeline.judgements(limit=len(CORRECTIONS))} == set(CORRECTIONS)
    assert page.words().count("Decided:") == len(CORRECTIONS)


WRONG = {
    "no such day": ({"set-announced_on": "July"}, "is no date"),
    "no such party": ({"set-actors": "Nobody at all"}, "Nobody at all"),
    "nothing new": ({}, "every field is as it was"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_set_is_told_and_what_was_filled_in_is_kept(desk: Desk, ann: Visitor, name: str) -> None:
    fields, words = WRONG[name]
    before = desk.judged()
    event = desk.tasks("contested")[1].ids[0]
    good = {"set-status": "ended"} if fields else {}
    page = ann.submit(ann.get(f"/event/{event}"), "edit", why="<b>so</b>", **good, **fields)
    assert page.status == 400
    assert words in page.words()
    assert desk.judged() == before  # none of them, the good one neither
    kept = page.soup.select_one("form.again")
    assert kept is not None
    assert {str(one["value"]) for one in kept.select("input[type=text]")} == {*fields.values(), "<b>so</b>"}


def test_two_events_are_merged_and_parted_again(desk: Desk, ann: Visitor) -> None:
    task = next(task for task in desk.tasks("close") if "are two events" in task.words)
    one, two = task.ids
    near = ann.get(f"/review/merge?one={one}")
    assert near.soup.select_one(f"input[value={two}]") is not None  # it comes near
    found = ann.get(f"/review/merge?one={one}&text={two}")
    page = ann.submit(found, "same", two=two, why="one step")
    with Timeline.open(desk.path) as timeline:
        assert timeline.event(one).id == timeline.event(two).id
    undone(desk, ann, page)
    with Timeline.open(desk.path) as timeline:
        assert timeline.event(one).id != timeline.event(two).id


def test_what_a_person_set_is_told_before_it_holds_for_another_event_too(desk: Desk, ann: Visitor) -> None:
    task = next(task for task in desk.tasks("close") if "are two events" in task.words)
    one, two = task.ids
    made = ann.submit(ann.get(f"/event/{two}"), "edit", why="so", **{"set-effective_on": "2031-05"})
    told = f"Takes effect: “May 2031”, as {WHO} set it, holds for both; the other one says"
    assert told in ann.get(f"/review/merge?one={one}&text={two}").words()
    assert told in ann.get(at(task)).words()
    undone(desk, ann, made)
    assert told not in ann.get(at(task)).words()


def test_reports_are_split_off(desk: Desk, ann: Visitor) -> None:
    with Timeline.open(desk.path) as timeline:
        event = next(one for one in timeline.timeline(limit=None) if one.report_count > 3)
        last = timeline.event(event.id).reports[-1].id
    assert ann.submit(ann.get(f"/event/{event.id}"), "split", why="x").status == 400  # nothing was chosen
    page = ann.submit(ann.get(f"/event/{event.id}"), "split", part=[last], why="another step")
    assert desk.latest().right == (last,)
    with Timeline.open(desk.path) as timeline:
        assert last not in {report.id for report in timeline.event(event.id).reports}
    undone(desk, ann, page)
    with Timeline.open(desk.path) as timeline:
        assert last in {report.id for report in timeline.event(event.id).reports}


def test_the_log_tells_all_decisions_and_undoes_each(desk: Desk, ann: Visitor) -> None:
    page = ann.submit(ann.get(at(desk.tasks("contested")[0])), "accept", why="for the log")
    assert "for the log" in ann.get("/review/log").words()
    assert "for the log" in ann.get(f"/review/log?kind=accept&state=open&who={WHO.replace(' ', '+')}").words()
    for other in ("kind=reject", "who=nobody", "state=closed"):
        assert "for the log" not in ann.get(f"/review/log?{other}").words()
    page = ann.submit(ann.get("/review/log?state=open"), "close")
    assert "Undone:" in page.words()
    assert "for the log" in ann.get("/review/log?state=closed").words()
    assert ann.get("/review/log?kind=nonsense").status == 400


# Browser.


@pytest.fixture(scope="module")
def entered(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Somebody who has come in through the printed address, by the keyboard alone."""
    page = browser.new_page()
    page.goto(desk.entrance)
    expect(page.locator("#key")).to_have_value(desk.key)
    assert desk.key not in page.url
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Review")
    yield page
    page.close()


@pytest.fixture
def page(entered: Page) -> Iterator[Page]:
    """The same, watched for faults."""
    faults: list[str] = []

    def note(what: object) -> None:
        faults.append(str(what))

    entered.on("pageerror", note)
    yield entered
    entered.remove_listener("pageerror", note)
    assert faults == []


def goto(page: Page, desk: Desk, task: Task) -> None:
    page.goto(desk.site.address + at(task))


def pressed(page: Page, *keys: str) -> None:
    """Keys, one after another, until the next page tells what was decided."""
    for key in keys[:-1]:
        page.keyboard.press(key) if len(key) == 1 or key in {"Enter", "Escape"} else page.keyboard.type(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])
    expect(page.locator(".told")).to_be_visible()


# Kind of task, keys, and the decision with its reason that they make.
KEYS: dict[str, tuple[str, tuple[str, ...], tuple[str, str]]] = {
    "accept": ("contested", ("a",), ("accept", "right as it is")),
    "reject": ("contested", ("r", "no step at all", "Enter"), ("reject", "no step at all")),
    "the same": ("close", ("m", "one step", "Enter"), ("same", "one step")),
    "different": ("close", ("d", "two steps", "Enter"), ("different", "two steps")),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_decides_and_another_undoes(desk: Desk, page: Page, name: str) -> None:
    kind, keys, expected = KEYS[name]
    goto(page, desk, desk.tasks(kind)[0])
    pressed(page, *keys)
    assert (desk.latest().kind, desk.latest().why) == expected
    assert desk.latest().who == WHO
    pressed(page, "u")
    assert desk.latest().closed_at is not None


def test_keys_go_through_the_queue(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.site.address}/review")
    for key, place in (("j", "2 of"), ("s", "3 of"), ("k", "2 of")):
        with page.expect_navigation():
            page.keyboard.press(key)
        expect(page.locator(".steps")).to_contain_text(place)
    for key in ('"', "\\", "]", "Shift", "/"):
        page.keyboard.press(key)
    expect(page.locator("[data-key='/']")).to_be_focused()


def test_enter_in_the_reason_decides_nothing_by_itself(desk: Desk, page: Page) -> None:
    before = desk.judged()
    goto(page, desk, desk.tasks("contested")[0])
    page.locator("#why-verdict").fill("so")
    page.keyboard.press("Enter")
    expect(page.locator(".hint")).to_contain_text("Choose what to decide")
    assert desk.judged() == before


def test_fields_are_corrected_by_keys(desk: Desk, page: Page) -> None:
    goto(page, desk, desk.tasks("contested")[0])
    page.keyboard.press("e")
    expect(page.locator("#set-type")).to_be_focused()
    page.locator("#set-status").select_option("delayed")
    page.locator("#why-correct").fill("put off")
    pressed(page, "Enter")
    assert (desk.latest().field, desk.latest().value) == ("status", "delayed")
    pressed(page, "u")
