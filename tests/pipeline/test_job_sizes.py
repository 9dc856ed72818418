"""What jobs ask a cluster for follows the sizes of the configuration, and finer sweeps in more slabs ask for no more."""

import copy
import subprocess
import sys

import numpy as np
import pytest
import yaml

from attention_atlas.errors import AtlasError
from attention_atlas.job_requests import BASE_MB
from attention_atlas.numerics.registers import LANES
from attention_atlas.papers.mean_field.settings import runs_at_once
from attention_atlas.pipeline.job_sizes import job_sizes


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


def changed(config, path, **keys):
    """A copy of ``config`` with other keys in the block ``path``."""
    new = copy.deepcopy(config)
    block = new
    for name in path.split("."):
        block = block[name]
    block |= keys
    return new


def test_nothing_asks_for_more_than_a_small_machine_at_the_papers_size(config):
    for name, request in job_sizes(config).items():
        assert 1000 <= request.megabytes <= 3000, name
        assert 10 <= request.minutes <= 60, name


FINER = [
    # ten to a hundred times finer: block, keys at the finer size, slabs, the job that computes a slab
    (
        "mean_field.bifurcation",
        {"values": {"first": 0.0, "last": 3.0, "count": 100_000}},
        1000,
        "mean_field_bifurcation_compute",
    ),
    ("art.images", {"rows": 15_000, "columns": 15_000}, 200, "art_image_compute"),
    ("perspective.phase", {"runs": 20_480}, 20, "perspective_phase_compute"),
    ("perspective.phase", {"betas": {"first": 0.1, "last": 9.0, "count": 900}}, 100, "perspective_phase_compute"),
    (
        "mean_field.phase_diagram",
        {"betas": {"first": 0.0, "last": 3.0, "count": 2000}},
        200,
        "mean_field_phase_diagram_compute",
    ),
    ("metastability.plateau", {"runs": 2000}, 40, "metastability_plateau_histogram_compute"),
    ("metastability.linear_phase", {"runs": 960}, 20, "metastability_linear_phase_compute"),
    ("spheres.fig2", {"runs": 1000}, 20, "spheres_fig2_compute"),
]


@pytest.mark.parametrize(("block", "keys", "slabs", "job"), FINER)
def test_a_slab_of_a_finer_sweep_asks_for_hardly_more(config, block, keys, slabs, job):
    usual, finer = job_sizes(config)[job], job_sizes(changed(config, block, **keys, slabs=slabs))[job]
    assert finer.megabytes <= 1.1 * usual.megabytes
    coarse = job_sizes(changed(config, block, **keys))[job]
    assert coarse.megabytes >= finer.megabytes
    assert coarse.minutes >= finer.minutes


def test_gathering_grows_with_one_image_and_one_slab_only(config):
    large = changed(config, "art.images", rows=15_000, columns=15_000, slabs=200)
    assert job_sizes(large)["art_image_aggregate"].megabytes < 4000
    assert (
        job_sizes(changed(large, "art", seeds=list(range(1000))))["art_image_aggregate"]
        == job_sizes(large)["art_image_aggregate"]
    )
    values = {"first": 0.0, "last": 3.0, "count": 100_000}
    fine = changed(config, "mean_field.bifurcation", values=values, slabs=1000)
    assert job_sizes(fine)["mean_field_bifurcation_aggregate"].megabytes < 3000


def test_time_grows_with_the_work(config):
    longer = changed(config, "mean_field.bifurcation_zoom", transient=10_000_000)
    usual, more = (job_sizes(each)["mean_field_bifurcation_compute"] for each in (config, longer))
    assert more.seconds > 10 * usual.seconds
    assert more.minutes > 2 * usual.minutes
    assert job_sizes(changed(config, "art", iterations=32_000))["art_image_compute"].minutes > 60


def test_a_slab_of_the_mean_field_map_asks_for_the_recording_of_a_group(config):
    diagram = config["mean_field"]["bifurcation"]
    saved, runs = diagram["saved"], runs_at_once(diagram["saved"])
    assert runs % LANES == 0
    recording = np.empty((runs // LANES, saved, 3, LANES)).nbytes
    assert job_sizes(config)["mean_field_bifurcation_compute"].megabytes >= BASE_MB + recording / 1e6


def test_reading_sizes_loads_no_kernels(home):
    """Snakemake reads them at every start, on a cluster twice a job."""
    lines = f"""
import sys, yaml
from attention_atlas.pipeline.job_sizes import job_sizes
assert job_sizes(yaml.safe_load(open({str(home / "config.yaml")!r})))
sys.exit("numba" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", lines], check=True)


def test_job_that_no_machine_can_hold_is_refused(config):
    with pytest.raises(AtlasError) as caught:
        job_sizes(changed(config, "spheres.fig2", runs=10**8, particles=10**5))
    assert "spheres: a job of spheres_fig2_compute would hold 1.28e+04 TB in memory; set more slabs" in str(
        caught.value
    )
