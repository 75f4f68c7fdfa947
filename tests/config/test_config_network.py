"""How the network is used by commands that may do without a feeds.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import __version__, config
from tracker.errors import ConfigError

CONTACT = {"TRACKER_CONTACT": "desk@a.example"}
SETTINGS = """settings: {contact: desk@b.example, fetch: {host_delay: 7}}
sources:
  news:
    - {id: a, name: A, kind: feed, url: 'https://a.example/feed', tier: major, language: en}
"""


@pytest.mark.parametrize(
    ("environ", "agent"),
    [({}, f"tracker/{__version__}"), (CONTACT, f"tracker/{__version__} (+desk@a.example)")],
)
def test_without_a_file_the_defaults_hold(
    environ: dict[str, str], agent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = config.network(environ=environ)
    assert (found.user_agent, found.respect_robots) == (agent, True)


def test_a_file_that_lies_here_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds.yaml").write_text(SETTINGS, encoding="utf-8")
    found = config.network(environ={})
    assert (found.user_agent, found.host_delay) == (f"tracker/{__version__} (+desk@b.example)", 7)


@pytest.mark.parametrize(("named", "environ"), [("absent.yaml", {}), (None, {"TRACKER_CONFIG": "absent.yaml"})])
def test_a_file_that_is_named_has_to_be_there(
    named: str | None, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"absent\.yaml: no such file"):
        config.network(Path(named) if named else None, environ=environ)


def test_a_wrong_contact_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="TRACKER_CONTACT"):
        config.network(environ={"TRACKER_CONTACT": "a\nb"})
