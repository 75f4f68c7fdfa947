"""Which reports tell the same event, and which events are steps of the same measure.

Pure functions over values of `tracker.model`: a report is placed among the candidates that whoever stores them hands
over; every decision is a score with its reasons in words. This room does not read text, does not touch a database
and never changes what it was given. Similarity of wording is no evidence here: reworded accounts of one event and
accounts of two like events by one actor look the same to it (type, actor, target, item, instrument, status and date
do not).
"""

from __future__ import annotations

from tracker.resolve.bonds import groups
from tracker.resolve.cluster import join, settle
from tracker.resolve.consensus import consensus
from tracker.resolve.history import history
from tracker.resolve.identity import Identities, identities
from tracker.resolve.memory import Memory, Rulebook
from tracker.resolve.profile import Profile, event_profile, pack, profile, rank, unpack
from tracker.resolve.rules import EVENTS, LEVELS, MEASURES, RESOLVER, Level, Rules, explain
from tracker.resolve.standing import event_standing, report_standing
from tracker.resolve.ties import tie_asks, ties

__all__ = [
    "EVENTS",
    "LEVELS",
    "MEASURES",
    "RESOLVER",
    "Identities",
    "Level",
    "Memory",
    "Profile",
    "Rulebook",
    "Rules",
    "consensus",
    "event_profile",
    "event_standing",
    "explain",
    "groups",
    "history",
    "identities",
    "join",
    "pack",
    "profile",
    "rank",
    "report_standing",
    "settle",
    "tie_asks",
    "ties",
    "unpack",
]
