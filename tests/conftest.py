"""Fixtures for all tests."""

import os
import shutil
import signal
from pathlib import Path

import pytest

# A shell that starts the tests in the background lets them ignore Ctrl-C, and all that they start with them.
signal.signal(signal.SIGINT, signal.default_int_handler)

HOME = Path(__file__).resolve().parents[1]
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
REFERENCE = HOME.parent / "shared" / "reference"


def pytest_addoption(parser):
    parser.addoption(
        "--all", action="store_true", help="the slow tests too, which are left out where nothing is chosen"
    )


def pytest_configure(config):
    chosen = config.args_source is config.ArgsSource.ARGS or config.option.keyword or config.option.markexpr
    if not (chosen or config.option.all):
        config.option.markexpr = "not slow"


@pytest.fixture(scope="session")
def home() -> Path:
    """The root of the repository."""
    return HOME


@pytest.fixture(scope="session")
def published() -> Path:
    """Folder with the authors' published numbers; skips where it is not there."""
    if not REFERENCE.is_dir():
        pytest.skip("the published numbers lie beside a developer's checkout only")
    return REFERENCE


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, request) -> Path:
    """Folder in which everything was made in small, once for all tests. Tests must not change it."""
    if made := os.environ.get("ATLAS_SMALL_RUN"):  # a run of this very checkout, made before
        return Path(made)
    from runs import good, snakemake

    folder = tmp_path_factory.mktemp("small")
    if reporter := request.config.pluginmanager.get_plugin("terminalreporter"):
        reporter.write_line(" making everything in small, once for all tests; this takes some minutes")
    good(snakemake(folder, "all"))
    return folder


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium of the system; skips where there is none, fails where nothing may be skipped."""
    from runs import lacking

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        lacking("no Chromium on this machine (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright is not installed")
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield started
        started.close()


def _note_failure(problems, request):
    # What a page still loads when it is left or closed is given up by the browser: no fault of the page.
    if request.failure != "net::ERR_ABORTED":
        problems.append(f"{request.url}: {request.failure}")


@pytest.fixture(scope="session")
def watched():
    """watched(tab, problems): whatever goes wrong on a page is added to the list."""

    def start(tab, problems):
        tab.on("pageerror", lambda error: problems.append(f"{tab.url}: {error}"))
        tab.on("console", lambda line: problems.append(f"{tab.url}: {line.text}") if line.type == "error" else None)
        tab.on("requestfailed", lambda request: _note_failure(problems, request))
        return tab

    return start
