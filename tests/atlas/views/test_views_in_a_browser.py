"""The views in headless Chromium: they open, move, zoom into data, obey keys, and fit a phone; numbers are those of the results."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.files import read_npz

SOURCES = [
    "spheres_fig1a", "spheres_fig2_circles", "spheres_fig3a", "spheres_fig4_circles", "spheres_fig6b",
    "mean_field_bifurcation", "mean_field_phase_diagram", "perspective_particles_2d",
    "perspective_particles_3d", "perspective_hypersphere", "perspective_phase_sa_d2", "metastability_space_time", "art_1", "art_zoom",
    "language_gram", "language_tokens", "metastability_multi_head",
]  # fmt: skip
# Changes with any pixel of a canvas.
PICTURE = "k => document.querySelectorAll('.view canvas')[k].toDataURL()"
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


class Opened:
    """A page with its view, and what went wrong on it."""

    def __init__(self, context, page, watched):
        self.problems = []
        self.tab = watched(context.new_page(), self.problems)
        self.tab.goto(page.as_uri())
        self.tab.wait_for_selector(".view[data-ready]")
        self.settle()

    def settle(self):
        self.tab.evaluate(FRAMES)

    def state(self):
        return self.tab.evaluate("document.querySelector('.view').atlasView.state()")

    def picture(self, canvas=0):
        self.settle()
        return self.tab.evaluate(PICTURE, canvas)

    def press(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)
        self.settle()

    def canvas(self, number=0):
        return self.tab.locator(".view canvas").nth(number)


@pytest.fixture
def open_view(browser, view_pages, watched):
    """Opens the page of a source; at the end no page may have complained."""
    opened = []

    def start(source, **options):
        context = browser.new_context(**({"viewport": {"width": 1000, "height": 900}} | options))
        opened.append((context, Opened(context, view_pages[source], watched)))
        return opened[-1][1]

    yield start
    for context, page in opened:
        assert page.problems == []
        context.close()


@pytest.mark.parametrize("source", SOURCES)
def test_every_view_draws_names_its_parts_and_loads_nothing(open_view, source):
    view = open_view(source)
    assert view.tab.locator(".view-message").count() == 0
    colours = view.tab.evaluate(
        """() => { const c = document.querySelector('.view canvas'); const seen = new Set();
            const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);
            d.forEach(pixel => seen.add(pixel)); return seen.size; }"""
    )
    assert colours > 4
    for canvas in view.tab.locator(".view canvas").all():
        assert canvas.get_attribute("role") in ("application", "img")
        assert len(canvas.get_attribute("aria-label")) > 10
    for box in view.tab.locator(".view input, .view select").all():
        assert view.tab.locator(f"label[for='{box.get_attribute('id')}']").count() == 1
    assert view.tab.evaluate("performance.getEntriesByType('resource').every(e => e.name.startsWith('file:'))")


@pytest.mark.parametrize("source", SOURCES)
def test_a_phone_needs_no_sideways_scroll(open_view, source):
    view = open_view(source, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert view.tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert view.canvas().bounding_box()["width"] >= 300


def test_dark_pages_have_other_colours(open_view):
    pictures = {open_view("mean_field_bifurcation", color_scheme=scheme).picture() for scheme in ("light", "dark")}
    assert len(pictures) == 2


def test_a_switch_of_the_page_repaints(open_view):
    view = open_view("mean_field_bifurcation", color_scheme="light")
    before = view.picture()
    view.tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert view.picture() != before


# ---- sphere ----


def test_positions_in_the_page_are_those_of_the_run(open_view, view_results):
    view = open_view("spheres_fig3a")
    frames = read_npz(view_results / "spheres/runs/fig3a.npz")["frames"]
    for frame, particle in ((0, 0), (5, 17), (len(frames) - 1, 29)):
        place = view.tab.evaluate(f"document.querySelector('.view').atlasView.position({frame}, {particle})")
        np.testing.assert_allclose(place, frames[frame, 0, particle], atol=2e-5)


def test_the_slider_moves_the_particles(open_view):
    view = open_view("spheres_fig3a")
    assert view.state()["frame"] == 0
    before = view.picture()
    slider = view.tab.locator("input[type=range]")
    slider.focus()
    view.press("ArrowRight", "ArrowRight", "ArrowRight")
    assert view.state()["frame"] == 3
    assert view.picture() != before
    assert slider.get_attribute("aria-valuetext").startswith("step ")
    assert "energy" in view.tab.locator(".view-moment").inner_text()


def test_playing_runs_to_the_end_and_stops(open_view):
    view = open_view("spheres_fig3a")
    view.tab.get_by_role("button", name="Play").click()
    view.tab.wait_for_function(
        "() => { const s = document.querySelector('.view').atlasView.state(); return s.frame === s.frames - 1; }"
    )
    view.tab.get_by_role("button", name="Play").wait_for()
    state = view.state()
    assert state["frame"] == state["frames"] - 1


def test_playing_is_slow_for_who_wants_less_motion(open_view):
    view = open_view("perspective_particles_3d", reduced_motion="reduce")
    view.tab.locator("input[type=range]").fill("0")
    view.tab.get_by_role("button", name="Play").click()
    view.tab.wait_for_timeout(700)
    assert view.state()["frame"] <= 2


def test_keys_and_drags_turn_the_sphere(open_view):
    view = open_view("spheres_fig3a")
    before, picture = view.state(), view.picture()
    view.canvas().focus()
    view.press("ArrowLeft", "ArrowUp")
    turned = view.state()
    assert (turned["azimuth"], turned["elevation"]) == (before["azimuth"] + 5, before["elevation"] - 5)
    assert view.picture() != picture
    view.press("+")
    assert view.state()["zoom"] > 1
    view.press("0")
    assert view.picture() == picture
    box = view.canvas().bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.tab.mouse.move(x, y)
    view.tab.mouse.down()
    view.tab.mouse.move(x + 80, y + 20, steps=4)
    view.tab.mouse.up()
    dragged = view.state()
    assert dragged["azimuth"] < before["azimuth"] - 10 and dragged["elevation"] > before["elevation"] + 2


def test_the_sphere_shades_by_the_form(open_view):
    """D = diag(1, 0.25, -1): seen along e1 the middle is yellow, seen along e3 it is blue."""
    view = open_view("spheres_fig3a")
    colours = {}
    view.canvas().focus()
    for name, (azimuth, elevation) in {"e1": (0, 0), "e3": (0, 90)}.items():
        view.press("0")
        state = view.state()
        view.press(*["ArrowRight"] * round((state["azimuth"] - azimuth) / 5))
        view.press(*(["ArrowUp"] * 5 if elevation == 0 else ["ArrowDown"] * 14))
        # a little off the middle, where no axis is written
        colours[name] = view.tab.evaluate(
            """() => { const c = document.querySelector('.view canvas'); return [...c.getContext('2d')
                .getImageData(c.width / 2 - 14, c.height / 2 - 14, 1, 1).data]; }"""
        )
    assert colours["e1"][0] > colours["e1"][2] + 40
    assert colours["e3"][2] > colours["e3"][0] + 20


def test_arrows_can_be_hidden(open_view):
    view = open_view("perspective_hypersphere")
    before = view.picture()
    view.tab.get_by_label("attention field").uncheck()
    assert view.picture() != before


def test_a_choice_changes_the_run(open_view):
    view = open_view("spheres_fig6b")
    before = view.picture()
    view.tab.get_by_label("Run").select_option(index=2)
    assert view.state()["run"] == 2
    assert view.picture() != before


# ---- circle ----


def test_angles_and_clusters_in_the_page_are_those_of_the_run(open_view, view_results):
    view = open_view("perspective_particles_2d")
    archive = read_npz(view_results / "perspective/runs/particles_2d.npz")
    letter = sorted(name for name in archive if name.endswith("_positions"))[0][0]
    positions = archive[f"{letter}_positions"]
    angle = view.tab.evaluate("document.querySelector('.view').atlasView.angle(7, 3)")
    np.testing.assert_allclose([np.cos(angle), np.sin(angle)], positions[7, 3], atol=1e-4)
    view.tab.locator("input[type=range]").fill("7")
    clusters = pd.read_csv(view_results / "perspective/data/particles_2d_clusters.csv")
    assert f"{clusters['clusters'].iloc[7]} clusters" in view.tab.locator(".view-moment").inner_text()


def test_both_panels_follow_the_time(open_view):
    view = open_view("metastability_space_time")
    before = view.picture(0), view.picture(1)
    view.tab.locator("input[type=range]").focus()
    view.press("Home")
    assert view.state()["frame"] == 0
    after = view.picture(0), view.picture(1)
    assert after[0] != before[0] and after[1] != before[1]
    assert "undecided" in view.tab.locator(".view-moment").inner_text()
    box = view.canvas(1).bounding_box()
    view.tab.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    assert view.state()["frame"] > 30
    view.press("ArrowLeft")
    assert view.picture(0) != before[0]


# ---- bifurcation ----


def inked_rows(view, share):
    """Runs of ink in one column of pixels of the diagram."""
    return view.tab.evaluate(
        """share => { const c = document.querySelector('.view canvas');
            const ratio = c.width / c.clientWidth, left = 58 * ratio, right = c.width - 14 * ratio;
            const bottom = Math.round((8 + (c.clientHeight - 8 - 40 - 14 - 28) * 0.66) * ratio);
            const d = c.getContext('2d').getImageData(Math.round(left + share * (right - left)), 8, 1, bottom - 8).data;
            let runs = 0, before = false;
            for (let k = 0; k < d.length; k += 4) { const ink = d[k + 3] > 128 && d[k] < 60; if (ink && !before) runs += 1; before = ink; }
            return runs; }""",
        share,
    )


def test_exponents_in_the_page_are_those_of_the_table(open_view, view_results):
    view = open_view("mean_field_bifurcation")
    table = pd.read_csv(view_results / "mean_field/data/lyapunov.csv")
    for row, k in ((0, 0), (123, 1), (299, 2)):
        value = view.tab.evaluate(f"document.querySelector('.view').atlasView.exponent({row}, {k})")
        assert value == np.float32(table[f"lyapunov_{k + 1}"].iloc[row])


def test_a_box_zooms_into_data_that_were_one_line(open_view):
    view = open_view("mean_field_bifurcation")
    assert inked_rows(view, 0.3) == 1
    whole = view.state()
    view.tab.evaluate("document.querySelector('.view').atlasView.zoom.set([0.8, 1.0], [-0.35, -0.15])")
    view.settle()
    near = view.state()
    assert inked_rows(view, 0.5) == 2
    assert near["columns"] < whole["columns"] / 10 and near["cells"] == 2 * near["columns"]


def test_dragging_draws_a_box_and_double_click_goes_back(open_view):
    view = open_view("mean_field_bifurcation")
    before = view.state()
    box = view.canvas().bounding_box()
    view.tab.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 60)
    view.tab.mouse.down()
    view.tab.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 160, steps=5)
    assert view.tab.locator(".view-box").is_visible()
    view.tab.mouse.up()
    view.settle()
    after = view.state()
    assert before["x"][0] < after["x"][0] < after["x"][1] < before["x"][1]
    assert before["y"][0] < after["y"][0] < after["y"][1] < before["y"][1]
    assert 0.15 < (after["x"][1] - after["x"][0]) / (before["x"][1] - before["x"][0]) < 0.3
    view.canvas().dblclick(position={"x": 300, "y": 100})
    view.settle()
    assert view.state()["x"] == before["x"]


def test_a_box_in_the_lower_panel_zooms_along_the_axis_only(open_view):
    view = open_view("mean_field_bifurcation")
    before = view.state()
    box = view.canvas().bounding_box()
    view.tab.mouse.move(box["x"] + 200, box["y"] + box["height"] - 80)
    view.tab.mouse.down()
    view.tab.mouse.move(box["x"] + 400, box["y"] + box["height"] - 60, steps=5)
    view.tab.mouse.up()
    view.settle()
    after = view.state()
    assert after["x"] != before["x"] and after["y"] == before["y"]


def test_keys_zoom_and_read_the_diagram(open_view, view_results):
    view = open_view("mean_field_bifurcation")
    before = view.state()
    view.canvas().focus()
    view.press("+", "+")
    near = view.state()
    assert near["x"][1] - near["x"][0] == pytest.approx(0.49 * (before["x"][1] - before["x"][0]))
    view.press("ArrowRight", "ArrowRight")
    assert view.state()["cursor"] == before["cursor"] + 2
    table = pd.read_csv(view_results / "mean_field/data/lyapunov.csv").iloc[before["cursor"] + 2]
    text = view.tab.locator(".view-readout").first.inner_text()
    assert f"{table['beta']:.6f}".rstrip("0")[:6] in text
    assert table["class"] in text and f"λ₁ = {table['lyapunov_1']:.3g}".replace("-", "−")[:9] in text
    view.press("Shift+ArrowRight")
    assert view.state()["x"][0] > near["x"][0]
    view.press("-", "-", "-", "-", "-")
    assert view.state()["x"] == before["x"]
    view.press("+", "0")
    assert not view.state()["zoomed"]


def test_the_wheel_zooms_only_what_has_the_focus(open_view):
    view = open_view("mean_field_bifurcation")
    before = view.state()
    box = view.canvas().bounding_box()
    view.tab.mouse.move(box["x"] + 400, box["y"] + 120)
    view.tab.mouse.wheel(0, -200)
    view.settle()
    assert view.state()["x"] == before["x"]
    assert view.tab.locator(".view-hint").is_visible()
    view.canvas().focus()
    view.tab.mouse.move(box["x"] + 401, view.canvas().bounding_box()["y"] + 120)
    view.tab.mouse.wheel(0, -200)
    view.tab.wait_for_function("() => document.querySelector('.view').atlasView.state().zoomed")


def test_two_fingers_zoom_and_one_scrolls_the_page(open_view):
    view = open_view("mean_field_bifurcation", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    before = view.state()
    view.canvas().scroll_into_view_if_needed()
    box = view.canvas().bounding_box()
    touch = view.tab.context.new_cdp_session(view.tab)
    middle, y = box["x"] + box["width"] / 2, box["y"] + 120
    for kind, gap in [("touchStart", 20), *[("touchMove", 20 + 10 * step) for step in range(1, 9)], ("touchEnd", None)]:
        points = [] if gap is None else [{"x": middle - gap, "y": y, "id": 1}, {"x": middle + gap, "y": y, "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    view.settle()
    after = view.state()
    assert after["x"][1] - after["x"][0] < 0.5 * (before["x"][1] - before["x"][0])
    assert view.tab.evaluate("getComputedStyle(document.querySelector('.view canvas')).touchAction") == "pan-y"


# ---- map ----


def test_the_map_reads_out_what_was_computed(open_view, view_results):
    view = open_view("perspective_phase_sa_d2")
    arrays = read_npz(view_results / "perspective/data/phase_sa_d2.npz")
    value = view.tab.evaluate("document.querySelector('.view').atlasView.value(30, 4)")
    assert value == pytest.approx(arrays["probability"][4, 30], rel=1e-6)
    state = view.state()
    view.canvas().focus()
    view.press("ArrowRight", "ArrowUp")
    moved = view.state()
    assert (moved["column"], moved["row"]) == (state["column"] + 1, state["row"] + 1)
    shown = float(arrays["probability"][moved["row"], moved["column"]])
    assert f"probability {shown:.4g}" in moved["readout"]


def test_the_map_zooms_to_fewer_cells(open_view):
    view = open_view("perspective_phase_sa_d2")
    before, picture = view.state(), view.picture()
    view.canvas().focus()
    view.press("+", "+", "+")
    assert view.state()["cells"] < 0.3 * before["cells"]
    assert view.picture() != picture
    view.tab.get_by_role("button", name="Whole picture").click()
    view.settle()
    assert view.state()["cells"] == before["cells"]


def test_the_map_has_a_logarithmic_axis(open_view):
    view = open_view("perspective_phase_sa_d2")
    view.tab.get_by_label("Axis").select_option(label="logarithmic time")
    state = view.state()
    assert state["x"][0] < 0.1 < 30 < state["x"][1]
    assert state["map"] == 1


def test_classes_are_named_in_the_legend_and_the_readout(open_view, view_results):
    view = open_view("mean_field_phase_diagram")
    diagram = read_npz(view_results / "mean_field/data/phase_diagram.npz")
    state = view.state()
    name = diagram["classes"][diagram["code"][state["row"], state["column"]]]
    assert f"class {name}" in state["readout"]
    assert view.tab.locator(".view-legend li").all_inner_texts() == list(diagram["classes"])
    view.tab.get_by_label("Shown").select_option(label="largest Lyapunov exponent")
    assert view.state()["layer"] == 3


def test_finer_maps_take_over_inside(open_view, view_results):
    view = open_view("art_zoom")
    time = read_npz(view_results / "art/runs/zoom.npz")["time"]
    for level in (1, 2):
        view.tab.get_by_role("button", name="Next window").click()
        view.settle()
        state = view.state()
        assert state["grid"] == level and state["zoomed"]
        view.tab.get_by_label("Shown").select_option(label="iterations until converged")
        shown = time[level, state["row"], state["column"]]
        assert f"converged after {shown if shown >= 0 else 'never'}" in view.state()["readout"]
    view.tab.get_by_role("button", name="Next window").click()
    assert view.state()["grid"] == 0 and not view.state()["zoomed"]


def test_grain_is_grey_from_afar_and_black_and_white_from_near(open_view):
    """Cells that share a pixel show their mean colour, not one of them."""
    view = open_view("art_1")
    shades = """() => { const c = document.querySelector('.view canvas'), ratio = c.width / c.clientWidth;
        const left = Math.ceil(64 * ratio), top = Math.ceil(12 * ratio);
        const d = c.getContext('2d').getImageData(left, top, c.width - left - 20, c.height / 3).data;
        const seen = new Set(); for (let k = 0; k < d.length; k += 4) seen.add(d[k]); return seen.size; }"""
    assert view.tab.evaluate(shades) == 2
    view.tab.set_viewport_size({"width": 130, "height": 700})
    view.settle()
    assert view.tab.evaluate(shades) > 2


def test_tokens_are_named_where_one_points(open_view):
    view = open_view("language_tokens")
    view.tab.locator("input[type=range]").fill("6")
    box = view.canvas().bounding_box()
    names = set()
    for row in range(8, int(box["height"]), 14):
        for column in range(8, int(box["width"]), 14):
            view.tab.mouse.move(box["x"] + column, box["y"] + row)
            names.add(view.tab.locator(".view-readout").inner_text().split(",")[1])
        if len(names) > 3:
            break
    assert {" “alice”", " “</b>”"} & names


def test_missing_data_is_said_in_words(browser, view_pages):
    page = view_pages["spheres_fig3a"]
    broken = page.with_name("broken.html")
    broken.write_text(page.read_text().replace('data-source="spheres_fig3a"', 'data-source="nothing"'))
    tab = browser.new_page()
    tab.goto(broken.as_uri())
    assert "is missing beside the page" in tab.locator(".view-message").inner_text()
    tab.close()
