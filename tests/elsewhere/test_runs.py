"""Runs in other folders, with other paths and in other surroundings: the same files, or one line before any job."""

import os
import shutil
import subprocess
import sys

import pytest
from checkouts import TARGET, atlas, borrow_environment, checkout, variables
from runs import HOME, SMALL, complaint, digests, good, lacking, snakemake

pytestmark = pytest.mark.slow
FIGURE = "spheres/*/fig7.*"
# a user's settings that would change pictures or stop a run
MATPLOTLIBRC = "savefig.bbox: tight\naxes.grid: True\nfont.size: 20\nbackend: TkAgg\nnosuchkey: 1\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """For ./atlas: the Python and the packages of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    return borrow_environment(checkout(folder / "atlas", pins="# none\n"), folder / "environment")


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The target as it is made here."""
    folder = tmp_path_factory.mktemp("expected")
    good(snakemake(folder, TARGET))
    found = digests(folder, FIGURE)
    assert len(found) == 3, found
    return found


@pytest.mark.parametrize("name", ["a b", "it's", "ü é", 'a"b', "a$b&c;(d)", "a[b]*%s#?"])
def test_path_of_the_checkout(tmp_path, expected, name):
    place = checkout(tmp_path / name)
    good(snakemake(place, TARGET, home=place, configs=(place / "tests" / "config" / "small.yaml",)))
    assert digests(place, FIGURE) == expected


@pytest.mark.parametrize("name", ["x{y}", "a:b"])
def test_path_with_which_snakemake_cannot_work(tmp_path, name):
    place = checkout(tmp_path / name)
    assert "rename the folder" in complaint(snakemake(tmp_path / "work", "-n", TARGET, home=place))
    assert not (tmp_path / "work" / "results").exists()


@pytest.mark.parametrize("option", ["-n", "--forcerun"])
def test_no_cores(tmp_path, option):
    """Snakemake would wait for ever."""
    run = snakemake(tmp_path, TARGET, option, cores=0, timeout=120)
    assert complaint(run) == "attention-atlas: --cores 0: no job can run; give 1 or more, or all"


def test_moved_checkout_and_moved_results_make_nothing_again(tmp_path):
    place = checkout(tmp_path / "first" / "atlas")
    good(snakemake(place / "tour", TARGET, home=place))
    (tmp_path / "second").mkdir()
    moved = place.rename(tmp_path / "second" / "renamed")
    apart = (moved / "tour").rename(tmp_path / "results of May")
    for command in ("-n", "--cores=1"):
        run = good(snakemake(apart, command, TARGET, home=moved))
        assert "Nothing to be done" in run.stdout + run.stderr


def test_paths_are_those_of_the_folder_that_one_is_in(tmp_path, environment, expected):
    """./atlas from another folder: --configfile and --directory, with a blank and without."""
    place = checkout(tmp_path / "atlas", pins="# none\n")
    (place / "mine.yaml").write_text("wrong: 1\n")
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(SMALL, here / "mine.yaml")
    for words in (["--directory=out"], ["--directory", "out"], ["-d", "out"]):
        words = [TARGET, "--cores", "1", *words, "--configfile", "mine.yaml"]
        run = atlas(place, "build", *words, cwd=here, ATLAS_ENVIRONMENT=environment)
        assert run.returncode == 0, run.stderr
        assert digests(here / "out", FIGURE) == expected
        shutil.rmtree(here / "out")
    assert not (place / "results" / "spheres").exists()
    (here / "mine.yaml").write_text("spheres:\n\tfig7: 1\n")
    run = atlas(place, "build", TARGET, "--configfile=mine.yaml", cwd=here, ATLAS_ENVIRONMENT=environment)
    assert run.returncode == 2
    assert run.stderr.splitlines() == ["attention-atlas: mine.yaml, line 2: a tab; indent with spaces"]


def test_the_tour_and_all_of_it(tmp_path, environment):
    place = checkout(tmp_path / "atlas", pins="# none\n")
    planned = {}
    for option in ([], ["--all"]):
        run = atlas(place, "tour", "-n", *option, "--quiet", "host", ATLAS_ENVIRONMENT=environment)
        assert run.returncode == 0, run.stderr
        planned[bool(option)] = run.stdout
    assert all("spheres_fig4_plot" in text and "spheres_claims" in text for text in planned.values())
    assert "spheres_diracs_plot" in planned[True] and "spheres_diracs_plot" not in planned[False]


def test_settings_of_the_user(tmp_path, environment, expected):
    """Of Matplotlib, NumPy, Numba, Python, Snakemake, git, the locale and the shell: the same bytes."""
    place = checkout(tmp_path / "atlas", pins="# none\n")
    settings, out, home = tmp_path / "settings", tmp_path / "out", tmp_path / "user"
    for folder in (settings, out, home / ".config" / "matplotlib"):
        folder.mkdir(parents=True)
        # Matplotlib looks into the working folder first
        (folder / "matplotlibrc").write_text(MATPLOTLIBRC)
        for name in ("numpy.py", "sitecustomize.py"):
            (folder / name).write_text("raise SystemExit('not ours')\n")
    run = atlas(
        place, "build", TARGET, "--cores", "1", "--directory", out, "--configfile", SMALL, cwd=settings,
        ATLAS_ENVIRONMENT=environment, HOME=home, MATPLOTLIBRC=settings / "matplotlibrc", MPLBACKEND="nonsense",
        PYTHONPATH=settings, PYTHONSTARTUP=settings / "numpy.py", PYTHONOPTIMIZE="2", PYTHONWARNINGS="error",
        PYTHONIOENCODING="ascii", PYTHONHASHSEED="7", NUMBA_DISABLE_JIT="1", NPY_DISABLE_CPU_FEATURES="AVX2",
        OMP_NUM_THREADS="7", LC_ALL="C", LANG="tr_TR.ISO-8859-9", TZ="Asia/Kathmandu", SNAKEMAKE_PROFILE="nosuch",
        GIT_DIR="/nowhere", USER=None, LOGNAME=None, CDPATH="/", COLUMNS="20",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert digests(out, FIGURE) == expected


@pytest.mark.parametrize("home", [None, "/nonexistent/home", "/dev/null"])
def test_no_home_folder(tmp_path, environment, expected, home):
    """Nor one that can be written, and a user without a name, as in containers and services."""
    place = checkout(tmp_path / "atlas", pins="# none\n")
    nameless = ["unshare", "--user", "--map-user=12345", "--map-group=12345"]
    if shutil.which("unshare") is None or subprocess.run([*nameless, "true"], capture_output=True).returncode:
        lacking("a user without a name cannot be made")
    words = [
        *nameless,
        place / "atlas",
        "build",
        TARGET,
        "--cores",
        "1",
        "--directory",
        tmp_path / "out",
        "--configfile",
        SMALL,
    ]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run = subprocess.run(
        list(map(str, words)), cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        env=variables(ATLAS_ENVIRONMENT=environment, HOME=home, USER=None, LOGNAME=None, TMPDIR=scratch),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert digests(tmp_path / "out", FIGURE) == expected


def test_read_only_checkout(tmp_path, environment, expected):
    """With --directory elsewhere."""
    place = checkout(tmp_path / "atlas", pins="# none\n")
    if subprocess.run(["mount", "--bind", place, place], capture_output=True, check=False).returncode:
        lacking("a file system for the test cannot be mounted")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True, capture_output=True)
        run = atlas(
            place, "build", TARGET, "--cores", "1", "--directory", tmp_path / "out", "--configfile", SMALL,
            cwd=tmp_path, ATLAS_ENVIRONMENT=environment,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        assert digests(tmp_path / "out", FIGURE) == expected
        refused = atlas(place, "build", "-n")
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1
        assert "ATLAS_ENVIRONMENT=/path/to/folder" in refused.stderr
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_dry_run_where_nothing_can_be_written(tmp_path, environment):
    """It shows what would be made, or that all is there."""
    place, folder = checkout(tmp_path / "atlas", pins="# none\n"), tmp_path / "work"
    good(snakemake(folder, TARGET, home=place))
    if subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False).returncode:
        lacking("a file system for the test cannot be mounted")
    words = ["build", "--directory", folder, "--configfile", SMALL, "--cores", "1"]
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True, capture_output=True)
        for target, expected in ((TARGET, "Nothing to be done"), ("spheres_fig4", "rule spheres_fig4_plot")):
            run = atlas(place, *words, "-np", target, cwd=tmp_path, ATLAS_ENVIRONMENT=environment)
            assert run.returncode == 0, run.stdout + run.stderr
            assert expected in run.stdout + run.stderr
            assert "Traceback" not in run.stderr
    finally:
        subprocess.run(["umount", str(folder)], check=True)


MODULE = """
module atlas:
    snakefile:
        "{home}/Snakefile"
{config}
use rule * from atlas as atlas_*

rule mine:
    default_target: True
    input:
        "results/spheres/data/fig7.csv",
    output:
        "mine.csv",
    shell:
        "cp {{input}} {{output}}"
"""


@pytest.mark.parametrize(
    "config", ["", '    config: config["atlas"]\n', "    config: {'spheres': {'fig7': {'beta': 2.0}}}\n"]
)
def test_module_of_another_workflow(tmp_path, config):
    """docs/module.md: without a configuration, with a part of one in a file, with a part in place."""
    (tmp_path / "own.yaml").write_text("atlas:\n  spheres:\n    fig7: {beta: 1.5}\n")
    own = "configfile: 'own.yaml'\n" if "atlas" in config else ""
    (tmp_path / "Snakefile").write_text(own + MODULE.format(home=HOME, config=config))
    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1"], cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOME / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    made = (tmp_path / "mine.csv").read_text()
    assert made == (tmp_path / "results" / "spheres" / "data" / "fig7.csv").read_text()
    assert len(made.splitlines()) > 10
