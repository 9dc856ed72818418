"""Fetch the files of results that the authors keep beside their code, at pinned commits, and write them as tables.

The files come into a temporary folder; the tables are written when all of them are there and read.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attention_atlas.files import write_csv, write_json
from attention_atlas.papers.published.git_files import check_out
from attention_atlas.papers.published.mean_field_files import archive_names, lyapunov_table
from attention_atlas.papers.published.spheres_files import SPHERES_FILES, spheres_tables
from attention_atlas.pipeline.jobs import job


def fetched(source: Mapping[str, Any], names: list[str], folder: Path) -> Path:
    """Folder with the files ``names`` of one repository."""
    inside = source["folder"].strip("/")
    folder.mkdir()
    check_out(source["repository"], source["commit"], [f"{inside}/{name}" for name in names], folder)
    return folder / inside


def main(source: Mapping[str, Any], outputs: list[str], record: str) -> None:
    spheres, mean_field = source["spheres"], source["mean_field"]
    with tempfile.TemporaryDirectory(prefix="attention-atlas-") as temporary:
        folder = Path(temporary)
        tables = spheres_tables(fetched(spheres, SPHERES_FILES, folder / "spheres"))
        archives = fetched(mean_field, archive_names(mean_field["indices"]), folder / "mean_field")
        tables["lyapunov_zoom"] = lyapunov_table(archives, mean_field["indices"])
    rows = {}
    for path in map(Path, outputs):
        table = tables[path.stem]
        write_csv(table, path)
        rows[path.stem] = len(table)
        print(f"{path}: {len(table)} rows")
    write_json(record, {"source": source, "rows": rows})


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(dict(snakemake.params.source), list(snakemake.params.tables), snakemake.output.record)
