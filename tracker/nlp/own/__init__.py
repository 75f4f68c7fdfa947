"""A user's own YAML beside the built-in ontology: types and subtypes, acts, parties, and sentences that prove them.

`load(path)` reads and checks the file; `extended(ontology, own)` adds its words to the built-in ones. What the added
phrases decide when an article is read is `tracker.nlp.overlay`; reading the file's examples with the real reader is
`tracker.nlp.own.examples`. Nothing here changes the built-in ontology or imports spaCy.
"""

from __future__ import annotations

from tracker.nlp.own.checking import load, parse
from tracker.nlp.own.extending import extended
from tracker.nlp.own.values import Example, Own, Words

__all__ = ["Example", "Own", "Words", "extended", "load", "parse"]
