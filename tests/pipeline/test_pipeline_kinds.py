"""Kinds of source that need more of the conductor than a feed: files, services that answer 200, posts, whole texts."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from outlet import HOST, WORDS, Answer, Outlet, Watcher, entry, feed, source, story

from tracker.model import SourceKind, Wanted
from tracker.pipeline import collecting

GERMAN = (
    "Das Ministerium hat am Montag neue Regeln für die Ausfuhr von Anlagen vorgestellt, die im Sommer gelten sollen. "
    "Die Unternehmen müssen dann für jede Lieferung eine Genehmigung beantragen, sagte ein Sprecher in der Hauptstadt. "
)


def test_a_folder_of_saved_pages_becomes_articles(watcher: Watcher, tmp_path: Path) -> None:
    pages = tmp_path / "saved"
    pages.mkdir()
    for number in (1, 2):
        (pages / f"{number}.html").write_bytes(story(number).body)
    watcher.sources = (source(kind=SourceKind.FOLDER, url=pages.as_uri()),)
    assert watcher.refresh().articles_new == 2
    (pages / "3.html").write_bytes(story(3).body)
    (pages / "note.txt").write_text(f"Rules for seaports withdrawn\n\n{WORDS.format(name='cranes')}", "utf-8")
    assert watcher.refresh(2 * timedelta(hours=1)).articles_new == 2
    titles = watcher.rows("SELECT title FROM article WHERE unread IS NULL ORDER BY title")
    assert titles == [
        *((f"Rules for goods of class {n} published",) for n in (1, 2, 3)),
        ("Rules for seaports withdrawn",),
    ]


def test_a_saved_page_that_is_saved_again_becomes_a_revision(watcher: Watcher, tmp_path: Path) -> None:
    pages = tmp_path / "saved"
    pages.mkdir()
    for number in (1, 2):
        (pages / f"{number}.html").write_bytes(story(number).body)
    watcher.sources = (source(kind=SourceKind.FOLDER, url=pages.as_uri()),)
    assert watcher.refresh().articles_new == 2
    (pages / "1.html").write_bytes(story(1, WORDS.format(name="cranes and their parts")).body)
    os.utime(pages / "2.html", (0, 0))  # not edited
    report = watcher.refresh(2 * timedelta(hours=1))
    assert (report.articles_new, report.articles_revised) == (0, 1)
    assert watcher.value("SELECT count(*) FROM article WHERE text LIKE '%cranes and their parts%'") == 1
    assert watcher.refresh(24 * timedelta(hours=1)).articles_revised == 0


def test_a_service_that_says_too_often_in_a_page_is_slowed_and_not_broken(outlet: Outlet, watcher: Watcher) -> None:
    told = b"Please limit requests to one every 5 seconds or contact the operators for larger queries."
    wanted = Wanted(terms=("export controls",))
    watcher.sources = (source(kind=SourceKind.GDELT_DOC, url=f"{HOST}/api/v2/doc/doc", wanted=wanted),)
    watcher.refresh()
    outlet.routes[outlet.paths()[0]] = Answer(body=told, headers={"Content-Type": "text/plain"})
    watcher.refresh(force=True)
    outcome, reason = watcher.rows("SELECT last_outcome, last_reason FROM source")[0]
    assert (outcome, "limits requests to one every 5 seconds" in reason) == ("failed", True)


def test_an_article_belongs_to_its_own_outlet_before_a_post_that_leads_to_it(outlet: Outlet, watcher: Watcher) -> None:
    post = {
        "id": "9",
        "uri": "http://social.example/@desk/9",
        "url": "http://social.example/@desk/9",
        "created_at": "2026-01-05T08:00:00.000Z",
        "content": "<p>New rules for exporters, read on.</p>",
        "account": {"id": "7", "acct": "desk", "display_name": "Desk"},
        "card": {"url": "http://outlet.example/1", "title": "Rules for goods of class 1 published", "type": "link"},
    }
    outlet.publish(1)
    outlet.routes["/api/v1/accounts/lookup?acct=desk"] = Answer(body=json.dumps({"id": "7", "acct": "desk"}).encode())
    social = source(id="a-desk", kind=SourceKind.MASTODON, url="http://social.example/@desk")
    watcher.sources = (social,)
    watcher.refresh()
    statuses = next(path for path in outlet.paths() if path.startswith("/api/v1/accounts/7/statuses"))
    outlet.routes[statuses] = Answer(body=json.dumps([post]).encode())
    watcher.sources = (social, source(id="z-outlet"))
    report = watcher.refresh(force=True)
    assert report.articles_new == 1
    assert watcher.rows("SELECT source_id FROM article") == [("z-outlet",)]
    assert watcher.value("SELECT count(*) FROM item WHERE article_id = (SELECT id FROM article)") == 2


def test_an_edited_article_in_a_language_that_is_not_read_is_a_revision(outlet: Outlet, watcher: Watcher) -> None:
    watcher.sources = (source(language="de"),)
    outlet.routes |= {"/feed.json": feed(entry(1)), "/1": story(1, GERMAN * 4)}
    watcher.refresh()
    edited = GERMAN * 4 + "Der Verband der Maschinenbauer hat die Pläne am Dienstag begrüßt."
    outlet.routes |= {"/feed.json": feed(entry(1, title="Neue Regeln")), "/1": story(1, edited)}
    assert watcher.refresh(2 * timedelta(hours=1)).articles_revised == 1


def test_whole_texts_do_not_use_up_the_pages_of_a_run(outlet: Outlet, watcher: Watcher) -> None:
    numbers = range(1, 131)
    assert len(numbers) > 2 * collecting.TEXTS_AT_ONCE
    watcher.sources = (source(full_text=False),)
    outlet.routes["/feed.json"] = feed(*(entry(n, content_html=story(n).body.decode()) for n in numbers))
    report = watcher.refresh()
    assert report.articles_new == len(numbers)
    assert outlet.paths() == ["/feed.json"]


def test_a_source_that_is_put_off_keeps_what_was_known_of_it(outlet: Outlet, watcher: Watcher) -> None:
    other = source(id="other", url=f"{HOST}/other.json")
    watcher.sources = (source(), other)
    outlet.routes |= {"/feed.json": Answer(status=429, headers={"Retry-After": "7200"}), "/other.json": feed(entry(2))}
    outlet.routes["/2"] = story(2)
    watcher.refresh(only=("other",))
    watcher.refresh(only=("outlet",), force=True)
    report = watcher.refresh(timedelta(hours=1), only=("other",), force=True)
    assert report.faults == ("other: outlet.example has asked for a pause; asked later",)
    rows = dict(watcher.rows("SELECT id, last_outcome || ' ' || failures FROM source"))
    assert rows == {"other": "page 0", "outlet": "failed 1"}
