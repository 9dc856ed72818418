"""The builder on a small made-up body of work: escaping, thumbnails, a folder put in place as a whole."""

import os

import pytest
from PIL import Image

from attention_atlas.atlas.catalogue import gather_paper
from attention_atlas.atlas.pages import Site, powers, write_pages
from attention_atlas.atlas.site import atomic_folder, copy_assets, copy_results, make_thumbnails, share
from attention_atlas.atlas.texts import FrontText
from attention_atlas.atlas.thumbnails import SIZE, write_poster, write_thumbnail
from attention_atlas.claims import judge_at_most
from attention_atlas.errors import DataFileError
from attention_atlas.pipeline.figures import read_paper_table

EVIL = '<script>alert("x")</script> & \\(a<b\\)'
YAML = """
title: Work <b>
paper: Somebody, arXiv 2501.03096
summary: Sentences.
figures:
  fig1:
    title: '{evil}'
    number: Figure 1
    kind: picture
    text: '{evil}'
    equations: ['a < b & c']
    look_for: null
    config: [p.fig1]
    captions: {{fig1: '{evil}'}}
    draw: papers.p.draw:fig1
    tables: {{table: fig1.csv}}
    formats: [png]
  film:
    title: A film
    kind: animation
    text: Moves.
    draw: papers.p.draw:film
    formats: [gif]
  nothing: {{title: Off, kind: picture, text: None., draw: papers.p.draw:nothing, enabled: p.nothing}}
"""


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    for name in ("p/data", "p/figures", "p/claims", "provenance"):
        (folder / name).mkdir(parents=True)
    (folder / "p/data/fig1.csv").write_text("x\n1\n")
    (folder / "p/claims/claims.csv").write_text("id\n")
    for name in ("config.yaml", "run.json", "p_jobs.csv"):
        (folder / "provenance" / name).write_text("")
    Image.new("RGB", (400, 200), "white").save(folder / "p/figures/fig1.png")
    frames = [Image.new("P", (64, 64), colour) for colour in range(3)]
    frames[0].save(folder / "p/figures/film.gif", save_all=True, append_images=frames[1:])
    return folder


@pytest.fixture
def site(results, home, tmp_path):
    """The pages of a body of work whose words all try to be HTML, and a film."""
    (tmp_path / "p.yaml").write_text(YAML.format(evil=EVIL.replace("'", "''")))
    claim = judge_at_most("bad", "fig1", EVIL, computed=3.0, bound=1e-12, source=EVIL)
    config = {"p": {"fig1": {"name": EVIL}, "nothing": False}}
    table = read_paper_table(tmp_path / "p.yaml", config)
    measured = {("p_fig1_compute", "0"): (199.0, 1.0, 1234.0), ("p_fig1_plot", "job"): (1.0, 1.0, 234.0)}
    paper = gather_paper(table, [claim], measured, (config, {"p": {"fig1": {"name": "x"}}}, {}))
    run = {
        "commit": "c" * 40,
        "versions": {"numpy": "1"},
        "machine": dict.fromkeys(("processor", "cores", "memory_gib", "system"), EVIL),
    }
    front = FrontText("Atlas", EVIL, EVIL, ("p",), {})
    with atomic_folder(results / "atlas") as folder:
        copy_assets(home / "web", folder)
        copy_results([paper], results, folder)
        thumbnails = make_thumbnails([paper], results, folder)
        write_pages(Site(front, [paper], thumbnails, run, (), folder), home / "web" / "atlas" / "templates")
    return results / "atlas"


def test_everything_is_escaped(site):
    pages = list(site.rglob("*.html"))
    assert {path.relative_to(site).as_posix() for path in pages} == {
        "index.html", "claims.html", "provenance.html", "p/index.html", "p/fig1.html", "p/film.html"
    }  # fmt: skip
    for path in pages:
        text = path.read_text()
        assert "alert(" not in text.replace("&lt;script&gt;alert(", ""), path
        assert "Work <b>" not in text
    figure = (site / "p/fig1.html").read_text()
    assert "\\[a &lt; b &amp; c\\]" in figure
    assert "≤ 1\xa0×\xa010<sup>−12</sup>" in figure


