"""Reproduced against published: fetched from a stand-in for the authors' repositories, compared, drawn; or plainly absent."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from published_stand_ins import commit_of, write_archives, write_spheres_files
from runs import SMALL, digests, good, overlay, snakemake

pytestmark = pytest.mark.slow


def energies():
    deltas = np.linspace(-1.0, 1.0, 21)
    return np.column_stack([deltas, np.exp(deltas), np.full(21, np.cosh(1.0)), np.cosh(deltas)])


@pytest.fixture(scope="module")
def authors(tmp_path_factory):
    """Two repositories with made-up results at the places of the real ones; text of a configuration that names them."""
    folder = tmp_path_factory.mktemp("authors")
    write_spheres_files(folder / "spheres" / "exps" / "results")
    np.savetxt(folder / "spheres" / "exps" / "results" / "maxid.csv", energies())
    names = [f"lyapunov_{k}" for k in range(1, 13)]
    table = pd.DataFrame([-0.1 * np.arange(1, 13)] * 2, columns=names)
    table = table.assign(
        index=[656, 658], beta=[1.27382, 1.2738225], distinct_values=[28, 32], author_seconds=[1.0, 2.0]
    )
    table = table.assign(**{f"m{k}_{end}": side for end, side in (("min", -0.5), ("max", 0.5)) for k in range(3)})
    write_archives(folder / "mean_field" / "stats", table)
    commits = {name: commit_of(folder / name) for name in ("spheres", "mean_field")}
    return f"""published_source:
  spheres: {{repository: {folder}/spheres, commit: {commits["spheres"]}}}
  mean_field:
    repository: file://{folder}/mean_field
    commit: {commits["mean_field"]}
    folder: stats
    indices: [656, 658]
"""


@pytest.fixture(scope="module")
def fetched(authors, tmp_path_factory):
    """A working folder with the fetched tables; tests must not change it."""
    folder = tmp_path_factory.mktemp("fetched")
    good(snakemake(folder, "published_fetch", configs=(SMALL, overlay(folder, authors))))
    return folder


def test_fetched_tables_and_their_record(fetched):
    tables = sorted(path.relative_to(fetched).as_posix() for path in (fetched / "published").rglob("*.csv"))
    assert len(tables) == 7
    assert "published/mean_field/lyapunov_zoom.csv" in tables
    read = pd.read_csv(fetched / "published" / "spheres" / "indefinite_energies.csv")
    assert np.array_equal(read.to_numpy(), energies())
    record = json.loads((fetched / "published" / "source.json").read_text())
    assert record["source"]["mean_field"]["indices"] == [656, 658]
    assert record["rows"]["lyapunov_zoom"] == 2
    spectra = pd.read_csv(fetched / "published" / "mean_field" / "lyapunov_zoom.csv")
    assert spectra["lyapunov_12"].tolist() == pytest.approx([-1.2, -1.2])
    assert spectra["distinct_values"].tolist() == [28, 32]
    assert spectra["author_seconds"].tolist() == [1.0, 2.0]


def test_comparison_and_overlay_from_the_fetched_tables(fetched, tmp_path):
    shutil.copytree(fetched / "published", tmp_path / "published")
    config = overlay(tmp_path, "published: published\n")
    wanted = [
        f"results/published/{name}" for name in ("data/spheres_fig7_energies.csv", "figures/spheres_fig7_energies.png")
    ]
    good(snakemake(tmp_path, *wanted, configs=(SMALL, config)))
    points = pd.read_csv(tmp_path / wanted[0])
    assert len(points) == 63
    assert points["difference"].abs().max() < 1e-12
    before = digests(tmp_path, "published/figures/*.*")
    for path in (tmp_path / "results" / "published" / "figures").iterdir():
        path.unlink()
    good(snakemake(tmp_path, *wanted, configs=(SMALL, config)))
    assert digests(tmp_path, "published/figures/*.*") == before


def test_without_published_numbers_the_table_says_so(tmp_path):
    good(snakemake(tmp_path, "published"))
    table = pd.read_csv(tmp_path / "results" / "published" / "comparison.csv")
    assert len(table) == 18
    assert (table["verdict"] == "not compared").all()
    assert not (tmp_path / "results" / "published" / "figures").exists()


def test_a_folder_without_the_files_is_named(tmp_path):
    run = good(snakemake(tmp_path, "published", configs=(SMALL, overlay(tmp_path, "published: nowhere\n"))))
    assert "published: the folder nowhere holds none of spheres/split_sweep.csv" in run.stderr


def test_no_network_is_one_clear_line(authors, tmp_path):
    # nothing listens on this port of this machine
    text = authors.replace("published_source:\n", "").replace("file://", "https://127.0.0.1:9/")
    run = snakemake(tmp_path, "published_fetch", configs=(SMALL, overlay(tmp_path, f"published_source:\n{text}")))
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    line = next(line for line in run.stderr.splitlines() if line.startswith("attention-atlas: "))
    assert "cannot be fetched" in line
    assert "connect to the internet" in line
    assert not (tmp_path / "published").exists()


def test_printed_numbers_of_all_papers(small_run):
    table = pd.read_csv(small_run / "results" / "published" / "printed.csv")
    assert {"spheres", "mean_field", "metastability", "perspective"} <= set(table["paper"])
    assert set(table["verdict"]) <= {"yes", "no", "not judged"}
    assert set(table["kind"]) == {"value", "bound"}
    page = (small_run / "results" / "atlas" / "published.html").read_text()
    assert "Nothing was compared with files of results" in page
    assert "What the papers state" in page
