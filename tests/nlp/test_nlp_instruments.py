"""Named laws, lists, rules and dockets: which words of a sentence are one."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.instruments import find_instruments

SENTENCES = {
    # by the table
    "Commerce added them to the Entity List.": ["Entity List"],
    "Beijing's unreliable entity list grew by two.": ["unreliable entity list"],
    "They were put on the SDN List by OFAC.": ["SDN List"],
    "A probe under Section 301 and another under Section 232": ["Section 301", "Section 232"],
    "It cited IEEPA, ECRA and the NDAA.": ["IEEPA", "ECRA", "NDAA"],
    "the foreign direct product rule was widened": ["foreign direct product rule"],
    "Under the DMA and the GDPR": ["DMA", "GDPR"],
    "Goods fall under the EAR's licence exceptions": ["EAR"],
    "put your ear to the ground; the list of guests; a new order": [],
    # by form
    "Executive Order 14117 and E.O. 13694": ["Executive Order 14117", "E.O. 13694"],
    "Public Law 117-78, Pub. L. 115-44": ["Public Law 117-78", "Pub. L. 115-44"],
    "Regulation (EU) 2023/1115 and Implementing Regulation (EU) 2021/442": [
        "Regulation (EU) 2023/1115", "Implementing Regulation (EU) 2021/442"],
    "Council Regulation (EU) No 833/2014": ["Council Regulation (EU) No 833/2014"],
    "under Directive 2009/43/EC": ["Directive 2009/43/EC"],
    "Announcement No. 34 of 2025 takes effect": ["Announcement No. 34 of 2025"],
    "Notification No. 21/2025-26 of the DGFT": ["Notification No. 21/2025-26"],
    "19 U.S.C. 1307 and 15 CFR part 744": ["19 U.S.C. 1307", "15 CFR part 744"],
    "items under ECCN 3A090 and 4A090.a": ["ECCN 3A090", "4A090.a"],
    "goods of HS 8542": ["HS 8542"],
    "Docket No. BIS-2025-0012 is open": ["Docket No. BIS-2025-0012"],
    "General License 8L replaces General Licenses 13J and 14E": ["General License 8L", "General Licenses 13J and 14E"],
    "The EU's 18th sanctions package": ["18th sanctions package"],
    "an eighteenth package of restrictive measures": ["eighteenth package of restrictive measures"],
    "Bill C-18 and H.B. 1181": ["Bill C-18", "H.B. 1181"],
    "Section 27 of the Customs Tariff Act": ["Section 27 of the Customs Tariff Act"],
    "aid under Article 107(3)(c) TFEU": ["Article 107(3)(c) TFEU"],
    # by the last word of a capitalised name
    "the Remote Sensing Space Systems Act": ["Remote Sensing Space Systems Act"],
    "The Protecting Kids from Harm Act of 2024 passed": ["Protecting Kids from Harm Act of 2024"],
    "the Foreign Trade and Payments Ordinance": ["Foreign Trade and Payments Ordinance"],
    "Nigeria's Mineral Export Guidelines": ["Nigeria's Mineral Export Guidelines"],
    "Attorney General Bill Barr studied at Harvard Law School.": [],
    "The Act applies. This Regulation shall enter into force.": [],
    "He used Claude Code and a QR Code": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "names"), SENTENCES.items())
def test_the_instruments_of_a_sentence(text: str, names: list[str]) -> None:
    assert [phrase.text for phrase in find_instruments(text)] == names


PIECES = st.sampled_from(
    "Section 301 of the Trade Act Entity List No. 5 (EU) 2023/1115 E.O. 14117 Law Order , . and \n License".split(" ")
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=30).map(" ".join))
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    found = find_instruments(text)
    assert all(text[phrase.span.start : phrase.span.end] == phrase.text for phrase in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))


@pytest.mark.parametrize("piece", ["Of The ", "Section 27 of the ", "A", "Council Commission Regulation ", "List "])
def test_nonsense_costs_time_in_proportion(piece: str) -> None:
    def seconds(text: str) -> float:
        start = time.perf_counter()
        find_instruments(text)
        return time.perf_counter() - start

    text = piece * (200_000 // len(piece))
    seconds(text[:1000])
    whole, eighth = seconds(text), seconds(text[: len(text) // 8])
    assert whole < max(8 * 4 * eighth, 1.0)
