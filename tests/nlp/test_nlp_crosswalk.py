"""The crosswalk of every type: only codes that the three lists have, and a word where a list has none."""

from __future__ import annotations

import pytest

from tracker.model import EventType
from tracker.nlp.ontology import CROSSWALKS, Kind, load_ontology

# The code lists, as their keepers print them: the Global Trade Alert's intervention types, the Digital Policy Alert's
# policy instruments (and its types of event, in small letters) and the topics of OpenSanctions that concern measures.
GTA = """
Anti-circumvention; Anti-dumping; Anti-subsidy; Capital injection and equity stakes (including bailouts); Competitive
devaluation; Consumption subsidy; Control on personal transactions; Controls on commercial transactions and investment
instruments; Controls on credit operations; Corporate control order; Debt purchase; Distribution restriction; Equity
stake; Export ban; Export licensing requirement; Export price benchmark; Export quota; Export subsidy; Export tariff
quota; Export tax; Export-related non-tariff measure, nes; FDI: Entry and ownership rule; FDI: Financial incentive; FDI:
Treatment and operations, nes; Financial assistance in foreign market; Financial grant; Foreign customer limit; Import
ban; Import incentive; Import licensing requirement; Import monitoring; Import price benchmark; Import quota; Import
tariff; Import tariff quota; Import-related non-tariff measure, nes; In-kind grant; Instrument unclear; Intellectual
property protection; Interest payment subsidy; Internal taxation of imports; Labour market access; Loan guarantee; Local
content incentive; Local content requirement; Local labour incentive; Local labour requirement; Local operations
incentive; Local operations requirement; Local supply requirement for exports; Local value added incentive; Local value
added requirement; Localisation, nes; Minimum import price; Other export incentive; Other import charges; Port
restriction; Post-migration treatment; Post-sales service restriction (MAST Chapter K1); Price stabilisation; Production
subsidy; Public procurement access; Public procurement localisation; Public procurement preference margin; Public
procurement, nes; Repatriation & surrender requirements; Safeguard; Sanitary and phytosanitary measure; Selective import
channel restriction; Special safeguard; State aid, nes; State aid, unspecified; State loan; Tax or social insurance
relief; Tax-based export incentive; Technical barrier to trade; Trade balancing measure; Trade finance; Trade payment
measure; Voluntary export-price restraints; Voluntary export-restraint arrangements
"""
DPA = """
Age verification requirement; Anti-competitive agreements regulation; Authorisation of goods or services; Authorisation,
registration and licensing, nes; Border measure, nes; Business registration requirement; Capital injection and equity
stakes (including bailouts); Content moderation regulation; Cross-border data transfer regulation; Customs duties on
electronic transmissions; Cybersecurity regulation; Data localisation requirement; Data protection regulation; Design
requirement; Direct taxes including Digital Service Taxes; Export ban; Export licensing requirement; Export quota;
Export subsidy; Export tariff; Export tariff quota; Financial grant; Import ban; Import licensing requirement; Import
quota; Import tariff; Import tariff quota; In-kind grant; Internal taxation of imports; Interoperability requirement;
Loan guarantee; Local operations requirement; MNE: Entry and ownership rule; MNE: Financial incentive; MNE: Treatment
and operations, nes; Merger control regulation; Operational license requirement; Production subsidy; Prohibition of
goods and services; Public disclosure requirement; Public procurement access; Public procurement blacklisting; Risk
management requirement; State Aid, nes; State loan; Tax or social insurance relief; Technology transfer requirement;
Testing requirement; Unilateral conduct regulation; civil lawsuit; decision; declaration; inquiry; investigation; law;
order; outline; public lawsuit; treaty
"""
OPENSANCTIONS = """
asset.frozen; corp.disqual; crime; crime.cyber; crime.env; crime.fin; crime.fraud; crime.terror; crime.traffick;
debarment; export.control; export.control.linked; export.risk; forced.labor; invest.ban; invest.risk; mare.detained;
mare.shadow; mare.sts; poi; reg.action; reg.warn; sanction; sanction.control; sanction.counter; sanction.linked; wanted
"""
LISTS = {"gta": GTA, "dpa": DPA, "opensanctions": OPENSANCTIONS}

# type | a code that an analyst would look for first
FIRST = [
    ("export_control", "gta", "Export licensing requirement"),
    ("entity_listing", "opensanctions", "export.control"),
    ("sanction", "opensanctions", "sanction"),
    ("licence_decision", "dpa", "Operational license requirement"),
    ("import_restriction", "gta", "Import ban"),
    ("tariff", "gta", "Import tariff"),
    ("tariff", "gta", "Anti-dumping"),
    ("investment_restriction", "gta", "FDI: Entry and ownership rule"),
    ("investment_restriction", "dpa", "MNE: Entry and ownership rule"),
    ("product_ban", "dpa", "Prohibition of goods and services"),
    ("regulation", "dpa", "Data protection regulation"),
    ("enforcement", "dpa", "investigation"),
    ("court_ruling", "dpa", "decision"),
    ("subsidy", "gta", "Financial grant"),
    ("trade_agreement", "dpa", "treaty"),
]


def codes(name: str) -> set[str]:
    return {" ".join(code.split()) for code in LISTS[name].split(";")}


@pytest.mark.parametrize("kind", load_ontology().kinds.values(), ids=lambda kind: kind.type.value)
@pytest.mark.parametrize("name", CROSSWALKS)
def test_every_code_is_on_its_list_and_given_once(kind: Kind, name: str) -> None:
    assert set(kind.crosswalk[name]) - codes(name) == set()
    assert len(set(kind.crosswalk[name])) == len(kind.crosswalk[name])


@pytest.mark.parametrize("kind", load_ontology().kinds.values(), ids=lambda kind: kind.type.value)
def test_a_list_without_a_code_is_accounted_for(kind: Kind) -> None:
    assert kind.crosswalk_note
    assert any(kind.crosswalk.values()) or kind.type is EventType.ACCESS_RESTRICTION


@pytest.mark.parametrize(("kind", "name", "code"), FIRST)
def test_the_likeliest_code_is_there(kind: str, name: str, code: str) -> None:
    assert code in load_ontology().kinds[EventType(kind)].crosswalk[name]
