"""What jobs find around them, whatever the user's shell says."""

import os
from pathlib import Path

__all__ = ["prepare_jobs"]


def prepare_jobs(source: Path) -> None:
    """Settings that all jobs of this run inherit: the library on their path, and one thread for linear algebra.

    A linear algebra library that spawns threads of its own would take the cores of other jobs and change the order of
    summation with their number.
    """
    # the library, also in conda environments that do not hold it
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != str(source)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(source), *others])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
