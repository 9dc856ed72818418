"""What one image hides: clusters left, time to converge, period."""

from collections.abc import Mapping, Sequence
from typing import Any

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.art.drawing.images import draw_details, shrink
from attention_atlas.papers.art.files import read_array
from attention_atlas.pipeline.jobs import job

# pixels along a panel of 2.1 inches
PIXELS, RESOLUTION = 1500, 500


def draw(arrays: str, shares: str, settings: Mapping[str, Any], paths: Sequence[str]) -> None:
    landscape = {name: read_array(arrays, name) for name in ("a", "b")}
    for name in ("clusters", "time", "period"):
        # made small at once: one array is held in full at a time
        landscape[name] = shrink(read_array(arrays, name), PIXELS, average=False)
    figure = draw_details(landscape, read_csv(shares, ["quantity", "value", "share"]), settings, PIXELS)
    save_figure(figure, *paths, dpi=RESOLUTION)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        draw(snakemake.input.arrays, snakemake.input.shares, snakemake.params.settings, snakemake.output)
