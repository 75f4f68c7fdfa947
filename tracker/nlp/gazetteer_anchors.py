"""Which countries a text speaks of, and where: what decides whose ministry "the ministry" is.

Pure functions over the gazetteer's raw matches; linear in their number (a window around each).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.nlp.gazetteer_entries import Alias, Tables
from tracker.nlp.gazetteer_trie import Raw

WINDOW = 900  # characters around a name whose countries count
NEAR = 300  # the distance at which a country counts half
MOST_ANCHORS = 24  # countries looked at on each side
# How much a name tells about the country the text speaks of.
WEIGHTS = {"name": 1.0, "alias": 1.0, "demonym": 1.0, "people": 0.8, "metonym": 1.2, "capital": 1.0, "city": 0.8}
BODY_WEIGHT, OTHER_WEIGHT = 0.7, 0.1  # bodies and leaders; companies, which are as often the target
OVERALL, MOST_OVERALL = 0.15, 5  # what one mention anywhere in the text adds, up to so many
DATELINE, DATELINE_AT = 5, 20  # mentions that a dateline counts for; the characters it begins within


@dataclass(slots=True)
class Anchors:
    """Where a text names countries, and how often."""

    places: list[int]
    countries: list[str]
    weights: list[float]
    overall: dict[str, int]

    def score(self, place: int) -> dict[str, float]:
        """How much each country is spoken of around a place; countries before it count more than after."""
        scores = {country: OVERALL * n for country, n in self.overall.items()}
        middle = bisect_left(self.places, place)
        for i in range(max(0, middle - MOST_ANCHORS), min(len(self.places), middle + MOST_ANCHORS)):
            distance = abs(self.places[i] - place)
            if distance <= WINDOW:
                share = 1.0 if self.places[i] < place else 0.6
                scores[self.countries[i]] += share * self.weights[i] / (1 + distance / NEAR)
        return scores

    def last(self, place: int) -> str | None:
        """The country of the last government, state or seat named before a place and not far from it."""
        for i in range(bisect_left(self.places, place) - 1, -1, -1):
            if place - self.places[i] > NEAR:
                return None
            if self.weights[i] > OTHER_WEIGHT:
                return self.countries[i]
        return None


def anchors_of(tables: Tables, text: str, found: Sequence[Raw]) -> Anchors:
    """Every country that names in a text belong to."""
    anchors = Anchors([], [], [], {})
    for raw in found:
        countries = {country_of(tables, sense) for sense in raw.senses}
        country = countries.pop() if len(countries) == 1 else None
        if country:
            anchors.places.append(raw.start)
            anchors.countries.append(country)
            anchors.weights.append(_weight(raw.senses[0]))
            anchors.overall[country] = max(
                min(anchors.overall.get(country, 0) + 1, MOST_OVERALL), anchors.overall.get(country, 0)
            )
            if raw.start < DATELINE_AT and text[raw.start : raw.end].isupper() and len(text[raw.start : raw.end]) > 3:
                anchors.overall[country] = MOST_OVERALL + DATELINE
    return anchors


def country_of(tables: Tables, sense: Alias) -> str | None:
    """The country of a sense's party."""
    entry = tables.entries.get(sense.key)
    return entry.party.country if entry else None


def _weight(sense: Alias) -> float:
    if not sense.key.startswith(("gov:", "court:", "person:")):
        return OTHER_WEIGHT
    return WEIGHTS.get(sense.how, BODY_WEIGHT) if sense.key.count(":") == 1 else BODY_WEIGHT
