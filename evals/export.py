"""The fitted encoder as files that the reader loads: an 8-bit ONNX graph, and the tables beside it.

Needs torch, onnx and onnxruntime. The word table is kept outside the graph, a scale per row.
"""

from __future__ import annotations

import tempfile
import warnings
from hashlib import sha256
from pathlib import Path

import joint
import minilm
import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from tracker.nlp.encoder import GRAPH, TABLES, WORDS, Tables, Words, save_tables, save_words


class Graph(nn.Module):
    """The encoder from word vectors on."""

    def __init__(self, encoder: minilm.Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """(1, pieces, width) to the same shape."""
        encoder = self.encoder
        x = encoder.norm(words + encoder.places.weight[: words.shape[1]] + encoder.kind)
        for layer in encoder.layers:
            x = layer(x, None)
        return x


def export(model: joint.Joint, folder: Path) -> None:
    """Write graph and heads."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            Graph(model.encoder).eval(), (torch.zeros(1, 16, minilm.WIDTH),), str(plain), dynamo=False,
            input_names=["words"], output_names=["states"], opset_version=17,
            dynamic_axes={"words": {1: "pieces"}, "states": {1: "pieces"}},
        )  # fmt: skip
        quantize_dynamic(plain, folder / GRAPH, weight_type=QuantType.QInt8, per_channel=True)
    save_tables(Tables(joint.heads(model), sha256((folder / GRAPH).read_bytes()).hexdigest()), folder / TABLES)


def export_words(encoder: minilm.Encoder, pieces: list[str], folder: Path) -> None:
    """Write the word table, which does not learn and is the same for every fit."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [i for i, piece in enumerate(pieces) if wanted(piece)]
    words = encoder.words.weight.detach().numpy()[kept]
    scales = (np.abs(words).max(axis=1) / 127).astype(np.float32)
    vectors = np.round(words / scales[:, None]).astype(np.int8)
    save_words(Words(tuple(pieces[i] for i in kept), vectors, scales), folder / WORDS)


def wanted(piece: str) -> bool:
    """Whether a piece can occur in English news: no unused slot, no letter of another script."""
    if piece.startswith("[") and piece.endswith("]"):
        return piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
    return all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x2200 for c in piece)
