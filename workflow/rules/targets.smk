# A target for each figure and each paper, and for all claims.


for _paper, _figures in FIGURES.items():
    for _figure, _files in _figures.items():

        rule:
            name:
                f"{_paper}_{_figure}"
            input:
                _files,
            localrule: True

    rule:
        name:
            f"{_paper}"
        input:
            [path for files in _figures.values() for path in files],
            claims_file(_paper),
            "results/provenance/run.json",
            f"results/provenance/{_paper}_jobs.csv",
        localrule: True


rule claims:
    input:
        [claims_file(paper) for paper in FIGURES],
    localrule: True
