"""Experiments through the pipeline: those of docs/experiments.md with fewer runs, slabs, pages."""

import csv
import re

import numpy as np
import pytest
import yaml
from runs import HOME, digests, good, overlay, snakemake

from attention_atlas.atlas.catalogue import gather_paper
from attention_atlas.atlas.costs import job_costs
from attention_atlas.atlas.pages import Site, write_pages
from attention_atlas.atlas.parameters import differences
from attention_atlas.atlas.published import papers_size
from attention_atlas.atlas.site import copy_results, make_thumbnails
from attention_atlas.atlas.texts import read_front
from attention_atlas.atlas.verdicts import claims_of
from attention_atlas.files import read_csv, read_json
from attention_atlas.pipeline.figures import read_tables
from attention_atlas.pipeline.validation import load_schema

pytestmark = pytest.mark.slow


def page_examples():
    """The entries of all YAML blocks of the page."""
    blocks = re.findall(r"```yaml\n(.*?)```", (HOME / "docs" / "experiments.md").read_text(encoding="utf-8"), re.S)
    return {name: entry for block in blocks for name, entry in yaml.safe_load(block)["experiments"].items()}


def smaller(entry):
    entry["tokens"] = min(entry["tokens"], 24)
    entry["starts"] = (entry.get("starts") or {}) | {"runs": 3}
    if isinstance(sweep := (entry.get("sweep") or {}).get("attention.beta"), dict):
        sweep["count"] = 3
    return entry


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiments")
    entries = {name: smaller(entry) for name, entry in page_examples().items()}
    text = yaml.safe_dump({"experiments": entries}, sort_keys=False)
    good(snakemake(folder, "experiments", configs=(overlay(folder, text),)))
    return folder, entries


def test_examples_of_the_page_work_as_they_stand(made):
    folder, entries = made
    assert len(entries) == 6
    results = folder / "results" / "experiments"
    for name, entry in entries.items():
        assert (results / name / f"{name}.png").stat().st_size > 10_000
        with (results / name / f"{name}.csv").open() as stream:
            rows = list(csv.DictReader(stream))
        assert {row["observable"] for row in rows} == set(entry["observe"])
        assert all(np.isfinite(float(row["mean"])) for row in rows)
        assert all(row["failed"] == "0" for row in rows)
    assert (results / "noisy_sphere" / "noisy_sphere_film.mp4").stat().st_size > 10_000
    with (results / "claims" / "claims.csv").open() as stream:
        claims = {row["id"]: row for row in csv.DictReader(stream)}
    assert claims["masks_1"]["holds"] == "yes"
    assert set(claims) == {"causal_circle_1", "masks_1"}


def test_slabs_and_threads_change_no_bit(made, tmp_path):
    folder, entries = made
    chosen = {name: dict(entries[name], slabs=3) for name in ("two_heads", "noisy_sphere", "masks")}
    text = yaml.safe_dump({"experiments": chosen, "threads": 1}, sort_keys=False)
    targets = [f"experiments_{name}" for name in chosen]
    good(snakemake(tmp_path, *targets, configs=(overlay(tmp_path, text),)))
    for name in chosen:
        here = digests(tmp_path, f"experiments/{name}/*")
        assert here and here == digests(folder, f"experiments/{name}/*")


def test_another_title_or_claim_computes_and_gathers_nothing_anew(made, tmp_path):
    folder, entries = made
    said = {name: dict(entry) for name, entry in entries.items()}
    said["masks"] |= {"title": "Other words", "claims": [{"statement": "s", "observe": "clusters", "at_least": 1}]}
    text = yaml.safe_dump({"experiments": said}, sort_keys=False)
    run = good(snakemake(folder, "-n", "experiments", configs=(overlay(tmp_path, text),)))
    rules = set(re.findall(r"^\s*rule (\w+):", run.stdout, re.M))
    assert "experiments_run_claims" in rules
    assert not {"experiments_run_compute", "experiments_run_aggregate"} & rules


def test_an_experiment_has_a_page_with_its_claims_and_costs(made, tmp_path):
    folder, entries = made
    results, target = folder / "results", tmp_path / "atlas"
    target.mkdir()
    config = yaml.safe_load((results / "provenance" / "config.yaml").read_text(encoding="utf-8"))
    reference = yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))
    table = read_tables(HOME / "workflow" / "figures", config)["experiments"]
    room = gather_paper(
        table,
        claims_of(read_csv(results / "experiments" / "claims" / "claims.csv")),
        job_costs([read_csv(results / "provenance" / "experiments_jobs.csv")]),
        (config, reference, load_schema(HOME / "workflow" / "schemas")),
    )
    assert {cost.rule for cost in room.figures["masks"].cost.rules} >= {
        "experiments_run_compute",
        "experiments_masks_plot",
    }
    copy_results([room], results, target)
    changed = papers_size(differences(config, reference))
    assert [entry.key for entry in changed] == []  # a question of one's own is no smaller paper
    front = read_front(HOME / "web" / "atlas" / "texts" / "front.yaml")
    about = read_json(results / "provenance" / "run.json")
    site = Site(front, [room], make_thumbnails([room], results, target), about, changed, target)
    write_pages(site, HOME / "web" / "atlas" / "templates")
    for name, entry in entries.items():
        page = (target / "experiments" / f"{name}.html").read_text(encoding="utf-8")
        assert entry["title"] in page
        assert f"{name}.csv" in page
    assert "without a mask and at beta 1 all runs meet" in (target / "experiments" / "masks.html").read_text()


def test_without_an_experiment_there_is_no_room():
    config = yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))
    assert config["experiments"] == {}
    assert "experiments" not in read_tables(HOME / "workflow" / "figures", config)
