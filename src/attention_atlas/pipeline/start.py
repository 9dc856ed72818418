"""How ./atlas starts Snakemake: what would otherwise end in a traceback of Python is one line.

python start.py [options of snakemake]
"""

# Whatever this file does not need at once is imported where Ctrl-C and a damaged environment are told of.
import os
import sys

MIN_ADDRESS_SPACE_MB = 1000
# After Ctrl-C jobs may take so long to end.
HASTE_SECONDS = 30.0


def check_start(words: list[str]) -> None:
    """Refuse what Snakemake would refuse less plainly.

    Parameters
    ----------
    words : options of Snakemake

    Raises
    ------
    AtlasError
        A limit of the shell leaves too little memory; a file of ``--configfile`` or a value of ``--config`` cannot be read as it looks.
    """
    import resource

    from attention_atlas.errors import AtlasError
    from attention_atlas.pipeline.config_sources import check_assignments, check_file, files_after_option

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < MIN_ADDRESS_SPACE_MB * 10**6:
        raise AtlasError(
            f"the shell allows {limit // 10**6} MB of memory (ulimit -v), {MIN_ADDRESS_SPACE_MB} or more are needed; "
            "lift the limit: ulimit -v unlimited"
        )
    for file in files_after_option(words):
        check_file(file)
    check_assignments(words)


def delay_interrupts() -> None:
    """Let Ctrl-C reach Snakemake at once, and a job when it can tell of it.

    Processes inherit which signals are blocked: one that imports its libraries learns of Ctrl-C in ``pipeline.jobs.job``. A second
    one in haste, which would find Snakemake at its last cleaning, does nothing. Where the shell has told this process to ignore
    Ctrl-C, as in the background, nothing changes.
    """
    import signal
    import threading
    import time

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    main = threading.get_ident()
    signal.signal(signal.SIGUSR2, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def hand_on() -> None:
        last = -float("inf")
        while True:
            signal.sigwait({signal.SIGINT})
            if time.monotonic() - last < HASTE_SECONDS:
                print("attention-atlas: running jobs are ending", file=sys.stderr, flush=True)
            else:
                last = time.monotonic()
                signal.pthread_kill(main, signal.SIGUSR2)

    threading.Thread(target=hand_on, daemon=True).start()


def folder_of(words: list[str]) -> str:
    """The folder of the run that the options of Snakemake name."""
    folder = "."
    for word, value in zip(words, [*words[1:], ""], strict=True):
        if word in ("-d", "--directory"):
            folder = value
        elif word.startswith("--directory="):
            folder = word.partition("=")[2]
    return folder


def is_dry(words: list[str]) -> bool:
    """Whether they ask what would be done, as -n, or among short options, as -np."""
    import re

    return any(re.fullmatch(r"-[pqkF]*n[pqkF]*|--dry-?run", word) for word in words)


def view(folder: str, place: str) -> None:
    """Fill the folder ``place`` with links to what lies in ``folder``, and a copy of Snakemake's own records."""
    import shutil

    for entry in os.scandir(folder):
        target = os.path.join(place, entry.name)
        if entry.name == ".snakemake":
            shutil.copytree(entry.path, target, ignore=shutil.ignore_patterns("conda", "log", "locks"))
        else:
            os.symlink(os.path.abspath(entry.path), target)


def run_snakemake(words: list[str]) -> None:
    """Run Snakemake in this process, whose command line they are.

    It writes to the folder even where it only shows what would be done; where that is not possible, it looks at a view of it.
    """
    import runpy
    import tempfile

    folder = folder_of(words)
    if is_dry(words) and os.path.isdir(folder) and not os.access(folder, os.W_OK):
        with tempfile.TemporaryDirectory(prefix="attention-atlas-") as place:
            view(folder, place)
            sys.argv += ["--directory", place]
            runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)


def start(words: list[str]) -> None:
    """Check the options and run Snakemake; it ends the process."""
    # OpenBLAS sets memory aside for each thread as soon as it is loaded
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        check_start(words)
        delay_interrupts()
        run_snakemake(words)
    except KeyboardInterrupt:
        # while jobs run Snakemake itself sees to them
        _end("interrupted before any job; the same command begins again", 130)
    except Exception as error:  # of an import, say: Snakemake tells of others itself
        cause = str(error).strip().partition("\n")[0]
        if type(error).__module__.startswith("attention_atlas."):
            _end(cause, 2)
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
