"""Files from the hub where ALBERT and WikiText-103 live; needs internet and the optional extra ``language``."""

from pathlib import Path

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.model_files import MODEL_FILES

__all__ = ["EXTRAS", "WIKITEXT", "download", "download_model", "wikitext_paragraphs"]

EXTRAS = "pip install --requirement requirements/language-extras.txt"
# the test part: some hundred articles, more than enough for prompts
WIKITEXT = ("Salesforce/wikitext", "wikitext-103-raw-v1/test-00000-of-00001.parquet")


def download(repository: str, name: str, revision: str = "main", kind: str = "model") -> Path:
    """Path of one file, downloaded or from the hub's own cache.

    Raises
    ------
    AtlasError
        The hub's client is not installed, the hub is out of reach, or it has no such file.
    """
    try:
        from huggingface_hub import hf_hub_download
    except ImportError as error:
        raise AtlasError(
            f"language.albert needs the hub's client, which is not installed ({error}); {EXTRAS}"
        ) from error
    try:
        return Path(hf_hub_download(repository, name, revision=revision, repo_type=kind))
    except Exception as error:  # the client raises what its HTTP library raises
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise AtlasError(
            f"language.albert: {repository}/{name} cannot be downloaded ({reason}); connect to the internet, "
            "or set language.albert.folder and language.albert.texts to files that you have"
        ) from error


def download_model(repository: str, revision: str) -> dict[str, Path]:
    """The three files of a model by name."""
    return {name: download(repository, name, revision) for name in MODEL_FILES}


def wikitext_paragraphs(path: str | Path) -> str:
    """The text of a part of WikiText: paragraphs and headings with an empty line between them.

    Raises
    ------
    AtlasError
        The library that reads Parquet is not installed, or the file is damaged.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise AtlasError(f"WikiText-103 needs pyarrow, which is not installed ({error}); {EXTRAS}") from error
    try:
        rows = parquet.read_table(path, columns=["text"]).column("text").to_pylist()
    except (ArrowException, OSError, KeyError) as error:
        raise AtlasError(
            f"{path}: is missing or not a Parquet file ({' '.join(str(error).split())}); delete it and run again"
        ) from error
    return "\n\n".join(row.strip() for row in rows if row.strip()) + "\n"
