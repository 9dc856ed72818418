"""Landscapes on disk: slabs of rows joined, and single arrays read, without holding everything in memory."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from attention_atlas.errors import DataFileError
from attention_atlas.files import atomic_write, repair_hint

__all__ = ["image_seed", "join_slabs", "read_array", "slab_rows"]


def image_seed(image: str) -> int:
    """Seed of an image by its name: ``1``, or ``1_override`` where it has other matrices than the rest."""
    return int(image.partition("_")[0])


def slab_rows(rows: int, slabs: int, slab: int) -> tuple[int, int]:
    """First row and row after the last of one slab; the slabs differ by at most one row."""
    return rows * slab // slabs, rows * (slab + 1) // slabs


def read_array(path: str | Path, name: str) -> np.ndarray:
    """One array of an archive; the others are not read.

    Raises ``DataFileError`` where the file or the array is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return archive[name]
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        reason = " ".join(str(error).split())
        raise DataFileError(f"{path}: {name} is missing or damaged ({reason}); {repair_hint(path)}") from error


def join_slabs(path: str | Path, slabs: Sequence[str], types: Mapping[str, type], a: np.ndarray, b: np.ndarray) -> None:
    """Write the arrays named in ``types``, the slabs' rows one below the other, shape (len(a), len(b)), then a and b.

    Memory holds one array of one slab at a time, and the bytes do not depend on
    the number of slabs. Raises ``DataFileError`` where the slabs do not fill the shape.
    """
    with (
        atomic_write(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for name, kind in types.items():
            header = {"descr": np.dtype(kind).str, "fortran_order": False, "shape": (a.size, b.size)}
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array_header_1_0(entry, header)
                rows = 0
                for slab in slabs:
                    array = read_array(slab, name)
                    if array.dtype != kind or array.shape[1:] != (b.size,):
                        raise DataFileError(f"{slab}: {name} is not what this image needs; {repair_hint(slab)}")
                    rows += len(array)
                    for row in array:
                        entry.write(row.tobytes())
            if rows != a.size:
                raise DataFileError(
                    f"{path}: the slabs have {rows} rows of {name}, the image has {a.size}; {repair_hint(path)}"
                )
        for name, values in (("a", a), ("b", b)):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, values, allow_pickle=False)
