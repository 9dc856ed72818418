"""Puts the library on the path of a script, also inside a conda environment that does not hold it.

Snakemake adds the folder of a script to its path, so scripts import this
module first. It does nothing where the package is installed.
"""

import sys
from pathlib import Path

SOURCE = str(Path(__file__).resolve().parents[1] / "src")
if SOURCE not in sys.path:
    sys.path.insert(0, SOURCE)
