"""Runs of several panels in one file: arrays named <letter>_positions, <letter>_steps, <letter>_times."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from attention_atlas.files import read_npz

__all__ = ["read_panels"]

NAMES = ("positions", "steps", "times")


def read_panels(path: str | Path, letters: Iterable[str]) -> dict[str, dict[str, np.ndarray]]:
    """letter -> positions (records, n, d), steps and times (records,).

    Raises
    ------
    DataFileError
        The file is damaged or lacks a panel.
    """
    wanted = list(letters)
    arrays = read_npz(path, [f"{letter}_{name}" for letter in wanted for name in NAMES])
    return {letter: {name: arrays[f"{letter}_{name}"] for name in NAMES} for letter in wanted}
