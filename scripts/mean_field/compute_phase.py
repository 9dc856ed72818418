"""One slab of the phase diagram: some rows of beta, each over all values of beta_att."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.mean_field.map import parameters
from attention_atlas.files import write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.diagram import lengths_of, slab_range
from attention_atlas.papers.mean_field.settings import PLANE_EXPONENTS
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.papers.mean_field.sweep import Wanted, sweep
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(blocks: Mapping[str, Any], slab: int, start_path: str, output: str) -> None:
    settings, model_settings = blocks["phase_diagram"], blocks["model"]
    model = build_model(model_settings)[1]
    betas, beta_atts = sweep_values(settings["betas"]), sweep_values(settings["beta_atts"])
    rows = np.array(slab_range(len(betas), settings["slabs"], slab))
    params = parameters(
        model,
        np.repeat(betas[rows], len(beta_atts)),
        np.tile(beta_atts, len(rows)),
        model_settings["epsilon"],
        model_settings["scaling"],
    )
    wanted = Wanted(
        min(PLANE_EXPONENTS, model.context * model.patterns),
        0,
        settings["bins"],
        settings["low"],
        settings["high"],
        settings["half_width"],
        distinct=False,
        keep_counts=False,
    )
    progress = Progress("phase diagram", params.beta.size, "points")
    result = sweep(model, params, read_start(start_path, model), lengths_of(settings), wanted, progress)
    shape = (len(rows), len(beta_atts))
    write_npz(
        output,
        rows=rows,
        distinct_slice=result.occupied[:, 1].reshape(shape).astype(np.uint16),
        distinct_all=result.occupied[:, 0].reshape(shape).astype(np.uint16),
        code=result.code.reshape(shape).astype(np.uint8),
        period=result.period.reshape(shape).astype(np.uint16),
        arrival=result.arrival.reshape(shape).astype(np.uint32),
        lyapunov_1=result.spectrum.exponents[:, 0].reshape(shape).astype(np.float32),
        error_1=result.spectrum.error[:, 0].reshape(shape).astype(np.float32),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.blocks, int(snakemake.wildcards.slab), snakemake.input.start, snakemake.output[0])
