# Rules that follow from the tables in workflow/figures, where a figure is one row: those that compute tables of the configuration alone,
# draw and judge, and the targets.

for _entry in [entry for table in TABLES.values() for entry in table.computed]:
    _size = _entry.rule if _entry.rule in SIZES else None

    rule:
        name:
            _entry.rule
        output:
            _entry.files,
        log:
            log_file(_entry.rule),
        benchmark:
            cost_file(_entry.rule)
        group:
            None if _size else f"{_entry.paper}_compute"
        conda:
            "../../envs/compute.yaml"
        threads: config["threads"] if _entry.parallel else 1
        resources:
            mem_mb=memory(_size or 1000),
            runtime=minutes(_size or 10),
        params:
            library=function_library("compute.py", _entry.function),
            function=_entry.function,
            arguments=_entry.arguments,
        script:
            "../../scripts/compute.py"


for _rule, _drawings in drawings_by_rule(TABLES).items():
    _first = _drawings[0][1]
    # several drawings of one rule differ in the wildcard {figure}
    _names = "|".join(drawing.name for _, drawing in _drawings)
    _stem = f"results/{_first.paper}/{_first.folder}/" + (f"{{figure,{_names}}}" if len(_drawings) > 1 else _first.name)

    rule:
        name:
            _rule
        input:
            unpack(of_drawing(_drawings, lambda row, drawing: drawing.tables)),
        output:
            shown=report(
                f"{_stem}.{_first.formats[0]}",
                caption="../report/figure.rst",
                category=TABLES[_first.paper].title,
                labels=of_drawing(_drawings, report_labels),
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
            library=of_drawing(_drawings, drawing_library),
            function=of_drawing(_drawings, lambda row, drawing: drawing.function),
            arguments=of_drawing(_drawings, lambda row, drawing: drawing.arguments),
            caption=of_drawing(_drawings, lambda row, drawing: row.report_text(drawing.name)),
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
                library=function_library("judge.py", _table.claims.function),
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
