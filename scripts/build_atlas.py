"""The web atlas: gather what is known about every figure, lay out the pages, put the folder in place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.atlas.catalogue import gather_paper
from attention_atlas.atlas.costs import job_costs
from attention_atlas.atlas.pages import Site, write_pages
from attention_atlas.atlas.parameters import differences
from attention_atlas.atlas.playground import write_playground
from attention_atlas.atlas.published import gather_published, papers_size, share_published
from attention_atlas.atlas.site import atomic_folder, copy_assets, copy_results, make_thumbnails
from attention_atlas.atlas.texts import read_front
from attention_atlas.atlas.verdicts import claims_of
from attention_atlas.atlas.views.catalogue import write_views
from attention_atlas.files import CHECKOUT, read_csv, read_json
from attention_atlas.pipeline.figures import read_tables
from attention_atlas.pipeline.jobs import job
from attention_atlas.pipeline.validation import load_schema


def main(inputs: Mapping[str, Any], params: Mapping[str, Any], front: str, threads: int = 1) -> None:
    target = Path(front).parent
    results, web = target.parent, CHECKOUT / "web"
    texts = read_front(web / "atlas" / "texts" / "front.yaml")
    run, reference = (
        yaml.safe_load(Path(path).read_text(encoding="utf-8")) for path in (inputs["config"], CHECKOUT / "config.yaml")
    )
    configs = (run, reference, load_schema(CHECKOUT / "workflow" / "schemas"))
    measured = job_costs(read_csv(path) for path in inputs["costs"])
    claims = {Path(path).parts[-3]: claims_of(read_csv(path)) for path in inputs["claims"]}
    tables = read_tables(CHECKOUT / "workflow" / "figures", run)
    # papers that the front page does not name come last
    keys = sorted(tables, key=lambda key: texts.papers.index(key) if key in texts.papers else len(texts.papers))
    papers = [gather_paper(tables[key], claims[key], measured, configs) for key in keys]
    with atomic_folder(target) as folder:
        copy_assets(web, folder)
        copy_results(papers, results, folder)
        thumbnails = make_thumbnails(papers, results, folder, threads)
        changed = papers_size(differences(run, reference))
        views = write_views(results, folder, run, web, {paper.key: paper.figures for paper in papers})
        published = gather_published(results, papers, params["compared"], run["published_source"])
        share_published(published, results, folder)
        about = read_json(inputs["run"])
        playground = write_playground(results, folder, run, web, {paper.key: list(paper.figures) for paper in papers})
        site = Site(texts, papers, thumbnails, about, changed, folder, views, published, playground)
        write_pages(site, web / "atlas" / "templates")


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(dict(snakemake.input.items()), dict(snakemake.params.items()), snakemake.output.front, snakemake.threads)
