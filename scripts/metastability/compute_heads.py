"""Two heads: what uniform starts end in at every point of one map, for one slab of its points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import CircleFlow, circle_flow, uniform_angles
from attention_atlas.files import write_npz
from attention_atlas.geometry.cluster_counting import CountingRule
from attention_atlas.papers.metastability.head_grids import MAPS, grid_heads
from attention_atlas.papers.metastability.head_maps import end_state
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

COLUMNS = ("clusters", "speed", "inner_rate", "outer_rate", "stable")


def main(
    settings: Mapping[str, Any], counting: Mapping[str, Any], name: str, slab: int, threads: int, output: str
) -> None:
    rule = CountingRule(**{key: value for key, value in counting.items() if key != "tightness"})
    heads = grid_heads(name, settings[name])[2]
    points = range(len(heads) * slab // settings["slabs"], len(heads) * (slab + 1) // settings["slabs"])
    runs = settings["runs"]
    # the same starts at every point of both maps: neighbouring points differ by their heads only
    drawn = uniform_angles(settings["seed"], range(runs), settings["particles"], settings["start"])
    starts = np.tile(drawn, (len(points), 1))
    interactions = [heads[point] for point in points for _ in range(runs)]
    results = np.full((len(interactions), len(COLUMNS)), np.nan)
    status = np.full(len(interactions), "", dtype="<U16")

    def observe(first: int, flow: CircleFlow) -> None:
        for position, word in enumerate(flow.status):
            status[first + position] = word
            if word == "ok":
                state = end_state(flow.angles[position, -1], interactions[first + position], rule)
                results[first + position] = [state[column] for column in COLUMNS]

    circle_flow(
        starts,
        interactions,
        np.array([settings["end"]]),
        tolerance=settings["tolerance"],
        batch=8 * threads,
        observe=observe,
        progress=Progress(f"map {name}", len(interactions), "runs"),
    )
    write_npz(
        output,
        point=np.repeat(np.array(points), runs),
        run=np.tile(np.arange(runs), len(points)),
        results=results,
        status=status,
        map_index=MAPS.index(name),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params, wildcards = snakemake.params, snakemake.wildcards
        main(
            params.settings, params.counting, wildcards.map, int(wildcards.slab), snakemake.threads, snakemake.output[0]
        )
