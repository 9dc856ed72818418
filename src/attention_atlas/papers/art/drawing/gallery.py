"""The gallery of the art as a web page that needs no network: text of the page, thumbnails, files beside it."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import pandas as pd
from PIL import Image

from attention_atlas.errors import DataFileError
from attention_atlas.files import atomic_write, repair_hint

__all__ = [
    "Picture",
    "add_picture",
    "add_poster",
    "copy_viewer",
    "detail_pictures",
    "image_pictures",
    "list_items",
    "other_pictures",
    "page_texts",
    "render_page",
]

# file in web/ -> name beside the page
VIEWER = {
    "vendor/photoswipe/photoswipe.css": "photoswipe.css",
    "vendor/photoswipe/photoswipe.umd.min.js": "photoswipe.umd.min.js",
    "vendor/photoswipe/photoswipe-lightbox.umd.min.js": "photoswipe-lightbox.umd.min.js",
    "vendor/photoswipe/LICENSE": "photoswipe-licence.txt",
    "gallery/gallery.css": "gallery.css",
    "gallery/gallery.js": "gallery.js",
    "atlas/assets/icon.svg": "icon.svg",
}
THUMBNAIL = 720  # pixels: sharp at twice the width of a column


class Picture(NamedTuple):
    """A picture of the page: its file name, what it shows in words, its caption, sizes in pixels."""

    name: str
    alt: str
    caption: str
    width: int
    height: int
    thumbnail_width: int
    thumbnail_height: int


def add_picture(source: str | Path, folder: Path, alt: str, caption: str) -> Picture:
    """Copy a picture and its thumbnail into the folder of the page.

    Grain hardly compresses: a palette, chosen so that rare colours stay, makes the thumbnail three times smaller.
    """
    source = Path(source)
    try:
        with Image.open(source) as image:
            width, height = image.size
            small = image.convert("RGB")
    except OSError as error:
        raise DataFileError(f"{source}: is not a picture ({error}); {repair_hint(source)}") from error
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    with atomic_write(folder / source.name) as temporary:
        shutil.copyfile(source, temporary)
    with atomic_write(folder / f"small_{source.name}") as temporary:
        small.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(temporary, optimize=True)
    return Picture(source.name, alt, caption, width, height, *small.size)


def add_poster(animation: str | Path, path: Path) -> None:
    """First frame of a GIF: what a player shows before it plays."""
    with Image.open(animation) as frames, atomic_write(path) as temporary:
        frames.convert("RGB").save(temporary, optimize=True)


def copy_viewer(web: Path, folder: Path) -> None:
    """Copy the viewer, its licence and the page's own style and script."""
    for source, name in VIEWER.items():
        with atomic_write(folder / name) as temporary:
            shutil.copyfile(web / source, temporary)


def _image_name(path: str, seed: int) -> str:
    return f"seed {seed} with other matrices" if "_override" in Path(path).stem else f"seed {seed}"


def image_pictures(paths: Sequence[str], summary: pd.DataFrame, folder: Path) -> list[Picture]:
    """The images as published, with the share of converged pixels."""
    pictures = []
    for path, row in zip(paths, summary.itertuples(), strict=True):
        share = f"{100 * row.share_converged:.3g} %"
        alt = f"Convergence landscape of {_image_name(path, row.seed)}: {share} of the pixels are white (converged), the others black."
        pictures.append(
            add_picture(path, folder, alt, f"{_image_name(path, row.seed).capitalize()}: {share} converged")
        )
    return pictures


def detail_pictures(paths: Sequence[str], summary: pd.DataFrame, folder: Path) -> list[Picture]:
    """Clusters, times and periods of each image."""
    pictures = []
    for path, row in zip(paths, summary.itertuples(), strict=True):
        alt = (
            f"Three maps for {_image_name(path, row.seed)}: clusters left (up to {row.most_clusters}), iterations until converged "
            f"(median {row.median_time}, at most {row.longest_time}), and the period of the final state."
        )
        pictures.append(
            add_picture(
                path, folder, alt, f"{_image_name(path, row.seed).capitalize()}: clusters, time to converge, period"
            )
        )
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


def list_items(pictures: Iterable[Picture]) -> str:
    """The entries of a grid: a link to the full picture around its thumbnail, and the caption."""
    return "\n".join(
        f'<li><figure><a class="picture" href="files/{escape(p.name)}" data-pswp-width="{p.width}" '
        f'data-pswp-height="{p.height}"><img src="files/small_{escape(p.name)}" alt="{escape(p.alt)}" '
        f'width="{p.thumbnail_width}" height="{p.thumbnail_height}" loading="lazy"></a>'
        f"<figcaption>{escape(p.caption)}</figcaption></figure></li>"
        for p in pictures
    )


def render_page(template: Path, texts: dict[str, str], grids: Mapping[str, Sequence[Picture]]) -> str:
    """The page: plain texts are escaped, grids become lists."""
    filled = {name: escape(text) for name, text in texts.items()}
    return Template(template.read_text(encoding="utf-8")).substitute(
        filled | {name: list_items(pictures) for name, pictures in grids.items()}
    )
