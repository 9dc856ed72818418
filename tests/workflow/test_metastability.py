"""The number of slabs and threads changes no byte of the tables."""

import sys

import pytest

pytestmark = pytest.mark.slow
COUNTING = {
    "smallest_scale": 0.1, "largest_scale": 1.0, "scales": 5, "least_mass": 0.01, "widest": 1.0, "loose_mass": 0.02,
    "tightness": 0.01,
}  # fmt: skip
PLATEAU = {
    "betas": [2.0, 9.0], "particles": 200, "runs": 5, "seed": 1, "duration": 30.0, "interval": 0.5, "tolerance": 1e-7,
    "ratio": 2.0,
}  # fmt: skip


@pytest.fixture
def scripts(home, monkeypatch):
    monkeypatch.syspath_prepend(str(home / "scripts" / "metastability"))
    yield
    for name in [name for name in sys.modules if name.endswith("_plateaus")]:
        del sys.modules[name]


def plateau_tables(folder, slabs, threads):
    import aggregate_plateaus as aggregate
    import compute_plateaus as compute

    folder.mkdir()
    settings = {**PLATEAU, "slabs": slabs}
    paths = [str(folder / f"{slab}.npz") for slab in range(slabs)]
    for slab, path in enumerate(paths):
        compute.main(settings, COUNTING, slab, threads, path)
    aggregate.main(paths, settings, str(folder / "runs.csv"), str(folder / "summary.csv"))
    return [(folder / name).read_bytes() for name in ("runs.csv", "summary.csv")]


@pytest.mark.usefixtures("scripts")
def test_slabs_and_threads_change_nothing(tmp_path):
    one = plateau_tables(tmp_path / "one", 1, 1)
    assert plateau_tables(tmp_path / "three", 3, 2) == one
