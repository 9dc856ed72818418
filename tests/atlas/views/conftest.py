"""Small results of every paper that has views, as their rules would write them, and pages made from them."""

from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from snakemake.utils import update_config

from attention_atlas.atlas.views.catalogue import write_views
from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.files import write_csv, write_npz
from attention_atlas.geometry.sphere import normalise

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>{styles}
<style>body {{ margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink); }}</style></head>
<body><main><h1>{title}</h1><p>{description}</p>
<div class="view" data-component="{component}" data-source="{source}"></div></main>{scripts}</body></html>
"""
BINS, BETAS = 400, 300


def _moving(generator, frames, particles, dimension):
    start, end = (normalise(generator.standard_normal((particles, dimension))) for _ in range(2))
    share = np.linspace(0, 1, frames)[:, None, None]
    return normalise((1 - share) * start + share * end)


def _write_spheres(results, generator):
    frames = _moving(generator, 12, 30, 3)[:, None]
    matrix = np.diag([1.0, 0.25, -1.0])
    steps = np.unique(np.round(np.geomspace(1, 500, 12)).astype(int) - 1)
    frames = frames[: len(steps)]
    write_npz(
        results / "spheres/runs/fig3a.npz",
        matrix=matrix,
        beta=1.0,
        starts=frames[0],
        positions=frames[-1],
        frames=frames,
        frame_steps=steps,
        energy_steps=steps,
        energies=interaction_energy(frames[:, 0], matrix)[None],
    )
    starts = normalise(generator.standard_normal((4, 20, 3)))
    write_npz(
        results / "spheres/runs/fig6b.npz",
        matrix=matrix,
        beta=1.0,
        starts=starts,
        positions=normalise(starts + 0.3),
        frames=np.zeros((0, 4, 20, 3)),
        frame_steps=np.zeros(0, dtype=int),
        energy_steps=np.array([0, 500]),
        energies=np.zeros((4, 2)),
    )


def _write_single_particles_and_circles(results, generator):
    steps = np.array([0, 1, 3, 10, 31, 100])
    common = {"beta": 1.0, "energy_steps": steps, "frame_steps": steps}
    singles = _moving(generator, 6, 8, 3)[:, :, None]
    ring = _moving(generator, 6, 20, 2)[:, None]
    for name, frames, matrix in (("fig1a", singles, np.eye(3)), ("fig2_circles", ring, np.diag([1.0, 1.25]))):
        energies = interaction_energy(frames, matrix).T
        ends = {"starts": frames[0], "positions": frames[-1]}
        write_npz(
            results / f"spheres/runs/{name}.npz", matrix=matrix, frames=frames, energies=energies, **ends, **common
        )
    frames = _moving(generator, 6, 8, 2).reshape(6, 2, 4, 2)
    frames[4:, 1] = np.nan
    write_npz(
        results / "spheres/runs/fig4_circles.npz",
        deltas=np.array([0.5, 8.0]),
        step_sizes=np.array([0.005, 0.1]),
        matrices=np.array([np.diag([1.0, 0.5]), np.diag([1.0, 8.0])]),
        frames=frames,
        frame_steps=steps,
        status=np.array(["ok", "blew_up"]),
    )


def _write_mean_field(results, generator):
    values = np.linspace(0.0, 3.0, BETAS)
    counts = np.zeros((BETAS, BINS), dtype=np.uint32)
    # two values per beta in neighbouring bins but one: a single line from afar, two from near
    for column in range(BETAS):
        middle = 100 + column // 2
        counts[column, [middle, middle + 2]] = 50
    counts[200:, 20:380] += generator.integers(0, 5, (BETAS - 200, 360)).astype(np.uint32)
    sliced = np.where(generator.random(counts.shape) < 0.02, counts, 0)
    write_npz(
        results / "mean_field/data/bifurcation.npz",
        values=values,
        all=counts,
        sliced=sliced,
        outside=np.zeros(BETAS, dtype=int),
        few=np.arange(BETAS) < 200,
        low=-1.0,
        high=1.0,
    )
    table = pd.DataFrame({"beta": values})
    for k in range(1, 5):
        table[f"lyapunov_{k}"] = np.sin(3 * values) * 0.1 - 0.2 * (k - 1)
    table.loc[0, "lyapunov_4"] = -np.inf
    table["class"] = np.where(values < 1, "fixed", np.where(values < 2, "periodic", "chaotic"))
    table["period"] = np.where(values < 1, 4, np.where(values < 2, 28, 0))
    table["error_1"] = 1e-3
    write_csv(table, results / "mean_field/data/lyapunov.csv")
    grid = np.linspace(0, 3, 20)
    write_npz(
        results / "mean_field/data/phase_diagram.npz",
        beta=grid,
        beta_att=grid,
        classes=np.array(["fixed", "periodic", "quasi-periodic", "chaotic"]),
        distinct_slice=generator.integers(0, 900, (20, 20)).astype(np.uint16),
        code=generator.integers(0, 4, (20, 20)).astype(np.uint8),
        period=generator.integers(0, 30, (20, 20)).astype(np.uint16),
        lyapunov_1=generator.normal(0, 0.1, (20, 20)).astype(np.float32),
    )


def _write_perspective(results, generator, panels):
    for dimension in (2, 3):
        arrays, tables = {}, []
        for letter in panels[dimension]:
            times = np.linspace(0, 1, 30) ** 2 * 10
            arrays |= {
                f"{letter}_positions": _moving(generator, 30, 12, dimension),
                f"{letter}_times": times,
                f"{letter}_steps": np.arange(30),
            }
            tables.append(pd.DataFrame({"panel": letter, "time": times, "clusters": 12 - np.arange(30) // 3}))
        write_npz(results / f"perspective/runs/particles_{dimension}d.npz", **arrays)
        write_csv(pd.concat(tables), results / f"perspective/data/particles_{dimension}d_clusters.csv")
    points = normalise(generator.standard_normal((15, 3)))
    table = pd.DataFrame(
        np.concatenate([points, generator.normal(0, 0.2, (15, 6))], axis=1),
        columns=[f"{prefix}{axis}" for prefix in ("", "fixed_", "field_") for axis in "xyz"],
    )
    write_csv(table, results / "perspective/data/hypersphere.csv")
    betas, times = np.linspace(0.1, 9, 25), np.linspace(0.0, 30, 40)
    plane = 1 / (1 + np.exp(betas[:, None] - times[None] / 4))
    write_npz(
        results / "perspective/data/phase_sa_d2.npz",
        beta=betas,
        time=times,
        probability=plane,
        standard_error=0.01 * plane,
        time_log=np.geomspace(0.1, 30, 30),
        probability_log=plane[:, :30],
    )
    boundary = pd.DataFrame({"beta": betas, "reduced_time": 4 * betas, "reduced_steps_time": 4.2 * betas})
    write_csv(boundary, results / "perspective/data/phase_sa_d2.csv")


def _write_metastability(results, generator, count):
    heads = pd.DataFrame([(x, y) for x in (0.0, 0.4, 0.8) for y in (1.0, 2.0)], columns=["x", "y"])
    heads = heads.assign(map="repulsion", clusters=[-1, 2, 3, 4, 5, 6], stable_share=0.5)
    write_csv(heads, results / "metastability/data/multi_head.csv")
    for index in range(count):
        log_times = np.linspace(-1, 20, 60)
        write_npz(
            results / f"metastability/runs/space_time/{index}.npz",
            beta=5.0,
            log_times=log_times,
            paths=np.cumsum(generator.normal(0, 0.1, (60, 24)), axis=0) + generator.uniform(0, 7, 24),
            plateau_clusters=np.array([3, 1]),
            plateau_starts=np.array([2.0, 12.0]),
            plateau_ends=np.array([8.0, np.inf]),
        )


def _write_art(results, generator, seed):
    side = np.linspace(-8, 8, 64)
    time = generator.integers(-1, 100, (64, 64)).astype(np.int16)
    write_npz(
        results / f"art/data/seed_{seed}.npz",
        converged=time >= 0,
        clusters=generator.integers(1, 9, (64, 64)).astype(np.uint8),
        time=time,
        period=generator.integers(0, 9, (64, 64)).astype(np.uint8),
        a=side,
        b=2 * side,
    )
    windows = np.array([[-8, 8, -8, 8], [0, 8, 0, 8], [4, 8, 2, 6]], dtype=float)
    write_npz(
        results / "art/runs/zoom.npz",
        windows=windows,
        time=generator.integers(-1, 100, (3, 32, 32)).astype(np.int16),
        clusters=generator.integers(1, 9, (3, 32, 32)).astype(np.uint8),
    )


def _write_language(results, generator):
    layers, pieces = np.array([0, 6]), ["[CLS]", "alice", "</b>", "it"]
    names = [(model, layer, token) for model in ("minilm", "random") for layer in layers for token in range(4)]
    table = pd.DataFrame(names, columns=["model", "layer", "token"])
    table["piece"] = [pieces[token] for token in table["token"]]
    write_csv(table, results / "language/data/tokens.csv")
    grams, depth = {"layers": layers}, {"layers": np.arange(7)}
    for model in ("minilm", "random"):
        clusters = np.array([1, 0, 0, 2])
        points = normalise(generator.standard_normal((2, 4, 8)))
        grams |= {model: (points @ np.swapaxes(points, 1, 2)).astype(np.float32), f"{model}_clusters": clusters}
        depth |= {model: 0.9 * normalise(generator.standard_normal((7, 4, 3))), f"{model}_clusters": clusters}
    write_npz(results / "language/data/gram.npz", **grams)
    write_npz(results / "language/data/tokens.npz", **depth)


@pytest.fixture(scope="session")
def view_config(home):
    config = yaml.safe_load((home / "config.yaml").read_text())
    update_config(config, yaml.safe_load((home / "tests/config/small.yaml").read_text()))
    return config


@pytest.fixture(scope="session")
def view_results(view_config, tmp_path_factory):
    """A folder ``results`` in which some of the rules have run."""
    results = tmp_path_factory.mktemp("results")
    generator = np.random.default_rng(3)
    panels = {d: list(view_config["perspective"][f"particles_{d}d"]["panels"]) for d in (2, 3)}
    _write_spheres(results, generator)
    _write_single_particles_and_circles(results, generator)
    _write_mean_field(results, generator)
    _write_perspective(results, generator, panels)
    _write_metastability(results, generator, len(view_config["metastability"]["space_time"]["betas"]))
    _write_art(results, generator, view_config["art"]["seeds"][0])
    _write_language(results, generator)
    return results


def write_pages(views, target: Path) -> dict[str, Path]:
    """A bare page for each source of the views; source -> page."""
    pages = {}
    for view in views:
        page = target / f"{view.source}.html"
        styles = "".join(f'<link rel="stylesheet" href="{path}">' for path in view.styles)
        scripts = "".join(f'<script src="{path}"></script>' for path in (*view.data, *view.scripts))
        texts = {key: escape(getattr(view, key)) for key in ("title", "description", "component", "source")}
        page.write_text(PAGE.format(styles=styles, scripts=scripts, **texts))
        pages[view.source] = page
    return pages


@pytest.fixture(scope="session")
def view_pages(view_results, view_config, home, tmp_path_factory):
    """Source -> page with its view."""
    target = tmp_path_factory.mktemp("atlas")
    return write_pages(write_views(view_results, target, view_config, home / "web"), target)
