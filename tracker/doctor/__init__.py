"""What may be wrong with an installation: looked for, explained, and mended where that can be done.

    for finding in examine(patient): ...
    repaired = repair(patient)

`checks` is the table of all that is looked at. Looking changes nothing. Repairing makes anew what only repeats what is
stored elsewhere; a damaged file is copied row by row into a new one and kept beside it. Asks no source, and does not
judge what events say.
"""

from __future__ import annotations

from tracker.doctor.checks import CHECKS, examine
from tracker.doctor.findings import Check, Finding, Patient, State
from tracker.doctor.repairing import Repaired, repair

__all__ = ["CHECKS", "Check", "Finding", "Patient", "Repaired", "State", "examine", "repair"]
