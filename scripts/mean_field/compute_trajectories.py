"""Orbits of the mean-field map at some values of beta, with their running Lyapunov exponents."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.mean_field.lyapunov import complete_split
from attention_atlas.dynamics.mean_field.map import parameters
from attention_atlas.dynamics.mean_field.periods import periods
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.files import write_npz
from attention_atlas.papers.mean_field.attractors import count_distinct
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(blocks: Mapping[str, Any], start_path: str, output: str) -> None:
    settings = blocks["trajectories"]
    model = build_model(blocks["model"])[1]
    main_model = blocks["model"]
    betas = np.array(settings["betas"], dtype=float)
    params = parameters(model, betas, main_model["beta_att"], main_model["epsilon"], main_model["scaling"])
    transient = MeanFieldRun(model, params, read_start(start_path, model))
    transient.advance(settings["transient"] - settings["alignment"], Progress("transient", settings["transient"]))
    run = TangentRun(model, params, transient.window(), *complete_split(model.context * model.patterns))
    if settings["alignment"]:
        run.grow(settings["alignment"])
    record = run.recording(settings["saved"], attention=True)
    # The points along the running average are close together at first: every decade has as many.
    ends = np.unique(np.geomspace(1, settings["saved"], settings["running_points"]).round().astype(int))
    logs = [run.grow(steps, record).logs for steps in np.diff(ends, prepend=0)]
    run.window()
    record.position = settings["saved"]
    period, arrival = periods(record)
    write_npz(
        output,
        betas=betas,
        observables=record.observables().astype(np.float32),
        attention=record.attention().astype(np.float32),
        running_steps=ends,
        running_logs=np.array(logs),
        period=period,
        arrival=arrival,
        distinct=count_distinct(record),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.blocks, snakemake.input.start, snakemake.output[0])
