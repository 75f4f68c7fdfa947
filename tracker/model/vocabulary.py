"""The words of the annotation guide and of feeds.yaml as enums: a closed list each."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """The fifteen kinds of policy event; the order is that of the guide."""

    ACCESS_RESTRICTION = "access_restriction"
    EXPORT_CONTROL = "export_control"
    ENTITY_LISTING = "entity_listing"
    SANCTION = "sanction"
    LICENCE_DECISION = "licence_decision"
    IMPORT_RESTRICTION = "import_restriction"
    TARIFF = "tariff"
    INVESTMENT_RESTRICTION = "investment_restriction"
    PRODUCT_BAN = "product_ban"
    REGULATION = "regulation"
    ENFORCEMENT = "enforcement"
    COURT_RULING = "court_ruling"
    SUBSIDY = "subsidy"
    TRADE_AGREEMENT = "trade_agreement"
    COMPANY_RESPONSE = "company_response"


class Status(StrEnum):
    """The state of a measure as one article reports it."""

    CONSIDERED = "considered"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    DELAYED = "delayed"
    SUSPENDED = "suspended"
    ENDED = "ended"
    REJECTED = "rejected"


class Direction(StrEnum):
    """Effect on the freedom of the target."""

    RESTRICT = "restrict"
    EASE = "ease"
    NEUTRAL = "neutral"


class Certainty(StrEnum):
    """What the account rests on: the actor's word, unnamed sources, or a claim that the actor denies."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    DENIED = "denied"


class PartyKind(StrEnum):
    """What a party is."""

    GOVERNMENT = "government"
    COMPANY = "company"
    COURT = "court"
    ORGANISATION = "organisation"
    PERSON = "person"
    GROUP = "group"
    PLACE = "place"


class Tier(StrEnum):
    """How close a source is to the actor; the order is the order of trust."""

    OFFICIAL = "official"
    MAJOR = "major"
    SPECIALIST = "specialist"
    SOCIAL = "social"


class SourceKind(StrEnum):
    """How a source is asked and read; one file in `tracker.sources` per kind."""

    FEED = "feed"  # RSS 0.9x to 2.0, RDF, Atom
    JSON_FEED = "json_feed"
    HTML = "html"  # an index page, read by CSS selectors
    SITEMAP = "sitemap"
    MASTODON = "mastodon"  # an account, a hashtag or a list
    BLUESKY = "bluesky"  # an author's feed or a search
    REDDIT = "reddit"  # a subreddit or a search
    HACKER_NEWS = "hacker_news"  # the search API
    TELEGRAM = "telegram"  # a public channel's page
    YOUTUBE = "youtube"  # a channel's or a playlist's feed
    GDELT = "gdelt"  # the bulk files of every quarter of an hour
    GDELT_DOC = "gdelt_doc"  # the DOC API
    FEDERAL_REGISTER = "federal_register"
    RECORDS = "records"  # any JSON or XML list, by paths
    FOLDER = "folder"  # saved pages on this machine
    MAIL = "mail"  # newsletters in a Maildir or mbox on this machine

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine, at a path and not at an address."""
        return self in {SourceKind.FOLDER, SourceKind.MAIL}
