"""The reader's room: an article in, its parties and policy events out, every field with the words that gave it.

`load` opens the language model and the learned weights; nothing before it imports spaCy. Does not compare articles,
store anything or fetch models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.nlp.own import Own
    from tracker.nlp.reader import Reader

__all__ = ["READS", "load"]

READS: frozenset[str] = frozenset({"en"})


def load(model: str | None = None, own: Own | None = None) -> Reader:
    """A reader with the bundled spaCy model, or another installed one by name, and a user's ontology file.

    Raises:
        ModelError: the model cannot be loaded.
        ConfigError: the gazetteer cannot take the user's parties.
    """
    from tracker.nlp.encoder import load_encoder  # noqa: PLC0415  (spaCy and ONNX Runtime take seconds)
    from tracker.nlp.reader import Reader, open_language  # noqa: PLC0415
    from tracker.nlp.weights import load_models  # noqa: PLC0415

    return Reader(open_language(model), load_models(), load_encoder(), own)
