"""Every error that tracker raises on purpose; anything else that escapes is a bug.

    TrackerError                the base: its text says what is wrong, where, and what to do
    ├── ConfigError             feeds.yaml (or another file of settings) cannot be used; holds every fault
    ├── InputError              input handed to a command cannot be read (a file, a JSON line, a date)
    │   └── ArchiveError            an archive cannot be read, or not to its end; trying again may help
    ├── ModelError              the language model or the ontology cannot be loaded
    ├── StoreError              the database cannot be used
    │   ├── ForeignDatabaseError    the file is no tracker database
    │   ├── NewerDatabaseError      the file was written by a later tracker
    │   ├── DamagedError            the file is a tracker database, or was one, and cannot be read to its end
    │   └── BusyError               another process is writing
    ├── LakeError               the folder of Parquet files cannot be used
    ├── EngineError             the cluster that was to do the work cannot be reached, or is gone
    └── NotFoundError           nothing has the id that was asked for

What goes wrong with one feed, page or article is no exception: it is a `Failed` or `Poison` value in the
stream (see `tracker.model`).
"""

from __future__ import annotations


class TrackerError(Exception):
    """Something a user can act on; the message is meant for them."""


class ConfigError(TrackerError):
    """A settings file is wrong: all its faults at once, one line each, with path and remedy."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep the faults; the message is their lines."""
        super().__init__("\n".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[str, ...]]]:
        """The same error from another process."""
        return ConfigError, (self.faults,)


class InputError(TrackerError):
    """A file or text handed to a command cannot be read, or a file that it names cannot be written."""


class ArchiveError(InputError):
    """An archive, or a chunk of it, cannot be read at all (gone, changed, unreachable, not what its name says)."""


class ModelError(TrackerError):
    """The language model or the ontology cannot be loaded."""


class StoreError(TrackerError):
    """The database cannot be used."""


class ForeignDatabaseError(StoreError):
    """The file is no tracker database, so it is left alone."""


class NewerDatabaseError(StoreError):
    """The file was written by a later tracker than this one."""


class DamagedError(StoreError):
    """The file is damaged; what it still holds can be saved."""


class BusyError(StoreError):
    """Another process holds the database for writing."""


class LakeError(TrackerError):
    """A lake (a folder of Parquet files) cannot be used: damaged, or of another reader or other settings."""


class EngineError(TrackerError):
    """The cluster that was to do the work cannot be reached, or is gone; what was done is kept."""


class NotFoundError(TrackerError):
    """Nothing has the id that was asked for."""
