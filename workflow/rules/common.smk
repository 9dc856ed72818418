# What all rule files share: the library on the path, the checked configuration,
# and the names of files. Functions only; rules live in the other files.
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

HOME = Path(workflow.basedir)
sys.path.insert(0, str(HOME / "src"))

# A linear algebra library that spawns threads of its own would take the cores
# of other jobs and change the order of summation with their number.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

from attention_atlas.configuration import ConfigError, validate_config
from attention_atlas.console import follow_progress
from attention_atlas.source_files import library_files

try:
    validate_config(config, HOME / "workflow" / "schemas")
except ConfigError as error:
    sys.exit(f"attention-atlas: {error}")

if workflow.is_main_process:
    follow_progress(logger, HOME / "workflow" / "costs.csv")


wildcard_constraints:
    slab=r"\d+",


# Papers add their files here; `rule all` asks for all of them.
ALL_FILES = []
CLAIM_TABLES = []


def library(script):
    """The library files that a script uses: an edit of one of them reruns the rule."""
    return library_files(HOME / "scripts" / script, HOME / "src")


def figure_files(paper, figure, suffixes=("png", "pdf")):
    return [f"results/{paper}/figures/{figure}.{suffix}" for suffix in suffixes]


def animation_files(paper, figure):
    return figure_files(paper, figure, ("gif", "mp4"))


def data_file(paper, name):
    return f"results/{paper}/data/{name}"


def log_file(paper, name):
    return f"logs/{paper}/{name}.log"


def cost_file(paper, name):
    """Where Snakemake writes seconds and memory of a job."""
    return f"results/provenance/jobs/{paper}/{name}.tsv"


def published(name):
    """A file of the authors' published numbers as an input, if the config names their folder."""
    folder = config["published"]
    return [str(Path(folder) / name)] if folder and (Path(folder) / name).exists() else []
