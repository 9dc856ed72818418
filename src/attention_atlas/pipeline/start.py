"""How ./atlas starts Snakemake: what Snakemake itself would end with in a traceback is one line.

python -m attention_atlas.pipeline.start [options of snakemake]
"""

import os
import resource
import runpy
import sys
from collections.abc import Sequence

from attention_atlas.errors import AtlasError

__all__ = ["check_start", "start"]

# Snakemake and the libraries of a job map so much, with room for threads; what is mapped is hardly ever used.
MIN_ADDRESS_SPACE_MB = 1000


def check_start(words: Sequence[str]) -> None:
    """Refuse what Snakemake would refuse less plainly.

    Parameters
    ----------
    words : options of Snakemake

    Raises
    ------
    AtlasError
        A limit of the shell leaves too little memory; a file of ``--configfile`` or a value of ``--config`` cannot be read as it looks.
    """
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < MIN_ADDRESS_SPACE_MB * 10**6:
        raise AtlasError(
            f"the shell allows {limit // 10**6} MB of memory (ulimit -v), {MIN_ADDRESS_SPACE_MB} or more are needed; "
            "lift the limit: ulimit -v unlimited"
        )
    # here and not at the top: an environment without PyYAML is told of below
    from attention_atlas.pipeline.config_sources import check_assignments, check_file, files_after_option

    for file in files_after_option(words):
        check_file(file)
    check_assignments(words)


def start(words: Sequence[str]) -> None:
    """Check the options and run Snakemake in this process, whose command line they are; it ends the process."""
    # OpenBLAS sets memory aside for each thread as soon as it is loaded
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        check_start(words)
        runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
    except AtlasError as error:
        _end(str(error), 2)
    except KeyboardInterrupt:
        # while jobs run Snakemake itself sees to them
        _end("interrupted before any job; the same command begins again", 130)
    except Exception as error:  # of an import: Snakemake tells of all others
        cause = str(error).strip().partition("\n")[0]
        _end(
            f"Snakemake cannot begin ({type(error).__name__}: {cause}); if memory is not short, the environment is damaged: "
            f"delete {sys.prefix} and run the command again, which makes it anew",
            2,
        )


def _end(line: str, status: int) -> None:
    print(f"attention-atlas: {line}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    start(sys.argv[1:])
