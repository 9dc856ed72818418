"""The playground computes what the library computes, from the same starts, and is a page like the others."""

import numpy as np
import pytest
import yaml
from firefox import Firefox, firefox_program
from snakemake.utils import update_config

from attention_atlas.atlas.playground import SCRIPTS
from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.dynamics.mean_field.map import attention_step, observables, parameters
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun, lyapunov_spectrum
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices, iterate_rows
from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.experiments.question import engine_arguments
from attention_atlas.papers.experiments.starts import starts_of
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.pipeline.validation import validate_config

pytestmark = pytest.mark.slow
FLOW = """(options) => { const flow = new PLAYGROUND.ParticleFlow(options); const before = flow.energy(); flow.advance(1000);
  return { x: Array.from(flow.x), before, after: flow.energy(), mean: flow.meanInner(), clusters: flow.clusters().count }; }"""
LANDSCAPE = """([seed, grid]) => { const m = PLAYGROUND.landscape.matrices(seed);
  return Array.from(PLAYGROUND.landscape.rows({ a: grid, b: grid, seed, n: 20,
  shared: false, firstRow: 0, firstColumn: 0, sizeA: grid.length,
  settings: { iterations: 100, tolerance: 1e-5, query: m.query, value: m.value } })); }"""
MAP = """([beta, steps]) => { const { model, window } = PLAYGROUND.data;
  const map = new PLAYGROUND.MeanFieldMap(model, window, { beta, betaAtt: 2.2, epsilon: 0.02 });
  for (let k = 0; k < steps; k += 1) map.step(); const at = { a: map.a.map((row) => Array.from(row)), m: map.observables() };
  for (let k = 0; k < 4000; k += 1) map.step();
  map.forget(); for (let k = 0; k < 20000; k += 1) map.step(); return { ...at, exponent: map.exponent }; }"""


def address_of(small_run):
    return (small_run / "results" / "atlas" / "playground.html").as_uri()


@pytest.fixture(scope="module")
def firefox(small_run, tmp_path_factory):
    """Firefox with the page open; skips where there is none: no check installs it."""
    program = firefox_program()
    if program is None:
        pytest.skip("no Firefox on this machine (Debian: apt-get install firefox-esr)")
    started = Firefox(program, tmp_path_factory.mktemp("profile"), **{"ui.prefersReducedMotion": 1})
    started.goto(address_of(small_run))
    started.wait_for_selector(".play[data-ready=yes]")
    yield started
    started.close()


@pytest.fixture(scope="module")
def chromium(browser, small_run):
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(address_of(small_run))
    tab.wait_for_selector(".play[data-ready=yes]")
    yield tab
    context.close()


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def page(request):
    """The page in either browser; all that is asked of it is ``evaluate``."""
    return request.getfixturevalue(request.param)


def test_starts_are_those_of_the_library(page):
    drawn = page.evaluate("Array.from(PLAYGROUND.uniformPoints(33, 5, 200, 3))")
    np.testing.assert_allclose(np.reshape(drawn, (200, 3)), random_points(33, [5], 200, 3)[0], atol=1e-13)


@pytest.mark.parametrize(("dimension", "beta"), [(2, 4.0), (3, 2.0)])
def test_softmax_attention_is_the_published_scheme(page, dimension, beta):
    start = random_points(7, [0], 40, dimension)[0]
    found = page.evaluate(
        FLOW, {"kind": "sa", "beta": beta, "step": 0.1, "points": start.ravel().tolist(), "dimension": dimension}
    )
    ends = euler_flow(start, "sa", beta, 0.1, [1000]).positions[0, -1]
    np.testing.assert_allclose(np.reshape(found["x"], ends.shape), ends, atol=1e-9)
    inner = ends @ ends.T
    assert found["mean"] == pytest.approx((inner.sum() - 40) / (40 * 39), abs=1e-9)


@pytest.mark.parametrize(
    ("direction", "step", "form"),
    [("descent", 0.05, [0.5, 1.0, 2.0]), ("ascent", 0.02, [0.5, 1.0, 2.0]), ("ascent", 0.05, [1.0, -1.5])],
)
def test_unnormalised_attention_is_the_energy_flow(page, direction, step, form):
    dimension = len(form)
    start, matrix = random_points(8, [1], 60, dimension)[0], np.diag(form)
    options = {"kind": "usa", "beta": 1.0, "step": step, "direction": 1 if direction == "ascent" else -1}
    found = page.evaluate(
        FLOW, {**options, "eigenvalues": form, "points": start.ravel().tolist(), "dimension": dimension}
    )
    flow = energy_flow(start[None], matrix, step_size=step, steps=1000, direction=direction, beta=1.0)
    np.testing.assert_allclose(np.reshape(found["x"], start.shape), flow.positions[0], atol=1e-9)
    assert found["before"] == pytest.approx(float(interaction_energy(start, matrix)), rel=1e-12)
    assert found["after"] == pytest.approx(float(interaction_energy(flow.positions[0], matrix)), rel=1e-12)


