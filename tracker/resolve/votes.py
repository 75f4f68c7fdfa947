"""Which value of a field is taken, by one rule for all fields; who is heard at all is decided before.

The value that most independent accounts of the best tier give (official before major before specialist before social);
where they are equal, most of the next tier; then the value that says more, the surer account, the earlier one. A
precise date has the accounts of the vague ones that it agrees with. Of lists, what half of the accounts name that name
any, or half of those of the best tier. No id decides anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracker.model import Basis, Certainty, Direction, Mention, Party, Phrase, When
from tracker.resolve.agreement import acts_for, same_announcement, same_date
from tracker.resolve.speaking import TIERS, Claim, Speaker, accounts
from tracker.resolve.terms import instrument_names, party_key, stems

MAX_PARTIES, MAX_ITEMS = 8, 6
MAX_LEADERS = 8  # lists that may be the one that the others are held against
MAX_COMPARED = 48  # phrases of the best reports that are compared with one another
VAGUE = frozenset({Certainty.REPORTED, Direction.NEUTRAL})  # say less than the other values of their field
WORDED = frozenset({Basis.STATED, Basis.RELATIVE})  # dates that the text gives; others are those of the page

Counts = tuple[int, ...]  # independent accounts by tier, the best tier first


@dataclass(frozen=True, slots=True)
class Vote:
    """One of the values of a field, with those who give it and the accounts that stand behind it."""

    value: str
    speakers: tuple[Speaker, ...]
    counts: Counts  # empty where there is but one value

    @property
    def place(self) -> tuple[int, float, str]:
        """That of the best report that gives it."""
        return min(s.place for s in self.speakers)


def counted(speakers: Iterable[Speaker]) -> Counts:
    """How many independent accounts there are of each tier."""
    by_tier: list[list[Speaker]] = [[] for _ in TIERS]
    for speaker in speakers:
        by_tier[speaker.place[0]].append(speaker)
    return tuple(accounts(told) if told else 0 for told in by_tier)


def votes(claims: Sequence[Claim[str]], *, supports: Callable[[str, str], bool] | None = None) -> list[Vote]:
    """The values of a field, that which is taken first; `supports(vague, value)`: who says the one backs the other."""
    told: defaultdict[str, list[Speaker]] = defaultdict(list)
    for speaker, value in claims:
        told[value].append(speaker)
    if len(told) < 2:
        return [Vote(value, tuple(speakers), ()) for value, speakers in told.items()]
    found = []
    for value, speakers in told.items():
        behind = speakers
        if supports is not None:
            behind = [s for other, more in told.items() if supports(other, value) for s in more]
        found.append(Vote(value, tuple(speakers), counted(behind)))
    return sorted(found, key=_order if supports is None else _most_precise)


def _order(vote: Vote) -> tuple[Counts, bool, tuple[int, float, str], str]:
    return (tuple(-n for n in vote.counts), vote.value in VAGUE, vote.place, vote.value)


def _most_precise(vote: Vote) -> tuple[Counts, int, tuple[int, float, str], str]:
    return (tuple(-n for n in vote.counts), -len(vote.value), vote.place, vote.value)


def announced(claims: Sequence[Claim[When]]) -> list[Vote]:
    """The votes on the day of the step; that of the page gives way to one in words of a tier no worse.

    Of pages alone the earliest of a tier counts: the others told it later.
    """
    worded = [(s, w) for s, w in claims if w.basis in WORDED]
    best = min((s.place[0] for s, _ in worded), default=len(TIERS))
    kept = [*worded, *_of_pages(claims, worded, best)]
    return votes([(s, w.day) for s, w in kept], supports=same_or_vaguer)


def effective(claims: Sequence[Claim[When]]) -> list[Vote]:
    """The votes on the day from which it holds."""
    return votes([(s, w.day) for s, w in claims], supports=same_or_vaguer)


def _of_pages(claims: Sequence[Claim[When]], worded: Sequence[Claim[When]], best: int) -> Iterable[Claim[When]]:
    assumed = [(s, w) for s, w in claims if w.basis not in WORDED]
    first = {n: min((w.day for s, w in assumed if s.place[0] == n), default="") for n in range(len(TIERS))}
    for speaker, when in assumed:
        tier = speaker.place[0]
        fits = any(same_date(when.day, w.day) for _, w in worded)
        if fits or (tier < best and same_announcement(when.day, first[tier])):
            yield speaker, when


def same_or_vaguer(one: str, two: str) -> bool:
    """Whether a partial date is another or what it lies in (`2024-07` of `2024-07-09`)."""
    return two.startswith(one)


def leading(claims: Sequence[Claim[str]], agrees: Callable[[str, str], bool]) -> set[Speaker]:
    """Those whose list, here as text, agrees with the one that most accounts stand behind."""
    told: defaultdict[str, list[Speaker]] = defaultdict(list)
    for speaker, value in claims:
        told[value].append(speaker)
    if len(told) < 2:
        return {s for s, _ in claims}
    best = sorted(told, key=lambda n: (-len({s.voice for s in told[n]}), min(s.place for s in told[n]), n))[
        :MAX_LEADERS
    ]
    behind = {n: [s for m, who in told.items() if agrees(m, n) for s in who] for n in best}
    return set(behind[min(best, key=lambda n: _less(behind[n]))])  # of equals the one that is before


def actors(claims: Sequence[Claim[tuple[Mention, ...]]]) -> tuple[Party, ...]:
    """Who acts: accounts that name the state alone stand behind who acts for it."""
    return _parties(claims, acts_for)


def targets(claims: Sequence[Claim[tuple[Mention, ...]]]) -> tuple[Party, ...]:
    """Who is hit."""
    return _parties(claims, lambda _, __: False)


def items(claims: Sequence[Claim[tuple[Phrase, ...]]]) -> tuple[str, ...]:
    """What is at stake: `AI chips` takes in those who say `chips`."""
    return _phrases(claims, stems, lambda one, two: one > two)


def instruments(claims: Sequence[Claim[tuple[Phrase, ...]]]) -> tuple[str, ...]:
    """The laws and lists, each once however it is cited; the fullest name first."""
    return _phrases(claims, instrument_names, lambda one, two: bool(one & two) and len(one) > len(two))


def _parties(
    claims: Sequence[Claim[tuple[Mention, ...]]], stands_for: Callable[[Party, Party], bool]
) -> tuple[Party, ...]:
    record: dict[str, tuple[tuple[int, float, str], int, str, Party]] = {}
    told: defaultdict[str, list[Speaker]] = defaultdict(list)
    for speaker, mentions in claims:
        for n, party in enumerate({party_key(m.party): m.party for m in mentions}.values()):
            key = party_key(party)
            told[key].append(speaker)
            known = (speaker.place, n, party.name, party)
            if key not in record or known[:3] < record[key][:3]:
                record[key] = known
    general = {k: [p for p in record if stands_for(record[p][3], record[k][3])] for k in record}
    behind = {k: [*told[k], *(s for g, own in general.items() if k in own for s in told[g])] for k in record}
    kept = _of_half(behind, [s for s, mentions in claims if mentions])
    kept = [key for key in kept if not any(own in kept for own in general[key])]
    if len(claims) > 1:
        kept.sort(key=lambda k: (_less(told[k]), record[k][:3], k))
    return tuple(record[key][3] for key in kept)[:MAX_PARTIES]


def _of_half(told: dict[str, list[Speaker]], named: Sequence[Speaker]) -> list[str]:
    """What half of the accounts name, or half of those of the best tier; else what the best report names."""
    if not named:
        return []
    best = min(s.place[0] for s in named)
    total, leaders = accounts(named), accounts(s for s in named if s.place[0] == best)
    kept = []
    for key, speakers in told.items():
        of_best = accounts(s for s in speakers if s.place[0] == best)
        if 2 * of_best >= leaders or 2 * accounts(speakers) >= total:
            kept.append(key)
    first = min(s.place for s in named)
    return kept or [key for key, speakers in told.items() if any(s.place == first for s in speakers)]


def _less(speakers: Iterable[Speaker]) -> Counts:
    return tuple(-n for n in counted(speakers))


def _phrases(
    claims: Sequence[Claim[tuple[Phrase, ...]]],
    form: Callable[[str], frozenset[str]],
    covers: Callable[[frozenset[str], frozenset[str]], bool],
) -> tuple[str, ...]:
    record: dict[frozenset[str], tuple[tuple[int, float, str], int, str]] = {}
    told: defaultdict[frozenset[str], list[Speaker]] = defaultdict(list)
    for speaker, phrases in claims:
        for n, phrase in enumerate(phrases):
            key = form(phrase.text)
            told[key].append(speaker)
            known = (speaker.place, n, phrase.text)
            record[key] = min(record.get(key, known), known)
    record = dict(sorted(record.items(), key=lambda kept: (kept[1], sorted(kept[0])))[:MAX_COMPARED])
    fuller = {k: [other for other in record if covers(other, k)] for k in record}
    behind = {k: [*told[k], *(s for vague, full in fuller.items() if k in full for s in told[vague])] for k in record}
    ordered = sorted((k for k in record if not fuller[k]), key=lambda k: (_less(behind[k]), record[k], sorted(k)))
    return tuple(record[key][2] for key in ordered)[:MAX_ITEMS]
