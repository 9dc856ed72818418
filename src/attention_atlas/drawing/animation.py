"""Animations as GIF and MP4, the same bytes for the same frames."""

import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from attention_atlas.errors import AtlasError
from attention_atlas.files import atomic_write

__all__ = ["figure_pixels", "write_gif", "write_mp4"]

# Colours of a GIF: fewer than the 256 it may have, since flat areas then compress better.
GIF_COLOURS = 200
# Bytes: where fewer are free a film that was cut short was cut by the disk.
MIN_FREE_DISK = 2**20


def figure_pixels(figure: Figure) -> np.ndarray:
    """What the figure shows, as (height, width, 3) bytes."""
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]


def _checked(frames: Iterable[np.ndarray]) -> list[np.ndarray]:
    pictures = [np.ascontiguousarray(frame, dtype=np.uint8) for frame in frames]
    if not pictures:
        raise AtlasError("animation: has no frames; give at least 1")
    if len({picture.shape for picture in pictures}) > 1:
        raise AtlasError("animation: its frames differ in size; give frames of one size")
    return pictures


def write_gif(path: str | Path, frames: Sequence[np.ndarray], frames_per_second: int) -> None:
    """Looping GIF of frames (height, width, 3) with one palette for all of them.

    A palette for each frame would make still areas flicker.
    """
    pictures = _checked(frames)
    sample = np.concatenate(pictures[:: max(1, len(pictures) // 8)])
    palette = Image.fromarray(sample).quantize(GIF_COLOURS, method=Image.Quantize.MEDIANCUT)
    images = [Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    # a GIF counts in hundredths of a second
    hundredths = max(2, round(100 / frames_per_second))
    with atomic_write(path) as temporary:
        images[0].save(
            temporary, save_all=True, append_images=images[1:], duration=10 * hundredths, loop=0, optimize=False
        )


def write_mp4(path: str | Path, frames: Sequence[np.ndarray], frames_per_second: int) -> None:
    """H.264 video of frames (height, width, 3), both sizes even, that every browser plays.

    One encoder thread and no time stamps: the number of cores does not show in the file.
    """
    pictures = _checked(frames)
    height, width, _ = pictures[0].shape
    if height % 2 or width % 2:
        raise AtlasError(
            f"animation: frames of {width} × {height} pixels, the video needs even sizes; change pixels by 1"
        )
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
    with atomic_write(path) as temporary:
        writer = imageio_ffmpeg.write_frames(
            str(temporary),
            (width, height),
            fps=frames_per_second,
            codec="libx264",
            pix_fmt_in="rgb24",
            pix_fmt_out="yuv420p",
            quality=None,
            bitrate=None,
            macro_block_size=2,
            output_params=["-crf", "20", "-preset", "medium", "-movflags", "+faststart", *exact],
        )
        writer.send(None)
        for picture in pictures:
            writer.send(picture)
        writer.close()
        _check_complete(temporary, len(pictures))


def _check_complete(path: Path, frames: int) -> None:
    """See that the encoder wrote all frames: it says on its own output only, and leaves half a film, when it cannot."""
    try:
        written, _ = imageio_ffmpeg.count_frames_and_secs(str(path))
    except RuntimeError:
        written = 0
    if written != frames:
        if shutil.disk_usage(path.parent).free < MIN_FREE_DISK:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise AtlasError(f"animation: the encoder wrote {written} of {frames} frames; its own words are in the log")
