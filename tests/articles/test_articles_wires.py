"""Which agency a text is credited to."""

from __future__ import annotations

import pytest

from tracker.articles.wires import AGENCIES, credit, is_own

BODY = "The ministry said on Tuesday that it would curb exports of the metal from August."


@pytest.mark.parametrize(
    ("blocks", "author", "url", "wire"),
    [
        (["LONDON (Reuters) - The ministry said so."], None, None, "reuters"),
        (["BEIJING, June 25 (AP) — The ministry said so."], None, None, "ap"),
        (["NEW YORK, June 25, 2024 /PRNewswire/ -- Harrow Foundry said so."], None, None, "pr-newswire"),
        (["WASHINGTON, D.C. (AP) \u2013 The ministry said so."], None, None, "ap"),
        (["(dpa) - The ministry said so."], None, None, "dpa"),
        (["The ministry acts", "BERLIN (dpa/AFX) - The ministry said so."], None, None, "dpa"),
        (["KATHMANDU (Himal Wire) - Providers cut networks off."], None, None, "himal-wire"),
        ([BODY], "Jane Roe, Associated Press", None, "ap"),
        ([BODY], "Reuters", None, "reuters"),
        ([BODY], "AFP staff", None, "afp"),
        ([BODY], "Jane Roe | Bloomberg News", None, "bloomberg"),
        ([BODY, "(Reporting by Jane Roe and John Doe; Editing by Mary Major)"], None, None, "reuters"),
        ([BODY, f"{BODY} - Xinhua"], None, None, "xinhua"),
        ([BODY, "Source: Kyodo"], None, None, "kyodo"),
        ([BODY, "© 2024 AFP"], None, None, "afp"),
        ([BODY], None, "https://www.reuters.com/world/1", "reuters"),
        # not the agency's words
        (["Reuters reported that the ministry will act."], None, None, None),
        (["The ministry (formerly the board) - which acts - said so."], None, None, None),
        (["The firm told Reuters that it would go.", BODY], None, None, None),
        ([BODY, "The plan was first reported by Reuters."], None, None, None),
        ([BODY], "Jane Roe", "https://herald.example/1", None),
        (["LONDON (25 June) - The ministry said so."], None, None, None),
        ([], None, None, None),
    ],
)
def test_a_credit_names_the_agency(blocks: list[str], author: str | None, url: str | None, wire: str | None) -> None:
    assert credit(blocks, author=author, url=url) == wire


def test_only_the_agencys_own_page_is_its_own() -> None:
    assert is_own("reuters", "https://www.reuters.com/world/1")
    assert not is_own("reuters", "https://herald.example/1")
    assert not is_own(None, "https://www.reuters.com/world/1")


def test_no_address_belongs_to_two_agencies() -> None:
    domains = [domain for _, of_one in AGENCIES.values() for domain in of_one.split()]
    assert len(domains) == len(set(domains))
