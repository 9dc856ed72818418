"""Windows that shrink into the richest part of a boundary, and what they show."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.minimal_attention.map import map_from_settings
from attention_atlas.errors import AtlasError
from attention_atlas.files import read_npz, write_npz
from attention_atlas.papers.art.window import Window
from attention_atlas.papers.art.zoom import find_target, zoom_labels
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], stages: int, pixels: int, known: str | None, output: str) -> None:
    image = map_from_settings(settings, settings["seed"], shared_start=True)
    if known is None:
        a, b = settings["window"]["a"], settings["window"]["b"]
        whole = Window(a["first"], a["last"], b["first"], b["last"])
        target = find_target(image, whole, settings["doublings"])
    else:
        known_windows = read_npz(known, ["windows"])["windows"]
        whole, target = Window(*known_windows[0]), Window(*known_windows[-1])
    progress = Progress("windows", stages, "windows")
    windows, labels = zoom_labels(image, whole, target, np.linspace(0, 1, stages), pixels, progress)
    if len({label.converged.all() for label in labels}) > 1 and labels[-1].converged.all():
        raise AtlasError(f"zoom: seed {settings['seed']} has no boundary at the end; choose fewer doublings")
    write_npz(
        output,
        windows=np.array(windows),
        time=np.array([label.time for label in labels]),
        clusters=np.array([label.clusters for label in labels]),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        known = snakemake.input.get("windows")
        main(params.settings, params.stages, params.pixels, known, snakemake.output[0])
