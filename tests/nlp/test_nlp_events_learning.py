"""The arithmetic of the learned part: it learns, it repeats itself, and it survives being written down."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ModelError
from tracker.nlp.confidence import calibrated, fit_table
from tracker.nlp.linear import Softmax, fit
from tracker.nlp.weights import Models, load_models, save_models

EXAMPLES = [{"ban": 1.0}, {"ban": 1.0, "old": 1.0}, {"lift": 1.0}, {"lift": 1.0, "old": 1.0}] * 5
TARGETS = ["restrict", "restrict", "ease", "ease"] * 5


def test_it_learns_what_the_examples_show() -> None:
    model = fit(EXAMPLES, TARGETS, ("restrict", "ease"))
    assert model.score({"ban": 1.0}).argmax() == model.labels.index("restrict")
    assert model.score({"lift": 1.0}).argmax() == model.labels.index("ease")
    assert model.reasons({"lift": 1.0, "old": 1.0}, "ease")[0][0] == "lift"


def test_the_same_examples_give_the_same_weights() -> None:
    one, two = (fit(EXAMPLES, TARGETS, ("restrict", "ease")) for _ in range(2))
    assert all((one.rows[name] == two.rows[name]).all() for name in one.rows)


def test_features_that_labels_hold_of_their_own_are_weighed_once_for_all() -> None:
    own = np.array([[[1.0], [0.0]], [[0.0], [1.0]]] * 10)
    model = fit([{}] * 20, ["a", "b"] * 10, ("a", "b"), own=own, shared_names=("fits",))
    assert model.score({}, np.array([[1.0], [0.0]])).argmax() == 0
    assert model.score({}, np.array([[0.0], [1.0]])).argmax() == 1


def test_models_come_back_from_their_file(tmp_path: Path) -> None:
    model = fit(EXAMPLES, TARGETS, ("restrict", "ease"))
    models = Models(model, model, model, model, model, model, model, ((0.2, 0.1), (0.9, 0.8)), "a test")
    path = tmp_path / "weights.json.gz"
    save_models(models, path)
    first = path.read_bytes()
    back = load_models(path)
    save_models(back, path)
    assert path.read_bytes() == first
    assert back.trained_on == "a test"
    assert back.types.score({"ban": 1.0}) == pytest.approx(model.score({"ban": 1.0}), abs=1e-3)


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"{}", mtime=0), gzip.compress(b'{"format": 99}', mtime=0)]
)
def test_a_file_that_is_no_model_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.json.gz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="make train"):
        load_models(path)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=10, max_size=60))
def test_a_higher_score_never_means_less_confidence(pairs: list[tuple[float, bool]]) -> None:
    table = fit_table([s for s, _ in pairs], [r for _, r in pairs])
    values = [calibrated(x / 20, table) for x in range(21)]
    assert values == sorted(values)
    assert all(0 <= v <= 1 for v in values)


def test_an_empty_model_is_certain_of_nothing() -> None:
    assert Softmax(("a", "b"), {}).score({"x": 1.0}).tolist() == [0.5, 0.5]
