# The rules that draw and judge, and the targets, made from the tables in workflow/figures: a figure is one row there.


def report_labels(row, drawing):
    """How `snakemake --report` lists a file of a figure: a row may have pictures, films and pages."""
    kinds = {"png": "picture", "gif": "film", "html": "page"}
    return labels(row.title, drawing.name, kinds.get(drawing.formats[0], row.kind))


def viewer_files():
    """Scripts and style of the interactive views, which a page that stands alone has inside."""
    return sorted(str(path) for folder in ("atlas/views", "vendor/d3") for path in (HOME / "web" / folder).iterdir())


def drawing_inputs(drawings):
    """Tables of the drawing that the wildcard names, and the library files behind its function."""
    by_name = {drawing.name: drawing for _, drawing in drawings}

    def inputs(wildcards):
        drawing = by_name[getattr(wildcards, "figure", next(iter(by_name)))]
        viewer = viewer_files() if "html" in drawing.formats else []
        return {**drawing.tables, "library": [*function_library("draw.py", drawing.function), *viewer]}

    return inputs


def drawing_param(drawings, value):
    """A parameter that differs between the drawings of a rule; ``value`` takes the row and the drawing."""
    by_name = {drawing.name: (row, drawing) for row, drawing in drawings}
    return lambda wildcards: value(*by_name[getattr(wildcards, "figure", next(iter(by_name)))])


for _rule, _drawings in drawings_by_rule(TABLES).items():
    _first = _drawings[0][1]
    # several drawings of one rule differ in the wildcard {figure}
    _names = "|".join(drawing.name for _, drawing in _drawings)
    _stem = f"results/{_first.paper}/figures/" + (f"{{figure,{_names}}}" if len(_drawings) > 1 else _first.name)

    rule:
        name:
            _rule
        input:
            unpack(drawing_inputs(_drawings)),
        output:
            shown=report(
                f"{_stem}.{_first.formats[0]}",
                caption="../report/figure.rst",
                category=TABLES[_first.paper].title,
                labels=drawing_param(_drawings, report_labels),
            ),
            others=[f"{_stem}.{suffix}" for suffix in _first.formats[1:]],
        log:
            log_file(_rule, "{figure}" if len(_drawings) > 1 else None),
        benchmark:
            cost_file(_rule, "{figure}" if len(_drawings) > 1 else None)
        group:
            f"{_first.paper}_plot"
        conda:
            f"../../envs/{_first.environment}.yaml"
        resources:
            mem_mb=memory(_first.size or 1000),
            runtime=minutes(_first.size or 10),
        params:
            function=drawing_param(_drawings, lambda row, drawing: drawing.function),
            arguments=drawing_param(_drawings, lambda row, drawing: drawing.arguments),
            caption=drawing_param(_drawings, lambda row, drawing: row.report_text(drawing.name)),
        script:
            "../../scripts/draw.py"


for _paper, _table in TABLES.items():
    if _table.claims:

        rule:
            name:
                f"{_paper}_claims"
            input:
                tables=_table.claims.tables,
                published=published(*_table.claims.published),
                library=function_library("judge.py", _table.claims.function),
            output:
                report(
                    claims_file(_paper),
                    caption="../report/claims.rst",
                    category=_table.title,
                    labels=labels("Claims", "claims", "table"),
                ),
            log:
                log_file(f"{_paper}_claims"),
            benchmark:
                cost_file(f"{_paper}_claims")
            conda:
                f"../../envs/{_table.claims.environment}.yaml"
            params:
                function=_table.claims.function,
                arguments=_table.claims.arguments,
                judges_published=bool(_table.claims.published),
            script:
                "../../scripts/judge.py"

    for _figure in _table.figures.values():

        rule:
            name:
                _figure.target
            input:
                _figure.files,
            localrule: True

    rule:
        name:
            _paper
        input:
            paper_files(_paper),
            [claims_file(_paper)] if _table.claims else [],
            "results/provenance/run.json",
            f"results/provenance/{_paper}_jobs.csv",
        localrule: True


rule claims:
    input:
        lambda wildcards: [claims_file(paper) for paper in FIGURES],
    localrule: True
