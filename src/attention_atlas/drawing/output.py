"""What a drawing function may return, and how it becomes files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.drawing.style import save_figure
from attention_atlas.errors import AtlasError
from attention_atlas.files import atomic_write

__all__ = ["Drawn", "Film", "Picture", "save"]


@dataclass(frozen=True)
class Picture:
    """A figure with a resolution of its own, or one figure a format where they differ (``{"png": ..., "pdf": ...}``).

    ``dpi`` is pixels per inch of what is rasterised.
    """

    figure: Figure | Mapping[str, Figure]
    dpi: int = 300


@dataclass(frozen=True)
class Film:
    """Frames (height, width, 3) of bytes, shown ``frames_per_second``; the last one is held for ``hold`` further frames."""

    frames: Iterable[np.ndarray]
    frames_per_second: int
    hold: int = 0


# A figure, a picture, a film, or the text of a page.
Drawn = Figure | Picture | Film | str


def save(drawn: Drawn, paths: Sequence[str]) -> None:
    """Write ``drawn`` to each path, in the format of its suffix: png and pdf, gif and mp4, or html.

    Raises
    ------
    AtlasError
        A format does not fit what was drawn.
    """
    if isinstance(drawn, str):
        for path in paths:
            with atomic_write(path) as temporary:
                temporary.write_text(drawn, encoding="utf-8")
        return
    if isinstance(drawn, Film):
        frames = list(drawn.frames)
        frames += frames[-1:] * drawn.hold
        writers = {".gif": write_gif, ".mp4": write_mp4}
        for path in paths:
            if (suffix := Path(path).suffix) not in writers:
                raise AtlasError(f"{path}: a film is written as gif or mp4; change the formats of its row")
            writers[suffix](path, frames, drawn.frames_per_second)
        return
    picture = drawn if isinstance(drawn, Picture) else Picture(drawn)
    if isinstance(picture.figure, Mapping):
        for path in paths:
            save_figure(picture.figure[Path(path).suffix[1:]], path, dpi=picture.dpi)
        return
    save_figure(picture.figure, *paths, dpi=picture.dpi)