def test_a_page_says_what_there_is(site):
    text = (site / "p/fig1.html").read_text()
    for expected in (
        "3 min 20 s",
        "1.2 GB",
        "<code>papers.p.draw:fig1</code>",
        "<code>src/attention_atlas/papers/p/draw.py</code>",
        "<code>p_fig1_compute</code>",
        "snakemake --cores all p_fig1",
        "fig1.csv",
        "does not hold",
        "p.fig1.name",
    ):
        assert expected in text, expected
    assert 'href="https://arxiv.org/abs/2501.03096"' in text


def test_a_figure_that_nobody_measured_says_so(site):
    text = (site / "p/film.html").read_text()
    assert "<dt>Time</dt><dd>not measured</dd>" in text
    assert (site / "p/figures/film.webp").is_file()


def test_thumbnails_have_one_size_and_no_margins(tmp_path):
    picture = Image.new("RGB", (3000, 1000), "white")
    picture.paste("black", (1000, 400, 2000, 600))
    picture.save(tmp_path / "wide.png")
    write_thumbnail(tmp_path / "wide.png", tmp_path / "wide.webp")
    with Image.open(tmp_path / "wide.webp") as small:
        assert small.size == SIZE
        dark = sum(level < 128 for level in small.convert("L").tobytes())
    # a strip 5 times as wide as high, cut to 1.9: nearly the whole width of the card is dark
    assert dark > 0.5 * SIZE[0] * SIZE[1]
    Image.new("RGB", (50, 50), "white").save(tmp_path / "empty.png")
    write_thumbnail(tmp_path / "empty.png", tmp_path / "empty.webp")
    assert (tmp_path / "empty.webp").is_file()


def test_damaged_pictures_are_named(tmp_path):
    (tmp_path / "x.png").write_bytes(b"nothing")
    with pytest.raises(DataFileError, match=r"x\.png: is not a picture"):
        write_thumbnail(tmp_path / "x.png", tmp_path / "x.webp")
    with pytest.raises(DataFileError, match=r"x\.png: is not an animation"):
        write_poster(tmp_path / "x.png", tmp_path / "x.webp")


def test_a_folder_appears_as_a_whole_or_not_at_all(tmp_path):
    target = tmp_path / "atlas"
    with atomic_folder(target) as folder:
        (folder / "index.html").write_text("first")

    def fail():
        with atomic_folder(target) as folder:
            (folder / "index.html").write_text("second")
            (folder / "missing").read_text()

    with pytest.raises(FileNotFoundError):
        fail()
    assert (target / "index.html").read_text() == "first"
    with atomic_folder(target) as folder:
        (folder / "other.html").write_text("third")
    assert os.listdir(target) == ["other.html"]
    assert os.listdir(tmp_path) == ["atlas"]


def test_files_are_linked_or_copied(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("x")
    share(tmp_path / "a.csv", tmp_path / "one" / "a.csv")
    assert (tmp_path / "one" / "a.csv").samefile(tmp_path / "a.csv")

    def refuse(*_):
        raise OSError("another file system")

    monkeypatch.setattr(os, "link", refuse)
    share(tmp_path / "a.csv", tmp_path / "two" / "a.csv")
    assert (tmp_path / "two" / "a.csv").read_text() == "x"
    monkeypatch.undo()
    with pytest.raises(DataFileError, match=r"b\.csv: is missing"):
        share(tmp_path / "b.csv", tmp_path / "three" / "b.csv")


def test_an_article_number_is_no_power():
    assert str(powers("d = 3e, 2e5 and x-1, at -3")) == "d = 3e, 2\xa0×\xa010<sup>5</sup> and x-1, at −3"


def test_shipped_libraries_are_unchanged(home):
    import hashlib

    folder = home / "web" / "vendor"
    listed = dict(reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text().splitlines())
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        "README.md",
        "SHA256SUMS",
    }
    assert set(listed) == here
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    table = (folder / "README.md").read_text()
    for library in {name.split("/")[0] for name in here}:
        assert f"| `{library}` |" in table
        assert (folder / library / "LICENSE").is_file()
