"""What the jobs of a sweep ask a cluster for: megabytes and minutes, from the sizes in the configuration.

Memory is what the libraries and the two Snakemake processes around a job take, plus the arrays that grow with the sizes. Time is
that of one processor, measured at the papers' sizes and taken in proportion to the work, with a margin for slower machines
and harder parameters. Rules multiply both by the number of the attempt (``workflow/rules/common.smk``).

All slabs of a rule ask for the same, that of the largest: they may go to a cluster as one array, which asks once.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from attention_atlas.papers.mean_field.settings import DIAGRAMS, diagram_size

__all__ = ["LARGEST_COLUMNS", "Ask", "job_sizes", "values_in"]

Settings = Mapping[str, Any]

# A script with its libraries takes 150 to 450 MB, each Snakemake process around it 120 MB.
BASE_MB = 1000
SHORTEST_MINUTES = 10
MARGIN = 4.0
# The picture of a bifurcation diagram has at most so many columns: more than a page shows, and all values of the papers.
LARGEST_COLUMNS = 4096
# One group of runs of a sweep of the mean-field map (``mean_field_sweep``): bytes, blocks, and runs in a block
GROUP_BYTES, GROUP_BLOCKS, BLOCK_RUNS = 160_000_000, 8, 8
# Starts of a phase diagram, and of one with random weights, that are in memory at a time
PHASE_BLOCK, RANDOM_BLOCK = 2048, 256


class Ask(NamedTuple):
    """Memory in megabytes and time in minutes of one job."""

    megabytes: int
    minutes: int


def _ask(size_bytes: float, seconds: float = 0.0) -> Ask:
    minutes = max(SHORTEST_MINUTES, math.ceil(MARGIN * seconds / 60))
    return Ask(BASE_MB + math.ceil(size_bytes / 1e6), minutes)


def _largest(asks: Iterable[Ask]) -> Ask:
    return Ask(*(max(column) for column in zip(*asks, strict=True)))


def values_in(sweep: Sequence[float] | Settings) -> int:
    """Number of values of a sweep, a list or {first, last, count}."""
    return int(sweep["count"]) if isinstance(sweep, Mapping) else len(sweep)


def _share(items: int, slabs: int) -> int:
    return math.ceil(items / slabs)


def _art(art: Settings) -> dict[str, Ask]:
    """``pixels`` through the map: 8 bytes each and copy; whole images: an array of at most 2 bytes a pixel at a time, and masks."""
    images, dimension, zoom = art["images"], art["dimension"], art["zoom"]
    iterated = art["n"] * art["iterations"]

    def pixels(count: int, copies: int) -> Ask:
        return _ask(8.0 * copies * count, 5e-9 * count * iterated)

    slab = _share(images["rows"], images["slabs"]) * images["columns"]
    whole = images["rows"] * images["columns"]
    shown = [min(images[side], images["largest_picture"]) for side in ("rows", "columns")]
    film = zoom["animation"]
    return {
        "art_slab": pixels(slab, 1),
        # a picture is drawn in floating-point colours
        "art_image": _ask(5.0 * whole + 80.0 * shown[0] * shown[1], 2e-6 * whole),
        "art_check": _ask(64.0 * art["check"]["size"] ** 2, 4e-7 * art["check"]["size"] ** 2 * iterated),
        # both kinds of starts
        "art_sharing": pixels(2 * 4 ** dimension["size_exponent"], 3),
        "art_zoom": pixels((zoom["doublings"] + 1) * zoom["pixels"] ** 2, 2),
        "art_film": pixels(film["frames"] * film["pixels"] ** 2, 2),
    }


def _sweep(runs: int, settings: Settings, tangents: int, bins: int = 0) -> Ask:
    """``runs`` runs of the mean-field map with ``tangents``; ``bins`` counts of each are kept, in two histograms.

    Runs are taken in groups of bounded size: a recording of the ``saved`` steps of at least 64 runs is held at a time.
    """
    group = BLOCK_RUNS * max(GROUP_BLOCKS, int(GROUP_BYTES // (settings["saved"] * 3 * BLOCK_RUNS * 8)))
    group = min(group, BLOCK_RUNS * math.ceil(runs / BLOCK_RUNS))
    held = group * (settings["saved"] * 3 + 4 * tangents * tangents) * 8
    # counts of the groups and, while they are joined, of all
    counts = 2 * 2 * runs * bins * 4
    steps = settings["transient"] + settings["spectrum"] * (1 + tangents / 4)
    return _ask(held + counts + runs * tangents * 200, 2e-7 * runs * steps)


def _picture(diagram: Settings) -> Ask:
    """Gathering or drawing a bifurcation diagram: the histograms of one slab, and a picture of limited width in colours."""
    values = values_in(diagram["values"])
    slab = 2 * _share(values, diagram["slabs"]) * diagram["bins"] * 4
    return _ask(2 * slab + min(values, LARGEST_COLUMNS) * diagram["bins"] * 110 + values * 6000, 2e-3 * values)


def _mean_field(block: Settings) -> dict[str, Ask]:
    model, plane, starts = block["model"], block["phase_diagram"], block["coexistence"]
    diagrams = [block[name] for name in DIAGRAMS]
    chains = [chain for name, chain in block["continuation"].items() if name != "half_width"]
    cells = values_in(plane["betas"]) * values_in(plane["beta_atts"])
    size = diagram_size(model, {"positional_bits": None})
    return {
        "mean_field_slab": _largest(
            _sweep(
                _share(values_in(diagram["values"]), diagram["slabs"]),
                diagram,
                diagram_size(model, diagram),
                diagram["bins"],
            )
            for diagram in diagrams
        ),
        "mean_field_picture": _largest(_picture(diagram) for diagram in diagrams),
        # each value of a chain waits for its neighbour: slabs share the chains, not their values
        "mean_field_chains": _largest(
            _sweep(
                _share(2 * len(chain["starts"]), chain["slabs"]) * values_in(chain["values"]),
                chain,
                diagram_size(model, chain),
                chain["bins"],
            )
            for chain in chains
        ),
        "mean_field_chain_picture": _largest(
            _ask(2 * len(chain["starts"]) * values_in(chain["values"]) * chain["bins"] * 110) for chain in chains
        ),
        "mean_field_starts": _sweep(
            _share(values_in(starts["values"]), starts["slabs"]) * starts["runs"], starts, starts["leading"] or size
        ),
        "mean_field_plane_slab": _sweep(
            _share(values_in(plane["betas"]), plane["slabs"]) * values_in(plane["beta_atts"]), plane, 2
        ),
        "mean_field_plane": _plane(cells),
    }


def _plane(cells: int) -> Ask:
    """Gathering or drawing a plane of ``cells`` points, as a rasterised mesh."""
    return _ask(150.0 * cells, 2e-5 * cells)


def _perspective(block: Settings) -> dict[str, Ask]:
    """Slabs share the values of beta; starts are in memory a block at a time, whatever their number."""
    phase, random = block["phase"], block["phase_random"]
    dimension = max(phase["dimensions"])
    starts = min(phase["runs"], PHASE_BLOCK)
    held = 4 * starts * (phase["particles"] * dimension + 2 * phase["records"]) * 8
    steps = max(flow["last_time"] / flow["step_size"] for flow in phase["flows"].values())
    pairs = phase["runs"] * phase["particles"] ** 2 * dimension
    betas = _share(values_in(phase["betas"]), phase["slabs"])
    return {
        "perspective_slab": _ask(held, 2e-11 * betas * pairs * steps),
        "perspective_plane": _plane(2 * values_in(phase["betas"]) * phase["records"]),
        "perspective_random": _random_weights(random),
        "perspective_random_plane": _plane(
            2 * values_in(random["betas"]) * random["records"] * len(random["variants"])
        ),
    }


def _random_weights(settings: Settings) -> Ask:
    """All variants one after the other; matrices of a block of starts, records of all starts of one beta."""
    dimension, variants = max(settings["dimensions"]), settings["variants"].values()
    redraws = [settings["last_time"] / variant["redraw_time"] for variant in variants if variant["redraw_time"]]
    layers = math.ceil(max(redraws, default=1))
    weights = RANDOM_BLOCK * layers * 3 * dimension**2 * 8
    kept = settings["runs"] * settings["records"] * 8 * (1 + 2 / settings["statistics_every"])
    pairs = settings["runs"] * settings["particles"] ** 2 * dimension
    steps = settings["last_time"] / settings["step_size"]
    betas = _share(values_in(settings["betas"]), settings["slabs"])
    return _ask(2 * weights + 3 * kept, 2e-10 * betas * len(variants) * pairs * steps)


def _circle(settings: Settings, slabs: int, observations: float) -> Ask:
    """Runs on the circle: the starts of all of them are in memory, and what is observed of a few."""
    particles = settings["particles"]
    most = max(particles) if isinstance(particles, Sequence) else particles
    runs = _share(settings.get("runs", 1), slabs)
    betas = len(settings["betas"]) if "betas" in settings and slabs > 1 else 1
    return _ask((2 * runs + 8 * observations) * most * 8, 1.5e-5 * betas * runs * most)


def _metastability(block: Settings) -> dict[str, Ask]:
    plateau, noise, sphere, heads = (block[name] for name in ("plateau", "plateau_noise", "sphere", "multi_head"))
    largest = max(case["dimension"] for case in sphere["cases"].values())
    times = sphere["duration"] / sphere["interval"] + 20
    map_points = max(
        values_in(heads["repulsion"]["second_betas"]) * values_in(heads["repulsion"]["weights"]),
        values_in(heads["turned"]["betas"]) * values_in(heads["turned"]["turns"]),
    )
    map_runs = _share(map_points, heads["slabs"]) * heads["runs"]
    return {
        "metastability_linear": _circle(block["linear_phase"], block["linear_phase"]["slabs"], 1),
        "metastability_plateaus": _circle(plateau, plateau["slabs"], plateau["duration"] / plateau["interval"]),
        "metastability_noise": _circle(
            # its tolerance asks for five times as many steps
            {**noise, "runs": 5 * noise["runs"] * len(noise["equivalent"])},
            1,
            noise["duration"] / noise["interval"],
        ),
        "metastability_mean_field": _circle(block["mean_field_limit"], 1, block["mean_field_limit"]["observations"]),
        "metastability_exit": _circle(block["exit_time"], 1, 1),
        "metastability_space_time": _circle(block["space_time"], 1, block["space_time"]["observations"]),
        "metastability_pde": _circle(block["pde"], 1, block["pde"]["observations"]),
        "metastability_sphere": _ask(
            2 * times * sphere["particles"] * largest * 8 + 8 * sphere["particles"] ** 2 * 8,
            2e-7 * sphere["runs"] * sphere["particles"] ** 2 * largest,
        ),
        "metastability_heads": _ask(2 * map_runs * heads["particles"] * 8, 0.1 * map_runs * heads["particles"] / 512),
    }


def _spheres(block: Settings) -> dict[str, Ask]:
    split = block["fig2"]
    runs = values_in(split["deltas"]) * _share(split["runs"], split["slabs"])
    dimension = len(split["D"])
    return {
        "spheres_split": _ask(
            8 * runs * split["particles"] * dimension * 8,
            2e-9 * runs * split["particles"] ** 2 * dimension * split["steps"] / 4,
        )
    }


def _language(block: Settings) -> dict[str, Ask]:
    """Prompts one after the other through all layers; the weights of the model, and scores of every head."""
    prompts = _share(block["prompts"]["count"], block["slabs"])
    layers = block["layers"] * len(block["heads"]) + block["alone"]["layers"]
    tokens = block["prompts"]["tokens"]
    return {"language_slab": _ask(5e8 + 60 * tokens**2 * 8, 2e-4 * prompts * layers * tokens)}


def job_sizes(config: Settings) -> dict[str, Ask]:
    """What each kind of job asks for whose memory or time grows with the sizes in ``config``."""
    return {
        **_spheres(config["spheres"]),
        **_art(config["art"]),
        **_language(config["language"]),
        **_metastability(config["metastability"]),
        **_mean_field(config["mean_field"]),
        **_perspective(config["perspective"]),
    }
