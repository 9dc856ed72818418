"""The jobs behind a file: found from patterns, each once, the earliest first."""

from types import SimpleNamespace

from attention_atlas.atlas.chains import RuleFiles, chain, find_jobs

RULES = {
    "run": RuleFiles(("runs/{panel}/{slab}.npz",), (), "jobs/run/{panel}_{slab}.tsv", "compute.py"),
    "gather": RuleFiles(
        ("data/all.csv",),
        (lambda wildcards: [f"runs/{panel}/{slab}.npz" for panel in "ab" for slab in range(2)], "library.py"),
        "jobs/gather/job.tsv",
        "aggregate.py",
    ),
    "draw": RuleFiles(
        ("figures/{name}.png", "figures/{name}.pdf"), ("data/all.csv",), "jobs/draw/{name}.tsv", "draw.py"
    ),
    "detail": RuleFiles(("figures/{name}_details.png",), ("runs/{name}/0.npz",), None, "detail.py"),
    "suffixed": RuleFiles(("data/lyapunov{suffix}.csv",), (), "jobs/suffixed/job{suffix}.tsv", "x.py"),
}


def test_a_figure_needs_everything_before_it_once():
    jobs, makers = find_jobs({"f": ["figures/x.png", "figures/x.pdf"]}, RULES)
    assert makers == {"f": ["draw name=x"]}
    order = chain(makers["f"], jobs)
    assert order[-2:] == ["gather", "draw name=x"]
    assert sorted(order[:-2]) == [f"run panel={panel} slab={slab}" for panel in "ab" for slab in "01"]
    assert jobs["run panel=a slab=1"].cost == "jobs/run/a_1.tsv"
    assert jobs["gather"].needs == tuple(order[:4])


def test_the_rule_that_leaves_least_to_wildcards_makes_a_file():
    jobs, makers = find_jobs({"f": ["figures/a_details.png"]}, RULES)
    assert makers["f"] == ["detail name=a"]
    assert jobs["detail name=a"].cost is None
    assert chain(makers["f"], jobs) == ["run panel=a slab=0", "detail name=a"]


def test_a_wildcard_may_be_empty():
    _, makers = find_jobs({"f": ["data/lyapunov.csv"], "g": ["data/lyapunov_zoom.csv"]}, RULES)
    assert makers == {"f": ["suffixed suffix="], "g": ["suffixed suffix=_zoom"]}


def test_source_files_have_no_job():
    assert find_jobs({"f": ["config.yaml"]}, RULES) == ({}, {"f": []})


def test_input_functions_get_wildcards_as_attributes_and_may_return_anything():
    seen = []

    def inputs(wildcards):
        seen.append(wildcards)
        return {"one": "runs/a/0.npz", "more": ["runs/b/0.npz"]}

    rules = RULES | {"last": RuleFiles(("out_{name}.csv",), (inputs,), None, None)}
    jobs, _ = find_jobs({"f": ["out_z.csv"]}, rules)
    assert seen == [SimpleNamespace(name="z")]
    assert jobs["last name=z"].needs == ("run panel=a slab=0", "run panel=b slab=0")
