"""The page of published numbers: with them, without them, and with texts that a page must escape."""

from types import SimpleNamespace

import pandas as pd
import pytest
from PIL import Image

from attention_atlas.atlas.pages import environment
from attention_atlas.atlas.parameters import Parameter
from attention_atlas.atlas.published import gather_published, papers_size, share_published
from attention_atlas.errors import DataFileError
from attention_atlas.files import write_csv
from attention_atlas.papers.published.comparison import COMPARISONS, summary_table, summary_without

SOURCE = {
    "folder": "published",
    "spheres": {"repository": "https://example.org/a", "commit": "a" * 40},
    "mean_field": {"repository": "https://example.org/b", "commit": "b" * 40},
}
COMPARED = ["spheres_fig4_tau00005", "mean_field_seconds"]


def paper(key, *figures):
    """A body of work with what the page asks of it."""
    found = {
        name: SimpleNamespace(page=f"{key}/{name}.html", row=SimpleNamespace(number=name, title=name))
        for name in figures
    }
    return SimpleNamespace(
        key=key, page=f"{key}/index.html", figures=found, table=SimpleNamespace(title=key.capitalize())
    )


PAPERS = [
    paper("spheres", "fig1a", "fig2", "fig4", "fig5", "fig5_errors", "fig7"),
    paper("mean_field", "coexistence"),
    paper("perspective", "seminar"),
]


@pytest.fixture
def results(tmp_path):
    """Tables as the rules write them: two comparisons were made."""
    rows = [summary_without(id) for id in COMPARISONS]
    for row in rows:
        if row["id"] in COMPARED:
            row |= {
                "points": 10,
                "largest_difference": "0.00066",
                "median_difference": "4e-05",
                "where": "ratio, x = 6",
            }
            row |= {"remark": "single <b>precision</b>", "verdict": "not judged"}
    rows[5] |= {"claim": "v; s; z", "tolerance": "≤ 1e-05; ≤ 0.0002; same pairs", "verdict": "no; yes; no"}
    folder = tmp_path / "results"
    write_csv(summary_table(rows), folder / "published" / "comparison.csv")
    printed = {"paper": "spheres", "id": "fig1a-ends", "figure": "fig1", "kind": "bound", "statement": "all <i> end"}
    printed |= {"printed": "≥ 0.9", "computed": "1", "tolerance": "", "verdict": "yes", "source": "arXiv, Fig. 1"}
    write_csv(
        pd.DataFrame([printed, printed | {"id": "status", "figure": "all"}]), folder / "published" / "printed.csv"
    )
    for id in COMPARED:
        for path in (f"figures/{id}.png", f"figures/{id}.pdf", f"data/{id}.csv"):
            target = folder / "published" / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(b"x")
        Image.new("RGB", (60, 40)).save(folder / "published" / "figures" / f"{id}.png")
    return folder


def rendered(home, published):
    texts = SimpleNamespace(title="Atlas", subtitle="s", pages={})
    run = {"commit": "c" * 40}
    site = SimpleNamespace(
        texts=texts, published=published, pages={"published": "published.html"}, differences=0, run=run, views=()
    )
    template = environment(home / "web" / "atlas" / "templates").get_template("published.html")
    return template.render(site=site, root="", here="published", is_top=True)


def test_rows_know_their_claims_figures_and_pictures(results):
    found = gather_published(results, PAPERS, COMPARED, SOURCE)
    assert [entry.row["id"] for entry in found.compared] == COMPARED
    first = found.compared[0]
    assert [(claim.id, claim.tolerance, claim.verdict) for claim in first.claims] == [
        ("v", "≤ 1e-05", "no"),
        ("s", "≤ 0.0002", "yes"),
        ("z", "same pairs", "no"),
    ]
    assert first.figure.page == "spheres/fig4.html"
    assert (first.width, first.height) == (60, 40)
    assert len(found.missing) == len(COMPARISONS) - 2
    # a claim about fig1 belongs to its first panel, one about all figures to the body of work
    assert [entry.figure and entry.figure.page for entry in found.printed] == ["spheres/fig1a.html", None]


def test_page_with_numbers(results, home):
    page = rendered(home, gather_published(results, PAPERS, COMPARED, SOURCE))
    assert "single &lt;b&gt;precision&lt;/b&gt;" in page
    assert "all &lt;i&gt; end" in page
    assert page.count('class="plate-figure"') == 2
    assert 'href="claims.html#claim-v"' in page
    assert "Not compared" in page  # the rest is said too
    assert "Nothing was compared" not in page


def test_page_without_numbers_says_how_to_get_them(results, home):
    page = rendered(home, gather_published(results, PAPERS, [], SOURCE))
    assert "Nothing was compared" in page
    assert "snakemake --cores 1 published_fetch" in page
    assert "https://example.org/a" in page
    assert "plate-figure" not in page
    for comparison in COMPARISONS.values():
        assert comparison.quantity in page.replace("&lt;", "<").replace("&gt;", ">")


def test_files_go_along(results, tmp_path):
    share_published(gather_published(results, PAPERS, COMPARED, SOURCE), results, tmp_path / "atlas")
    names = {path.relative_to(tmp_path / "atlas").as_posix() for path in (tmp_path / "atlas").rglob("*.*")}
    assert {"published/comparison.csv", "published/printed.csv", f"published/figures/{COMPARED[0]}.pdf"} <= names
    assert len(names) == 8


def test_damaged_picture_and_table_are_named(results):
    (results / "published" / "figures" / f"{COMPARED[0]}.png").write_bytes(b"x")
    with pytest.raises(DataFileError, match=COMPARED[0]):
        gather_published(results, PAPERS, COMPARED, SOURCE)
    (results / "published" / "printed.csv").unlink()
    with pytest.raises(DataFileError, match=r"printed\.csv"):
        gather_published(results, PAPERS, [], SOURCE)


def test_where_numbers_lie_is_no_difference_in_size():
    changed = [Parameter(key, "a", "b", "", True, False) for key in ("published", "published_source.folder", "art.n")]
    assert [entry.key for entry in papers_size(changed)] == ["art.n"]
