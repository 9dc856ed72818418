"""The hub is asked for ALBERT and WikiText-103: without client, network or reader one line says what to do."""

import builtins
import sys
import types

import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.hub import download, download_model, wikitext_paragraphs


def hide(monkeypatch, name):
    """Make an import of ``name`` fail, installed or not."""
    real = builtins.__import__

    def refuse(wanted, *rest, **options):
        if wanted.split(".")[0] == name:
            raise ImportError(f"No module named '{name}'")
        return real(wanted, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)


def client(monkeypatch, function):
    monkeypatch.setitem(sys.modules, "huggingface_hub", types.SimpleNamespace(hf_hub_download=function))


def test_no_client(monkeypatch):
    hide(monkeypatch, "huggingface_hub")
    with pytest.raises(
        AtlasError, match=r"not installed .* pip install --requirement requirements/language-extras.txt"
    ):
        download("owner/model", "config.json")


def test_no_network(monkeypatch):
    def fail(*_, **__):
        raise ConnectionError("Name or service not known\nafter 5 tries")

    client(monkeypatch, fail)
    with pytest.raises(
        AtlasError, match=r"owner/model/config.json cannot be downloaded .*connect to the internet"
    ) as error:
        download("owner/model", "config.json")
    assert "\n" not in str(error.value)


def test_download(monkeypatch, tmp_path):
    asked = []

    def give(repository, name, revision, repo_type):
        asked.append((repository, name, revision, repo_type))
        return str(tmp_path / name)

    client(monkeypatch, give)
    found = download_model("owner/model", "v2")
    assert found == {name: tmp_path / name for name in ("config.json", "model.safetensors", "tokenizer.json")}
    assert asked[1] == ("owner/model", "model.safetensors", "v2", "model")


def test_no_reader(monkeypatch, tmp_path):
    hide(monkeypatch, "pyarrow")
    with pytest.raises(AtlasError, match="WikiText-103 needs pyarrow"):
        wikitext_paragraphs(tmp_path / "test.parquet")


def test_wikitext(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"text": ["", " = Title = \n", " One . \n", "", " Two . \n"]}), tmp_path / "a")
    assert wikitext_paragraphs(tmp_path / "a") == "= Title =\n\nOne .\n\nTwo .\n"
    (tmp_path / "b").write_bytes(b"PAR1")
    with pytest.raises(AtlasError, match="is missing or not a Parquet file"):
        wikitext_paragraphs(tmp_path / "b")
