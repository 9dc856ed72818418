"""The gallery page: complete and without the network; in a browser: keys, focus, swipe, download, a phone's width."""

import importlib
import re
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from attention_atlas.errors import DataFileError
from attention_atlas.files import write_csv

SEEDS = (1, 42, 77)
SETTINGS = {
    "window": {"a": {"first": -8.0, "last": 8.0}, "b": {"first": -8.0, "last": 8.0}},
    "n": 20,
    "iterations": 100,
    "orientation": "published",
}


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that keeps its log to itself."""

    def log_message(self, *_arguments):
        pass


def _write_picture(path, seed, width=900, height=900):
    pixels = np.random.default_rng(seed).integers(0, 2, (height // 30, width // 30)) * 255
    Image.fromarray(np.kron(pixels, np.ones((30, 30))).astype(np.uint8)).save(path)
    return str(path)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    summary = {
        "seed": SEEDS, "share_converged": [0.1, 0.5, 0.9], "median_time": 5, "longest_time": 99, "most_clusters": 3
    }  # fmt: skip
    write_csv(pd.DataFrame(summary), folder / "images.csv")
    write_csv(pd.DataFrame({"seed": SEEDS, "slope": [1.2, 1.5, 1.7]}), folder / "dimension.csv")
    (folder / "zoom_animation.mp4").write_bytes(b"not a film")
    Image.new("P", (64, 64)).save(folder / "zoom_animation.gif")
    return {
        "images": [_write_picture(folder / f"{seed}.png", seed) for seed in SEEDS],
        "details": [_write_picture(folder / f"{seed}_details.png", seed, 1500, 600) for seed in SEEDS],
        "others": [_write_picture(folder / f"{name}.png", 9) for name in ("sheet", "sharing", "dimension", "zoom")],
        "video": str(folder / "zoom_animation.mp4"),
        "animation": str(folder / "zoom_animation.gif"),
        "summaries": [str(folder / "images.csv")],
        "dimension": str(folder / "dimension.csv"),
    }


@pytest.fixture(scope="module")
def gallery(inputs, home, tmp_path_factory):
    """The page, made by its script."""
    sys.path.insert(0, str(home / "scripts" / "art"))
    try:
        build = importlib.import_module("build_gallery")
    finally:
        sys.path.remove(str(home / "scripts" / "art"))
    page = tmp_path_factory.mktemp("gallery") / "index.html"
    params = {"settings": SETTINGS, "zoom": {"seed": 42, "doublings": 8}}
    inputs = inputs | {"web": [str(home / "web" / "gallery" / "gallery.html")]}
    build.main(inputs, params, str(page), page.parent / "files")
    return page


def test_everything_the_page_names_lies_beside_it(gallery):
    text = gallery.read_text()
    names = re.findall(r'(?:src|href)="([^"#]+)"', text)
    assert len(names) > 20
    assert [name for name in names if not (gallery.parent / name).is_file()] == []
    assert "http" not in text
    for script in (gallery.parent / "files").glob("*.js"):
        assert not re.search(r"import\(['\"]http|src=['\"]http", script.read_text()), script


def test_every_picture_has_words_and_its_size(gallery):
    text = gallery.read_text()
    images = re.findall(r"<img [^>]*>", text)
    assert len(images) == 2 * len(SEEDS) + 4
    for image in images:
        assert len(re.search(r'alt="([^"]*)"', image).group(1)) > 20
    assert text.count('data-pswp-width="1500" data-pswp-height="600"') == len(SEEDS)
    assert "50 % of the pixels are white" in text


def test_a_damaged_picture_is_named(tmp_path):
    from attention_atlas.papers.art.drawing.gallery import add_picture

    (tmp_path / "x.png").write_bytes(b"nothing")
    with pytest.raises(DataFileError, match=r"x\.png: is not a picture"):
        add_picture(tmp_path / "x.png", tmp_path / "out", "alt", "caption")


@pytest.fixture
def page(browser, gallery, watched):
    problems = []
    tab = watched(browser.new_page(viewport={"width": 1280, "height": 800}), problems)
    tab.goto(gallery.as_uri())
    yield tab
    tab.close()
    assert [problem for problem in problems if ".mp4" not in problem] == []  # which is no film


def _open(page, number=0):
    page.locator("a.picture").nth(number).click()
    page.wait_for_selector(".pswp--open .pswp__img:not(.pswp__img--placeholder)")
    page.wait_for_timeout(500)  # the opening animation, during which keys are ignored


def _shown(page):
    return page.locator(".pswp__counter").inner_text().split("/")[0].strip()


def test_keys_open_move_and_close(page):
    link = page.locator("a.picture").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".pswp--open")
    page.wait_for_timeout(500)
    assert _shown(page) == "1"
    page.keyboard.press("ArrowRight")
    assert _shown(page) == "2"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert _shown(page) == str(len(SEEDS))
    page.keyboard.press("Escape")
    page.wait_for_selector(".pswp", state="detached")
    assert page.evaluate("document.activeElement.className") == "picture"


def test_focus_goes_round_inside_the_open_viewer(page):
    _open(page)
    visited = []
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('.pswp') !== null")
        visited.append(page.evaluate("document.activeElement.title"))
    assert {"Close (Esc)", "Zoom", "Download at full size", "Next picture (right arrow)"} <= set(visited)


def test_caption_and_alt_follow_the_picture(page):
    _open(page, 1)
    assert page.locator(".pswp__caption").inner_text() == "Seed 42: 50 % converged"
    image = page.locator(".pswp__item[aria-hidden=false] img.pswp__img:not(.pswp__img--placeholder)")
    assert "seed 42" in image.get_attribute("alt")
    page.keyboard.press("ArrowRight")
    assert page.locator(".pswp__caption").inner_text() == "Seed 77: 90 % converged"


def test_download_gives_the_full_picture(page, gallery):
    # from a disk a browser opens instead of downloading, so this one test has a server
    handler = partial(QuietHandler, directory=str(gallery.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        _open(page, 1)
        with page.expect_download() as waiting:
            page.locator(".pswp__button--download").click()
        assert waiting.value.suggested_filename == "42.png"
        assert waiting.value.path().read_bytes() == (gallery.parent / "files" / "42.png").read_bytes()
        server.shutdown()


def test_phone_one_column_no_sideways_scroll_and_swipes(browser, gallery):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.goto(gallery.as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    lefts = phone.evaluate("[...document.querySelectorAll('a.picture')].map(e => e.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1
    phone.locator("a.picture").first.tap()
    phone.wait_for_selector(".pswp--open .pswp__img:not(.pswp__img--placeholder)")
    phone.wait_for_timeout(500)
    touch = context.new_cdp_session(phone)
    for kind, x in (
        [("touchStart", 320)] + [("touchMove", 320 - 20 * step) for step in range(1, 14)] + [("touchEnd", None)]
    ):
        points = [] if x is None else [{"x": x, "y": 420}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.wait_for_timeout(600)
    assert _shown(phone) == "2"
    context.close()
