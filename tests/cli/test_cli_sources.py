"""`tracker sources` as a user meets it: its command line, a real site on loopback, a real feeds.yaml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from folder_site import Site
from process import Result

from tracker import config
from tracker.cli import main
from tracker.cli.book import as_filed
from tracker.config import Config
from tracker.query import Timeline

NOW = datetime.now(UTC)
ITEMS = "".join(
    f"<item><title>Headline {n}</title><link>/news/{n}.html</link>"
    f"<pubDate>{format_datetime(NOW - timedelta(days=n))}</pubDate></item>"
    for n in range(3)
)
RSS = f"<rss version='2.0'><channel><title>Trade &amp; News</title>{ITEMS}</channel></rss>"
HOME = "<html><head><link rel=alternate type=application/rss+xml href=/f.xml></head><body>Hello.</body></html>"
FILE = """\
# Mine.
settings: {fetch: {host_delay: 0}}
sources:
  official:
    - id: dead  # gone
      name: Dead
      kind: feed
      url: http://127.0.0.1:9/feed
      language: en
      tier: official
      tags: [old]
      private: true
"""
OPML = """<opml version="2.0"><body><outline text="Trade"><outline text="A &amp; B" xmlUrl="https://a.example/f"/>
<outline text="C" xmlUrl="https://c.example/f" htmlUrl="https://c.example/"/></outline>
<outline text="Dead" xmlUrl="http://127.0.0.1:9/feed/"/></body></opml>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(HOME)
    (folder / "f.xml").write_text(RSS)
    with Site(folder) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "feeds.yaml").write_text(FILE)
    return folder


def run(folder: Path, *words: object) -> Result:
    """`tracker sources` with words in a folder; in this process, since there are many of them here."""
    written, told = BytesIO(), BytesIO()
    out, err = TextIOWrapper(written, encoding="utf-8"), TextIOWrapper(told, encoding="utf-8")
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["sources", *map(str, words)])
    out.flush()
    err.flush()
    code = int(ended.value.code or 0)
    return Result([], code, written.getvalue().decode(), told.getvalue().decode())


def file(desk: Path) -> str:
    return (desk / "feeds.yaml").read_text()


def test_a_feed_is_found_written_and_refused_the_second_time(desk: Path, site: Site) -> None:
    result = run(desk, "add", site.url(""), "--tier", "official", "--tag", "trade", "--country", "CH")
    assert result.returncode == 0, result.stderr
    assert "1  feed  <link rel=alternate>" in result.stderr
    entry = result.stdout.splitlines()
    assert entry[0] == "id: trade-and-news"
    assert file(desk) == FILE + "    - " + "\n      ".join(entry) + "\n"
    assert "private: true" in entry
    again = run(desk, "add", site.url("f.xml"))
    assert again.returncode == 65
    assert "feeds.yaml: 'trade-and-news' asks" in again.stderr
    assert run(desk, "check", "trade-and-news").returncode == 0


def test_a_dry_run_writes_nothing_and_json_tells_all(desk: Path, site: Site) -> None:
    told = json.loads(run(desk, "add", site.url(""), "--dry-run", "--json", "--id", "mine", "--group", "more").stdout)
    assert (told["written"], told["group"], told["entry"]["id"]) == (False, "more", "mine")
    assert [(one["found_by"], one["entries"], one["dated"]) for one in told["candidates"]] == [
        ("<link rel=alternate>", 3, 3)
    ]
    assert file(desk) == FILE