def test_causal_tokens_see_those_before_them(page):
    start = random_points(9, [0], 12, 3)[0]
    options = {"kind": "sa", "beta": 3.0, "step": 0.1, "dimension": 3, "causal": True}
    whole = page.evaluate(FLOW, {**options, "points": start.ravel().tolist()})
    part = page.evaluate(FLOW, {**options, "points": start[:5].ravel().tolist()})
    np.testing.assert_array_equal(whole["x"][:15], part["x"])


@pytest.mark.parametrize("seed", [1, 6306593, 8012376])
def test_landscape_is_that_of_the_kernel(page, seed):
    grid = np.linspace(-8.0, 8.0, 200)
    times = np.reshape(page.evaluate(LANDSCAPE, [seed, grid.tolist()]), (200, 200))
    labels = iterate_rows(AttentionMap(seed, *image_matrices(seed)), grid, grid)
    assert ((times >= 0) == labels.converged).mean() >= 0.999
    assert (times == labels.time).mean() >= 0.999


# at rest; chaotic at first, and for ever: there rounding errors grow, and the exponent has an error
@pytest.mark.parametrize(("beta", "steps"), [(0.8, 1000), (1.22, 1000), (1.27, 60), (2.0, 60)])
def test_map_is_that_of_the_library_and_its_exponent_agrees(page, small_run, beta, steps):
    config = yaml.safe_load((small_run / "results" / "provenance" / "config.yaml").read_text())
    _, model = build_model(config["mean_field"]["model"])
    window = read_start(small_run / "results" / "mean_field" / "data" / "start_window.csv", model)
    params = parameters(model, beta)
    start = window._replace(attention=window.attention[None])
    state = start
    for _ in range(steps):
        state = attention_step(model, params, state)
    found = page.evaluate(MAP, [beta, steps])
    np.testing.assert_allclose(found["a"], state.attention[0], atol=1e-9)
    np.testing.assert_allclose(found["m"], observables(model, params, state.attention[:, 0])[0], atol=1e-9)
    library = lyapunov_spectrum(TangentRun(model, params, start, leading=1), 20000, alignment=steps + 4000)
    exponent, error = float(library.exponents[0, 0]), float(library.error[0, 0])
    assert found["exponent"] == pytest.approx(exponent, abs=1e-4 + 5 * error)


def test_every_part_opens_by_its_address_and_changes_it(browser, small_run, watched):
    problems = []
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    tab = watched(context.new_page(), problems)
    address = address_of(small_run)
    parts = {
        "flow=usa&d=2&n=30&beta=2.5&seed=4": "particles",
        "landscape=1&width=4": "landscape",
        "map=1&beta=2.0": "mean_field",
    }
    for state, part in parts.items():
        tab.goto("about:blank")
        tab.goto(f"{address}#{state}")
        tab.wait_for_selector(f".play[data-part={part}][data-ready=yes]")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.goto(f"{address}#flow=sa&n=30&beta=2.5")
    tab.wait_for_selector(".play[data-part=particles][data-ready=yes]")
    tab.get_by_label("Tokens n", exact=True).fill("12")
    tab.get_by_label("Tokens n", exact=True).blur()
    tab.wait_for_function("location.hash.includes('n=12')")
    before = tab.evaluate("PLAYGROUND.open.particles.flow().time")
    tab.get_by_role("button", name="Single step").click()
    assert tab.evaluate("PLAYGROUND.open.particles.flow().time") > before
    tab.get_by_text("As a configuration for the pipeline").first.click()
    tab.wait_for_function("document.querySelector('.play-recipe pre').textContent")
    shown = yaml.safe_load(tab.locator(".play-recipe pre").first.inner_text())
    assert shown["perspective"]["particles_3d"]["panels"]["a"]["particles"] == 12
    assert problems == []
    context.close()


