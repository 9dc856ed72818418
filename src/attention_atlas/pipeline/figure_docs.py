"""``docs/figures.md`` is written from the tables of figures: what a row says stands there alone.

python -m attention_atlas.pipeline.figure_docs       # writes docs/figures.md anew
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from attention_atlas.files import atomic_write
from attention_atlas.pipeline.figure_entries import read_yaml
from attention_atlas.pipeline.figures import FigureRow, PaperTable, read_tables

__all__ = ["figures_page", "markdown", "page_of"]

HEAD = """\
# Figures

<!-- Written by python -m attention_atlas.pipeline.figure_docs from workflow/figures; changes belong there. -->

`snakemake --cores all <target>` makes one figure or all of a paper; `snakemake --cores all claims` judges all claims. The CSV
beside each figure is in `results/<paper>/data/`. The page of a figure in the [atlas](atlas.md) has its equations, parameters and
claims, and the time and memory that it took.

A name under *rules* stands for the rules `<paper>_<name>_compute`, `<paper>_<name>_aggregate` and `<paper>_<name>_plot`, those of
them that there are.
"""
TAIL = """\
Comparisons with the authors' published numbers: targets `published_fetch` and `published`, see [published.md](published.md).
"""


def markdown(text: str) -> str:
    r"""A text with TeX as Markdown for a cell of a table, where a bar would end the cell.

    >>> print(markdown(r"For \(\|x\| = |a|\) it *holds*."))
    For $\Vert x\Vert = \vert a\vert$ it \*holds\*.
    """

    def formula(tex: str) -> str:
        # a command needs a space before a letter only
        for bar, command in ((r"\\\|", r"\\Vert"), (r"\|", r"\\vert")):
            tex = re.sub(bar + "(?=[A-Za-z])", command + " ", tex)
            tex = re.sub(bar, command, tex)
        return f"${tex.strip()}$"

    parts = re.split(r"\\\((.*?)\\\)", " ".join(text.split()))
    return "".join(formula(part) if odd % 2 else re.sub(r"([*_|<$])", r"\\\1", part) for odd, part in enumerate(parts))


def _linked(reference: str) -> str:
    """A reference with links for its numbers of arXiv."""
    return re.sub(r"(arXiv:? ?)?(\d{4}\.\d{5})", r"[\1\2](https://arxiv.org/abs/\2)", reference)


def _line(row: FigureRow) -> str:
    title = markdown(row.title) + ("" if row.enabled else " (not part of `all`)")
    rules = ", ".join(f"`{name}`" for name in row.made_by)
    return f"| {row.number or ''} | {title} | `{row.target}` | {rules} | {markdown(row.look_for or '')} |"


def _section(table: PaperTable, has_page: bool) -> Iterator[str]:
    yield f"## {table.title}: target `{table.key}`"
    yield ""
    page = f" Theory, choices and findings: [{table.key}.md]({table.key}.md)." if has_page else ""
    yield f"{_linked(table.paper)}.{page}"
    yield ""
    yield "| number | figure | target | rules | what to look for |"
    yield "| --- | --- | --- | --- | --- |"
    yield from map(_line, table.figures.values())
    yield ""


def figures_page(tables: Mapping[str, PaperTable], pages: set[str]) -> str:
    """The text of ``docs/figures.md``.

    Parameters
    ----------
    tables : papers in the order of the page
    pages : papers that have a page of their own beside it
    """
    lines = [line for table in tables.values() for line in _section(table, table.key in pages)]
    return "\n".join([HEAD, *lines, TAIL])


def page_of(home: Path) -> str:
    """The text for a checkout, with the configuration at the papers' size."""
    tables = read_tables(home / "workflow" / "figures", read_yaml(home / "config.yaml"))
    order = read_yaml(home / "web" / "atlas" / "texts" / "front.yaml")["papers"]
    keys = sorted(tables, key=lambda key: order.index(key) if key in order else len(order))
    return figures_page({key: tables[key] for key in keys}, {path.stem for path in (home / "docs").glob("*.md")})


if __name__ == "__main__":
    checkout = Path(__file__).resolve().parents[3]
    with atomic_write(checkout / "docs" / "figures.md") as temporary:
        temporary.write_text(page_of(checkout), encoding="utf-8")
