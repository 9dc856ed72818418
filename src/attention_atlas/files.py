"""Data files between rules: whole or absent, the same bytes for the same numbers.

Every CSV has a hidden checksum file beside it (``.fig2.csv.sha256``), because
a CSV that was cut at the end of a line looks like a good one. Archives of
arrays carry checksums inside.
"""

import glob
import hashlib
import io
import json
import os
import platform
import re
import shlex
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from attention_atlas.errors import COMMAND_VARIABLE, DataFileError

__all__ = [
    "CHECKOUT",
    "atomic_write",
    "machine_name",
    "read_csv",
    "read_json",
    "read_npz",
    "remove_abandoned",
    "repair_hint",
    "temporary_path",
    "write_csv",
    "write_json",
    "write_npz",
    "write_text",
]

# The folder with the Snakefile, src/ and web/.
CHECKOUT = Path(__file__).resolve().parents[2]

Pathlike = str | os.PathLike[str]
RERUN = "delete it and run the same command again"


def repair_hint(path: Pathlike) -> str:
    """What to do about a damaged file; in a run, and for a file that the run made, as a command to copy."""
    command, file = os.environ.get(COMMAND_VARIABLE), Path(path).absolute()
    ours = file.is_relative_to(Path.cwd() / "results")
    remove = "rm -r" if file.is_dir() else "rm"
    return f"{RERUN}: {remove} {shlex.quote(str(file))} && {command}" if command and ours else RERUN


def temporary_path(path: Pathlike, kind: str = "part") -> Path:
    """Hidden name beside ``path`` while it is being made, with its suffix, by which writers choose formats.

    It tells the machine, on which alone can be seen whether somebody still works on it, and the process.
    """
    target = Path(path)
    return target.with_name(f".{target.stem}.{machine_name()}-{os.getpid()}.{kind}{target.suffix}")


def machine_name() -> str:
    """Name of this machine as it stands in names of half-made files."""
    return re.sub(r"\W", "_", platform.node(), flags=re.ASCII)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def remove_abandoned(path: Pathlike) -> None:
    """Remove what killed processes of this machine have left of ``path`` half-made (see ``temporary_path``), files or folders."""
    target = Path(path)
    start = f".{target.stem}.{machine_name()}-"
    for left in target.parent.glob(f"{glob.escape(start)}*{glob.escape(target.suffix)}"):
        process = left.name.removeprefix(start).partition(".")[0]
        if process.isdigit() and not _is_alive(int(process)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with suppress(OSError):
                    left.unlink()


@contextmanager
def atomic_write(path: Pathlike) -> Iterator[Path]:
    """Give a temporary path beside ``path`` that takes its place if no error occurs."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(target)
    temporary = temporary_path(target)
    try:
        yield temporary
        with open(temporary, "rb") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _write_bytes(path: Pathlike, write: Callable[[IO[bytes]], object]) -> None:
    with atomic_write(path) as temporary, open(temporary, "wb") as stream:
        write(stream)


def write_text(path: Pathlike, text: str) -> None:
    """Write ``text`` as UTF-8, atomically."""
    _write_bytes(path, lambda stream: stream.write(text.encode()))


def _checksum_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.sha256")


def write_csv(frame: pd.DataFrame, path: Pathlike) -> None:
    """Write ``frame`` without its index; floats in their shortest exact form."""
    content = frame.to_csv(index=False, lineterminator="\n").encode()
    write_text(_checksum_file(Path(path)), hashlib.sha256(content).hexdigest() + "\n")
    _write_bytes(path, lambda stream: stream.write(content))


def read_csv(path: Pathlike, columns: Iterable[str] = ()) -> pd.DataFrame:
    """Read a CSV and check it against its checksum file, if there is one.

    Raises
    ------
    DataFileError
        The file is missing, empty, cut short or lacks one of ``columns``.
    """
    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise DataFileError(f"{source}: cannot be read ({error.strerror}); {repair_hint(source)}") from error
    checksum = _checksum_file(source)
    if checksum.exists() and checksum.read_text().strip() != hashlib.sha256(content).hexdigest():
        raise DataFileError(
            f"{source}: is not the file that was written ({len(content)} bytes are left); {repair_hint(source)}"
        )
    try:
        frame = pd.read_csv(io.BytesIO(content))
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise DataFileError(
            f"{source}: is not a table ({' '.join(str(error).split())}); {repair_hint(source)}"
        ) from error
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise DataFileError(
            f"{source}: has no column {', '.join(missing)} (it has {', '.join(frame.columns)}); {repair_hint(source)}"
        )
    return frame


def write_npz(path: Pathlike, **arrays: Any) -> None:
    """Write arrays as a compressed ``.npz``, the same bytes for the same numbers. ``ValueError`` for an array of objects."""
    _write_bytes(path, lambda stream: np.savez_compressed(stream, allow_pickle=False, **arrays))


def read_npz(path: Pathlike, names: Iterable[str] = ()) -> dict[str, np.ndarray]:
    """Read all arrays of a ``.npz``.

    Raises
    ------
    DataFileError
        The file is missing, damaged, or lacks one of ``names``.
    """
    source = Path(path)
    try:
        with np.load(source, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise DataFileError(
            f"{source}: is missing or damaged ({' '.join(str(error).split())}); {repair_hint(source)}"
        ) from error
    missing = [name for name in names if name not in arrays]
    if missing:
        raise DataFileError(
            f"{source}: has no array {', '.join(missing)} (it has {', '.join(arrays)}); {repair_hint(source)}"
        )
    return arrays


def write_json(path: Pathlike, value: Any) -> None:
    """Write ``value`` as indented JSON with sorted keys."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_json(path: Pathlike) -> Any:
    """Read a JSON file; ``DataFileError`` if it is missing or damaged."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataFileError(
            f"{path}: is missing or damaged ({' '.join(str(error).split())}); {repair_hint(path)}"
        ) from error
