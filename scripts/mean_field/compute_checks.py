"""Checks of the start window and of the Jacobian.

The published window belongs to the published network (seed 1, three segments), whatever the configuration says.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.mean_field.map import mean_field_model, parameters
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.files import write_csv
from attention_atlas.papers.mean_field.checks import jacobian_rows, start_rows
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.pipeline.jobs import job


def main(blocks: Mapping[str, Any], start_path: str, output: str) -> None:
    weights = segment_weights(1)
    correlations = correlations_of(weights)
    starts = start_rows(mean_field_model(correlations), correlations, weights, blocks["start"]["tokens"])
    settings, model_settings = blocks["checks"], blocks["model"]
    model = build_model(model_settings)[1]
    params = parameters(
        model,
        np.array(settings["betas"], dtype=float),
        model_settings["beta_att"],
        model_settings["epsilon"],
        model_settings["scaling"],
    )
    start = read_start(start_path, model)
    jacobians = jacobian_rows(model, params, start, settings["windows"], settings["width"])
    write_csv(pd.concat([starts, jacobians], ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.blocks, snakemake.input.start, snakemake.output[0])
