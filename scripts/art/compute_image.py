"""One slab of rows of one image, with the grid and the matrices of the whole."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.dynamics.minimal_attention.map import iterate_rows, map_from_settings, parameter_grid
from attention_atlas.files import write_npz
from attention_atlas.papers.art.files import image_seed, slab_rows
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], seed: int, slab: int, output: str) -> None:
    image = map_from_settings(settings, seed, settings["start"] == "shared")
    a, b = parameter_grid(settings["window"], settings["rows"], settings["columns"])
    first, last = slab_rows(a.size, settings["slabs"], slab)
    labels = iterate_rows(image, a, b, first, last, Progress(f"seed {seed}", last - first, "rows"))
    write_npz(output, **labels._asdict(), a=a, b=b, wq=image.wq, wv=image.wv)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        wildcards = snakemake.wildcards
        main(snakemake.params.settings, image_seed(wildcards.image), int(wildcards.slab), snakemake.output[0])
