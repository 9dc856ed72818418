"""Which views an atlas gets, and that their data are the numbers of the results."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from attention_atlas.atlas.views.catalogue import all_candidates, view_inputs, view_sources, write_views
from attention_atlas.atlas.views.typed_data import decode_record
from attention_atlas.errors import AtlasError
from attention_atlas.files import read_npz

MAX_BYTES = 3_000_000


def content_of(path):
    return json.loads(path.read_text().split("] = ", 1)[1].rstrip(";\n"))


@pytest.fixture
def written(view_results, view_config, home, tmp_path):
    return {view.source: view for view in write_views(view_results, tmp_path, view_config, home / "web")}


def test_views_stand_only_where_their_inputs_do(written, home, tmp_path):
    assert set(written) == {
        "spheres_fig1a",
        "spheres_fig2_circles",
        "spheres_fig3a",
        "spheres_fig4_circles",
        "spheres_fig6b",
        "mean_field_bifurcation",
        "mean_field_phase_diagram",
        "perspective_particles_2d",
        "perspective_particles_3d",
        "perspective_hypersphere",
        "perspective_phase_sa_d2",
        "metastability_space_time",
        "metastability_multi_head",
        "art_1",
        "art_zoom",
        "language_gram",
        "language_tokens",
    }
    for view in written.values():
        for path in (*view.scripts, *view.styles, *view.data):
            assert 0 < (tmp_path / path).stat().st_size < MAX_BYTES
    for script in (home / "web/atlas/views").iterdir():
        assert "http" not in script.read_text(), script


def test_nothing_is_written_where_nothing_was_built(view_config, home, tmp_path):
    assert write_views(tmp_path / "results", tmp_path / "atlas", view_config, home / "web") == []
    assert not (tmp_path / "atlas").exists()


def test_only_pages_that_exist_get_views(view_results, view_config, home, tmp_path):
    views = write_views(view_results, tmp_path, view_config, home / "web", {"spheres": ["fig3a_animation"]})
    assert [(view.figure, view.source) for view in views] == [("fig3a_animation", "spheres_fig3a")]


def test_a_second_writing_gives_the_same_bytes(written, view_results, view_config, home, tmp_path):
    before = {path: path.read_bytes() for path in (tmp_path / "views").rglob("*.js")}
    write_views(view_results, tmp_path, view_config, home / "web")
    assert before == {path: path.read_bytes() for path in (tmp_path / "views").rglob("*.js")}


def test_a_damaged_input_is_named(view_results, view_config, home, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(view_results, results)
    (results / "spheres/runs/fig3a.npz").write_bytes(b"PK cut short")
    with pytest.raises(AtlasError, match=r"fig3a\.npz: is missing or damaged"):
        write_views(results, tmp_path / "atlas", view_config, home / "web")


def test_arrays_that_do_not_fit_together_are_named(view_results, view_config, home, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(view_results, results)
    table = results / "mean_field/data/lyapunov.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-5]))
    (table.parent / ".lyapunov.csv.sha256").unlink()
    with pytest.raises(AtlasError, match=r"lyapunov\.csv: the array beta has the shape 295, not 300"):
        write_views(results, tmp_path / "atlas", view_config, home / "web")


def test_the_diagram_holds_every_count_and_exponent(written, view_results, tmp_path):
    diagram = content_of(tmp_path / written["mean_field_bifurcation"].data[0])["diagrams"][0]
    picture = read_npz(view_results / "mean_field/data/bifurcation.npz")
    table = pd.read_csv(view_results / "mean_field/data/lyapunov.csv")
    for name in ("values", "all", "sliced", "few"):
        np.testing.assert_array_equal(decode_record(diagram[name]), picture[name])
    exponents = table[[f"lyapunov_{k}" for k in range(1, 5)]].to_numpy(np.float32)
    np.testing.assert_array_equal(decode_record(diagram["exponents"]), exponents)
    np.testing.assert_array_equal(decode_record(diagram["periods"]), table["period"])


def test_the_descent_holds_every_frame(written, view_results, tmp_path):
    run = content_of(tmp_path / written["spheres_fig3a"].data[0])["runs"][0]
    archive = read_npz(view_results / "spheres/runs/fig3a.npz")
    np.testing.assert_allclose(decode_record(run["positions"]), archive["frames"][:, 0], atol=2e-5)
    np.testing.assert_allclose(decode_record(run["energies"]), archive["energies"][0], rtol=1e-12)
    assert run["eigenvalues"] == [-1.0, 1.0]


def test_particles_carry_the_cluster_numbers_of_the_table(written, view_results, tmp_path):
    content = content_of(tmp_path / written["perspective_particles_2d"].data[0])
    table = pd.read_csv(view_results / "perspective/data/particles_2d_clusters.csv")
    archive = read_npz(view_results / "perspective/runs/particles_2d.npz")
    for run, (letter, rows) in zip(content["runs"], table.groupby("panel"), strict=True):
        np.testing.assert_array_equal(decode_record(run["counts"]), rows["clusters"])
        turns = decode_record(run["angles"])
        points = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
        np.testing.assert_allclose(points, archive[f"{letter}_positions"], atol=1e-4)


def test_the_landscape_holds_every_pixel(written, view_results, tmp_path):
    """Published orientation: b to the right, a upwards."""
    landscape = content_of(tmp_path / written["art_1"].data[0])["maps"][0]
    archive = read_npz(view_results / "art/data/seed_1.npz")
    np.testing.assert_array_equal(decode_record(landscape["x"]["values"]), archive["b"])
    for layer, name in zip(landscape["layers"], ("converged", "clusters", "time", "period"), strict=True):
        np.testing.assert_array_equal(decode_record(layer["values"]), archive[name])


def test_tokens_stand_in_the_order_of_their_clusters(written, view_results, tmp_path):
    gram = content_of(tmp_path / written["language_gram"].data[0])["maps"][0]
    archive = read_npz(view_results / "language/data/gram.npz")
    order = [1, 2, 0, 3]
    assert gram["x"]["names"] == ["alice", "</b>", "[CLS]", "it"]
    shown = decode_record(gram["layers"][1]["values"])
    np.testing.assert_allclose(shown, archive["minilm"][1][np.ix_(order, order)], atol=0.5 / 127 + 1e-6)


def test_ends_without_clear_clusters_are_empty_cells(written, tmp_path):
    layer = content_of(tmp_path / written["metastability_multi_head"].data[0])["maps"][0]["layers"][0]
    np.testing.assert_array_equal(decode_record(layer["values"]), [[np.nan, 3, 5], [2, 4, 6]])


def test_four_particles_are_shown_until_they_fail(written, view_results, tmp_path):
    runs = content_of(tmp_path / written["spheres_fig4_circles"].data[0])["runs"]
    archive = read_npz(view_results / "spheres/runs/fig4_circles.npz")
    assert [run["label"] for run in runs] == ["δ = 0.5, τ = 0.005", "δ = 8, τ = 0.1, blew up"]
    assert [run["angles"]["shape"][0] for run in runs] == [6, 4]
    turns = decode_record(runs[0]["angles"])
    np.testing.assert_allclose(np.stack([np.cos(turns), np.sin(turns)], axis=-1), archive["frames"][:, 0], atol=1e-4)


def test_single_particles_make_one_picture(written, view_results, tmp_path):
    run = content_of(tmp_path / written["spheres_fig1a"].data[0])["runs"][0]
    frames = read_npz(view_results / "spheres/runs/fig1a.npz")["frames"]
    np.testing.assert_allclose(decode_record(run["positions"]), frames[:, :, 0], atol=2e-5)


def test_a_failed_run_is_shown_until_it_failed(view_results, view_config, home, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(view_results / "spheres", results / "spheres")
    archive = read_npz(results / "spheres/runs/fig3a.npz")
    archive["frames"][5:] = np.nan
    np.savez(results / "spheres/runs/fig3a.npz", **archive)
    views = write_views(results, tmp_path / "atlas", view_config, home / "web", {"spheres": ["fig3a"]})
    run = content_of(tmp_path / "atlas" / views[0].data[0])["runs"][0]
    assert run["positions"]["shape"][0] == 5


def test_inputs_name_what_the_views_read(view_config):
    inputs = view_inputs({"spheres": ["fig3a", "fig3a_animation"], "mean_field": ["lyapunov"]}, view_config)
    assert sorted(inputs) == [
        "results/mean_field/data/bifurcation.npz",
        "results/mean_field/data/lyapunov.csv",
        "results/spheres/runs/fig3a.npz",
    ]
    assert view_inputs({"art": ["sheet"]}, view_config) == []


def test_names_are_unique_and_every_script_is_there(view_config, home):
    names = [candidate.name for candidate in all_candidates(view_config)]
    assert len(names) == len(set(names)) > 20
    for path in view_sources(home / "web"):
        assert (home / path).is_file(), path
