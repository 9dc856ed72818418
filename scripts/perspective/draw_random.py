"""Phase diagrams with random weights in one dimension."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_npz
from attention_atlas.papers.perspective.drawing.phase import draw_random_phases
from attention_atlas.pipeline.jobs import job

QUERY_KEYS = {"gaussian": "Gaussian", "wigner": "Wigner", "goe": "GOE"}
VALUES = {"identity": "$V = I$", "wishart": "$V = GG^T/\\sqrt{d}$", "plus": "$V = Q^TK$", "minus": "$V = -Q^TK$"}
DRAWS = {"system": "", "beta": "one per $\\beta$", "run": "one for all"}


def row_name(variant: Mapping[str, Any]) -> str:
    """Two or three short lines beside a row."""
    lines = [QUERY_KEYS[variant["query_key"]], VALUES[variant["value"]]]
    extra = DRAWS[variant["draw"]]
    if variant["redraw_time"]:
        extra = f"redrawn each $t = {variant['redraw_time']:g}$"
    return "\n".join([*lines, extra] if extra else lines)


def main(arrays: str, settings: Mapping[str, Any], dimension: int, outputs: list[str]) -> None:
    names = {name: row_name(variant) for name, variant in settings["variants"].items()}
    wanted = [f"{name}_{kind}" for name in names for kind in ("probability", "median_clusters", "mean_span")]
    data = read_npz(arrays, ["beta", "time", "time_statistics", *wanted])
    save_figure(draw_random_phases(data, names, dimension, settings["particles"]), *outputs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.input.arrays,
            snakemake.params.settings,
            int(snakemake.wildcards.dimension),
            list(snakemake.output),
        )
