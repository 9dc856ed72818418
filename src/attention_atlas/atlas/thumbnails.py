"""Small pictures for the wall: white margins cut off, one shape for all."""

from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageSequence

from attention_atlas.errors import DataFileError
from attention_atlas.files import RERUN, atomic_write

__all__ = ["picture_size", "write_poster", "write_thumbnail"]

# Width and height in pixels: sharp at twice the width of a card.
SIZE = (640, 480)
_MARGIN = 12
# Wider than this a picture would be a thin strip: its left part is shown, where the first panel is.
_MAX_WIDTH_RATIO = 1.9
# Likewise a tower of panels: its upper part.
_MAX_HEIGHT_RATIO = 1.1


def _opened(path: Path) -> Image.Image:
    """A picture, or the middle frame of an animation, on white."""
    try:
        with Image.open(path) as image:
            # averaging whole blocks first is much faster than resampling a large picture
            factor = max(1, image.width // (3 * SIZE[0])) if image.mode in ("RGB", "RGBA", "L") else 1
            if (frames := getattr(image, "n_frames", 1)) > 1:
                image.seek(frames // 2)
            layer = image.reduce(factor).convert("RGBA")
    except (OSError, EOFError) as error:
        raise DataFileError(f"{path}: is not a picture ({error}); {RERUN}") from error
    page = Image.new("RGBA", layer.size, "white")
    page.alpha_composite(layer)
    return page.convert("RGB")


def _on_card(image: Image.Image) -> Image.Image:
    """A picture without its margins on a white card; one that has no margins fills the card."""
    from_white = ImageChops.difference(image, Image.new("RGB", image.size, "white"))
    box = from_white.point(lambda level: 255 * (level > 8)).getbbox()
    if box is None or box == (0, 0, *image.size):
        return ImageOps.fit(image, SIZE, Image.Resampling.LANCZOS)
    image = image.crop(box)
    if image.width > _MAX_WIDTH_RATIO * image.height:
        image = image.crop((0, 0, round(_MAX_WIDTH_RATIO * image.height), image.height))
    if image.height > _MAX_HEIGHT_RATIO * image.width:
        image = image.crop((0, 0, image.width, round(_MAX_HEIGHT_RATIO * image.width)))
    inner = (SIZE[0] - 2 * _MARGIN, SIZE[1] - 2 * _MARGIN)
    scale = min(inner[0] / image.width, inner[1] / image.height)
    size = max(1, round(scale * image.width)), max(1, round(scale * image.height))
    card = Image.new("RGB", SIZE, "white")
    card.paste(image.resize(size, Image.Resampling.LANCZOS), ((SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2))
    return card


def write_thumbnail(source: Path, target: Path) -> None:
    """Thumbnail of a PNG or GIF as WebP, always of the same size.

    Raises
    ------
    DataFileError
        The source is not a picture.
    """
    with atomic_write(target) as temporary:
        _on_card(_opened(source)).save(temporary, format="WEBP", quality=82, method=4)


def write_poster(source: Path, target: Path) -> None:
    """First frame of a GIF as WebP: what a player shows before it plays."""
    try:
        with Image.open(source) as frames:
            first = next(iter(ImageSequence.Iterator(frames))).convert("RGB")
    except (OSError, StopIteration) as error:
        raise DataFileError(f"{source}: is not an animation ({error}); {RERUN}") from error
    with atomic_write(target) as temporary:
        first.save(temporary, format="WEBP", quality=85)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels; ``DataFileError`` if the file is not a picture."""
    try:
        with Image.open(path) as image:
            return image.size
    except OSError as error:
        raise DataFileError(f"{path}: is not a picture ({error}); {RERUN}") from error
