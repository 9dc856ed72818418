# Shared by all files of rules: the library on the path, the checked configuration,
# and the names of files. Functions only; rules live in the other files.
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(workflow.basedir)
sys.path.insert(0, str(HOME / "src"))
# jobs find the library here, also in conda environments that do not hold it
os.environ["PYTHONPATH"] = os.pathsep.join([str(HOME / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])

# A linear algebra library that spawns threads of its own would take the cores
# of other jobs and change the order of summation with their number.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

from attention_atlas.pipeline.validation import validate_once
from attention_atlas.pipeline.job_sizes import job_sizes
from attention_atlas.papers.spheres.settings import panel_settings
from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.figures import drawings_by_rule, read_tables
from attention_atlas.pipeline.source_files import library_files, module_file

try:
    validate_once(config, HOME / "workflow" / "schemas")
    # one table a paper: what its figures show, how they are drawn, what belongs to them
    TABLES = read_tables(HOME / "workflow" / "figures", config)
except AtlasError as error:
    sys.exit(f"attention-atlas: {error}")


wildcard_constraints:
    slab=r"\d+",


# What jobs ask a cluster for whose memory or time grows with the configuration.
SIZES = job_sizes(config)

# paper -> figure -> files of what `all` makes
FIGURES = {
    paper: {key: row.files for key, row in table.figures.items() if row.enabled} for paper, table in TABLES.items()
}


def library(script):
    """The library files that a script uses: an edit of one of them reruns the rule."""
    return library_files(HOME / "scripts" / script, HOME / "src")


def function_library(script, function):
    """The same for a script that calls ``module:function``."""
    path = module_file(function.partition(":")[0], HOME / "src")
    return sorted({*library(script), *library_files(path, HOME / "src"), str(path)})


def paper_files(paper):
    """All files of a paper's figures that ``all`` makes."""
    return [path for files in FIGURES[paper].values() for path in files]


def memory(size):
    """mem_mb of a job, a number or a name in SIZES; a job that was killed for its memory gets more at each attempt."""
    megabytes = SIZES[size].megabytes if isinstance(size, str) else size
    return lambda wildcards, attempt: attempt * megabytes


def minutes(size):
    """runtime of a job, a number or a name in SIZES; more at each attempt."""
    count = SIZES[size].minutes if isinstance(size, str) else size
    return lambda wildcards, attempt: attempt * count


def figure_files(paper, figure, suffixes=("png", "pdf")):
    return [f"results/{paper}/figures/{figure}.{suffix}" for suffix in suffixes]


def animation_files(paper, figure):
    return figure_files(paper, figure, ("gif", "mp4"))


def data_file(paper, name):
    return f"results/{paper}/data/{name}"


def run_file(paper, name):
    """Raw result of a computing rule."""
    return f"results/{paper}/runs/{name}"


def claims_file(paper):
    return f"results/{paper}/claims/claims.csv"


def log_file(rule_name, job=None):
    return f"logs/{rule_name}/{job}.log" if job else f"logs/{rule_name}.log"


def cost_file(rule_name, job=None):
    """Where Snakemake writes seconds and memory of a job."""
    return f"results/provenance/jobs/{rule_name}/{job or 'job'}.tsv"


def published(*names):
    """Files of the authors' published numbers as inputs, those that exist in the folder the config names."""
    folder = config["published"]
    files = [Path(folder) / name for name in names] if folder else []
    return [str(path) for path in files if path.exists()]


def labels(figure, file, kind):
    """How `snakemake --report` lists a file."""
    return {"figure": figure, "file": file, "kind": kind}


def commit_of_sources():
    """Commit of the working tree, with '+' if files differ from it; 'unknown' outside a checkout."""
    answer = subprocess.run(
        ["git", "-C", str(HOME), "describe", "--always", "--abbrev=40", "--dirty=+"],
        capture_output=True,
        text=True,
    )
    return answer.stdout.strip() or "unknown"