@pytest.mark.parametrize(
    "address",
    [
        "flow=usa&d=3&direction=-1&l2=0.5",
        "flow=usa&d=2&n=30&l1=2",
        "flow=usa&d=3&l1=-1&l2=-1&l3=-2",
        "flow=sa&d=2&n=40&beta=9",
        "flow=sa&d=3&l1=2",
        "flow=sa&d=3&causal=1&noise=0.1",
        "landscape=6549664&a=0.1&b=2&width=1e-3",
        "map=1&beta=1.3&epsilon=0.01",
    ],
)
def test_what_the_page_offers_to_compute_is_accepted(page, home, tmp_path, address):
    """An overlay, or an experiment, passes the checks of the configuration."""
    part = {"flow": "particles", "land": "landscape", "map=": "mean_field"}[address[:4]]
    call = """([part, text]) => { const p = PLAYGROUND.parts[part], state = p.fromAddress(Object.fromEntries(new URLSearchParams(text)));
      return part === 'particles' ? p.recipeText({ ...state, steps: 50 }) : p.yaml(state); }"""
    text = page.evaluate(call, [part, address])
    config = yaml.safe_load((home / "config.yaml").read_text())
    update_config(config, yaml.safe_load(text))
    validate_config(config, home / "workflow" / "schemas")


@pytest.mark.parametrize(
    "address",
    [
        "flow=sa&d=3&n=20&beta=3&causal=1&seed=5",
        "flow=sa&d=2&n=25&l1=2&direction=-1&run=3",
        "flow=usa&d=3&n=15&causal=1",
    ],
)
def test_the_experiment_that_the_page_offers_is_its_flow(page, address):
    call = """(text) => { const p = PLAYGROUND.parts.particles, state = p.fromAddress(Object.fromEntries(new URLSearchParams(text)));
      const flow = p.flowOf(state); flow.advance(50);
      return [p.recipeText({ ...state, steps: 50 }), Array.from(flow.x)]; }"""
    text, ends = page.evaluate(call, address)
    entry = yaml.safe_load(text)["experiments"]["playground"]
    start = starts_of(entry, 1)
    flow = attention_flow(start, **engine_arguments(entry), observe=["clusters", "positions"])
    assert flow.times[-1] == pytest.approx(5.0)
    np.testing.assert_allclose(np.reshape(ends, start.shape[1:]), flow.positions[0, -1], atol=1e-9)


def test_pages_of_figures_lead_to_their_state(browser, small_run, watched):
    problems = []
    tab = watched(browser.new_page(reduced_motion="reduce"), problems)
    tab.goto((small_run / "results" / "atlas" / "spheres" / "fig3b.html").as_uri())
    tab.get_by_role("link", name="Open in the playground").click()
    tab.wait_for_selector(".play[data-part=particles][data-ready=yes]")
    flow = tab.evaluate(
        "(() => { const f = PLAYGROUND.open.particles.flow(); return [f.kind, f.n, f.direction, f.eigenvalues]; })()"
    )
    config = yaml.safe_load((small_run / "results" / "provenance" / "config.yaml").read_text())["spheres"]["fig3"]
    diagonal = [row[k] for k, row in enumerate(config["panels"]["b"]["D"])]
    assert flow == ["usa", config["particles"], -1, diagonal]
    assert problems == []
    tab.close()


def test_every_script_is_shipped(small_run, home):
    shipped = {path.name for path in (small_run / "results" / "atlas" / "playground").iterdir()}
    assert shipped == {*SCRIPTS, "data.js", "playground.css"}
    assert {path.name for path in (home / "web" / "atlas" / "playground").glob("*.js")} == set(SCRIPTS)


def test_firefox_shows_every_part_and_complains_of_none(firefox, small_run):
    address = address_of(small_run)
    shades = """part => { const c = document.querySelector(`.play[data-part=${part}] canvas`), seen = new Set();
      new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)
        .forEach(p => seen.add(p)); return seen.size; }"""
    parts = {"particles": "flow=sa&n=30", "landscape": "landscape=1&n=8&iterations=30", "mean_field": "map=1&beta=2.0"}
    for part, state in parts.items():
        firefox.goto("about:blank")
        firefox.goto(f"{address}#{state}")
        firefox.wait_for_selector(f".play[data-part={part}][data-ready=yes]")
        firefox.evaluate("new Promise(done => setTimeout(done, 300))")
        assert firefox.evaluate(shades, part) > 1, part
    assert firefox.evaluate("performance.getEntriesByName('first-contentful-paint').length") == 1
    # the workers of the landscape answer from a page on a disk too
    firefox.goto("about:blank")
    firefox.goto(f"{address}#{parts['landscape']}")
    firefox.evaluate(
        """() => new Promise(done => { const look = () => PLAYGROUND.open.landscape.complete() ? done(true)
      : setTimeout(look, 50); look(); })"""
    )
    assert firefox.problems(small_run.as_uri()) == []
