# The web atlas: one folder of pages that stands alone, from everything that the other rules made.

# what the pages are made of; pictures and numbers come from the rules
ATLAS_WEB = ours(
    *(path for folder in ("atlas", "vendor") for path in (HOME / "web" / folder).rglob("*") if path.is_file())
)


rule atlas_pages:
    input:
        figures=[path for figures in FIGURES.values() for files in figures.values() for path in files],
        views=atlas_view_inputs,
        claims=[claims_file(paper) for paper in FIGURES],
        costs=[f"results/provenance/{paper}_jobs.csv" for paper in FIGURES],
        published=[*rules.published.input, *rules.published_printed_aggregate.output],
        config="results/provenance/config.yaml",
        run="results/provenance/run.json",
        reference=ours(HOME / "config.yaml")[0],
        schemas=ours(*(HOME / "workflow" / "schemas").glob("*.yaml")),
        web=ATLAS_WEB,
        tables=ours(*(HOME / "workflow" / "figures").glob("*.yaml")),
        library=library("build_atlas.py"),
    output:
        front="results/atlas/index.html",
        pages=[f"results/atlas/{page}.html" for page in ("claims", "published", "provenance", "playground")],
        papers=[f"results/atlas/{paper}/index.html" for paper in FIGURES],
        figures=[f"results/atlas/{paper}/{figure}.html" for paper in FIGURES for figure in FIGURES[paper]],
    log:
        log_file("atlas_pages"),
    conda:
        "../../envs/atlas.yaml"
    threads: 2
    resources:
        mem_mb=memory(2000),
        runtime=minutes(10),
    params:
        compared=AVAILABLE,
    script:
        "../../scripts/build_atlas.py"


rule atlas:
    input:
        rules.atlas_pages.output,
    localrule: True
