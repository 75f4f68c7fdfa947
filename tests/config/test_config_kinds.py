"""What official, bulk and local kinds need in feeds.yaml, and what is no use to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import config
from tracker.errors import ConfigError
from tracker.model import Records

HEAD = "sources:\n  desk:\n    - id: a\n      name: A\n      tier: official\n      language: en\n"
WEB = "url: https://a.example/x"

# Lines 7 and on of an entry, and what must be said of it.
WRONG = [
    ("kind: folder", "7: sources.desk[0].kind: 'folder' needs a path, and there is none; add 'path:' with the folder"),
    ("kind: mail\n      path:", "7: sources.desk[0].kind: 'mail' needs a path, and there is none; add 'path:'"),
    (f"kind: mail\n      path: m\n      {WEB}", "9: sources.desk[0].url: of no use to kind 'mail'; write 'path:'"),
    (f"kind: feed\n      path: m\n      {WEB}", "8: sources.desk[0].path: of no use to kind 'feed'; write 'url:' inst"),
    ("kind: feed\n      url:", "8: sources.desk[0].url: missing; add 'url:' with the address of the feed"),
    ("kind: maildir\n      path: m", "7: sources.desk[0].kind: 'maildir' is not a kind; use 'mail' (kinds: "),
    (f"kind: records\n      {WEB}", "7: sources.desk[0].kind: 'records' needs records, and there are none; add 'rec"),
    (f"kind: feed\n      {WEB}\n      records: {{items: a, url: b}}", "9: sources.desk[0].records: of no use to kind "),
    (f"kind: records\n      {WEB}\n      records: {{url: b}}", "9: sources.desk[0].records.items: missing; add the pa"),
    (f"kind: records\n      {WEB}\n      records: {{items: b}}", "9: sources.desk[0].records.url: missing; add the pa"),
    (f"kind: records\n      {WEB}\n      records: {{items: a..b, url: c}}", "9: sources.desk[0].records.items: "),
    (f"kind: gdelt\n      {WEB}", "sources.desk[0].wanted: kind 'gdelt' would list all the news of the world; add 'wa"),
    (f"kind: gdelt\n      {WEB}\n      wanted: {{languages: [en]}}", "9: sources.desk[0].wanted: kind 'gdelt' would"),
    (f"kind: gdelt_doc\n      {WEB}", "sources.desk[0].wanted: kind 'gdelt_doc' would list all the news of the world;"),
]

RIGHT = [
    "kind: folder\n      path: saved",
    "kind: mail\n      path: ~/Maildir",
    f"kind: records\n      {WEB}\n      records: {{items: '*', url: link.0.@href, next: meta.next}}",
    f"kind: gdelt\n      {WEB}\n      wanted: {{domains: [a.example], types: [export]}}",
    "kind: gdelt_doc\n      url: https://a.example/doc?query=steel",
    f"kind: gdelt_doc\n      {WEB}\n      wanted: {{terms: [steel]}}",
    f"kind: federal_register\n      {WEB}",
]


def written(tmp_path: Path, entry: str) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(f"{HEAD}      {entry}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("entry", "said"), WRONG)
def test_what_a_kind_lacks_or_has_no_use_for_is_told(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, entry), environ={})
    (fault,) = caught.value.faults
    assert said in fault.removeprefix(str(tmp_path))


@pytest.mark.parametrize("entry", RIGHT)
def test_what_a_kind_needs_is_enough(tmp_path: Path, entry: str) -> None:
    (source,) = config.load(written(tmp_path, entry), environ={}).sources
    assert source.id == "a"


@pytest.mark.parametrize(
    ("path", "address"),
    [("saved/2024", "{}/saved/2024"), ("../other", "{}/../other"), ("/srv/Züge #1", "/srv/Züge #1"), (".", "{}")],
)
def test_a_path_becomes_the_address_of_a_place_beside_the_file(tmp_path: Path, path: str, address: str) -> None:
    (source,) = config.load(written(tmp_path, f"kind: folder\n      path: '{path}'"), environ={}).sources
    assert source.url == Path(address.format(tmp_path)).resolve().as_uri()


def test_places_of_records_are_those_of_the_file(tmp_path: Path) -> None:
    places = "{items: results.bindings, url: act.value, title: title.value, date: date.value}"
    (source,) = config.load(
        written(tmp_path, f"kind: records\n      {WEB}\n      records: {places}"), environ={}
    ).sources
    assert source.records == Records(items="results.bindings", url="act.value", title="title.value", date="date.value")


def test_sites_are_named_as_hosts_are_compared(tmp_path: Path) -> None:
    wanted = "wanted: {domains: [News.A.example, bücher.example]}"
    (source,) = config.load(written(tmp_path, f"kind: gdelt_doc\n      {WEB}\n      {wanted}"), environ={}).sources
    assert source.wanted.domains == ("news.a.example", "xn--bcher-kva.example")


def test_one_folder_is_named_once(tmp_path: Path) -> None:
    second = HEAD.partition("desk:\n")[2].replace("id: a", "id: b")
    entry = f"kind: folder\n      path: saved\n{second}      kind: mail\n      path: saved"
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, entry), environ={})
    (fault,) = caught.value.faults
    assert "14: sources.desk[1].path: 'saved' is the path of sources.desk[0] (line 3) too; keep one" in fault
