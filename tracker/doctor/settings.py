"""What the tracker is told, and what it reads with: settings that load, a model that loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from tracker import config
from tracker.backups import beside, listed
from tracker.config import Config
from tracker.doctor.findings import Found, Patient, fine, note, wrong
from tracker.errors import TrackerError

OLD = timedelta(days=8)  # of a backup, from which on it is told
MEND = "mend the file at the lines that are named"


def feeds(patient: Patient) -> Iterator[Found]:
    """feeds.yaml, with the files that it names."""
    loaded = configured(patient)
    if isinstance(loaded, Found):
        yield loaded
        return
    yield fine(
        f"{loaded.path}: {len(loaded.sources)} sources, {sum(source.enabled for source in loaded.sources)} asked"
    )
    named = loaded.settings
    if named.site_rules:
        yield from _tried(lambda: _rules(loaded))


def others(patient: Patient) -> Iterator[Found]:
    """The files beside feeds.yaml: alerts.yaml, queries.yaml."""
    for name, load in patient.loaders.items():
        if config.locate(patient.config).with_name(name).exists():
            yield from list(_tried(load)) or [fine(name)]


def reader(patient: Patient) -> Iterator[Found]:
    """The language model, the learned weights, the tables of parties and a user's own ontology."""
    loaded = configured(patient)
    settings = None if isinstance(loaded, Found) else loaded.settings
    found = list(_tried(lambda: _reader(settings)))
    yield from found or [fine("the model and the tables load")]


def backups(patient: Patient) -> Iterator[Found]:
    """The backups in the folder that is set, or beside the database: how old the newest is, which are not whole."""
    loaded = configured(patient)
    named = None if isinstance(loaded, Found) else loaded.settings.backup.folder
    folder = named or beside(patient.database.absolute())
    found = listed(folder, patient.database)
    for one in found:
        if not one.is_whole:
            yield wrong(
                f"{one.file} is not as long as it was",
                "look at the disk, and at the others (`tracker backup --verify`)",
            )
    times = [one.made_at for one in found if one.is_whole]
    if not times:
        if patient.database.exists():
            yield note(f"there is none in {folder}", "`tracker backup` makes one")
        return
    age = max(timedelta(), patient.now - max(times))
    told = f"{len(times)} in {folder}, the newest {age.days} days old"
    yield note(told, "`tracker backup` makes one") if age > OLD else fine(told)


def configured(patient: Patient) -> Config | Found:
    """The configuration; where there is none, that is worth a word: the database can be asked without."""
    path = config.locate(patient.config)
    if patient.config is None and not path.exists():
        return note(f"there is no {path} here", "`tracker sources add URL` begins one; --config names another")
    try:
        return config.load(patient.config)
    except TrackerError as error:
        return wrong(str(error), MEND)


def _tried(load: Callable[[], object]) -> Iterator[Found]:
    try:
        load()
    except TrackerError as error:
        yield wrong(str(error), MEND)


def _rules(loaded: Config) -> None:
    from tracker.articles import load_rules  # noqa: PLC0415 - it loads what reads pages

    load_rules(loaded.settings.site_rules)


def _reader(settings: config.Settings | None) -> None:
    from tracker import nlp  # noqa: PLC0415 - it loads the model
    from tracker.nlp import own  # noqa: PLC0415 - as above

    named = settings.ontology if settings else None
    nlp.load(settings.reader_model if settings else None, own.load(named) if named else None)
