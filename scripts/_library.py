"""Puts the library on the path of a script, also inside a conda environment that does not hold it.

Snakemake adds the folder of a script to its path, so scripts import this
module first.
"""

import atexit
import gc
import os
import sys
from pathlib import Path
from types import TracebackType

# First, not anywhere: another checkout may be installed in the environment.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


def _without_interruptions(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C while a script is still importing is no error to trace."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _without_interruptions


# In a job, into which Snakemake has put its object, not in a test that imports a script.
if hasattr(sys.modules["__main__"], "snakemake"):
    if "ATLAS_FORK_SERVER" in os.environ:
        from _fork_client import hand_over

        hand_over()
    # Modules are no garbage: looking for some among them while they are loaded, and once more when the process ends, takes a third of
    # a second of each job. jobs.job puts it on again.
    gc.disable()
    atexit.register(gc.freeze)
