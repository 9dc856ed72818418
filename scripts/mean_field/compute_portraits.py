"""Single orbits: runs from tokens beside a network, neighbouring runs, the breakout of the torus, memories of a sequence."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.mean_field.map import Parameters, Window, parameters, token_fields
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.files import write_csv, write_npz
from attention_atlas.papers.mean_field.diagram import lengths_of
from attention_atlas.papers.mean_field.finite_network import CountNetwork, one_step_deviation
from attention_atlas.papers.mean_field.portraits import (
    distance_from,
    divergence,
    follow_neighbours,
    grown_windows,
    largest_exponent,
    network_run,
    summary,
    token_runs,
)
from attention_atlas.papers.mean_field.results import spectrum_table
from attention_atlas.papers.mean_field.setup import build_model, build_token, build_weights, read_start
from attention_atlas.papers.mean_field.sigma import manual_results, sigma_results
from attention_atlas.papers.mean_field.sweep import Wanted, sweep
from attention_atlas.pipeline.jobs import job

Result = tuple[dict[str, np.ndarray], pd.DataFrame]
# Exponents that are computed: the classes need two
LEADING = 4
# Steps along the map over which the noise of a step is averaged
NOISE_STEPS = 200


def gains(blocks: Mapping[str, Any], betas: np.ndarray) -> Parameters:
    model = blocks["model"]
    return parameters(build_model(model)[1], betas, model["beta_att"], model["epsilon"], model["scaling"])


def described(blocks: Mapping[str, Any], params: Parameters, start: Window, part: str) -> pd.DataFrame:
    """Class, period and leading exponents of runs from ``start``."""
    model = build_model(blocks["model"])[1]
    leading = min(LEADING, model.context * model.patterns)
    result = sweep(model, params, start, lengths_of(blocks[part]), Wanted(leading, 0, bins=1, keep_counts=False))
    return spectrum_table("beta", params.beta, result)


def tokens(blocks: Mapping[str, Any], start_path: str) -> Result:
    settings = blocks["tokens"]
    model, weights = build_model(blocks["model"])[1], build_weights(blocks["model"])
    chosen = [build_token(weights, source, settings["pattern"], settings["seed"]) for source in settings["sources"]]
    params = gains(blocks, np.full(len(chosen), settings["beta"]))
    grown = grown_windows(model, params, [token_fields(weights, token) for token in chosen])
    fields, attention = token_runs(model, params, grown, settings["steps"])
    large = build_weights(blocks["model"], settings["factor"])
    generator = np.random.Generator(np.random.Philox(key=[settings["seed"], 1]))
    one = Parameters(*(values[:1] for values in params))
    network = CountNetwork.from_token(model, large, one, np.repeat(chosen[0], settings["factor"]), generator)
    network_fields, network_attention = network_run(network, settings["steps"])
    table = described(blocks, params, grown, "tokens")
    table.insert(0, "source", settings["sources"])
    settled = settings["steps"] // 4
    table.insert(1, "spins", network.spins)
    # of the first token alone: the network's own
    table.insert(2, "network_distance", np.nan)
    table.insert(3, "step_noise", np.nan)
    noise = [
        one_step_deviation(large, one, newest[None])[0] for newest in attention[0, settled : settled + NOISE_STEPS]
    ]
    table.loc[0, "network_distance"] = distance_from(network_fields[settled:], fields[0, settled:])
    table.loc[0, "step_noise"] = float(np.mean(noise))
    arrays = {
        "observables": fields.astype(np.float32),
        "attention": attention.astype(np.float32),
        "network_observables": network_fields.astype(np.float32),
        "network_attention": network_attention.astype(np.float32),
    }
    return arrays, table


def neighbours(blocks: Mapping[str, Any], start_path: str) -> Result:
    settings = blocks["neighbours"]
    model = build_model(blocks["model"])[1]
    betas, pairs = np.array(settings["betas"], dtype=float), settings["pairs"]
    params = gains(blocks, np.repeat(betas, pairs))
    generator = np.random.Generator(np.random.Philox(key=settings["seed"]))
    start = read_start(start_path, model)
    # differences of a thousandth put the pairs on different points of the attractor
    spread = start.attention + 1e-3 * generator.uniform(-1, 1, (len(params.beta), *start.attention.shape))
    run = MeanFieldRun(model, params, Window(spread, start.phase))
    run.advance(settings["transient"])
    points = run.window()
    distances, example = [], []
    for k in range(len(betas)):
        mine = slice(k * pairs, (k + 1) * pairs)
        own = Parameters(*(values[mine] for values in params))
        some = Window(points.attention[mine], points.phase)
        found, tracks = follow_neighbours(model, own, some, settings["difference"], settings["steps"], generator)
        distances.append(found)
        example.append(tracks)
    fits = [divergence(found) for found in distances]
    exponents = largest_exponent(model, params, points, settings["spectrum"], settings["alignment"])
    logs = np.log10(np.maximum(distances, np.finfo(float).tiny))
    arrays = {
        "mean_log": logs.mean(axis=1),
        "low": np.quantile(logs, 0.1, axis=1),
        "high": np.quantile(logs, 0.9, axis=1),
        "example": np.array(example),
    }
    return arrays, summary(betas, pairs, fits, exponents)


def breakout(blocks: Mapping[str, Any], start_path: str) -> Result:
    settings = blocks["breakout"]
    model = build_model(blocks["model"])[1]
    params, start = gains(blocks, np.array(settings["betas"], dtype=float)), read_start(start_path, model)
    run = MeanFieldRun(model, params, start)
    run.advance(settings["transient"])
    record = run.record(settings["saved"], attention=True)
    run.window()
    arrays: dict[str, np.ndarray] = {
        "betas": params.beta,
        "observables": record.observables().astype(np.float32),
        "attention": record.attention().astype(np.float32),
    }
    return arrays, described(blocks, params, start, "breakout")


def sigma(blocks: Mapping[str, Any], start_path: str) -> Result:
    return sigma_results(blocks["sigma"])


def manual(blocks: Mapping[str, Any], start_path: str) -> Result:
    return manual_results(blocks["manual"], blocks["model"])


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        parts = {"tokens": tokens, "neighbours": neighbours, "breakout": breakout, "sigma": sigma, "manual": manual}
        arrays, table = parts[snakemake.wildcards.part](snakemake.params.blocks, snakemake.input.start)
        write_npz(snakemake.output.arrays, **arrays)
        write_csv(table, snakemake.output.table)
