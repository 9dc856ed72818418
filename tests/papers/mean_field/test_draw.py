"""The table of figures fits the functions that draw, and what draws, gathers or judges loads no kernels."""

import importlib
import inspect
import subprocess
import sys

import pytest
import yaml

from attention_atlas.papers.mean_field.settings import CHAINS, DIAGRAMS
from attention_atlas.pipeline.figures import read_paper_table

LOADING = """
import importlib, runpy, sys
from pathlib import Path
for module in ("draw", "claims"):
    importlib.import_module(f"attention_atlas.papers.mean_field.{module}")
scripts = list(Path(sys.argv[1]).glob("aggregate_*.py"))
assert scripts
for script in scripts:
    runpy.run_path(str(script), run_name="imported")
sys.exit("numba" in sys.modules)
"""


@pytest.fixture(scope="module")
def table(home):
    config = yaml.safe_load((home / "config.yaml").read_text())
    return read_paper_table(home / "workflow" / "figures" / "mean_field.yaml", config)


def test_every_drawing_fits_its_function(table):
    for row in table.figures.values():
        assert row.drawings, row.key
        for drawing in row.drawings:
            module, _, name = drawing.function.partition(":")
            function = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
            inspect.signature(function).bind(**drawing.tables, **drawing.arguments)


def test_every_diagram_and_chain_of_the_configuration_is_drawn(table):
    drawn = [drawing.name for row in table.figures.values() for drawing in row.drawings]
    assert len(drawn) == len(set(drawn)) == 39
    for diagram in DIAGRAMS:
        assert {diagram, diagram.replace("bifurcation", "lyapunov")} <= set(drawn)
        # a spectrum is drawn from the table of its diagram
        assert table.figures[diagram].jobs == table.figures[diagram.replace("bifurcation", "lyapunov")].jobs
    assert {f"continuation_{chain}" for chain in CHAINS} <= set(drawn)


def test_drawing_gathering_and_judging_load_no_kernels(home):
    subprocess.run([sys.executable, "-c", LOADING, str(home / "scripts" / "mean_field")], check=True)
