# A target for each figure and each paper, and for all claims.


for _paper, _figures in [(paper, figures) for paper, figures in FIGURES.items() if paper not in TABLES]:
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
