"""The same image with a start for each pixel and with one start for all, on the grid for counting boxes."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.dynamics.minimal_attention.map import iterate_rows, map_from_settings, parameter_grid
from attention_atlas.files import write_npz
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], seed: int, output: str) -> None:
    size = 2 ** settings["size_exponent"]
    a, b = parameter_grid(settings["window"], size, size)
    arrays = {}
    for name, shared in (("separate", False), ("shared", True)):
        progress = Progress(f"seed {seed}, {name} starts", size, "rows")
        arrays[name] = iterate_rows(map_from_settings(settings, seed, shared), a, b, progress=progress).converged
    write_npz(output, **arrays, a=a, b=b)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.seed), snakemake.output[0])
