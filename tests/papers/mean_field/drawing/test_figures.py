"""Figures of the mean-field map: what they must show, also for odd tables."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from attention_atlas.drawing.style import ORANGE, save_figure
from attention_atlas.papers.mean_field.drawing import diagrams
from attention_atlas.papers.mean_field.drawing.diagrams import class_handles
from attention_atlas.papers.mean_field.drawing.orbits import (
    draw_exponents,
    draw_planes,
    draw_series,
    draw_space_orbits,
    draw_spectra,
)
from attention_atlas.papers.mean_field.drawing.portraits import draw_neighbours, draw_network, draw_token_runs
from attention_atlas.papers.mean_field.drawing.sequences import (
    draw_loops,
    draw_manual_amplitude,
    draw_manual_cycle,
    draw_sequence_map,
    draw_sigma_trajectory,
)
from attention_atlas.papers.mean_field.drawing.studies import (
    draw_coexistence,
    draw_continuation,
    draw_finite_size,
    draw_phase_diagram,
    draw_slices,
)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def saved(figure, tmp_path):
    """Whether the figure can be written; a figure that fails fails when it is drawn."""
    save_figure(figure, tmp_path / "figure.png", tmp_path / "figure.pdf", dpi=60)
    return (tmp_path / "figure.png").stat().st_size > 1000


def picture(columns=6, bins=40):
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 3, (columns, bins)).astype(np.uint16)
    values = np.linspace(1.0, 2.0, columns)
    few = np.arange(columns) % 2 == 0
    return {"values": values, "all": counts, "sliced": counts // 2, "few": few, "low": -1.0, "high": 1.0}


def spectrum(values, size=4):
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"beta": values})
    for k in range(size):
        table[f"lyapunov_{k + 1}"] = rng.normal(-k, 0.3, len(values))
        table[f"status_{k + 1}"] = "ok"
    table.loc[0, "lyapunov_4"] = -np.inf
    table.loc[0, "status_4"] = "collapsed"
    table["class"] = np.resize(["fixed", "periodic", "quasi-periodic", "chaotic"], len(values))
    table["period"] = np.resize([4, 28, 0, 0], len(values))
    return table


def test_density_has_a_shade_for_values_and_ink_for_the_slice():
    counts = np.array([[0, 1, 1000, 0, 0, 0]])
    image = diagrams.density_image(counts, np.array([[0, 0, 0, 0, 0, 0]]), np.array([False]))
    assert image.shape == (6, 1, 3)
    assert np.array_equal(image[0, 0], [1, 1, 1])
    assert image[1, 0].sum() > image[2, 0].sum()  # rare is lighter than frequent
    assert image[1, 0].sum() < 3  # but not white
    inked = diagrams.density_image(counts, np.array([[0, 0, 0, 0, 1, 0]]), np.array([False]), thicken=1)
    assert [bool(np.allclose(pixel, to_rgb(diagrams.SLICE))) for pixel in inked[:, 0]] == [0, 0, 0, 1, 1, 1]
    whole = diagrams.density_image(counts, np.zeros_like(counts), np.array([True]), thicken=0)
    assert np.allclose(whole[1:3, 0], to_rgb(diagrams.SLICE))


def test_changes_of_sign_must_last():
    x = np.arange(12.0)
    y = np.array([-1, -1, -1, 1, -1, -1, -1, 1, 1, 1, 1, 1.0])
    assert diagrams.sign_changes(x, y).tolist() == [6.5]


@pytest.mark.parametrize("interpolation", ["none", "antialiased"])
def test_bifurcation_diagram_is_drawn(tmp_path, interpolation):
    shown = picture()
    figure = diagrams.draw_bifurcation("beta", shown, spectrum(shown["values"]), 0.001, interpolation)
    strip = figure.axes[1]
    assert [text.get_text() for text in strip.texts] == []  # windows of one value hold no label
    assert saved(figure, tmp_path)


def test_wide_windows_are_labelled_with_their_period():
    _, axes = plt.subplots()
    classes, periods = pd.Series(["periodic"] * 10 + ["chaotic"] * 10), pd.Series([28] * 10 + [0] * 10)
    diagrams.draw_classes(axes, np.linspace(0, 1, 20), classes, periods)
    assert [text.get_text() for text in axes.texts] == ["28"]


def test_spectrum_is_drawn_with_collapsed_exponents(tmp_path):
    assert saved(diagrams.draw_spectrum("beta", spectrum(np.linspace(0, 1, 30))), tmp_path)
    assert saved(
        diagrams.draw_spectrum("epsilon", spectrum(np.linspace(0, 1, 1600)).rename(columns={"beta": "epsilon"})),
        tmp_path,
    )


def test_orbits_are_drawn(tmp_path):
    steps = np.arange(400)
    series = pd.DataFrame({"step": steps, "beta_1.2": np.sin(steps), "beta_1.3": 0.0})
    assert saved(draw_series(series, [50, 400]), tmp_path)
    rng = np.random.default_rng(1)
    points = np.stack([rng.normal(size=(9000, 3)), np.zeros((9000, 3))])
    assert saved(draw_planes({"betas": np.array([1.2, 1.3]), "observables": points, "attention": points}), tmp_path)
    spectra = pd.DataFrame({"frequency": np.linspace(0, 0.5, 65), "beta_1.2": rng.uniform(size=65)})
    correlations = pd.DataFrame({"lag": np.arange(20), "beta_1.2": np.cos(np.arange(20))})
    assert saved(draw_spectra(spectra, correlations), tmp_path)
    running = pd.DataFrame({"steps": [1, 10, 200], "beta_1.2_lyapunov_1": [0.1, 0.2, 0.1], "beta_1.2_lyapunov_2": -0.1})
    assert saved(draw_exponents(running), tmp_path)


def test_continuation_shows_what_only_inner_chains_find(tmp_path):
    common = picture()
    grid = common["values"]
    size = len(grid)
    chains = [(0, grid), (1, grid[::-1]), (2, grid[2:]), (3, grid[2::-1])]
    counts = np.zeros((2 * size + size - 2 + 3, 40), dtype=np.uint16)
    counts[:, 10] = 1
    counts[2 * size : 2 * size + 1, 30] = 1  # the inner chain to the right, at its start
    followed = {
        "chain": np.concatenate([np.full(len(path), chain) for chain, path in chains]),
        "beta": np.concatenate([path for _, path in chains]),
        "all": counts,
        "low": -1.0,
        "high": 1.0,
    }
    table = pd.DataFrame({"chain": followed["chain"], "beta": followed["beta"], "class": "chaotic", "period": 0})
    table = table.assign(start_beta=table["chain"].map({0: grid[0], 1: grid[-1], 2: grid[2], 3: grid[2]}))
    table = table.assign(direction=np.where(table["chain"] % 2 == 0, "right", "left"))
    figure = draw_continuation(common, followed, table, "none")
    right, left = (figure.axes[k].images[0].get_array() for k in (1, 3))
    orange = np.array(to_rgb(ORANGE))
    assert np.argwhere(np.isclose(right, orange).all(axis=-1)).tolist() == [[30, 2]]
    assert not np.isclose(left, orange).all(axis=-1).any()
    assert saved(figure, tmp_path)


def coexistence():
    rows = []
    for beta in (1.0, 1.1, 1.2):
        rows.append((beta, 40, 3, 0.6, "periodic", 28, -0.03))
        rows.append((beta, 24, 0, 0.4, "chaotic", 0, 0.13))
    return pd.DataFrame(rows, columns=["beta", "runs", "late_runs", "share", "class", "period", "lyapunov_1"])


def test_coexistence_is_drawn_with_and_without_published_runs(tmp_path):
    matches = pd.DataFrame({"beta": [1.0, 1.1], "kind": ["attractor", "transient"], "published_1": [-0.03, 0.05]})
    figure = draw_coexistence(coexistence(), matches)
    labels = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert labels == ["published run", "published run, chaotic at first"]
    assert saved(figure, tmp_path)
    assert saved(draw_coexistence(coexistence(), matches.iloc[:0]), tmp_path)


def test_phase_diagram_and_finite_size_are_drawn(tmp_path):
    code = np.arange(12).reshape(3, 4) % 4
    diagram = {"beta": np.arange(3.0), "beta_att": np.arange(4.0), "distinct_slice": code * 10, "code": code}
    assert saved(draw_phase_diagram(diagram), tmp_path)
    rows = [(n, "m_1", step, step / n**0.5, 1 / n**0.5 if step == 1 else np.nan) for n in (99, 990) for step in (1, 2)]
    errors = pd.DataFrame(rows, columns=["spins", "observable", "step", "error", "theory"])
    steps = np.arange(1, 30)
    trajectories = pd.DataFrame({"step": steps, "map_m_1": np.sin(steps), "99_m_1": 0.0, "990_m_1": 0.1})
    assert saved(draw_finite_size(errors, trajectories, 1.27), tmp_path)


def test_slices_and_orbits_in_space(tmp_path):
    one = picture()
    arrays = {"values": one["values"], "low": -1.0, "high": 1.0}
    for pair in ("m1_m2", "A1_m3"):
        arrays |= {f"{pair}_{part}": one[part] for part in ("all", "sliced", "few")}
    figure = draw_slices(arrays, ["m1_m2", "A1_m3"], 0.001, "none")
    assert [axes.get_ylabel() for axes in figure.axes] == ["$m_1$", "$A_1$"]
    assert saved(figure, tmp_path)
    points = np.random.default_rng(1).uniform(-1, 1, (2, 50, 2))
    figure = draw_space_orbits({"betas": np.array([1.2, 1.3]), "observables": points})
    assert [axes.get_zlabel() for axes in figure.axes] == ["$m_2$", "$m_2$"]
    assert saved(figure, tmp_path)


def test_rare_classes_stand_in_the_legend_where_they_occur():
    common = ["fixed", "periodic", "quasi-periodic", "chaotic"]
    assert [patch.get_label() for patch in class_handles({"chaotic"})] == common
    assert [patch.get_label() for patch in class_handles({"hyperchaotic", "2-torus"})] == [
        *common,
        "2-torus",
        "hyperchaotic",
    ]


def test_portraits_are_drawn(tmp_path):
    rng = np.random.default_rng(1)
    points = rng.normal(size=(2, 1000, 3))
    orbits = {
        "observables": points,
        "attention": points,
        "network_observables": points[0],
        "network_attention": points[1],
    }
    table = pd.DataFrame(
        {"source": ["query", "random"], "class": ["periodic", "2-torus"], "period": [24, 0], "spins": 990}
    )
    table = table.assign(lyapunov_1=-1e-9, lyapunov_2=-0.01)
    figure = draw_token_runs(orbits, table)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles[3] == r"random spins: 2-torus, $\lambda_1$ = 0.0000, $\lambda_2$ = -0.0100"
    assert saved(figure, tmp_path)
    assert saved(draw_network(orbits, table), tmp_path)
    logs = np.linspace(-12, 0, 100)[None]
    curves = {"mean_log": logs, "low": logs - 1, "high": logs + 1, "example": np.zeros((1, 2, 100))}
    slopes = {"beta": [1.3], "slope": [0.28], "slope_error": [0.01], "lyapunov_1": [0.27], "error_1": [0.001]}
    assert saved(draw_neighbours(curves, pd.DataFrame(slopes | {"first_step": [40], "last_step": [80]})), tmp_path)


def test_sequences_are_drawn(tmp_path):
    cells = np.eye(4)[np.arange(12) % 4]
    fields = np.repeat(cells[:, None], 4, axis=1)
    arrays = {"attention": cells, "patterns": cells[:, :3], "semantic": fields, "positional": fields, "fields": fields}
    assert saved(draw_sigma_trajectory(arrays, 10), tmp_path)
    rows = [(name, share, step, step % 3 - 1) for name in "abc" for share in (0.0, 0.5) for step in range(6)]
    assert saved(draw_loops(pd.DataFrame(rows, columns=["configuration", "epsilon", "step", "pattern"])), tmp_path)
    plane = {
        "epsilons": np.linspace(0, 1, 3),
        "gammas": np.linspace(0, 20, 2),
        "codes": np.array([[0, 1], [3, 3], [0, 0]]),
    }
    figure = draw_sequence_map(plane, ["one", "two", "three", "tie"])
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["one", "two", "tie"]
    assert saved(figure, tmp_path)
    assert saved(draw_manual_cycle({"observables": cells[:, :3], "attention": cells[:, :3]}), tmp_path)
    table = pd.DataFrame({"epsilon": [0.0, 0.0, 0.2, 0.2], "beta": [1.0, 2.0] * 2, "amplitude": 0.5, "root": 0.4})
    assert saved(draw_manual_amplitude(table), tmp_path)
