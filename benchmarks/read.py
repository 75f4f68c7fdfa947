"""Articles per second and core of the reader beside spaCy alone and a naive baseline, memory, start, and bad inputs.

    python benchmarks/read.py [--articles 400] [--rounds 3]

Everything is measured in processes of its own with one thread per library; seconds are of CPU where articles are read,
of the clock where a process is started. Texts are those of the gold: articles with events, and articles without that
were written to look like them; the mix is four fifths articles without events, half of these everyday stories of the
sample newsroom. Where there are too few they come again with paragraphs and numbers changed.

spaCy alone is the language model as it comes, on the same titles and texts. The baseline is what one would write in an
afternoon: names from spaCy's recogniser alone, and an event wherever a sentence holds a phrase that names a type.
"""

# ruff: noqa: PLC0415 - a process loads only what it measures

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
DAY = "2024-12-02"
CHUNK = 6_000  # characters of the shortest text of the growth
STARTS = 5  # processes started, of which the quickest counts
Text = tuple[str, str]  # title, text
Row = tuple[str, str, str]  # what, figure, beside
BAD: dict[str, Callable[[], str]] = {
    "1 MB of one sentence": lambda: ("the export ban on gallium and " * 40_000)[:1_000_000],
    "1 MB without a blank": lambda: "x" * 1_000_000,
    "1 MB of capitals": lambda: ("CHINA BANS EXPORTS OF GALLIUM TO THE UNITED STATES! " * 20_000)[:1_000_000],
    "100,000 line breaks": lambda: "\n" * 100_000,
    "50,000 short lines": lambda: "ban\n" * 50_000,
    "nested quotes": lambda: "“He said ‘" * 5_000 + "the ban" + "’”" * 5_000,
    "emoji": lambda: "🇨🇳🚫💥 ban " * 20_000,
    "brackets": lambda: "(" * 50_000 + ")" * 50_000,
}


# ------------------------------------------------------------------------------------------------------- texts


def gold(*, telling: bool) -> list[Text]:
    """Titles and texts of the gold's articles with events, or of those without."""
    paths = sorted((ROOT / "evals" / "gold").glob("*.jsonl"))
    docs = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    return [(doc.get("title") or "", doc["text"]) for doc in docs if bool(doc["events"]) is telling]


def everyday() -> list[Text]:
    """The sample newsroom's stories of daily life."""
    import yaml

    path = ROOT / "tracker" / "newsroom" / "stories" / "everyday.yaml"
    return [(story["title"], story["body"]) for story in yaml.safe_load(path.read_text("utf-8"))]


def relevant(count: int) -> list[Text]:
    """Articles with events only."""
    return varied(gold(telling=True), count)


def mix(count: int) -> list[Text]:
    """One article with events among five."""
    lookalikes, daily = (iter(varied(some, count)) for some in (gold(telling=False), everyday()))
    return [
        next(daily if place % 2 else lookalikes) if place % 5 else article
        for place, article in enumerate(varied(gold(telling=True), count))
    ]


def varied(texts: list[Text], count: int) -> list[Text]:
    """So many texts; from the second time on with paragraphs in another order and other numbers."""
    return [
        (title, _turned(text, place // len(texts))) for place, (title, text) in enumerate(islice(cycle(texts), count))
    ]


def _turned(text: str, turn: int) -> str:
    parts = text.split("\n\n")
    first = turn % len(parts)
    joined = "\n\n".join([*parts[first:], *parts[:first]])
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + turn) % 10), joined) if turn else joined


# ---------------------------------------------------------------------------------------- in a process of its own


def spacy_alone() -> Callable[[list[Text]], int]:
    """The language model as it comes."""
    import spacy

    from tracker.nlp.reader import BATCH, DEFAULT_MODEL

    language = spacy.load(DEFAULT_MODEL)

    def run(texts: list[Text]) -> int:
        return sum(len(doc) for doc in language.pipe((part for text in texts for part in text), batch_size=BATCH))

    return run


def naive() -> Callable[[list[Text]], int]:
    """Names by the recogniser, an event per sentence that holds a phrase that names a type."""
    import spacy

    from tracker.nlp.ontology import load_ontology
    from tracker.nlp.reader import BATCH, DEFAULT_MODEL

    language = spacy.load(DEFAULT_MODEL, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])
    language.add_pipe("sentencizer")
    phrases = {phrase for row in load_ontology().kinds.values() for phrase in row.strong}
    listed = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
    words = re.compile(rf"\b(?:{listed})\b", re.IGNORECASE)

    def run(texts: list[Text]) -> int:
        found = 0
        for doc in language.pipe((part for text in texts for part in text), batch_size=BATCH):
            for sentence in doc.sents:
                if words.search(sentence.text):
                    found += bool([name for name in sentence.ents if name.label_ in ("ORG", "GPE", "PERSON", "NORP")])
        return found

    return run


