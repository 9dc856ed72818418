# The web atlas: one folder of pages that stands alone, from everything that the other rules made.


rule atlas_pages:
    input:
        figures=[path for figures in FIGURES.values() for files in figures.values() for path in files],
        views=atlas_view_inputs,
        claims=[claims_file(paper) for paper in FIGURES],
        costs=[f"results/provenance/{paper}_jobs.csv" for paper in FIGURES],
        published=[*rules.published.input, *rules.published_printed_aggregate.output],
        config="results/provenance/config.yaml",
        run="results/provenance/run.json",
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
        library=library(
            "build_atlas.py",
            HOME / "config.yaml",
            *(path for folder in ("schemas", "figures") for path in (HOME / "workflow" / folder).glob("*.yaml")),
            *web_files("atlas", "vendor"),
        ),
        compared=AVAILABLE,
    script:
        "../../scripts/build_atlas.py"


rule atlas:
    input:
        rules.atlas_pages.output,
    localrule: True
