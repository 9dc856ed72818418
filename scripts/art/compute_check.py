"""The fast map against its plain definition, on a coarse image of one seed."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from attention_atlas.dynamics.minimal_attention.map import map_from_settings, parameter_grid
from attention_atlas.files import write_csv
from attention_atlas.papers.art.check import compare_with_definition
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], size: int, seed: int, output: str) -> None:
    image = map_from_settings(settings, seed, settings["start"] == "shared")
    a, b = parameter_grid(settings["window"], size, size)
    progress = Progress(f"plain definition of seed {seed}", size, "rows")
    write_csv(pd.DataFrame([compare_with_definition(image, a, b, progress)]), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(params.settings, params.size, int(snakemake.wildcards.seed), snakemake.output[0])
