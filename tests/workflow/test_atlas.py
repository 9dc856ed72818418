"""The atlas of the small run: complete, closed in itself, correct about its own jobs."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
import yaml

from attention_atlas.atlas.views.catalogue import all_candidates
from attention_atlas.pipeline.figures import read_tables

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
# what the data of a figure are; everything else is the page itself
DATA = (".npz", ".csv", ".pdf", ".mp4", ".gif")


class Page(HTMLParser):
    """Links, loaded files, identifiers and the words of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids, self.images, self.events = [], [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href"))
        elif tag in ("img", "script", "source", "video", "link", "iframe"):
            self.loads += [given[name] for name in ("src", "href", "poster") if given.get(name)]
        if tag == "img":
            self.images.append(given)
        self.events += [name for name in given if name.startswith("on")]


@pytest.fixture(scope="module")
def atlas(small_run):
    return small_run / "results" / "atlas"


@pytest.fixture(scope="module")
def pages(atlas):
    """All pages but those that other rules made (their own tests look at them)."""
    foreign = {"figures", "gallery"}
    paths = [path for path in sorted(atlas.rglob("*.html")) if not foreign & set(path.relative_to(atlas).parts)]
    return {path: Page(path) for path in paths}


def config_of(small_run):
    return yaml.safe_load((small_run / "results" / "provenance" / "config.yaml").read_text())


def figures_of(small_run):
    """(paper, figure) of all pages of figures."""
    atlas = small_run / "results" / "atlas"
    return [
        (path.parent.name, path.stem)
        for path in atlas.glob("*/*.html")
        if path.stem != "index" and (atlas / path.parent.name / "index.html").is_file()
    ]


def test_there_is_a_page_for_each_paper_and_figure(small_run, atlas, pages):
    assert {"index.html", "claims.html", "provenance.html"} <= {path.name for path in atlas.glob("*.html")}
    assert len(figures_of(small_run)) >= 75
    pictures = {path.relative_to(small_run / "results") for path in small_run.glob("results/*/figures/*.png")}
    shown = {
        (path.parent / unquote(name)).resolve().relative_to(atlas.resolve())
        for path, page in pages.items()
        for name in page.loads
        if name.endswith(".png") and "thumbnails" not in name
    }
    # every picture of a paper that the rules declare is on a page
    missing = {path for path in pictures - shown if path.parts[0] not in ("atlas", "published")}
    assert missing == set()


def test_every_link_leads_somewhere(pages):
    broken = []
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if target.name == "playground.html" and "=" in parts.fragment:
                parts = parts._replace(fragment="")  # a state of that page, not a place in it
            known = {other.resolve(): found for other, found in pages.items()}
            if not target.is_file() or (parts.fragment and target in known and parts.fragment not in known[target].ids):
                broken.append((path.name, link))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere_and_no_handler_stands_in_the_page(atlas, pages):
    for path, page in pages.items():
        assert [name for name in page.loads if urlsplit(name).scheme or name.startswith("//")] == [], path
        assert page.events == [], path
        assert {urlsplit(link).netloc for link in page.links} <= {"", "arxiv.org", "github.com"}, path
    for style in atlas.rglob("*.css"):
        for name in re.findall(r"url\(([^)]+)\)", style.read_text()):
            assert not name.strip("'\"").startswith(("http", "//")), style
    # the older formats of the fonts of KaTeX are named after woff2, which every browser of today takes
    fonts = re.findall(r"url\((fonts/[^)]+woff2)\)", (atlas / "assets/vendor/katex/katex.min.css").read_text())
    assert fonts
    assert [name for name in fonts if not (atlas / "assets/vendor/katex" / name).is_file()] == []


def test_pictures_have_words(pages):
    for path, page in pages.items():
        for image in page.images:
            if "thumbnails/" in image["src"] and path.name == "index.html":
                assert image["alt"] == "", "the link around a thumbnail holds the words"
            else:
                assert len(image["alt"]) > 8, (path, image)
            assert image["width"] and image["height"]


def test_pages_are_light_before_their_data(atlas, pages):
    for path, page in pages.items():
        files = {(path.parent / unquote(name)).resolve() for name in page.loads if not name.endswith(DATA)}
        weight = path.stat().st_size + sum(file.stat().st_size for file in files)
        assert weight < 5 * MEGABYTE, (path, weight)


def test_figures_name_what_draws_them_their_costs_and_commands(small_run, atlas, home):
    tables = read_tables(home / "workflow" / "figures", config_of(small_run))
    for paper, figure in figures_of(small_run):
        text = (atlas / paper / f"{figure}.html").read_text()
        assert f"<code>snakemake --cores all {paper}_{figure}</code>" in text
        row = tables[paper].figures[figure]
        for drawing in row.drawings:
            assert f"<code>{drawing.function}</code>" in text, (paper, figure)
        files = re.findall(r"<code>([\w/]+\.py)</code>", text)
        assert bool(files) == bool(row.drawings), (paper, figure)
        assert all((home / name).is_file() for name in files), files
        time = re.search(r"<dt>Time</dt><dd>([^<]+)</dd>", text)[1]
        assert time not in ("0.0 s", "not measured"), (paper, figure)
        # every rule that a name in the row stands for was measured, the one that draws among them
        rules = set(re.findall(rf"<code>({paper}_\w+_(?:fetch|compute|aggregate|plot))</code>", text))
        assert {rule for rule in rules if rule.endswith("_plot")}, (paper, figure)
        assert {rule for rule in rules if not rule.endswith("_plot")}, (paper, figure)


def test_the_graph_holds_every_measured_job_and_leads_everywhere(small_run, atlas):
    text = (atlas / "provenance.html").read_text()
    graphs = [
        json.loads(found) for found in re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    ]
    counted = {node["id"]: node["jobs"] for graph in graphs for node in graph["nodes"]}
    measured = pd.concat([pd.read_csv(path) for path in small_run.glob("results/provenance/*_jobs.csv")])
    assert counted == measured.groupby("rule").size().to_dict()
    edges = [edge for graph in graphs for edge in graph["edges"]]
    assert {end for edge in edges for end in edge} <= set(counted)
    starts, ends = {start for start, _ in edges}, {end for _, end in edges}
    assert {rule for rule in counted if rule.endswith(("_compute", "_aggregate"))} <= starts
    assert {rule for rule in counted if rule.endswith(("_plot", "_claims"))} <= ends


def test_claims_are_all_there_with_their_verdicts(small_run, atlas):
    text = (atlas / "claims.html").read_text()
    rows = re.findall(r'<tr role="row" id="claim-([^"]+)" data-verdict="([^"]+)"', text)
    tables = [pd.read_csv(path) for path in small_run.glob("results/*/claims/claims.csv")]
    expected = {row.id: row.holds.replace(" ", "-") for table in tables for row in table.itertuples()}
    assert dict(rows) == expected
    assert len(rows) == len(expected)
    front = (atlas / "index.html").read_text()
    found = front[front.index('class="findings"') :]
    assert found.count("<li>") == sum(verdict == "no" for verdict in expected.values())
    for name, verdict in (("yes", "yes"), ("no", "no"), ("not-judged", "not-judged")):
        count = sum(value == verdict for value in expected.values())
        assert re.search(rf'class="verdict {name}" href="claims.html#{name}"><span[^>]*>.</span> <b>{count}</b>', front)


def test_parameters_show_the_papers_values_where_they_differ(atlas):
    text = (atlas / "spheres" / "fig3a.html").read_text()
    row = re.search(
        r'<tr role="row" class="differs">\s*<th[^>]*><code>spheres.fig3.particles</code></th>(.*?)</tr>',
        text,
        re.DOTALL,
    )
    assert "<strong>400</strong>" in row[1]
    assert "number of particles" in row[1]
    assert "Not the papers' size" in text


def test_downloads_are_the_results_themselves(small_run, atlas):
    for name in (
        "spheres/data/fig2.csv",
        "mean_field/data/bifurcation.npz",
        "art/claims/claims.csv",
        "provenance/config.yaml",
    ):
        assert (atlas / name).read_bytes() == (small_run / "results" / name).read_bytes()


def test_every_view_stands_on_its_pages_with_its_data(small_run, atlas):
    candidates = all_candidates(config_of(small_run))
    assert {candidate.component for candidate in candidates} == {"sphere", "circle", "bifurcation", "heatmap"}
    for candidate in candidates:
        assert 0 < (atlas / "views" / "data" / f"{candidate.name}.js").stat().st_size < 3 * MEGABYTE
        for figure in candidate.figures:
            text = (atlas / candidate.paper / f"{figure}.html").read_text(encoding="utf-8")
            assert f'data-source="{candidate.name}"' in text, (candidate.name, figure)
