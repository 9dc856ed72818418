"""Points on S^2 with the tangent projections of a fixed vector and of the attention field."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.files import write_csv
from attention_atlas.geometry.sphere import random_points, tangent_projection
from attention_atlas.pipeline.jobs import job


def main(settings: Mapping[str, Any], output: str) -> None:
    points = random_points(settings["seed"], [0], settings["particles"], 3)[0]
    fixed = tangent_projection(points, np.broadcast_to(np.array(settings["vector"], dtype=float), points.shape))
    field = attention_field(points, settings["flow"], settings["beta"])
    columns = {"particle": np.arange(len(points))}
    for prefix, vectors in (("", points), ("fixed_", fixed), ("field_", field)):
        columns |= {f"{prefix}{axis}": vectors[:, k] for k, axis in enumerate("xyz")}
    write_csv(pd.DataFrame(columns), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output[0])
