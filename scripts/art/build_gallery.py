"""The gallery: a page that stands alone, with a viewer, thumbnails and the full pictures beside it."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from attention_atlas.files import read_csv, write_text
from attention_atlas.papers.art.drawing.gallery import Picture, add_picture, add_poster, copy_viewer, render_page
from attention_atlas.pipeline.jobs import job


def image_pictures(paths: Sequence[str], summary: pd.DataFrame, folder: Path) -> list[Picture]:
    """The images as published, with the share of converged pixels."""
    pictures = []
    for path, row in zip(paths, summary.itertuples(), strict=True):
        share = f"{100 * row.share_converged:.3g} %"
        alt = (
            f"Convergence landscape of seed {row.seed}: {share} of the pixels are white (converged), the others black."
        )
        pictures.append(add_picture(path, folder, alt, f"Seed {row.seed}: {share} converged"))
    return pictures


def detail_pictures(paths: Sequence[str], summary: pd.DataFrame, folder: Path) -> list[Picture]:
    """Clusters, times and periods of each image."""
    pictures = []
    for path, row in zip(paths, summary.itertuples(), strict=True):
        alt = (
            f"Three maps for seed {row.seed}: clusters left (up to {row.most_clusters}), iterations until converged "
            f"(median {row.median_time}, at most {row.longest_time}), and the period of the final state."
        )
        pictures.append(add_picture(path, folder, alt, f"Seed {row.seed}: clusters, time to converge, period"))
    return pictures


def other_pictures(
    paths: Mapping[str, str], dimension: pd.DataFrame, zoom: Mapping[str, Any], folder: Path
) -> list[Picture]:
    """Contact sheet, comparison of starts, zoom and box counts."""
    slopes = dimension.groupby("seed", sort=False)["slope"].first()
    depth = 2 ** zoom["doublings"]
    texts = {
        "sharing": (
            "Two rows of landscapes: above with a start for each pixel, grainy; below with one start for all, with sharp filaments.",
            "A start for each pixel, as published, and one start for all pixels",
        ),
        "dimension": (
            "Numbers of boxes that hold boundary against the side of a box on logarithmic axes, with fitted lines; "
            f"with one start for all the slopes are {slopes.min():.2f} to {slopes.max():.2f}.",
            f"Box-counting dimension of the boundary: {slopes.min():.2f} to {slopes.max():.2f} with one start for all",
        ),
        "zoom": (
            f"{zoom['doublings'] + 1} windows into the boundary of seed {zoom['seed']}, each half as wide as the one before.",
            f"Zoom into the boundary of seed {zoom['seed']}, up to {depth} times",
        ),
        "sheet": ("All seeds as rows: the image, clusters left, time to converge and period.", "Contact sheet"),
    }
    return [add_picture(paths[name], folder, *text) for name, text in texts.items()]


def page_texts(settings: Mapping[str, Any], doublings: int) -> dict[str, str]:
    """What the page says, from the settings of the images."""
    a, b = (
        f"{settings['window'][name]['first']:g} ≤ {name} ≤ {settings['window'][name]['last']:g}".replace("-", "−")
        for name in ("a", "b")
    )
    axes = ("a", "b") if settings["orientation"] == "a_right" else ("b", "a")
    return {
        "introduction": (
            f"Each pixel is a pair of parameters (a, b), {a} and {b}. {settings['n']} points on the circle attend to each other "
            "with keys diag(a, b) x, and the picture shows which parameters lead all of them to one value."
        ),
        "iterations": str(settings["iterations"]),
        "axes": f"{axes[0]} runs to the right, {axes[1]} upwards.",
        "film": f"The zoom as a film: colour is the time to converge, black never converges, up to {2**doublings} times.",
    }


def main(inputs: Mapping[str, Any], params: Mapping[str, Any], page: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    zoom, web = params["zoom"], Path(params["web"])
    summary = read_csv(inputs["summary"], ["seed", "share_converged", "median_time", "longest_time", "most_clusters"])
    dimension = read_csv(inputs["dimension"], ["seed", "slope"])
    copy_viewer(web, folder)
    shutil.copyfile(inputs["video"], folder / "zoom_animation.mp4")
    add_poster(inputs["animation"], folder / "zoom_animation.png")
    others = {Path(path).stem: path for path in inputs["others"]}
    grids = {
        "images": image_pictures(inputs["images"], summary, folder),
        "details": detail_pictures(inputs["details"], summary, folder),
        "boundary": other_pictures(others, dimension, zoom, folder),
    }
    texts = page_texts(params["settings"], zoom["doublings"])
    write_text(page, render_page(web / "gallery" / "gallery.html", texts, grids))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(dict(snakemake.input.items()), dict(snakemake.params.items()), output.page, Path(output.folder))
