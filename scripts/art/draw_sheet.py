"""The contact sheet: a row for each seed."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.art.drawing.images import draw_contact_sheet, shrink
from attention_atlas.papers.art.files import read_array
from attention_atlas.pipeline.jobs import job

PIXELS = 500  # along a panel


def main(arrays: Mapping[int, str], summary: str, settings: Mapping[str, Any]) -> Figure:
    shares = read_csv(summary, ["seed", "share_converged"]).set_index("seed")["share_converged"]
    landscapes = {}
    for seed, path in arrays.items():
        landscape: dict[str, Any] = {name: read_array(path, name) for name in ("a", "b")}
        for name in ("converged", "clusters", "time", "period"):
            landscape[name] = shrink(read_array(path, name), PIXELS, average=name == "converged")
        landscapes[seed] = {**landscape, "share": shares[seed]}
    return draw_contact_sheet(landscapes, settings["iterations"], settings["orientation"])


def draw(paths: Sequence[str]) -> None:
    params = snakemake.params
    arrays = dict(zip(params.seeds, snakemake.input.arrays, strict=True))
    save_figure(main(arrays, snakemake.input.summary, params.settings), *paths)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        draw(snakemake.output)
