"""Experiments through the pipeline: those of docs/experiments.md with fewer runs, slabs, pages."""

import csv
import re

import numpy as np
import pytest
import yaml
from runs import HOME, digests, good, overlay, snakemake

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
        assert (results / "figures" / f"{name}.png").stat().st_size > 10_000
        with (results / "data" / f"{name}.csv").open() as stream:
            rows = list(csv.DictReader(stream))
        assert {row["observable"] for row in rows} == set(entry["observe"])
        assert all(np.isfinite(float(row["mean"])) for row in rows)
        assert all(row["failed"] == "0" for row in rows)
    assert (results / "figures" / "noisy_sphere_film.mp4").stat().st_size > 10_000
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
        pattern = f"experiments/data/{name}*"
        assert digests(tmp_path, pattern) == digests(folder, pattern)
