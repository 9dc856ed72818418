"""Which interactive views an atlas has: what they need, and their files in the folder of the atlas."""

import importlib
import importlib.util
import pkgutil
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import attention_atlas.papers
from attention_atlas.atlas.views.candidate import Candidate
from attention_atlas.atlas.views.components import COMPONENTS, CORE, LIBRARY
from attention_atlas.atlas.views.typed_data import write_view_data
from attention_atlas.files import atomic_write

__all__ = ["View", "view_inputs", "view_sources", "write_views"]


class View(NamedTuple):
    """A view on the page of a figure; paths are relative to the folder of the atlas.

    The page holds ``<div class="view" data-component="{component}" data-source="{source}">`` and loads
    ``data`` and then ``scripts`` (in this order, ``defer`` is fine), and ``styles``.
    """

    paper: str
    figure: str
    component: str
    source: str
    title: str
    description: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    data: tuple[str, ...]


def all_candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Every view that the configuration allows, paper by paper; those of a paper are listed in its module ``views``."""
    names = [
        f"attention_atlas.papers.{found.name}.views" for found in pkgutil.iter_modules(attention_atlas.papers.__path__)
    ]
    modules = [importlib.import_module(name) for name in names if importlib.util.find_spec(name)]
    return [candidate for views in modules for candidate in views.candidates(config)]


def view_inputs(figures: Mapping[str, Iterable[str]], config: Mapping[str, Any], results: str = "results") -> list[str]:
    """Result files that the views of these figures (paper -> figures) read, each once."""
    wanted = {paper: set(names) for paper, names in figures.items()}
    paths = [
        f"{results}/{path}"
        for candidate in all_candidates(config)
        if wanted.get(candidate.paper, set()).intersection(candidate.figures)
        for path in candidate.inputs
    ]
    return list(dict.fromkeys(paths))


def view_sources(web: Path) -> list[str]:
    """Files of ``web/`` that the views of a page are made of."""
    own = sorted({*CORE, *(name for names in COMPONENTS.values() for name in names)})
    return [str(web / path) for path in (*LIBRARY, *(f"atlas/views/{name}" for name in own))]


def write_views(
    results: Path,
    target: Path,
    config: Mapping[str, Any],
    web: Path,
    figures: Mapping[str, Iterable[str]] | None = None,
) -> list[View]:
    """Write the data of all views whose inputs exist, and the scripts that they need.

    Parameters
    ----------
    results
        The folder with a folder for each paper.
    target
        The folder of the atlas; everything goes into ``target/views``.
    config
        The whole configuration, checked.
    web
        The folder ``web`` of the repository.
    figures
        Paper -> figures that have a page; None: all.

    Returns
    -------
    list of View
        One for each view and page. A view whose inputs are missing is absent.

    Raises
    ------
    AtlasError
        An input is damaged; the message names it.
    """
    wanted = None if figures is None else {paper: set(names) for paper, names in figures.items()}
    views: list[View] = []
    for candidate in all_candidates(config):
        pages = [name for name in candidate.figures if wanted is None or name in wanted.get(candidate.paper, set())]
        paths = [results / path for path in candidate.inputs]
        if not pages or not all(path.is_file() for path in paths):
            continue
        content = candidate.read(paths)
        if content is None:
            continue
        data = f"views/data/{candidate.name}.js"
        write_view_data(target / data, candidate.name, content)
        views += [_view(candidate, figure, data) for figure in pages]
    _copy_scripts(web, target, {view.component for view in views})
    return views


def _view(candidate: Candidate, figure: str, data: str) -> View:
    scripts = ("d3.min.js", "core.js", *COMPONENTS[candidate.component])
    return View(
        paper=candidate.paper,
        figure=figure,
        component=candidate.component,
        source=candidate.name,
        title=candidate.title,
        description=candidate.description,
        scripts=tuple(f"views/{name}" for name in scripts),
        styles=("views/views.css",),
        data=(data,),
    )


def _copy_scripts(web: Path, target: Path, components: set[str]) -> None:
    if not components:
        return
    names = {*CORE, *(name for component in components for name in COMPONENTS[component])}
    files = LIBRARY | {f"atlas/views/{name}": f"views/{name}" for name in names}
    for source, copy in sorted(files.items()):
        with atomic_write(target / copy) as temporary:
            shutil.copyfile(web / source, temporary)
