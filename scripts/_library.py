"""Puts the library on the path of a script, also inside a conda environment that does not hold it.

Snakemake adds the folder of a script to its path, so scripts import this
module first.
"""

import sys
from pathlib import Path

# First, not anywhere: another checkout may be installed in the environment.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
