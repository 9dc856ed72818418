"""Models from settings, and start windows that come back from their file or are refused."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import Window
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.errors import AtlasError, DataFileError
from attention_atlas.files import write_csv, write_npz
from attention_atlas.papers.mean_field.setup import build_model, build_start, build_weights, read_start, start_table


def settings(**changes):
    weights = {"kind": "segments", "seed": 1, "segments": 3, "segment_spins": 33, "deviation": 1.0, "file": None}
    weights |= changes.pop("weights", {})
    return {"patterns": 3, "positional_bits": 2, "context": None, "weights": weights} | changes


def test_models_of_the_three_kinds(tmp_path):
    segments = build_model(settings())[0]
    assert np.array_equal(segments.pair, correlations_of(segment_weights(1)).pair)
    weights = segment_weights(1)
    write_npz(tmp_path / "weights.npz", semantic=weights.semantic, positional=weights.positional)
    explicit = build_model(settings(weights={"kind": "explicit", "file": str(tmp_path / "weights.npz")}))[0]
    assert np.array_equal(segments.pair, explicit.pair)
    # every spin three times: three times the network, the same correlations
    repeated = build_weights(settings(weights={"kind": "explicit", "file": str(tmp_path / "weights.npz")}), 3)
    assert np.array_equal(correlations_of(repeated).pair, segments.pair)
    assert repeated.semantic.shape[2] == 3 * build_weights(settings()).semantic.shape[2]
    gaussian, model = build_model(settings(patterns=2, weights={"kind": "gaussian"}))
    assert gaussian.pair.shape == (4, 2, 2)
    assert model.patterns == 2
    orders = {"output": [0, 1, 2], "value": [1, 2, 0], "query": [0, 1, 2], "key": [0, 1, 2]}
    for kind in ("random", "means", "manual"):
        correlations, model = build_model(settings(weights={"kind": kind, "orders": orders}))
        assert correlations.pair.shape == (4, 3, 3)
        assert (np.diag(correlations.pair[0]) == 1).all()
    assert build_weights(settings(weights={"kind": "random"}), 2).semantic.shape == (4, 3, 198)
    with pytest.raises(AtlasError, match="gaussian"):
        build_weights(settings(weights={"kind": "gaussian"}))


def test_a_start_window_comes_back_from_its_file(tmp_path):
    model = build_model(settings())[1]
    start = build_start(settings(), {"beta": 3.0, "tokens": 400, "first_token": "published"})
    write_csv(start_table(start, 2), tmp_path / "start_window.csv")
    again = read_start(tmp_path / "start_window.csv", model)
    assert np.array_equal(again.attention, start.attention)
    assert again.phase == start.phase
    other = build_start(settings(), {"beta": 3.0, "tokens": 400, "first_token": "definition", "pattern": 1, "seed": 1})
    assert not np.array_equal(other.attention, start.attention)


WINDOW = Window(np.arange(12.0).reshape(4, 3) / 10, 3)


def damaged(change):
    table = start_table(WINDOW, 2)
    return change(table)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop(columns="A_2"), "no column A_2"),
        (lambda table: table.iloc[:3], "the window has 4"),
        (lambda table: table.assign(A_1=[0.1, np.nan, 0.2, 0.3]), "no attention"),
        (lambda table: table.assign(bit_1=[1, 1, 0, -1]), "bits of -1 and 1"),
        (lambda table: table.assign(bit_1=[1, 1, 1, 1]), "do not count up"),
    ],
)
def test_a_damaged_start_file_is_one_clear_line(tmp_path, change, words):
    path = tmp_path / "start_window.csv"
    write_csv(damaged(change), path)
    with pytest.raises(DataFileError) as caught:
        read_start(path, build_model(settings())[1])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cut_or_missing_start_file_is_one_clear_line(tmp_path):
    path, model = tmp_path / "start_window.csv", build_model(settings())[1]
    with pytest.raises(DataFileError, match="cannot be read"):
        read_start(path, model)
    write_csv(start_table(WINDOW, 2), path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataFileError, match="not the file that was written"):
        read_start(path, model)
