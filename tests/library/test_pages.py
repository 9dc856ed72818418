"""The Python on the pages about the library runs: docs/library.md, the README, the notebook."""

import ast
import json
import re

import matplotlib
import numpy as np
import pytest

import attention_atlas as aa

matplotlib.use("Agg")


@pytest.fixture
def pyplot():
    import matplotlib.pyplot as plt

    plt.close("all")
    yield plt
    plt.close("all")


def run(blocks):
    """Run blocks of Python one after the other; returns their names and the last values of their bare expressions by text."""
    names: dict = {}
    values: dict = {}
    for block in blocks:
        for statement in ast.parse(block).body:
            if isinstance(statement, ast.Expr):
                values[ast.unparse(statement)] = eval(compile(ast.Expression(statement.value), "<page>", "eval"), names)
            else:
                exec(compile(ast.Module([statement], []), "<page>", "exec"), names)
    return names, values


def python_blocks(path):
    return re.findall(r"^```python\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_the_page_of_the_library_says_what_happens(home, pyplot, capsys):
    names, values = run(python_blocks(home / "docs" / "library.md"))
    assert capsys.readouterr().out == (
        "tolerance: 0 is outside the bounds, finite and from 1e-14 to 0.1; choose a number there\n"
    )
    counts = values["aa.cluster_counts(flow.positions, distance=0.05)"]
    assert (counts[0], counts[-1]) == (98, 2)
    assert 3 in counts
    assert values["(flow.status, flow.converged)"] == ("ok", False)
    assert values["(later.converged, aa.cluster_counts(later.positions[-1]))"] == (True, 1)
    assert values["orbit.period"].tolist() == [4, 28, 0]
    assert (values["spectrum.exponents[:, 0]"] > 0).tolist() == [False, True]
    assert values["flow.worst_change.max()"] < 0
    np.testing.assert_allclose(*values["(flow.energies[:, -1], aa.energy(flow.positions[:, -1], D))"], rtol=1e-12)
    assert values["causal.observables['clusters'][:, -1]"].tolist() == [1.0] * 4
    four = values["aa.circle_cluster_counts(flow.angles, 9.0)"]
    assert (four[0], four[-1]) == (-1, 4)
    assert values["(aa.most_unstable_degree(9.0), aa.most_unstable_degree(9.0, dimension=8))"][0] == 4
    assert names["window"].attention.shape == (1, 4, 3)


def test_the_page_names_every_function(home):
    text = (home / "docs" / "library.md").read_text()
    assert [
        name for name in aa.__all__ if name[0] != "_" and f"`{name}`" not in text and f"`aa.{name}`" not in text
    ] == []


def test_the_modules_on_the_page_hold_what_it_says(home):
    import importlib

    table = (home / "docs" / "library.md").read_text().split("## The steps they are made of")[1]
    for part in re.findall(r"`((?:dynamics|geometry)\.[\w.]+)`: ([^;|]*)", table):
        module = importlib.import_module(f"attention_atlas.{part[0]}")
        for name in re.findall(r"`(\w+)`", part[1]):
            assert hasattr(module, name), f"{part[0]} has no {name}"


def test_the_example_of_the_readme_runs(home, capsys):
    run(python_blocks(home / "README.md"))
    assert capsys.readouterr().out.startswith("ok False [")


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_the_notebook_makes_four_figures(home, pyplot, tmp_path):
    notebook = json.loads((home / "docs" / "attention_atlas.ipynb").read_text())
    assert notebook["nbformat"] == 4
    cells = notebook["cells"]
    assert len(cells) == 10
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code"), "clear the outputs"
    names, _ = run(code)
    for number in pyplot.get_fignums():
        pyplot.figure(number).savefig(tmp_path / f"{number}.png")
    assert len(list(tmp_path.iterdir())) == 4
    # two caps around the eigenvector of the smallest eigenvalue, and the published energy
    assert np.median(np.abs(names["points"][:, 1])) > 0.9
    assert abs(names["flow"].energies[-1] - 1.028) < 1e-3
    exponents, betas = names["spectrum"].exponents[:, 0], names["betas"]
    assert (exponents[betas > 1.277] > 0.1).all()
    assert np.abs(exponents[(betas > 1.252) & (betas < 1.261)]).max() < 5e-3
    assert 0.15 < names["landscape"].consensus.mean() < 0.19
    probability = names["diagram"].probability
    assert (probability[0, -1], probability[-1, -1] < 0.1) == (1.0, True)
    assert (names["diagram"].status == "ok").all()
