"""A view as one file: whole, escaped, and in a browser without a network it turns, plays and fits a phone."""

import json
import re

import numpy as np
import pytest

from attention_atlas.atlas.views.page import view_page
from attention_atlas.atlas.views.typed_data import array_record, decode_record, points
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.perspective.draw import circle_page, particles_page, tangent_fields_page

FRAMES = 30
PICTURE = "document.querySelector('.view canvas').toDataURL()"
STATE = "document.querySelector('.view').atlasView.state()"


@pytest.fixture
def content():
    run = {
        "label": "</script> & more",
        "timeLabel": "time t",
        "times": array_record(np.linspace(0, 3, FRAMES)),
        "colours": array_record(np.arange(8) % 2),
        "positions": points(random_points(1, range(FRAMES), 8, 3)),
    }
    return {"label": "Eight points", "startFrame": "first", "paths": True, "runs": [run]}


@pytest.fixture
def page(content):
    return view_page("β < 1 & more", "What <one> sees.", "sphere", content)


@pytest.fixture
def opened(browser, watched, tmp_path):
    """Opens the text of a page from a file, without a network; at the end no page may have complained."""
    contexts, problems = [], []

    def start(text, **options):
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        contexts.append(browser.new_context(offline=True, **({"viewport": {"width": 900, "height": 800}} | options)))
        tab = watched(contexts[-1].new_page(), problems)
        tab.goto(path.as_uri())
        tab.wait_for_selector(".view[data-ready]")
        return tab

    yield start
    assert problems == []
    for context in contexts:
        context.close()


def content_of(text):
    """The data inside a page, as its script reads them."""
    return json.loads(re.search(r'\)\["page"\] = (.*);\n', text).group(1))


def test_everything_is_inside(page, content):
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", page) == []
    assert page.count("<script>") == page.count("</script>") == 5
    assert "β &lt; 1 &amp; more" in page and "What &lt;one&gt; sees." in page
    assert content_of(page) == content
    # the licence of a library stands in every copy
    assert "Permission to use, copy, modify, and/or distribute this software" in page


def test_particles_of_a_page_are_those_of_the_run(view_results, view_config):
    runs = view_results / "perspective/runs/particles_3d.npz"
    clusters = view_results / "perspective/data/particles_3d_clusters.csv"
    letter, panel = next(iter(view_config["perspective"]["particles_3d"]["panels"].items()))
    text = particles_page(str(runs), str(clusters), letter, panel, "sa")
    assert text == particles_page(str(runs), str(clusters), letter, panel, "sa")
    (run,) = content_of(text)["runs"]
    with np.load(runs) as archive:
        assert decode_record(run["positions"]) == pytest.approx(archive[f"{letter}_positions"], abs=2e-5)
        assert (decode_record(run["times"]) == archive[f"{letter}_times"]).all()


def test_a_circle_counts_steps(view_results, view_config):
    runs = view_results / "perspective/runs/particles_2d.npz"
    clusters = view_results / "perspective/data/particles_2d_clusters.csv"
    letter, panel = next(iter(view_config["perspective"]["particles_2d"]["panels"].items()))
    content = content_of(circle_page(str(runs), str(clusters), letter, panel, "sa"))
    assert content["timeName"] == "Step"
    with np.load(runs) as archive:
        assert (decode_record(content["runs"][0]["times"]) == archive[f"{letter}_steps"]).all()


def test_a_page_without_a_network_turns_and_plays(opened, page):
    tab = opened(page)
    assert tab.evaluate(STATE)["frame"] == 0
    before = tab.evaluate(PICTURE)
    box = tab.locator(".view canvas").bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2, steps=4)
    tab.mouse.up()
    tab.wait_for_function(f"picture => {PICTURE} !== picture", arg=before)
    assert tab.evaluate(STATE)["azimuth"] != 32
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function(f"{STATE}.frame === {FRAMES - 1}")


def test_whole_paths_can_be_hidden(opened, page):
    tab = opened(page)
    shown = tab.evaluate(PICTURE)
    tab.get_by_label("Whole paths").uncheck()
    tab.wait_for_function(f"picture => {PICTURE} !== picture", arg=shown)
    tab.get_by_label("Whole paths").check()
    tab.wait_for_function(f"picture => {PICTURE} === picture", arg=shown)


def test_arrows_of_a_page_can_be_hidden_on_a_phone(opened, view_results):
    text = tangent_fields_page(str(view_results / "perspective/data/hypersphere.csv"), "sa", 4.0)
    tab = opened(text, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert tab.locator(".view canvas").bounding_box()["width"] >= 300
    both = tab.evaluate(PICTURE)
    tab.get_by_label("attention field").uncheck()
    tab.wait_for_function(f"picture => {PICTURE} !== picture", arg=both)
