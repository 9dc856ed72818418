"""The whole workflow in small: everything is there, and nothing depends on threads, slabs or the number of runs."""

import json
import shutil
import zipfile

import pandas as pd
import pytest
import yaml
from runs import HOME, SMALL, digests, good, snakemake

from attention_atlas.claims import COLUMNS

pytestmark = pytest.mark.slow


def test_every_figure_is_a_picture_of_its_kind(small_run):
    starts = {".png": b"\x89PNG", ".pdf": b"%PDF", ".gif": b"GIF89a", ".mp4": b"\x00\x00\x00"}
    figures = [path for path in small_run.glob("results/*/figures/*") if path.suffix in starts]
    assert len(figures) >= 40
    for path in figures:
        assert path.read_bytes().startswith(starts[path.suffix]), path
        assert path.stat().st_size > 2000, path
    for png in small_run.glob("results/*/figures/*.png"):
        assert png.with_suffix(".pdf").exists(), png


def test_tables_of_the_contract(small_run):
    data = small_run / "results" / "spheres" / "data"
    contract = {
        "fig2": ["delta", "single", "antipodal", "other", "mean_energy", "top_dirac_energy", "mean_min_abs_inner"],
        "fig3": ["panel", "particle", "x", "y", "z"],
        "fig3_energy": ["panel", "step", "energy"],
        "fig4": ["delta", "tau", "mean_tanh_ratio", "converged"],
        "fig5": ["epsilon", "angle", "weight"],
        "fig5_errors": ["epsilon", "first_order_printed", "first_order_exact", "guess_printed", "guess_fitted"],
        "fig7": ["delta", "single_at_e2", "pair_on_e1", "pair_on_e2"],
    }
    for name, columns in contract.items():
        table = pd.read_csv(data / f"{name}.csv")
        assert len(table), name
        assert set(columns) <= set(table.columns), name


def test_claims_are_judged(small_run):
    for path in small_run.glob("results/*/claims/claims.csv"):
        table = pd.read_csv(path, keep_default_na=False)
        assert list(table.columns) == COLUMNS
        assert set(table["holds"]) <= {"yes", "no", "not judged"}
        assert (table["computed"] != "").all(), path


def test_provenance_names_what_was_run(small_run):
    folder = small_run / "results" / "provenance"
    run = json.loads((folder / "run.json").read_text())
    assert {"commit", "versions", "machine"} <= set(run)
    merged = yaml.safe_load((folder / "config.yaml").read_text())
    assert merged["spheres"]["fig1"]["runs"] == yaml.safe_load(SMALL.read_text())["spheres"]["fig1"]["runs"]
    costs = pd.read_csv(folder / "spheres_jobs.csv")
    assert {"spheres_fig2_compute", "spheres_fig3_plot"} <= set(costs["rule"])
    assert (costs["seconds"] > 0).all()


def test_logs_hold_the_progress_of_kernels(small_run):
    text = (small_run / "logs" / "spheres_fig3_compute" / "a.log").read_text()
    assert "steps (100 %), finished in" in text


def test_nothing_is_left_to_do(small_run):
    run = good(snakemake(small_run, "-n", "all"))
    assert "Nothing to be done" in run.stdout + run.stderr


def test_everything_is_asked_for_when_no_target_is_named(tmp_path):
    run = good(snakemake(tmp_path, "-n"))
    planned = run.stdout + run.stderr
    for rule in ("all", "spheres_fig4_plot", "spheres_claims", "provenance_run"):
        assert rule in planned.split(), rule


def test_results_do_not_depend_on_threads_slabs_or_fresh_kernels(small_run, tmp_path):
    """Two threads, five slabs, and kernels compiled on the spot, whose sums must not be the compiler's to order."""
    overlay = tmp_path / "slabs.yaml"
    overlay.write_text("threads: 2\nspheres:\n  fig2:\n    slabs: 5\n")
    targets = ["spheres_fig2", "spheres_fig3a", "spheres_fig5"]
    good(snakemake(tmp_path, *targets, configs=(SMALL, overlay), kernels=tmp_path / "kernels"))
    here, there = digests(tmp_path, "spheres/*/*.*"), digests(small_run, "spheres/*/*.*")
    assert {"results/spheres/data/fig2.csv", "results/spheres/figures/fig3a.png"} <= set(here)
    assert {name: there[name] for name in here} == here


def test_figures_are_the_same_bytes_when_drawn_again(small_run, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(small_run, again)
    before = digests(again, "spheres/figures/*")
    # the files that show a date, a version or a random identifier if one is left in
    targets = ["fig2", "fig3a", "fig5", "fig3a_animation"]
    for name in targets:
        for path in (again / "results" / "spheres" / "figures").glob(f"{name}.*"):
            path.unlink()
    run = good(snakemake(again, *(f"spheres_{name}" for name in targets)))
    assert "compute" not in run.stderr
    assert digests(again, "spheres/figures/*") == before


def test_report_holds_every_figure_with_caption_category_and_labels(small_run, tmp_path):
    report = tmp_path / "report.zip"
    good(snakemake(small_run, "all", "--report", str(report)))
    with zipfile.ZipFile(report) as archive:
        page = next(name for name in archive.namelist() if name.endswith("report.html"))
        text = archive.read(page).decode()
    script = text[text.index('<script id="results">') :]
    listed, _ = json.JSONDecoder().raw_decode(script[script.index("{") :])
    papers = [path for path in (HOME / "workflow" / "figures").glob("*.yaml") if path.stem != "experiments"]
    assert len(papers) > 6
    for path in papers:
        assert f'"{yaml.safe_load(path.read_text())["title"]}": {{' in text, path.stem
    pictures = {path.relative_to(small_run).as_posix() for path in small_run.glob("results/*/figures/*.png")}
    assert pictures - set(listed) == set()
    for name, entry in listed.items():
        assert len(entry["caption"]) > 40, name
        assert entry["labels"]["figure"][0].isupper(), name
        assert entry["labels"]["kind"].split(",")[0] in {"picture", "film", "page", "table"}, name
    shown = [(name.split("/")[1], *entry["labels"].values()) for name, entry in listed.items()]
    assert len(shown) == len(set(shown))


def test_edit_of_the_library_reruns_what_uses_it(tmp_path):
    """In a copy of the sources: a drawing edit redraws and computes nothing, an edit of the theory recomputes."""
    home = tmp_path / "home"
    shutil.copytree(
        HOME,
        home,
        ignore=shutil.ignore_patterns(".git", ".venv", "results", ".snakemake", "tour", "__pycache__", ".*_cache"),
    )
    folder = tmp_path / "work"
    good(snakemake(folder, "spheres_fig7", home=home))

    def planned():
        # --quiet host shows the table of jobs
        text = good(snakemake(folder, "-n", "spheres_fig7", home=home)).stdout
        return {word for word in text.split() if word in ("spheres_fig7_compute", "spheres_fig7_plot")}

    assert planned() == set()
    for name, expected in (
        ("papers/spheres/drawing/four.py", {"spheres_fig7_plot"}),
        ("papers/spheres/theory.py", {"spheres_fig7_compute", "spheres_fig7_plot"}),
    ):
        path = home / "src" / "attention_atlas" / name
        text = path.read_text()
        path.write_text(text + "\n# a change\n")
        assert planned() == expected, name
        path.write_text(text)
