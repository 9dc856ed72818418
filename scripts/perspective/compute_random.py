"""Phase diagram with random weights: one slab of the values of beta, all variants, one dimension."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.clustering.batch import published_step
from attention_atlas.errors import AtlasError
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.random_weights.batch import (
    Layer,
    Layers,
    RandomWeights,
    given_layers,
    random_weights_statistics,
)
from attention_atlas.papers.perspective.settings import RANDOM_BLOCK
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress
from attention_atlas.random.attention_weights import draw_weights


def layers_of(settings: Mapping[str, Any], variant: Mapping[str, Any]) -> tuple[int, int]:
    """Number of layers of a run, and steps in each."""
    steps = round(settings["last_time"] / settings["step_size"])
    if not variant["redraw_time"]:
        return 1, steps
    each = max(1, round(variant["redraw_time"] / settings["step_size"]))
    return -(-steps // each), each


def weights_of(
    settings: Mapping[str, Any], variant: Mapping[str, Any], dimension: int, beta_index: int, runs: range, layers: int
) -> Layers:
    """The matrices of a block of runs, those of a layer when they are asked for; V = +-Q^T K as its sign."""
    seed, sign = settings["seed"], {"plus": 1.0, "minus": -1.0}.get(variant["value"])
    kinds = (variant["query_key"], "identity" if sign else variant["value"])
    if variant["draw"] != "system":
        key = (seed, 1, beta_index) if variant["draw"] == "beta" else (seed, 2)
        query_keys, values = draw_weights(key, *kinds, dimension, layers)
        return given_layers(query_keys, sign or values, np.tile(np.arange(layers), (len(runs), 1)))

    def layer(number: int, chosen: np.ndarray) -> Layer:
        query_keys = np.empty((len(chosen), dimension, dimension))
        values = None if sign or kinds[1] == "identity" else np.empty_like(query_keys)

        for place, run in enumerate(chosen):
            key = (seed, 3, beta_index, runs[run]) if layers == 1 else (seed, 3, beta_index, runs[run], number)
            drawn = draw_weights(key, *kinds, dimension, 1)
            query_keys[place] = drawn[0][0]
            if values is not None and drawn[1] is not None:
                values[place] = drawn[1][0]
        return Layer(query_keys, sign or values, np.arange(len(chosen)))

    return layer


def row(
    settings: Mapping[str, Any],
    variant: Mapping[str, Any],
    dimension: int,
    beta_index: int,
    beta: float,
    records: np.ndarray,
    starts: np.ndarray,
) -> RandomWeights:
    """All runs of one beta, from their ``starts`` (runs, n, d) on."""
    layers, each = layers_of(settings, variant)
    step, flow = settings["step_size"], variant["flow"]
    parts = []
    for first in range(0, len(starts), RANDOM_BLOCK):
        runs = range(first, min(len(starts), first + RANDOM_BLOCK))
        parts.append(
            random_weights_statistics(
                starts[runs.start : runs.stop],
                beta,
                weights_of(settings, variant, dimension, beta_index, runs, layers),
                step_size=published_step("usa", beta, step) if flow == "usa" else step,
                steps_per_layer=each,
                record_steps=records,
                statistics_every=settings["statistics_every"],
                threshold=settings["threshold"],
                span_threshold=settings["span_threshold"],
                fine_threshold=settings["fine_threshold"],
                kind="sa" if flow == "sa" else "usa",
                contracting=variant["value"] in ("identity", "wishart"),
            )
        )
    return RandomWeights(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def main(settings: Mapping[str, Any], dimension: int, slab: int, output: str) -> None:
    betas = sweep_values(settings["betas"])
    mine = np.arange(len(betas))[slab :: settings["slabs"]]
    steps = round(settings["last_time"] / settings["step_size"])
    records = np.round(np.linspace(0, steps, settings["records"])).astype(int)
    starts = random_points(settings["seed"], range(settings["runs"]), settings["particles"], dimension)
    variants = settings["variants"]
    widths = {"sums": len(records)}
    widths |= dict.fromkeys(
        ("median_clusters", "mean_span", "median_fine_clusters"), len(records[:: settings["statistics_every"]])
    )
    planes = {f"{name}_{kind}": np.empty((len(mine), width)) for name in variants for kind, width in widths.items()}
    progress, done = Progress(f"random weights, d = {dimension}", len(mine) * len(variants), "rows"), 0
    for name, variant in variants.items():
        for place, index in enumerate(mine):
            try:
                result = row(settings, variant, dimension, int(index), float(betas[index]), records, starts)
            except AtlasError as error:
                raise AtlasError(f"{name}, d = {dimension}, beta = {betas[index]:.4g}: {error}") from error
            planes[f"{name}_sums"][place] = result.close_pairs.sum(axis=0)
            planes[f"{name}_median_clusters"][place] = np.median(result.clusters, axis=0)
            planes[f"{name}_median_fine_clusters"][place] = np.median(result.fine_clusters, axis=0)
            planes[f"{name}_mean_span"][place] = result.spans.mean(axis=0)
            done += 1
            progress(done)
    write_npz(output, index=mine, **planes)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.settings,
            int(snakemake.wildcards.dimension),
            int(snakemake.wildcards.slab),
            snakemake.output[0],
        )
