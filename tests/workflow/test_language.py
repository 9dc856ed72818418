"""The language part in small: slabs, ALBERT offline from a folder, one clear line without its hub or with a damaged model."""

import sys

import pandas as pd
import pytest
import yaml
from runs import HOME, SMALL, digests, good, snakemake

sys.path.insert(0, str(HOME / "tests" / "papers" / "language"))
from small_models import save

pytestmark = pytest.mark.slow


@pytest.fixture
def albert(tmp_path):
    """A small ALBERT with random weights and a text in its alphabet, and the configuration that names them."""
    folder = tmp_path / "model"
    folder.mkdir()
    save("albert", folder)
    text = tmp_path / "letters.txt"
    text.write_text("\n\n".join(" ".join("abcdefghijklmnopqrstuvwxyz"[start:] * 2) for start in range(10)))
    block = {
        "enabled": True,
        "folder": str(folder),
        "texts": [str(text)],
        "prompts": {"count": 2, "tokens": 16},
        "layers": 24,
        "heads": ["as_trained", 1],
    }
    overlay = tmp_path / "albert.yaml"
    overlay.write_text(yaml.safe_dump({"language": {"albert": block}}))
    return folder, overlay


def said(run):
    """What a failed job said: one line, which Snakemake shows again with the log."""
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    lines = {line for line in run.stderr.splitlines() if line.startswith("attention-atlas: ")}
    assert len(lines) == 1, run.stderr
    return lines.pop()


def test_results_do_not_depend_on_slabs_or_cores(small_run, tmp_path):
    overlay = tmp_path / "slabs.yaml"
    overlay.write_text("language:\n  slabs: 1\n")
    names = ("language/data/inner_products.csv", "language/data/histograms.npz")
    good(snakemake(tmp_path, *(f"results/{name}" for name in names), configs=(SMALL, overlay), cores=1))
    for name in names:
        assert digests(tmp_path, name) == digests(small_run, name) != {}


def test_albert_from_a_folder_needs_no_network(tmp_path, albert):
    folder, overlay = albert
    models = "results/language/data/models.csv"
    good(snakemake(tmp_path, "language_albert", "language_claims", models, configs=(SMALL, overlay)))
    data = tmp_path / "results" / "language" / "data"
    table = pd.read_csv(data / "albert_inner_products.csv")
    assert set(table["model"]) == {"albert", "albert-shuffled", "albert-random"}
    assert set(table.loc[table["model"] == "albert", "heads"]) == {4, 1}
    assert set(table.loc[table["model"] != "albert", "heads"]) == {4}
    assert table["layer"].max() == 24
    described = pd.read_csv(data / "models.csv").set_index("model")
    assert described.loc["albert", "status"] == "run"
    alone = pd.read_csv(data / "albert_models.csv").set_index("model")
    assert alone.loc["albert"].equals(described.loc["albert"])
    claims = pd.read_csv(tmp_path / "results" / "language" / "claims" / "claims.csv").set_index("id")
    assert claims.loc["language_albert", "computed"].endswith("set albert.layers ≥ 48")
    for name in ("albert_depth", "albert_histograms"):
        assert (tmp_path / "results" / "language" / "figures" / f"{name}.png").stat().st_size > 10_000

    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:3000])
    run = "results/language/runs/products/albert_0.npz"
    line = said(snakemake(tmp_path, run, configs=(SMALL, overlay), cores=1))
    assert "model.safetensors" in line
    assert "not a whole safetensors file" in line


def test_albert_without_its_hub_says_what_to_do(tmp_path):
    try:
        import huggingface_hub  # noqa: F401
    except ImportError:
        line = said(snakemake(tmp_path, "results/language/models/albert/config.json"))
        assert "pip install --requirement requirements/language-extras.txt" in line
    else:
        pytest.skip("the hub's client is installed here: the test would download")


def test_the_default_says_that_albert_was_not_run(small_run):
    described = pd.read_csv(small_run / "results" / "language" / "data" / "models.csv").set_index("model")
    assert described.loc["minilm", "status"] == "run"
    assert len(described.loc["minilm", "sha256"]) == 64
    assert described.loc["albert", "status"].startswith("not run: no figure here was made from these weights")
    claims = pd.read_csv(small_run / "results" / "language" / "claims" / "claims.csv").set_index("id")
    assert claims.loc["language_albert", "holds"] == "not judged"
    passages = pd.read_csv(small_run / "results" / "language" / "data" / "passages.csv")
    for _, passage in passages.iterrows():
        text = (HOME / "resources" / "texts" / passage["source"]).read_text()
        assert text[passage["start"] :].startswith(passage["text"])
