"""Interactive 3-D pages: the particles of each panel through time, and the hypersphere's arrows."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import read_csv, write_text
from attention_atlas.papers.perspective.drawing.pages import hypersphere_page, particles_page
from attention_atlas.papers.perspective.panel_runs import read_panels
from attention_atlas.pipeline.jobs import job


def write_particles(path: str, settings: Mapping[str, Any], outputs: list[str]) -> None:
    flow = settings["flow"].upper()
    runs = read_panels(path, settings["panels"])
    for (letter, panel), output in zip(settings["panels"].items(), outputs, strict=True):
        page = particles_page(
            runs[letter],
            f"{flow} on the sphere: β = {panel['beta']:g}, n = {panel['particles']}",
            "Each point is a token; it has the colour of the cluster in which it ends. Drag to turn, scroll to zoom, "
            "move the slider or press Play to follow the time.",
        )
        write_text(output, page)


def write_hypersphere(path: str, settings: Mapping[str, Any], output: str) -> None:
    page = hypersphere_page(
        read_csv(path),
        f"Tangent projections on the sphere: {settings['flow'].upper()}, β = {settings['beta']:g}",
        "Blue: the projection P_x v of one fixed vector v on the tangent plane at each point x. Red: the velocity that "
        "attention gives each token. Drag to turn, scroll to zoom; a click on the legend hides one.",
    )
    write_text(output, page)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_particles(snakemake.input.runs, snakemake.params.particles, list(snakemake.output.particles))
        write_hypersphere(snakemake.input.table, snakemake.params.hypersphere, snakemake.output.hypersphere)
