# Reproduced against published: our numbers beside those that the authors keep beside their code.
# published_fetch gets them (needs a network); compare -> aggregate (one line each) and plot. No figure table: which comparisons
# there are depends on the files that are at hand.
from attention_atlas.papers.published.settings import COMPARED, FETCHED_FILES, PUBLISHED_FILES

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
    output:
        # The tables lie beside it and are no outputs: a later edit of the code must not fetch them again unasked.
        record=f"{PUBLISHED_SOURCE['folder']}/source.json",
    log:
        log_file("published_fetch"),
    localrule: True  # the computing nodes of a cluster often have no network
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("published/fetch.py"),
        source=PUBLISHED_SOURCE,
        tables=[f"{PUBLISHED_SOURCE['folder']}/{name}" for name in FETCHED_FILES],
    script:
        "../../scripts/published/fetch.py"


rule published_compare:
    input:
        published=lambda wildcards: Path(config["published"] or "published", COMPARED[wildcards.comparison].published),
        tables=lambda wildcards: [f"results/{name}" for name in COMPARED[wildcards.comparison].tables],
    output:
        data_file("published", "{comparison}.csv"),
    log:
        log_file("published_compare", "{comparison}"),
    wildcard_constraints:
        comparison="|".join(COMPARED),
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("published/compare.py"),
        blocks=lambda wildcards: {
            name: config[COMPARED[wildcards.comparison].paper][name] for name in COMPARED[wildcards.comparison].blocks
        },
    script:
        "../../scripts/published/compare.py"


rule published_aggregate:
    input:
        points=expand(data_file("published", "{comparison}.csv"), comparison=AVAILABLE),
        claims=[claims_file(paper) for paper in dict.fromkeys(COMPARED[name].paper for name in AVAILABLE)],
    output:
        report(
            "results/published/comparison.csv",
            caption="../report/figure.rst",
            category="Reproduced against published",
            labels=labels("All comparisons", "comparison", "table"),
        ),
    log:
        log_file("published_aggregate"),
    group:
        "published_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("published/aggregate.py"),
        caption="Every comparison with numbers that the authors keep beside their code: how many points, the largest and the median "
        "difference, the tolerance and the verdict of the claim, and why the two differ. Without these numbers (``published`` in the "
        "configuration) nothing is compared, and each row says so.",
    script:
        "../../scripts/published/aggregate.py"


rule published_plot:
    input:
        points=data_file("published", "{comparison}.csv"),
    output:
        png=report(
            "results/published/figures/{comparison}.png",
            caption="../report/figure.rst",
            category="Reproduced against published",
            labels=labels("Comparison", "{comparison}", "picture"),
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
    params:
        library=function_library("draw.py", "papers.published.draw:overlay"),
        function="papers.published.draw:overlay",
        arguments=lambda wildcards: {"comparison": wildcards.comparison},
        caption="Published numbers (open markers) with ours on them (dots or lines) in the upper panel, the differences below. Bars are "
        "95 % intervals of a share or an average over random starts above, two standard errors of the difference below.",
    script:
        "../../scripts/draw.py"


rule published_printed_aggregate:
    input:
        claims=[claims_file(paper) for paper in sorted(FIGURES)],
    output:
        report(
            "results/published/printed.csv",
            caption="../report/figure.rst",
            category="Reproduced against published",
            labels=labels("Printed numbers", "printed", "table"),
        ),
    log:
        log_file("published_printed_aggregate"),
    group:
        "published_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("published/aggregate_printed.py"),
        caption="All claims that come from a paper: the value that it gives, or the bound by which its statement is judged, beside what "
        "was computed and the verdict.",
    script:
        "../../scripts/published/aggregate_printed.py"


rule published:
    input:
        "results/published/comparison.csv",
        expand(data_file("published", "{comparison}.csv"), comparison=AVAILABLE),
        [path for name in AVAILABLE for path in figure_files("published", name)],
    localrule: True
