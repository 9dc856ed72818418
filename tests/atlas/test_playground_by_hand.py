"""The playground under hands and keys in headless Chromium: quick, and every part does what its words promise."""

import numpy as np
import pytest
import yaml
from PIL import Image

pytestmark = pytest.mark.slow
PICTURES = """time => new Promise(done => { let count = 0, first = 0;
  const turn = now => { first = first || now; count += 1; if (now - first < time) requestAnimationFrame(turn);
    else done(1000 * (count - 1) / (now - first)); };
  requestAnimationFrame(turn); })"""
WATCH = """() => { window.long = []; new PerformanceObserver(list => list.getEntries().forEach(entry => long.push(entry.duration)))
  .observe({ entryTypes: ['longtask'] }); }"""
# the best of so many tries: other jobs of the machine are not the page's fault
TRIES = 4


@pytest.fixture
def play(browser, small_run, watched):
    """Opens states of the page; at the end none may have complained or asked for anything outside."""
    contexts, problems = [], []
    address = (small_run / "results" / "atlas" / "playground.html").as_uri()

    def start(state, part, **options):
        context = browser.new_context(**({"viewport": {"width": 1200, "height": 900}} | options))
        contexts.append(context)
        context.on(
            "request", lambda request: problems.extend([request.url] * (not request.url.startswith(("file:", "blob:"))))
        )
        tab = watched(context.new_page(), problems)
        tab.goto(f"{address}#{state}")
        tab.wait_for_selector(f".play[data-part={part}][data-ready=yes]")
        return tab

    yield start
    for context in contexts:
        context.close()
    assert problems == []


def picture(tab, part):
    return tab.evaluate(f"document.querySelector('.play[data-part={part}] canvas').toDataURL()")


