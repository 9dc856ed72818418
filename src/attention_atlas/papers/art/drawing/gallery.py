"""The gallery of the art as a web page that needs no network: text of the page, thumbnails, files beside it."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

from PIL import Image

from attention_atlas.errors import DataFileError
from attention_atlas.files import make_again, replacing

__all__ = ["Picture", "add_picture", "add_poster", "copy_viewer", "list_items", "render_page"]

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
        raise DataFileError(f"{source}: is not a picture ({error}); {make_again(source)}") from error
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    with replacing(folder / source.name) as temporary:
        shutil.copyfile(source, temporary)
    with replacing(folder / f"small_{source.name}") as temporary:
        small.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(temporary, optimize=True)
    return Picture(source.name, alt, caption, width, height, *small.size)


def add_poster(animation: str | Path, path: Path) -> None:
    """First frame of a GIF: what a player shows before it plays."""
    with Image.open(animation) as frames, replacing(path) as temporary:
        frames.convert("RGB").save(temporary, optimize=True)


def copy_viewer(web: Path, folder: Path) -> None:
    """Copy the viewer, its licence and the page's own style and script."""
    for source, name in VIEWER.items():
        with replacing(folder / name) as temporary:
            shutil.copyfile(web / source, temporary)


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
    return Template(template.read_text()).substitute(
        filled | {name: list_items(pictures) for name, pictures in grids.items()}
    )
