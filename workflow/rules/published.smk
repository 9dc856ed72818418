# Reproduced against published: our numbers beside those that the authors keep beside their code.
# published_fetch gets them (needs a network); compare -> aggregate (one line each) and plot.
from attention_atlas.papers.published.settings import COMPARED, PUBLISHED_FILES

PUBLISHED_SOURCE = config["published_source"]
# what can be compared: the published file is there
AVAILABLE = [name for name, entry in COMPARED.items() if published(entry.published)]

if config["published"] and not AVAILABLE:
    print(
        f"attention-atlas: published: the folder {config['published']} holds none of {', '.join(PUBLISHED_FILES)}; "
        "nothing is compared",
        file=sys.stderr,
    )


rule published_fetch:
    input:
        library=library("published/fetch.py"),
    output:
        # The tables lie beside it and are no outputs: a later edit of the code must not fetch them again unasked.
        record=f"{PUBLISHED_SOURCE['folder']}/source.json",
    log:
        log_file("published_fetch"),
    localrule: True  # the computing nodes of a cluster often have no network
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(40),
    params:
        source=PUBLISHED_SOURCE,
        tables=[f"{PUBLISHED_SOURCE['folder']}/{name}" for name in PUBLISHED_FILES],
    script:
        "../../scripts/published/fetch.py"


rule published_compare:
    input:
        published=lambda wildcards: Path(config["published"] or "published", COMPARED[wildcards.comparison].published),
        tables=lambda wildcards: [f"results/{name}" for name in COMPARED[wildcards.comparison].tables],
        library=library("published/compare.py"),
    output:
        data_file("published", "{comparison}.csv"),
    log:
        log_file("published_compare", "{comparison}"),
    wildcard_constraints:
        comparison="|".join(COMPARED),
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(5),
    params:
        blocks=lambda wildcards: {
            name: config[COMPARED[wildcards.comparison].paper][name] for name in COMPARED[wildcards.comparison].blocks
        },
    script:
        "../../scripts/published/compare.py"


rule published_aggregate:
    input:
        points=expand(data_file("published", "{comparison}.csv"), comparison=AVAILABLE),
        claims=[claims_file(paper) for paper in dict.fromkeys(COMPARED[name].paper for name in AVAILABLE)],
        library=library("published/aggregate.py"),
    output:
        report(
            "results/published/comparison.csv",
            caption="../report/published_comparison.rst",
            category="Reproduced against published",
            labels=labels("All comparisons", "table"),
        ),
    log:
        log_file("published_aggregate"),
    group:
        "published_aggregate"
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(5),
    script:
        "../../scripts/published/aggregate.py"


rule published_plot:
    input:
        points=data_file("published", "{comparison}.csv"),
        library=library("published/draw.py"),
    output:
        png=report(
            "results/published/figures/{comparison}.png",
            caption="../report/published_overlay.rst",
            category="Reproduced against published",
            labels=labels("{comparison}", "picture"),
        ),
        pdf="results/published/figures/{comparison}.pdf",
    log:
        log_file("published_plot", "{comparison}"),
    wildcard_constraints:
        comparison="|".join(COMPARED),
    group:
        "published_plot"
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(5),
    script:
        "../../scripts/published/draw.py"


rule published_printed_aggregate:
    input:
        claims=[claims_file(paper) for paper in FIGURES],
        library=library("published/aggregate_printed.py"),
    output:
        report(
            "results/published/printed.csv",
            caption="../report/published_printed.rst",
            category="Reproduced against published",
            labels=labels("Printed numbers", "table"),
        ),
    log:
        log_file("published_printed_aggregate"),
    group:
        "published_aggregate"
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    script:
        "../../scripts/published/aggregate_printed.py"


rule published:
    input:
        "results/published/comparison.csv",
        expand(data_file("published", "{comparison}.csv"), comparison=AVAILABLE),
        [path for name in AVAILABLE for path in figure_files("published", name)],
    localrule: True
