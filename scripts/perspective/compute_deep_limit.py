"""Distance of residual networks from the differential equation, against the number of layers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.papers.perspective.deep_limit import attention_errors, perceptron_errors
from attention_atlas.pipeline.jobs import job


def main(settings: Mapping[str, Any], output: str, spread: str) -> None:
    layers, seed = settings["layers"], settings["seed"]
    errors = {
        "perceptron": perceptron_errors(seed, **settings["perceptron"], layers=layers),
        "attention": attention_errors(seed, **settings["attention"], layers=layers),
    }
    tables, runs = [], []
    for model, values in errors.items():
        tables.append(pd.DataFrame({"model": model, "layers": layers, "error": np.median(values, axis=0)}))
        for run, row in enumerate(values):
            runs.append(pd.DataFrame({"model": model, "run": run, "layers": layers, "error": row}))
    write_csv(pd.concat(tables, ignore_index=True), output)
    write_csv(pd.concat(runs, ignore_index=True), spread)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output.table, snakemake.output.runs)
