"""Memory of real jobs: bounded by their slab or by one image, and within what the rules ask for."""

import sys

import pytest
from runs import HOME

sys.path.append(str(HOME / "benchmarks"))
from memory_study import asked_megabytes, configuration, peak_megabytes

pytestmark = pytest.mark.slow


def test_a_slab_of_a_finer_diagram_takes_no_more(tmp_path):
    peaks = [peak_megabytes("diagram_slab", {"values": 100 * slabs, "slabs": slabs}, tmp_path) for slabs in (1, 50)]
    assert peaks[1] < peaks[0] + 40


def test_gathering_a_diagram_holds_one_slab_and_a_picture_of_limited_width(tmp_path):
    peaks = []
    for values, slabs in ((2000, 10), (20_000, 100)):
        folder = tmp_path / str(values)
        folder.mkdir()
        size = {"values": values, "slabs": slabs, "leading": 1}
        peak_megabytes("diagram_slabs", size, folder)
        peaks.append([peak_megabytes(name, size, folder) for name in ("diagram_gather", "diagram_draw")])
    config = configuration("mean_field.bifurcation", values={"first": 0, "last": 3, "count": 20_000}, slabs=100)
    asked = asked_megabytes(config, "mean_field_bifurcation_aggregate")
    # all histograms at once would be 380 MB more, and in colours 5 GB
    assert peaks[1][0] < peaks[0][0] + 200
    assert max(peaks[1]) < asked


def test_gathering_and_drawing_images_hold_one_array_of_one_image(tmp_path):
    peaks = {}
    for pixels in (1000, 4000):
        folder = tmp_path / str(pixels)
        folder.mkdir()
        size = {"pixels": pixels, "slabs": pixels // 20}
        names = ("image_slab", "image_gather", "image_draw", "image_details", "image_sheet")
        peaks[pixels] = {name: peak_megabytes(name, size, folder) for name in names}
        asked = asked_megabytes(configuration("art.images", rows=pixels, columns=pixels), "art_image_aggregate")
        assert max(peaks[pixels].values()) < asked
    more = 4000**2 - 1000**2
    for name in ("image_gather", "image_details", "image_sheet"):
        # an array has at most two bytes a pixel; a copy of it while it is read
        assert peaks[4000][name] - peaks[1000][name] < 6e-6 * more + 60, name


def test_more_starts_take_no_more(tmp_path):
    few, many = (peak_megabytes("phase_slab", {"runs": runs, "dimension": 8}, tmp_path) for runs in (2048, 6144))
    assert many < few + 30
