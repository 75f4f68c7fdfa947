"""A user's ontology file: what it comes to, every fault with its place and remedy, and what it changes by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.model import EventType, Status
from tracker.nlp.gate import Gate
from tracker.nlp.ontology import load_ontology
from tracker.nlp.own import Own, extended, load, parse
from tracker.nlp.own.warnings import warnings

PATH = Path("own.yaml")
GOOD = """
types:
  sanction: {strong: [data embargo], topics: [golden visa]}
  visa_ban:
    of: sanction
    about: Visas refused as a measure.
    strong: [Visa Clampdown, VWP curb]
    topics: [consulate]
    crosswalk: {opensanctions: [sanction]}
acts:
  limit: {verbs: [kneecap], nouns: [kneecapping], phrases: [under the cosh]}
parties:
  acme: {name: Acme Drones, country: NO, aliases: [Acme], parent: null}
examples:
  - {text: Norway imposed a visa clampdown., subtype: visa_ban, actor: Norway, status: in_force}
  - {text: The EU adopted a data embargo., type: sanction}
  - {text: Students fear a visa clampdown., none: true}
"""

# yaml | each line of the message, in order
WRONG = [
    ("", ["own.yaml:1: the file is empty; add one of types, acts, parties, examples; docs/ontology.md shows the form"]),
    ("- a", ["own.yaml:1: not a mapping: a list; write 'key: value' lines below it"]),
    ("type: {}", ["own.yaml:1: type: unknown key; did you mean 'types'?"]),
    ("types: {tariff: {strong: levy}}", ["own.yaml:1: types.tariff.strong: not a list: 'levy'; write a list: [a, b]"]),
    ("types: {tariff: {strong: [levy, '']}}", ["own.yaml:1: types.tariff.strong[1]: empty; write a text, or take"]),
    ("types: {tariff: {strong: ['...']}}", ["types.tariff.strong: no word: '...'; write words as they are printed"]),
    ("types: {tariff: {strong: [a b c d e f g h i]}}", ["types.tariff.strong: more than 8 words: 'a b c d e f g h i'"]),
    ("types: {tariff: {weak: [a]}}", ["types.tariff.weak: unknown key; known are strong, topics"]),
    ("types: {tariff: null}", ["types.tariff: empty; write 'key: value' lines below it"]),
    (
        "types: {tarif: {strong: [a]}}",
        ["types.tarif: not one of the 15 types: 'tarif'; did you mean 'tariff'? If not, a subtype needs 'of:'"],
    ),
    (
        "types: {visa_ban: {of: sanctions, strong: [a]}}",
        ["visa_ban.of: not on the list: 'sanctions'; did you mean 'sanction'?"],
    ),
    (
        "types: {visa_ban: {of: sanction}}",
        ["types.visa_ban.strong: empty; add at least one phrase that names the subtype"],
    ),
    (
        "types: {Visa Ban: {of: sanction, strong: [a]}}",
        ["types.Visa Ban: not a short name: 'Visa Ban'; use small letters"],
    ),
    ("types: {tariff: {of: sanction, strong: [a]}}", ["types.tariff.of: unknown key; known are strong, topics"]),
    ("acts: {limt: {verbs: [a]}}", ["acts.limt: unknown key; did you mean 'limit'?"]),
    ("acts: {limit: {status: in_force}}", ["acts.limit.status: unknown key; known are verbs, nouns, phrases"]),
    ("parties: {acme: {nme: A}}", ["parties.acme.nme: unknown key; did you mean 'name'?"]),
    ("parties: {acme: {name: [A]}}", ["parties.acme.name: not a text: a list; write a text, or take the key away"]),
    ("parties: [acme]", ["own.yaml:1: parties: not a mapping: a list; write 'key: value' lines below it"]),
    ("examples: {text: a}", ["examples: not a list: a mapping; start each example with '- text: …'"]),
    ("examples: [{type: tariff}]", ["examples[0].text: missing; add 'text:' with a sentence"]),
    ("examples: [{text: a}]", ["examples[0]: says neither what must be found nor 'none: true'; add 'type:' or"]),
    ("examples: [{text: a, type: tarif}]", ["examples[0].type: not on the list: 'tarif'; did you mean 'tariff'?"]),
    ("examples: [{text: a, subtype: x}]", ["examples[0].subtype: no subtype of this file: 'x'; add it under 'types:'"]),
    ("examples: [{text: a, none: maybe}]", ["examples[0].none: neither true nor false: 'maybe'; write 'none: true'"]),
    (
        "examples: [{text: a, none: true, actor: US}]",
        ["examples[0].actor: of no use beside 'none: true'; take it away"],
    ),
    (
        "types: {visa_ban: {of: sanction, strong: [a]}}\nexamples: [{text: a, type: tariff, subtype: visa_ban}]",
        ["own.yaml:2: examples[0].type: visa_ban is of sanction, not of tariff; take 'type:' away"],
    ),
    ("types: {tariff: {strong: [a]}, tariff: {strong: [b]}}", ["types.tariff: given twice, first on line 1; keep one"]),
    ("types: *x", ["own.yaml:1: types: an alias, *x; write the value out"]),
    ("types: {", ["own.yaml:2:1: not YAML: "]),
    ("types: {tarif: {strong: [a]}}\nacts: {limt: {}}", ["own.yaml:1: types.tarif: ", "own.yaml:2: acts.limt: "]),
]


def read(text: str) -> Own:
    return parse(text.encode(), PATH)


def test_a_good_file_comes_to_its_values() -> None:
    own = read(GOOD)
    assert own.types[EventType.SANCTION].strong == ("data embargo",)
    assert own.subtypes["visa_ban"].of is EventType.SANCTION
    assert own.subtypes["visa_ban"].strong == ("visa clampdown", "VWP curb")
    assert own.subtypes["visa_ban"].crosswalk == {"opensanctions": ("sanction",)}
    assert own.acts["limit"].verbs == ("kneecap",)
    assert own.parties["acme"] == {"name": "Acme Drones", "country": "NO", "aliases": ["Acme"]}
    first, second, third = own.examples
    assert (first.type, first.subtype, first.actor) == (EventType.SANCTION, "visa_ban", "Norway")
    assert first.status is Status.IN_FORCE
    assert (second.type, second.subtype, second.none) == (EventType.SANCTION, None, False)
    assert (third.type, third.none, third.line) == (None, True, 17)


@pytest.mark.parametrize(("text", "lines"), WRONG)
def test_a_fault_is_told_with_file_line_path_and_remedy(text: str, lines: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert len(caught.value.faults) == len(lines)
    for fault, line in zip(caught.value.faults, lines, strict=True):
        assert line in fault
        assert fault.startswith("own.yaml:")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read \(No such file or directory\); check the path"):
        load(tmp_path / "none.yaml")


KEYS = st.sampled_from(
    [
        "types",
        "tariff",
        "visa_ban",
        "of",
        "strong",
        "acts",
        "limit",
        "verbs",
        "parties",
        "examples",
        "text",
        "none",
        "x",
    ]
)
TREES = st.recursive(
    st.none() | st.text(max_size=6) | st.sampled_from(["sanction", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_whatever_the_file_holds_it_is_read_or_its_faults_are_told(tree: object) -> None:
    data = json.dumps(tree).encode()
    try:
        parse(data, PATH)
        faults: tuple[str, ...] = ()
    except ConfigError as error:
        faults = error.faults
    assert all(fault.startswith("own.yaml:") for fault in faults)


def test_the_built_in_ontology_stays_as_it_is() -> None:
    before = load_ontology()
    after = extended(before, read(GOOD))
    assert load_ontology() is before
    assert before.namings == ()
    assert "data embargo" not in before.kinds[EventType.SANCTION].strong
    assert {"data embargo", "visa clampdown"} <= set(after.kinds[EventType.SANCTION].strong)
    assert {"golden visa", "consulate"} <= set(after.kinds[EventType.SANCTION].topics)
    assert {"kneecap", "kneecapped", "kneecapping"} <= set(after.acts["limit"].verbs)
    assert after.kinds[EventType.TARIFF] == before.kinds[EventType.TARIFF]
    assert [naming.name for naming in after.namings] == ["sanction/", "sanction/visa_ban", "sanction/visa_ban"]


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        (("data embargo", "data blockade"), True),
        (("golden visa", "gilded visa"), True),
        (("of: sanction", "of: import_restriction"), True),
        (("kneecap]", "hamstring]"), True),
        (("aliases: [Acme]", "aliases: [Acmé]"), True),
        (("Students fear", "Students dread"), False),
        (("types:", "# a comment\ntypes:"), False),
    ],
)
def test_the_version_changes_with_what_is_read_and_with_nothing_else(change: tuple[str, str], is_new: bool) -> None:  # noqa: FBT001
    assert read(GOOD).version.startswith("own.yaml ")
    assert (read(GOOD.replace(*change)).version != read(GOOD).version) is is_new


# yaml | the warning, or none
WARNINGS = [
    (
        "types: {sanction: {strong: [asset freezes]}}",
        "types.sanction.strong: 'asset freezes' is a strong phrase of sanction",
    ),
    (
        "types: {sanction: {topics: [oligarch]}}",
        "own.yaml: types.sanction.topics: 'oligarch' is a topic of sanction already",
    ),
    (
        "types: {tariff: {strong: [visa ban]}}",
        "'visa ban' is a strong phrase of sanction; beside an act it now always means tariff",
    ),
    (
        "types: {x: {of: tariff, strong: [visa ban]}}",
        "types.x.strong: 'visa ban' is a strong phrase of sanction; beside an act",
    ),
    ("types: {x: {of: sanction, strong: [visa ban]}}", None),
    (
        "types: {x: {of: sanction, strong: [a b]}, y: {of: sanction, strong: [a b]}}",
        "types.y.strong: 'a b' stands under x too",
    ),
    (
        "acts: {limit: {verbs: [restrict]}}",
        "own.yaml: acts.limit.verbs: 'restrict' is a verb of limit already; take it away",
    ),
    ("acts: {limit: {nouns: [curbs]}}", "acts.limit.nouns: 'curbs' is a noun of limit already"),
    ("acts: {limit: {verbs: [ban]}}", None),
    (
        "types: {tariff: {strong: [U.S. levy]}}",
        "types.tariff: 'U.S. levy' never matches as it is written; write",
    ),
]


@pytest.mark.parametrize(("text", "message"), WARNINGS)
def test_what_may_not_be_meant_is_a_warning(text: str, message: str | None) -> None:
    found = list(warnings(read(text), load_ontology(), lambda phrase: "." not in phrase))
    assert (not found) if message is None else [message in line for line in found] == [True]


def test_one_phrase_of_the_users_makes_an_article_worth_reading() -> None:
    text = "The band played three encores and the crowd sang along. " * 20 + "Norway agreed on a chip passport. "
    assert not Gate(load_ontology()).may_matter("", text)
    assert Gate(extended(load_ontology(), read("types: {tariff: {strong: [chip passport]}}"))).may_matter("", text)
