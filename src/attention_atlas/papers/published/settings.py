"""Which published file is compared with which of our tables; no library beyond Python's, since every rule file reads it."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

__all__ = ["COMPARED", "FETCHED_FILES", "PUBLISHED_FILES", "SUMMARY_COLUMNS", "Compared", "check"]

# columns of results/published/comparison.csv
SUMMARY_COLUMNS = [
    "id",
    "paper",
    "figure",
    "quantity",
    "points",
    "largest_difference",
    "where",
    "median_difference",
    "largest_relative_difference",
    "largest_in_standard_errors",
    "tolerance",
    "claim",
    "verdict",
    "remark",
]


class Compared(NamedTuple):
    """``published``: file below the folder of the published numbers; ``tables``: ours, below ``results``;
    ``blocks``: those of the paper's configuration that say whether the parameters are the published ones."""

    paper: str
    published: str
    tables: tuple[str, ...]
    blocks: tuple[str, ...]


def _spheres(published: str, block: str, *tables: str) -> Compared:
    files = tuple(f"spheres/data/{name}.csv" for name in tables)
    return Compared("spheres", f"spheres/{published}.csv", files, (block,))


def _mean_field(*more: str) -> Compared:
    tables = ("mean_field/data/published_match.csv", "mean_field/data/published_attractors.csv", *more)
    return Compared("mean_field", "mean_field/lyapunov_zoom.csv", tables, ("model", "published_run"))


def _seminar(dimension: int) -> Compared:
    name = f"seminar_sa_d{dimension}.csv"
    return Compared("perspective", f"perspective/{name}", (f"perspective/data/{name}",), ("seminar",))


COMPARED = {
    "spheres_fig2_outcomes": _spheres("split_sweep", "fig2", "fig2"),
    "spheres_fig2_energy": _spheres("split_sweep", "fig2", "fig2", "fig2_runs"),
    "spheres_fig2_inner_products": _spheres("split_sweep", "fig2", "fig2"),
    "spheres_fig2_top_energy": _spheres("split_sweep", "fig2", "fig2"),
    "spheres_fig4_tau005": _spheres("four_particle_tau0.05", "fig4", "fig4"),
    "spheres_fig4_tau00005": _spheres("four_particle_tau0.0005", "fig4", "fig4"),
    "spheres_fig5_weights": _spheres("densities", "fig5", "fig5"),
    "spheres_fig5_errors": _spheres("density_errors", "fig5", "fig5_errors"),
    "spheres_fig5_rates": _spheres("density_errors", "fig5", "fig5_errors"),
    "spheres_fig7_energies": _spheres("indefinite_energies", "fig7", "fig7"),
    "mean_field_exponents_1_to_3": _mean_field(),
    "mean_field_exponents_4_to_12": _mean_field(),
    "mean_field_distinct_values": _mean_field(),
    "mean_field_seconds": _mean_field("provenance/mean_field_jobs.csv"),
    **{f"perspective_sa_d{dimension}": _seminar(dimension) for dimension in (2, 8, 32, 128)},
}
# all files of the folder of published numbers, in the order in which they are used
PUBLISHED_FILES = list(dict.fromkeys(entry.published for entry in COMPARED.values()))
# the seminar keeps its numbers as pickled objects, which are never read: its tables are put there by hand
FETCHED_FILES = [name for name in PUBLISHED_FILES if not name.startswith("perspective/")]


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """Violations of the block ``published_source`` that its schema cannot see."""
    for name in ("spheres", "mean_field"):
        parts = PurePosixPath(block[name]["folder"]).parts
        if ".." in parts:
            yield f"{name}.folder: {block[name]['folder']} leads out of the repository; give a folder inside it"
    indices = block["mean_field"]["indices"]
    if indices != sorted(indices):
        yield "mean_field.indices: are not ascending; sort them"