def ours(*, gated: bool = True) -> Callable[[list[Text]], int]:
    """The whole of `Reader.read_many`; without the gate, every article is parsed."""
    import tracker.nlp
    from tracker.model import Article, Basis, TextFrom, When
    from tracker.nlp.gate import Gate, Weights
    from tracker.nlp.ontology import load_ontology

    reader = tracker.nlp.load()
    if not gated:
        reader.gate = Gate(load_ontology(), Weights(bias=0.0, threshold=0.0, words={}, trained_on="reads everything"))

    def article(number: int, text: Text) -> Article:
        return Article(
            id=str(number), url=None, title=text[0], text=text[1], published=When(value=DAY, basis=Basis.METADATA),
            language="en", text_from=TextFrom.INPUT,
        )  # fmt: skip

    def run(texts: list[Text]) -> int:
        return sum(len(found.events) for found in reader.read_many(article(n, t) for n, t in enumerate(texts)))

    return run


WAYS = {"spaCy alone": spacy_alone, "keywords and names": naive, "tracker": ours}
CORPORA = {"mix": mix, "relevant": relevant}


def measure_speed(way: str, corpus: str, articles: int, rounds: int) -> dict[str, float]:
    """Articles per second of CPU, and the peak memory of the process in MB."""
    run, texts = WAYS[way](), CORPORA[corpus](articles)
    run(texts[:5])
    best = min(_seconds(run, texts) for _ in range(rounds))
    return {"speed": len(texts) / best, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure_growth() -> dict[str, float]:
    """Seconds for the same characters as eight texts, as four of twice the length, as two, as one."""
    run = ours(gated=False)
    joined = "\n\n".join(text for _, text in gold(telling=True))
    chunks = [joined[n * CHUNK : (n + 1) * CHUNK] for n in range(8)]
    run([("", chunks[0])])
    return {str(k): _seconds(run, [("", "\n\n".join(chunks[n : n + k])) for n in range(0, 8, k)]) for k in (1, 2, 4, 8)}


def measure_bad() -> dict[str, float]:
    """Seconds per bad input; an exception would end the process."""
    run = ours(gated=False)
    return {name: _seconds(run, [("", make())]) for name, make in BAD.items()}


def measure_load() -> float:
    """Seconds from the first import to a reader that is ready."""
    begun = time.perf_counter()
    ours()
    return time.perf_counter() - begun


def _seconds(run: Callable[[list[Text]], int], texts: list[Text]) -> float:
    begun = time.process_time()
    run(texts)
    return time.process_time() - begun


MEASURES: dict[str, Callable[..., Any]] = {
    "speed": measure_speed,
    "growth": measure_growth,
    "bad": measure_bad,
    "load": measure_load,
}


# ------------------------------------------------------------------------------------------------- the parent


def child(*words: str | int) -> Any:
    """What a measure says that runs in a process of its own, one thread per library."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", json.dumps(words)]
    environment = os.environ | dict.fromkeys(THREADS, "1")
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT, env=environment)
    return json.loads(done.stdout)


def speeds(articles: int, rounds: int) -> Iterator[Row]:
    """A row per corpus and way, and one of memory."""
    goals = {"mix": "3 times spaCy alone", "relevant": "no slower than spaCy alone"}
    names = {"mix": "four fifths without events", "relevant": "all with events"}
    memory = 0.0
    for corpus, title in names.items():
        found = {way: child("speed", way, corpus, articles, rounds) for way in WAYS}
        alone = found["spaCy alone"]["speed"]
        for way, one in found.items():
            beside = f"{one['speed'] / alone:.2f} of spaCy alone"
            goal = f" (goal: {goals[corpus]})" if way == "tracker" else ""
            yield f"articles/s, {title}: {way}", f"{one['speed']:.1f}", beside + goal
        memory = max(memory, found["tracker"]["memory"])
    yield "peak memory of tracker", f"{memory:.0f} MB", "(goal: 700 MB)"


def starts() -> Iterator[Row]:
    """Time to load the reader, and of commands that read no article."""
    yield "reader loaded", f"{min(child('load') for _ in range(3)):.2f} s", "(goal: 3.5 s)"
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "t.db"
        made = "from tracker.store import Store; import sys; Store.open(sys.argv[1]).close()"
        subprocess.run([sys.executable, "-c", made, str(database)], check=True, cwd=ROOT)
        for words in (["--help"], ["--db", str(database), "timeline"]):
            seconds = min(_started(words) for _ in range(STARTS))
            yield f"tracker {words[-1]}", f"{seconds:.2f} s", "(goal: 0.5 s)"


def _started(words: Iterable[str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tracker", *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def bounds() -> Iterator[Row]:
    """Growth with the length of a text, and bad inputs."""
    found = child("growth")
    for k, seconds in found.items():
        yield f"same characters, texts {k}x as long", f"{seconds:.2f} s", f"{seconds / found['1']:.2f} of 1x"
    for name, seconds in child("bad").items():
        yield name, f"{seconds:.2f} s", ""


def machine() -> str:
    """What it ran on, without its name."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text("utf-8")) if info.exists() else None
    kind = found[1] if found else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores, {kind}, Python {platform.python_version()}, one thread per library"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        name, *words = json.loads(options.measure)
        print(json.dumps(MEASURES[name](*words)))
        return
    print(f"{machine()}\n{options.articles} articles, best of {options.rounds} rounds\n")
    for rows in (speeds(options.articles, options.rounds), starts(), bounds()):
        for what, figure, beside in rows:
            print(f"{what:60} {figure:>10}   {beside}", flush=True)


if __name__ == "__main__":
    main()