def test_a_new_file_is_begun_where_there_is_none(tmp_path: Path, site: Site) -> None:
    assert run(tmp_path, "add", site.url("f.xml"), "-y").returncode == 0
    assert [source.id for source in config.load(tmp_path / "feeds.yaml").sources] == ["trade-and-news"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("add", "ftp://a.example"), 65, "'ftp://a.example': no http(s) address"),
        (("add", "http://127.0.0.1:9/"), 69, "cannot connect"),
        (
            ("add", "feeds.yaml"),
            65,
            "feeds.yaml: on this machine; give it an entry with 'kind: folder' or 'kind: mail'",
        ),
        (("add", "{site}", "--id", "A B"), 78, "nothing is written"),
        (("add", "{site}", "--id", "A B"), 78, "sources.specialist[0].id: not a short name"),
        (("add", "{site}", "--id", "dead"), 78, "'dead' is the id of sources.official[0] (line 5) too"),
        (("add", "{site}", "--pick", "7"), 65, "--pick 7: there are 1 candidates"),
        (("add", "{site}", "--kind", "sitemap"), 65, "nothing found that lists articles"),
        (("add", "{site}", "--kind", "sitemap"), 65, "5 usual addresses tried: nothing there\ntracker: "),
        (("add", "{site}none.html"), 0, "usual addresses"),
        (("add", "no such host/" + "x" * 300), 65, "no http(s) address"),
        (("check", "ded"), 66, "no source 'ded'; did you mean 'dead'?"),
        (("remove", "ded"), 66, "no source 'ded'; did you mean 'dead'?"),
        (("remove", "dead"), 78, "'dead' is its only source"),
        (("import-opml", "none.opml"), 65, "none.opml: cannot be read"),
        (("import-opml", "feeds.yaml"), 65, "feeds.yaml:1:1: broken XML"),
        (("chekc",), 2, "No such command 'chekc'"),
    ],
)
def test_what_goes_wrong_is_told(desk: Path, site: Site, words: tuple[str, ...], code: int, message: str) -> None:
    root = site.url("")
    if words[-1].endswith("none.html"):
        (desk.parent / "site" / "feed").write_text(RSS)
    result = run(desk, *(word.replace("{site}", root) for word in words))
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert (file(desk) == FILE) == (code != 0)


def test_check_says_what_is_wrong_and_what_to_do(desk: Path, site: Site) -> None:
    run(desk, "add", site.url("f.xml"))
    result = run(desk, "check")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[1].split()[:2] == ["dead", "FAILS"]
    assert "→ check the address, try again later" in result.stdout
    assert any(line.split()[:3] == ["trade-and-news", "ok", "3"] for line in lines)
    assert lines[-1].strip() == "2 sources: 1 well, 0 weak, 1 failing"
    (told,) = json.loads(run(desk, "check", "dead", "--json").stdout)
    assert (told["id"], told["ok"], told["items"]) == ("dead", False, 0)
    assert not (desk / "db").exists()


def test_the_file_alone_can_be_checked(desk: Path) -> None:
    result = run(desk, "check", "--config-only")
    assert (result.returncode, result.stdout) == (0, "feeds.yaml: 1 sources, 0 of them switched off; no fault found\n")
    assert json.loads(run(desk, "check", "--config-only", "--json").stdout)["sources"] == 1


def test_before_the_first_refresh_the_sources_of_the_file_are_listed(desk: Path) -> None:
    (only,) = json.loads(run(desk, "list", "--json").stdout)
    assert (only["id"], only["last_asked_at"], only["items"]) == ("dead", None, 0)
    assert "never asked" in run(desk).stdout
    (desk / "feeds.yaml").unlink()
    assert run(desk, "list").returncode != 0


def test_sources_are_switched_and_removed(desk: Path, site: Site) -> None:
    assert run(desk, "disable", "dead").returncode == 0
    assert file(desk) == FILE + "      enabled: false\n"
    assert "no source" not in run(desk, "check").stderr
    assert run(desk, "enable", "dead").returncode == 0
    assert file(desk) == FILE
    run(desk, "add", site.url("f.xml"), "--tier", "official")
    assert run(desk, "remove", "trade-and-news").returncode == 0
    assert file(desk) == FILE


