"""The block ``spheres`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_slab
from attention_atlas.numerics.sweeps import sweep_length, sweep_values

__all__ = ["check", "matrix_violations", "panel_settings", "sizes"]

# PyTorch draws fewer numbers than this by another rule than the one reproduced here.
TORCH_MIN_NUMBERS = 16
# And beyond this the numbers of a GPU depend on the GPU.
CUDA_MAX_NUMBERS = 40_960


def panel_settings(figure: Mapping[str, Any], panel: str | None = None, **more: Any) -> dict[str, Any]:
    """Settings of one run: the keys of the figure, then those of the panel, which win, then ``more``."""
    settings = {key: value for key, value in figure.items() if key not in ("panels", "animation", "turntable_frames")}
    return {**settings, **(figure["panels"][panel] if panel else {}), **more}


def matrix_violations(key: str, matrix: list[list[float]]) -> Iterator[str]:
    """One line for a matrix that is not square or not symmetric."""
    size = len(matrix)
    for row, entries in enumerate(matrix):
        if len(entries) != size:
            yield f"{key}[{row}]: {entries} has {len(entries)} entries, D has {size} rows; give {size} entries in each row"
            return
    for row in range(size):
        for column in range(row):
            if matrix[row][column] != matrix[column][row]:
                yield (
                    f"{key}: D is not symmetric, D[{row}][{column}] = {matrix[row][column]} but "
                    f"D[{column}][{row}] = {matrix[column][row]}; make the two equal"
                )
                return


def _delta_axis(name: str, figure: Mapping[str, Any]) -> Iterator[str]:
    size = len(figure["D"])
    if figure["delta_axis"] >= size:
        yield f"{name}.delta_axis: {figure['delta_axis']} is above the bound, D is {size} × {size}; set 0 to {size - 1}"


def _torch_start(key: str, start: str, particles: int, dimension: int, runs: int) -> Iterator[str]:
    if start == "torch_cuda" and runs * particles * dimension > CUDA_MAX_NUMBERS:
        yield (
            f"{key}: torch_cuda with {runs} × {particles} particles in dimension {dimension} draws "
            f"{runs * particles * dimension} numbers, the bound is {CUDA_MAX_NUMBERS}; set philox or fewer particles"
        )
    if start == "torch" and particles * dimension < TORCH_MIN_NUMBERS:
        yield (
            f"{key}: torch with {particles} particles in dimension {dimension} draws {particles * dimension} numbers, "
            f"the bound is {TORCH_MIN_NUMBERS}; set philox or more particles"
        )


def _starts(block: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Mapping[str, Any]]]]:
    """Key, value and panels of every kind of start."""
    yield "fig3.start", block["fig3"]["start"], list(block["fig3"]["panels"].values())
    for name, panel in block["fig6"]["panels"].items():
        yield f"fig6.panels.{name}.start", panel["start"], [panel]


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    for name in ("fig2", "fig2_circles", "fig4"):
        yield from matrix_violations(f"{name}.D", block[name]["D"])
    for name in ("fig1", "fig3", "fig6"):
        for panel, values in block[name]["panels"].items():
            yield from matrix_violations(f"{name}.panels.{panel}.D", values["D"])
    yield from _delta_axis("fig2", block["fig2"])
    yield from _delta_axis("fig4", block["fig4"])
    for name in ("fig2_circles", "fig4"):
        if len(block[name]["D"]) != 2:
            yield f"{name}.D: has {len(block[name]['D'])} rows, the figure is drawn on a circle; give a 2 × 2 matrix"
    for name, start, panels in _starts(block):
        for panel in panels:
            dimension = len(panel["D"])
            particles = block[name.partition(".")[0]]["particles"]
            yield from _torch_start(name, start, particles, dimension, panel.get("runs", 1))
            if (start == "sunflower" and dimension != 3) or (start == "grid" and dimension not in (2, 3)):
                yield f"{name}: {start} does not exist in dimension {dimension}; set philox"
    if block["fig2"]["slabs"] > block["fig2"]["runs"]:
        yield f"fig2.slabs: {block['fig2']['slabs']} is above the bound fig2.runs = {block['fig2']['runs']}; set fewer slabs"
    circles = block["fig4_circles"]
    if len(circles["step_sizes"]) != len(circles["deltas"]):
        yield (
            f"fig4_circles.step_sizes: has {len(circles['step_sizes'])} entries, fig4_circles.deltas has "
            f"{len(circles['deltas'])}; give one for each"
        )
    if block["fig3"]["energy_every"] > block["fig3"]["steps"]:
        yield (
            f"fig3.energy_every: {block['fig3']['energy_every']} is above the bound fig3.steps = "
            f"{block['fig3']['steps']}; set a smaller number"
        )
    if (sweep_values(block["fig5"]["epsilons"]) <= -1).any():
        yield "fig5.epsilons: a value is ≤ -1, so that D = diag(1, 1 + epsilon) is not positive; set values > -1"


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What a slab of Figure 2 asks for (all values of delta, some of the runs), and the films of Figure 3, drawn frame by frame."""
    split = block["fig2"]
    runs = sweep_length(split["deltas"]) * largest_slab(split["runs"], split["slabs"])
    particles, dimension = split["particles"], len(split["D"])
    seconds = 1e-9 * runs * particles**2 * dimension * split["steps"] / 4
    return {
        "spheres_fig2_compute": job_request(8 * runs * particles * dimension * 8, seconds),
        "spheres_fig3_animation_plot": job_request(0, 0.03 * block["fig3"]["animation"]["frames"]),
        "spheres_fig3_turntable_plot": job_request(0, 0.06 * block["fig3"]["turntable_frames"]),
    }
