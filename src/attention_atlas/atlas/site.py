"""The folder of the atlas: pages, pictures, data and libraries, built aside and put in place as a whole."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from attention_atlas.atlas.catalogue import Figure, Paper
from attention_atlas.atlas.thumbnails import write_poster, write_thumbnail
from attention_atlas.errors import DataFileError
from attention_atlas.files import RERUN, remove_abandoned, temporary_path

__all__ = ["atomic_folder", "copy_assets", "copy_results", "make_thumbnails", "share"]

# libraries of every atlas; those of the views come with the views
LIBRARIES = ("dagre", "katex", "photoswipe", "sortable-tablesort", "source-serif-4")


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside ``target`` that takes its place if no error occurs."""
    remove_abandoned(target)
    fresh, old = temporary_path(target, "part"), temporary_path(target, "old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        if target.exists():
            os.replace(target, old)
        os.replace(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def share(source: Path, target: Path) -> None:
    """The same file under another name: a hard link where the file system allows it, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except FileNotFoundError as error:
        raise DataFileError(f"{source}: is missing; {RERUN}") from error
    except OSError:
        shutil.copyfile(source, target)


def _figures(papers: Iterable[Paper]) -> list[Figure]:
    return [figure for paper in papers for figure in paper.figures.values()]


def copy_results(papers: Iterable[Paper], results: Path, target: Path) -> None:
    """All files of the figures, tables of claims and provenance, under their paths below ``results``.

    A page ``index.html`` brings the folder ``files`` beside it along.
    """
    papers = list(papers)
    share(results / "provenance" / "config.yaml", target / "provenance" / "config.yaml")
    share(results / "provenance" / "run.json", target / "provenance" / "run.json")
    for paper in papers:
        jobs = f"provenance/{paper.key}_jobs.csv"
        share(results / jobs, target / jobs)
        share(results / paper.key / "claims" / "claims.csv", target / paper.key / "claims" / "claims.csv")
    for figure in _figures(papers):
        for path in [*figure.data, *(path for item in figure.items for path in item.files.values())]:
            share(results / path, target / path)
            beside = (results / path).parent / "files"
            if path.endswith("/index.html") and beside.is_dir():
                for inner in sorted(beside.iterdir()):
                    share(inner, target / Path(path).parent / "files" / inner.name)


def copy_assets(web: Path, target: Path) -> None:
    """Libraries, style and scripts of the pages from ``web``, under ``assets/``."""
    shutil.copytree(web / "atlas" / "assets", target / "assets", dirs_exist_ok=True)
    for name in LIBRARIES:
        shutil.copytree(web / "vendor" / name, target / "assets" / "vendor" / name)


def _source(figure: Figure) -> str | None:
    """The picture that stands for a figure; None for one that has only pages."""
    for kind, suffix in (("picture", "png"), ("film", "gif")):
        for item in figure.items:
            if item.kind == kind and suffix in item.files:
                return item.files[suffix]
    return None


def _stand_in(figure: Figure, paper: Paper) -> str | None:
    """For a figure of pages only: the picture of the figure whose name it continues, else the paper's first."""
    others = [(other, source) for other in paper.figures.values() if (source := _source(other))]
    named = [source for other, source in others if figure.key.startswith(other.key)]
    return next(iter(named or [source for _, source in others]), None)


def make_thumbnails(papers: Iterable[Paper], results: Path, target: Path, threads: int = 1) -> dict[str, str]:
    """Thumbnails of all figures and posters of all films.

    Returns
    -------
    target of a figure (``spheres_fig4``) -> path of its thumbnail from the top of the atlas
    """
    thumbnails = {}
    work: list[tuple[Callable[[Path, Path], None], Path, Path]] = []
    for paper in papers:
        for figure in paper.figures.values():
            if source := _source(figure) or _stand_in(figure, paper):
                thumbnails[figure.target] = f"thumbnails/{paper.key}/{figure.key}.webp"
                work.append((write_thumbnail, results / source, target / thumbnails[figure.target]))
            for gif in (item.files["gif"] for item in figure.items if "gif" in item.files):
                work.append((write_poster, results / gif, target / Path(gif).with_suffix(".webp")))
    # decoding and scaling leave the interpreter free
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(write, source, made) for write, source, made in work]:
            done.result()
    return thumbnails
