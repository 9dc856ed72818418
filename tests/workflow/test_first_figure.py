"""One figure with its table and the refusal of a wrong key: what a newcomer must see work, in half a minute."""

import csv

from runs import complaint, good, overlay, snakemake

PNG = b"\x89PNG\r\n\x1a\n"


def test_one_figure_from_nothing(tmp_path):
    good(snakemake(tmp_path, "spheres_fig4"))
    results = tmp_path / "results" / "spheres"
    assert (results / "figures" / "fig4.png").read_bytes().startswith(PNG)
    with (results / "data" / "fig4.csv").open() as stream:
        assert len(list(csv.DictReader(stream))) == 8
    assert "Nothing to be done" in good(snakemake(tmp_path, "spheres_fig4")).stderr


def test_wrong_key_is_one_line(tmp_path):
    line = complaint(snakemake(tmp_path, "spheres_fig4", configs=(overlay(tmp_path, "spheres: {fig4: {step: 3}}"),)))
    assert "config key spheres.fig4.step: unknown key" in line
