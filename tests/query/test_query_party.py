"""The dossier of a party, by whichever of its names; and filters that follow names held to be one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import query_samples

from tracker.cli.group import main
from tracker.errors import NotFoundError
from tracker.model import Judgement, JudgementKind, Naming, Party, PartyKind, Scope
from tracker.pipeline import parties
from tracker.query import Timeline
from tracker.store import Store

NOW = datetime(2024, 12, 1, tzinfo=UTC)
ACME, OPENAI, NVIDIA = "name:company:societe-acme", "co:openai", "co:nvidia"
LIMITED = Party(name="Société Acmé S.A.", kind=PartyKind.COMPANY)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample timeline, with one more name of Acmé, and OpenAI held to be Nvidia by somebody's mistake."""
    path = query_samples.build(tmp_path_factory.mktemp("party") / "t.db")
    with Store.open(path) as store:
        parties.put_together(store)
        with store.batch():
            store._db.run(
                "INSERT INTO entity (id, name, kind, first_seen_at) VALUES (?, ?, 'company', '')",
                (f"{ACME}-s-a", LIMITED.name),
            )
        store.entities.note({"undated-herald": [*_noted(store, "undated-herald"), _naming(LIMITED)]})
        store.judgements.add(
            Judgement(
                id="j1", kind=JudgementKind.SAME, scope=Scope.PARTY, subject=OPENAI, object=NVIDIA, left=(OPENAI,),
                right=(NVIDIA,), who="ada", why="a slip", decided=NOW,
            )
        )  # fmt: skip
        parties.put_together(store)
    return path


def _naming(party: Party) -> Naming:
    return Naming(party=party, key="societeacme", how="name", words=party.name)


def _noted(store: Store, article_id: str) -> list[Naming]:
    """What is noted of an article, to be noted again with more."""
    rows = store._db.rows(
        "SELECT entity.*, key, how, words FROM entity_evidence JOIN entity ON entity.id = entity_id"
        " WHERE article_id = ?",
        (article_id,),
    )
    return [
        Naming(
            party=Party(
                name=row["name"],
                kind=PartyKind(row["kind"]),
                id=row["id"] if not row["id"].startswith("name:") else None,
            ),
            key=row["key"],
            how=row["how"],
            words=row["words"],
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def timeline(path: Path) -> Iterator[Timeline]:
    with Timeline.open(path) as opened:
        yield opened


ASKED = [
    ("Nvidia", NVIDIA),
    ("nvidia", NVIDIA),
    (NVIDIA, NVIDIA),
    (OPENAI, NVIDIA),  # held to be Nvidia
    ("OpenAI", NVIDIA),
    ("societe acme", ACME),
    (f"{ACME}-s-a", ACME),
    ("US", "gov:us"),
    ("China", "gov:cn"),
    ("DC Circ", "court:us:dc"),  # a part of its name
]


@pytest.mark.parametrize(("text", "key"), ASKED)
def test_a_party_is_found_by_any_of_its_names(timeline: Timeline, text: str, key: str) -> None:
    assert timeline.party(text).id == key


def test_a_dossier_tells_what_is_known(timeline: Timeline) -> None:
    found = timeline.party("Alibaba Cloud")
    assert (found.name, found.kind, found.country) == ("Alibaba Cloud", "company", "CN")
    assert found.parent is not None
    assert found.parent.id == "co:alibaba"
    assert (found.acts, found.targeted) == (0, 1)
    assert [event.id for event in found.latest] == ["e-licence"]
    assert [one.id for one in timeline.party("co:alibaba").children] == ["co:alibaba:cloud"]


def test_a_dossier_tells_which_names_it_stands_for_and_why(timeline: Timeline) -> None:
    found = timeline.party(f"{ACME}-s-a")
    assert found.asked == f"{ACME}-s-a"
    assert [(one.name, one.because) for one in found.merged] == [
        ("Société Acmé S.A.", "one name but for form and spelling: Société Acmé")
    ]
    assert {(one.words, one.articles, one.url) for one in found.aliases} == {
        ("Société Acmé", 1, "https://herald.example/undated"),
        ("Société Acmé S.A.", 1, "https://herald.example/undated"),
    }
    assert [one.who for one in timeline.party(OPENAI).judgements] == ["ada"]


def test_events_of_both_names_count(timeline: Timeline) -> None:
    found = timeline.party(OPENAI)
    assert (found.acts, {event.id for event in found.latest}) == (3, {"e-api", "e-api-leak", "e-halt"})


@pytest.mark.parametrize("actor", [OPENAI, NVIDIA, "Nvidia", "OpenAI"])
def test_filters_follow_names_held_to_be_one(timeline: Timeline, actor: str) -> None:
    assert {event.id for event in timeline.timeline(actor=actor)} == {"e-api", "e-api-leak", "e-halt"}


def test_a_name_that_several_bear_lists_them(timeline: Timeline) -> None:
    with pytest.raises(NotFoundError, match="several parties are called 'Commerce'") as error:
        timeline.party("Commerce")
    assert "gov:us:commerce  US Commerce Department (government, US; 1 events)" in str(error.value)
    with pytest.raises(NotFoundError, match="no party 'Nobody'"):
        timeline.party("Nobody")


def run(path: Path, *words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["--db", str(path), "party", *words])
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


def test_the_command_tells_it_in_words_and_as_json(path: Path) -> None:
    code, out, _ = run(path, "OpenAI", "--limit", "1")
    assert code == 0
    assert out.splitlines()[0].strip() == "Nvidia"
    assert "OpenAI (co:openai): ada decided it: a slip" in out
    assert json.loads(run(path, "--json", "co:alibaba:cloud")[1])["parent"]["id"] == "co:alibaba"
    assert run(path, "Commerce")[0] == run(path, "Nobody")[0] == 66
