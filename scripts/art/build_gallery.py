"""The gallery: a page that stands alone, with a viewer, thumbnails and the full pictures beside it."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from attention_atlas.files import CHECKOUT, read_csv, write_text
from attention_atlas.papers.art.drawing import gallery
from attention_atlas.pipeline.jobs import job


def main(inputs: Mapping[str, Any], params: Mapping[str, Any], page: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    zoom = params["zoom"]
    columns = ["seed", "share_converged", "median_time", "longest_time", "most_clusters"]
    summary = pd.concat([read_csv(path, columns) for path in inputs["summaries"]], ignore_index=True)
    dimension = read_csv(inputs["dimension"], ["seed", "slope"])
    gallery.copy_viewer(CHECKOUT / "web", folder)
    shutil.copyfile(inputs["video"], folder / "zoom_animation.mp4")
    gallery.add_poster(inputs["animation"], folder / "zoom_animation.png")
    others = {Path(path).stem: path for path in inputs["others"]}
    grids = {
        "images": gallery.image_pictures(inputs["images"], summary, folder),
        "details": gallery.detail_pictures(inputs["details"], summary, folder),
        "boundary": gallery.other_pictures(others, dimension, zoom, folder),
    }
    texts = gallery.page_texts(params["settings"], zoom["doublings"])
    write_text(page, gallery.render_page(CHECKOUT / "web" / "gallery" / "gallery.html", texts, grids))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(dict(snakemake.input.items()), dict(snakemake.params.items()), output.page, Path(output.folder))
