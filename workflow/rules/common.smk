# Shared by all files of rules: the library on the path, the checked configuration,
# and the names of files. Functions only; rules live in the other files.
import sys
from pathlib import Path

HOME = Path(str(workflow.current_basedir)).resolve().parents[1]
sys.path.insert(0, str(HOME / "src"))

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.surroundings import check_paths, commit_of, prepare_jobs

prepare_jobs(HOME / "src")
try:
    check_paths(HOME)
except AtlasError as error:
    sys.exit(f"attention-atlas: {error}")

from attention_atlas.pipeline.validation import validate_once
from attention_atlas.pipeline.expectations import COMPUTING, TARGETS
from attention_atlas.pipeline.job_sizes import job_sizes
from attention_atlas.papers.art.settings import overridden_seeds
from attention_atlas.papers.experiments.question import files_of, without_words
from attention_atlas.papers.spheres.settings import panel_settings
from attention_atlas.pipeline.figures import drawings_by_rule, read_tables
from attention_atlas.pipeline.source_files import content_hash, library_files, module_file

# with none Snakemake waits for ever
if workflow.cores is not None and workflow.cores < 1:
    sys.exit(f"attention-atlas: --cores {workflow.cores}: no job can run; give 1 or more, or all")

try:
    validate_once(config, HOME, [Path(path).resolve() for path in workflow.configfiles])
    # what jobs ask a cluster for whose memory or time grows with the configuration; the console weighs them by it
    SIZES = job_sizes(config)
    # one table a paper: what its figures show, how they are drawn, what belongs to them
    TABLES = read_tables(HOME / "workflow" / "figures", config)
except AtlasError as error:
    sys.exit(f"attention-atlas: {error}")


wildcard_constraints:
    slab=r"\d+",


COMPUTING.update(SIZES)

# paper -> figure -> files of what `all` makes
FIGURES = {
    paper: {key: row.files for key, row in table.figures.items() if row.enabled} for paper, table in TABLES.items()
}
TARGETS.update(["all", "claims", *TABLES, *(row.target for table in TABLES.values() for row in table.figures.values())])
TARGETS.update(path for figures in FIGURES.values() for files in figures.values() for path in files)


def library(script, *others):
    """What the library files hold that a script uses, as a parameter: an edit of one of them reruns the rule, wherever the checkout lies.

    ``others`` are further files of the checkout that it reads.
    """
    return content_hash([*library_files(HOME / "scripts" / script, HOME / "src"), *others], HOME)


def function_library(script, function, *others):
    """The same for a script that calls ``module:function``."""
    path = module_file(function.partition(":")[0], HOME / "src")
    return library(script, path, *library_files(path, HOME / "src"), *others)


def paper_files(paper):
    """All files of a paper's figures that ``all`` makes."""
    return [path for files in FIGURES[paper].values() for path in files]


def memory(size):
    """mem_mb of a job, a number or a rule in SIZES; a job that was killed for its memory gets more at each attempt."""
    megabytes = SIZES[size].megabytes if isinstance(size, str) else size
    return lambda wildcards, attempt: attempt * megabytes


def minutes(size):
    """runtime of a job, a number or a rule in SIZES; more at each attempt."""
    count = SIZES[size].minutes if isinstance(size, str) else size
    return lambda wildcards, attempt: attempt * count


def figure_files(paper, figure, suffixes=("png", "pdf")):
    return [f"results/{paper}/figures/{figure}.{suffix}" for suffix in suffixes]


def animation_files(paper, figure):
    return figure_files(paper, figure, ("gif", "mp4"))


def data_file(paper, name):
    return f"results/{paper}/data/{name}"


def data_tables(paper, *names):
    """Tables of a job that makes several, by their names."""
    return {name: data_file(paper, f"{name}.csv") for name in names}


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


def report_labels(row, drawing):
    """How `snakemake --report` lists a file of a figure: a row may have pictures, films and pages."""
    kinds = {"png": "picture", "gif": "film", "html": "page"}
    return labels(row.title, drawing.name, kinds.get(drawing.formats[0], row.kind))


def web_files(*folders):
    """Scripts, styles and templates of pages, of these folders below web/."""
    return [path for folder in folders for path in (HOME / "web" / folder).rglob("*") if path.is_file()]


def drawing_library(row, drawing):
    """The library behind a drawing's function; a page that stands alone has the interactive views inside."""
    views = web_files("atlas/views", "vendor/d3") if "html" in drawing.formats else []
    return function_library("draw.py", drawing.function, *views)


def of_drawing(drawings, value):
    """What differs between the drawings of a rule; ``value`` takes the row and the drawing."""
    by_name = {drawing.name: (row, drawing) for row, drawing in drawings}
    return lambda wildcards: value(*by_name[getattr(wildcards, "figure", next(iter(by_name)))])


def atlas_view_inputs(wildcards):
    """Results that the interactive views read."""
    # here and not at the top: it loads a good part of the library, and every job reads these files
    from attention_atlas.atlas.playground import playground_inputs
    from attention_atlas.atlas.views.catalogue import view_inputs

    return list(dict.fromkeys([*view_inputs(FIGURES, config), *playground_inputs(FIGURES, config)]))