def test_a_list_of_feeds_is_imported_and_exported(desk: Path) -> None:
    (desk / "list.opml").write_text(OPML)
    dry = run(desk, "import-opml", "list.opml", "--dry-run")
    assert "# group: trade\nid: a-and-b\n" in dry.stdout
    assert "2 of 3 feeds would be added to feeds.yaml" in dry.stderr
    assert file(desk) == FILE
    result = run(desk, "import-opml", "list.opml", "--tier", "major")
    assert result.stdout.splitlines() == [
        "2 of 3 feeds added to feeds.yaml",
        "tier major for all, since OPML has none",
        "none has been asked yet: `tracker sources check` tries them",
        "language en for 2 that name none",
        "1 are there already: http://127.0.0.1:9/feed/",
    ]
    assert file(desk).startswith(FILE)
    told = json.loads(run(desk, "import-opml", "list.opml", "--json").stdout)
    assert (told["written"], told["added"], len(told["known"])) == (False, [], 3)
    exported = run(desk, "export-opml")
    assert (
        '<outline text="C" title="C" type="rss" xmlUrl="https://c.example/f" htmlUrl="https://c.example/"'
        in exported.stdout
    )
    assert "3 feeds written to standard output" in exported.stderr
    assert run(desk, "export-opml", "out.opml").stdout == "3 feeds written to out.opml\n"
    assert (desk / "out.opml").read_text() == exported.stdout


def test_the_list_is_filtered(stocked: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_CONFIG", str(stocked.path))
    monkeypatch.setenv("TRACKER_DB", str(stocked.settings.database))

    def listed(*words: str) -> set[str]:
        result = run(stocked.path.parent, *words, "--json")
        assert result.returncode == 0, result.stderr
        return {row["id"] for row in json.loads(result.stdout)}

    every = {source.id for source in stocked.sources}
    assert listed() == listed("list") == every
    one = stocked.sources[0]
    assert listed("list", "--kind", one.kind) == {source.id for source in stocked.sources if source.kind is one.kind}
    assert listed("list", "--group", one.tags[0]) == {s.id for s in stocked.sources if s.tags[0] == one.tags[0]}
    assert listed("--tag", "no-such-tag") == set()
    assert run(stocked.path.parent, "--tag", "no-such-tag").stdout.strip() == "no source matches"
    assert listed("list", "--failing") | listed("list", "--silent") < every


def test_the_list_follows_the_file_between_refreshes(
    desk: Path, stocked: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DB", str(stocked.settings.database))
    known, other = stocked.sources[:2]
    entry = FILE.splitlines()[4:]
    entry[0] = f"    - id: {known.id}"
    entry[3] = "      url: https://known.example/feed"
    (desk / "feeds.yaml").write_text(FILE + "\n".join([*entry, "      enabled: false", ""]))
    for command in ("list", "health"):
        lines = {line.split()[0]: line for line in run(desk, command).stdout.splitlines()}
        assert "never asked" in lines["dead"]
        assert " off " in lines[known.id]
        assert " removed " in lines[other.id]
    assert "source 'dead' has not been asked yet; `tracker refresh --source dead`" in run(desk, "health", "dead").stderr
    row = next(row for row in json.loads(run(desk, "--json").stdout) if row["id"] == known.id)
    assert (row["enabled"], row["active"], row["last_outcome"]) == (False, True, "page")


def test_a_database_that_is_named_and_a_file_that_is_wrong_change_no_row(desk: Path, stocked: Config) -> None:
    with Timeline.open(stocked.settings.database) as timeline:
        rows = timeline.sources()
    path = desk / "feeds.yaml"
    assert as_filed(rows, {"config": path, "db": stocked.settings.database}) == rows
    assert as_filed(rows, {"config": path, "db": None}) != rows
    path.write_text("sources: []")
    assert as_filed(rows, {"config": path, "db": None}) == rows


def test_the_health_of_one_source_has_its_requests(stocked: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DB", str(stocked.settings.database))
    source = stocked.sources[0]
    told = json.loads(run(stocked.path.parent, "health", source.id, "--json").stdout)
    assert (told["id"], told["url"], told["alarms"]) == (source.id, source.url, [])
    assert {source.url} == {fetch["url"] for fetch in told["fetches"]}
    assert "last requests" in run(stocked.path.parent, "health", source.id).stdout
    assert f"{len(stocked.sources)} sources" in run(stocked.path.parent, "health").stdout
    unknown = run(stocked.path.parent, "health", source.id + "x")
    assert (unknown.returncode, unknown.stdout) == (66, "")
    assert f"did you mean '{source.id}'?" in unknown.stderr
