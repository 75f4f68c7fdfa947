"""A process that writes: moves the reports of its own events to and fro, each move one batch.

    change_writer.py DATABASE NUMBER MOVES

Two of them write beside each other: one holds odd reports in events of its own, one even ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

import past_samples
from past_samples import Said, moment

from tracker.model import EventType, Status
from tracker.store import Store

SAID = Said(EventType.TARIFF, Status.ANNOUNCED, "2024", None, ("us",), None, 0)


def main(database: str, number: int, moves: int) -> None:
    """Each move writes both of its events anew."""
    with Store.open(Path(database)) as store:
        own = sorted(row["id"] for row in store._db.rows("SELECT id FROM report"))[number::2]
        for step in range(moves):
            here, there = ((own[:1], own[1:]), (own[1:], own[:1]))[step % 2]
            events = [past_samples._event(number + 2, here, SAID), past_samples._event(number + 4, there, SAID)]
            with store.batch():
                store.events.save(events, now=moment(step))
                store.measures.save([past_samples._measures(events)[0]], now=moment(step))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