def middle(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("state", ["flow=sa&beta=4", "flow=usa&beta=1&l1=2&causal=1", "flow=sa&d=2&beta=9&noise=0.05"])
def test_five_hundred_tokens_run_at_thirty_pictures_a_second(play, state):
    tab = play(f"{state}&n=500", "particles")
    rates = []
    while len(rates) < TRIES and max(rates, default=0) < 30:
        before = tab.evaluate("PLAYGROUND.open.particles.flow().steps")
        rates.append(tab.evaluate(PICTURES, 1500))
        steps = tab.evaluate("PLAYGROUND.open.particles.flow().steps") - before
        assert steps >= rates[-1]  # a step for each picture
    assert max(rates) >= 30


@pytest.mark.parametrize(
    ("state", "part"), [("flow=sa&n=500", "particles"), ("landscape=6549664", "landscape"), ("map=1", "mean_field")]
)
def test_the_first_picture_comes_within_a_second(browser, small_run, state, part):
    address = (small_run / "results" / "atlas" / "playground.html").as_uri()
    times = []
    while len(times) < TRIES and min(times, default=1000) >= 1000:
        tab = browser.new_page()
        look = f"document.querySelector('.play[data-part={part}][data-ready=yes]') ? performance.now() : requestAnimationFrame(look)"
        tab.add_init_script(f"{{ const look = () => {{ window.pictured = {look}; }}; look(); }}")
        tab.goto(f"{address}#{state}")
        tab.wait_for_selector(f".play[data-part={part}][data-ready=yes]")
        tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        times.append(tab.evaluate("pictured"))
        tab.close()
    assert min(times) < 1000


def drag(tab, locator, across=0.5):
    x, y = middle(locator)
    width = locator.bounding_box()["width"]
    tab.mouse.move(x - across * width / 2, y)
    tab.mouse.down()
    for step in range(20):
        tab.mouse.move(x + (step / 19 - 0.5) * across * width, y)
        tab.wait_for_timeout(16)
    tab.mouse.up()


@pytest.mark.parametrize(
    ("state", "part", "slider"),
    [
        ("flow=sa&beta=4&n=500&l1=2", "particles", None),
        ("flow=sa&beta=4&n=500&l1=2", "particles", "Eigenvalue λ₂ of D"),
        ("flow=sa&beta=4&n=500", "particles", "Tokens n"),
        ("landscape=6549664", "landscape", None),
        ("landscape=6549664", "landscape", "Points n"),
        ("map=1", "mean_field", "Output gain β"),
    ],
)
def test_no_frame_is_long_while_dragging(play, state, part, slider):
    tab = play(state, part)
    tab.evaluate(WATCH)
    label = f"{slider}, slider" if slider else ""
    dragged = tab.get_by_label(label, exact=True) if slider else tab.locator(f".play[data-part={part}] canvas").first
    longest = []
    while len(longest) < TRIES and min(longest, default=99) > 50:
        tab.evaluate("long.length = 0")
        drag(tab, dragged)
        longest.append(tab.evaluate("Math.max(0, ...long)"))
    assert min(longest) <= 50


def test_a_touch_follows_a_token_and_keys_do_too(play):
    tab = play("flow=sa&n=40&beta=2&d=3", "particles", reduced_motion="reduce", has_touch=True)
    followed = tab.locator(".play-readouts div", has_text="followed token").locator("dd")
    assert followed.inner_text() == "none"
    canvas = tab.locator("[data-part=particles] canvas")
    box = canvas.bounding_box()
    for k in range(400):  # somewhere in front there is a token
        tab.touchscreen.tap(
            box["x"] + box["width"] * (0.3 + 0.02 * (k % 20)), box["y"] + box["height"] * (0.3 + 0.02 * (k // 20))
        )
        if followed.inner_text() != "none":
            break
    assert " at (" in followed.inner_text()
    before = picture(tab, "particles")
    canvas.focus()
    for key in ("s", "s", "s", "n"):
        tab.keyboard.press(key)
    tab.wait_for_function("before => document.querySelector('.play canvas').toDataURL() !== before", arg=before)
    assert tab.evaluate("PLAYGROUND.open.particles.flow().steps") == 3
    tab.keyboard.press("Escape")
    assert followed.inner_text() == "none"


def pinch(tab, locator):
    """Two fingers go apart from 40 to 160 pixels of distance."""
    x, y = middle(locator)
    touch = tab.context.new_cdp_session(tab)
    for kind, gap in [("touchStart", 20), *[("touchMove", 20 + 10 * step) for step in range(1, 7)], ("touchEnd", None)]:
        points = [] if gap is None else [{"x": x - gap, "y": y, "id": 1}, {"x": x + gap, "y": y, "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_two_fingers_enlarge_on_a_phone_and_one_scrolls_past_the_sphere(play):
    phone = {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
        "reduced_motion": "reduce",
    }
    tab = play("flow=sa&n=30", "particles", **phone)
    canvas = tab.locator("[data-part=particles] canvas")
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
    pinch(tab, canvas)
    assert tab.evaluate("PLAYGROUND.open.particles.view().zoom") > 1.5
    tab = play("landscape=1&n=4&iterations=10", "landscape", **phone)
    pinch(tab, tab.locator("[data-part=landscape] canvas").first)
    tab.wait_for_function("Math.abs(Number(new URLSearchParams(location.hash.slice(1)).get('width')) - 4) < 1.2")


def test_the_landscape_follows_the_hand_and_the_wheel(play):
    tab = play("landscape=1&n=4&iterations=10", "landscape", reduced_motion="reduce")
    canvas = tab.locator("[data-part=landscape] canvas").first
    x, y = middle(canvas)
    side = canvas.bounding_box()["height"]
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + side / 4, y + side / 8, steps=5)
    tab.mouse.up()
    place = "Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].map(([k, v]) => [k, Number(v)]))"
    tab.wait_for_function("location.hash.includes('b=-')")
    found = tab.evaluate(place)
    assert (found["a"], found["b"]) == pytest.approx((2, -4), abs=0.1)
    # the place under the wheel stays
    canvas.focus()
    x, y = middle(canvas)
    tab.mouse.move(x + side / 4, y)
    tab.mouse.wheel(0, -400)
    tab.wait_for_function("location.hash.includes('width')")
    found = tab.evaluate(place)
    assert found["width"] == pytest.approx(16 / np.e, rel=1e-6)
    assert found["b"] + found["width"] / 4 == pytest.approx(0, abs=0.1)


def test_a_setting_changes_the_running_flow_and_a_start_is_returned_to(play):
    tab = play("flow=sa&n=30&beta=2&seed=4", "particles", reduced_motion="reduce")
    start = tab.evaluate("Array.from(PLAYGROUND.open.particles.flow().x)")
    tab.get_by_role("button", name="Single step").click()
    tab.get_by_label("Attention").select_option("usa")
    tab.get_by_label("Eigenvalue λ₃ of D", exact=True).fill("-1")
    tab.get_by_label("Eigenvalue λ₃ of D", exact=True).blur()
    flow = tab.evaluate(
        "(() => { const f = PLAYGROUND.open.particles.flow(); return [f.kind, f.eigenvalues, f.steps]; })()"
    )
    assert flow == ["usa", [1, 1, -1], 1]
    assert tab.locator(".view-scale").first.is_visible()
    tab.get_by_role("button", name="Back to the start").click()
    assert tab.evaluate("Array.from(PLAYGROUND.open.particles.flow().x)") == start
    tab.get_by_label("Tokens on the", exact=True).select_option("2")
    assert tab.get_by_label("Eigenvalue λ₃ of D", exact=True).is_hidden()


def test_a_pixel_shows_its_points_and_the_picture_keeps_its_parameters(play, tmp_path):
    tab = play("landscape=6549664&a=1&b=2&width=3&iterations=40", "landscape", reduced_motion="reduce")
    tab.wait_for_function("PLAYGROUND.open.landscape.complete()")
    tab.mouse.click(*middle(tab.locator("[data-part=landscape] canvas").first))
    caption = tab.locator(".play-points figcaption").inner_text()
    assert "The 20 points of the pixel a = 1.0" in caption and "agree" in caption
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Save as a picture").click()
    assert waiting.value.suggested_filename == "landscape_seed6549664_a1_b2_width3_shared.png"
    path = tmp_path / "saved.png"
    waiting.value.save_as(path)
    saved = Image.open(path).convert("L")
    plane, words = saved.crop((0, 0, 480, 480)), saved.crop((0, 480, 480, saved.height))
    assert set(np.unique(plane)) == {0, 255}
    assert words.getextrema()[0] < 80 and words.getextrema()[1] == 255
    assert "seed 6549664, n = 20 points, T = 40 iterations" in tab.evaluate("PLAYGROUND.open.landscape.lines()")[0]


def test_the_landscape_moves_by_keys_until_double_precision_ends(play):
    tab = play("landscape=1&a=1&b=1&width=1&n=4&iterations=10", "landscape", reduced_motion="reduce")
    status = tab.locator("[data-part=landscape] > .play-main > [role=status]")
    tab.wait_for_function("PLAYGROUND.open.landscape.complete()")
    tab.locator("[data-part=landscape] canvas").first.focus()
    tab.keyboard.press("ArrowUp")
    tab.wait_for_function("location.hash.includes('a=1.1')")
    for _ in range(50):
        tab.keyboard.press("+")
        if "double precision ends" in status.inner_text():
            break
    assert "double precision ends" in status.inner_text()
    tab.get_by_role("button", name="Whole plane").click()
    tab.wait_for_function("PLAYGROUND.open.landscape.complete()")
    assert status.inner_text().startswith("Complete")


def test_the_diagram_chooses_beta_and_says_what_it_is_of(play):
    tab = play("map=1&beta=0.5", "mean_field", reduced_motion="reduce")
    exponent = tab.locator(".play-readouts div", has_text="largest exponent").locator("dd")
    before = exponent.inner_text()
    diagram = tab.locator("[data-part=mean_field] canvas").nth(1)
    diagram.scroll_into_view_if_needed()
    box = diagram.bounding_box()
    tab.mouse.click(box["x"] + 42 + (box["width"] - 54) * 2.5 / 3, box["y"] + 60)
    tab.wait_for_function("/beta=2\\.(49|5)/.test(location.hash)")
    assert float(tab.get_by_label("Output gain β", exact=True).input_value()) == pytest.approx(2.5, abs=0.02)
    assert exponent.inner_text() != before
    tab.get_by_label("Share of the positional bits ε", exact=True).fill("0.05")
    tab.get_by_label("Share of the positional bits ε", exact=True).blur()
    assert "The diagram is that of" in tab.locator("[data-part=mean_field] > .play-main > [role=status]").inner_text()


@pytest.mark.parametrize(
    ("state", "part"), [("flow=sa", "particles"), ("landscape=1", "landscape"), ("map=1", "mean_field")]
)
def test_every_part_gives_its_configuration_and_its_command(play, state, part):
    tab = play(state, part, reduced_motion="reduce")
    tab.locator(f"[data-part={part}] summary").press("Enter")
    shown = tab.locator(f"[data-part={part}] pre")
    shown.filter(has_text="this.yaml").wait_for()
    text = shown.inner_text()
    assert text.startswith("# snakemake --cores all ") and "--configfile this.yaml" in text
    assert yaml.safe_load(text)
    tab.get_by_role("button", name="Copy", exact=True).click()
    said = f"[data-part={part}] .play-recipe [role=status]"
    tab.wait_for_function("said => document.querySelector(said).textContent.length > 5", arg=said)


def test_motion_waits_for_who_wants_less_of_it(play):
    tab = play("flow=sa&n=20", "particles", reduced_motion="reduce")
    tab.wait_for_timeout(300)
    assert tab.evaluate("PLAYGROUND.open.particles.flow().steps") == 0
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("PLAYGROUND.open.particles.flow().steps > 2")
