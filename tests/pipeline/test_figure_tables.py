"""The tables of figures in ``workflow/figures``: keys, functions and rules that exist, TeX that can be set."""

import copy
import importlib
import inspect
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from docutils.core import publish_parts
from snakemake.utils import update_config

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.figures import drawings_by_rule, read_tables

HOME = Path(__file__).resolve().parents[2]
FOLDER = HOME / "workflow" / "figures"
PAPERS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
STAGES = ("fetch", "compute", "aggregate")
# What the texts may use of TeX: all of it known to KaTeX.
WORDS = (
    "alpha approx arg bar beta bigl bigr Bigl Bigr cdot cos cosh delta det dot dots epsilon equiv eta exp frac gamma ge "
    "Delta geq hat iff iint in inf infty int kappa lambda langle le leq ldots left leftarrow lfloor lim ln log mapsto mathbb "
    "mathbf mathcal mathrm max min mu nabla ne nu omega operatorname partial perp phi pi pm prod propto qquad quad rangle "
    "rfloor rho right rightarrow sigma sim sin sinh sqrt sum sup tan tanh tau text textstyle tfrac theta tilde times to top "
    "Upsilon varepsilon varphi xi zeta "
)
COMMANDS = set(re.findall("[A-Za-z]+", WORDS)) | set(" ,;!(){}|#")


@cache
def configuration(name):
    """The configuration of that name, whole."""
    config = yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))
    # the table of experiments is made of the entries that there are
    plain = {
        "title": "A question",
        "tokens": 8,
        "dimension": 2,
        "claims": [{"statement": "x", "observe": "clusters", "at_most": 8}],
    }
    config["experiments"] = {"plain": plain, "swept": plain | {"sweep": {"attention.beta": [1, 2]}}}
    if name == "small":
        update_config(config, yaml.safe_load((HOME / "tests" / "config" / "small.yaml").read_text(encoding="utf-8")))
    if name == "everything":
        config = copy.deepcopy(config)
        config["language"]["albert"]["enabled"] = True
    return config


@cache
def tables(name="default"):
    return read_tables(FOLDER, configuration(name))


def rows():
    return [row for table in tables().values() for row in table.figures.values()]


every_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row.target)


def strings(value):
    """All strings in a nest of lists and mappings, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def formulas_in(text):
    """The TeX between \\( and \\) of a text; fails where they do not pair."""
    marks = re.findall(r"\\[()]", text)
    assert marks == ["\\(", "\\)"] * (len(marks) // 2), text
    return re.findall(r"\\\((.*?)\\\)", text, re.DOTALL)


def sentences(text):
    return len(re.findall(r"[.?](?:\s|$)", text))


@pytest.mark.parametrize("name", ["default", "small", "everything"])
def test_each_configuration_makes_figures_of_every_paper(name):
    for table in tables(name).values():
        enabled = [row.enabled for row in table.figures.values()]
        assert all(enabled) if name == "everything" else any(enabled)


def test_the_configuration_chooses_figures():
    config = configuration("small") | {"figures": ["spheres_fig4", "art"]}
    chosen = {
        row.target for table in read_tables(FOLDER, config).values() for row in table.figures.values() if row.enabled
    }
    art = {row.target for row in tables("small")["art"].figures.values() if row.enabled}
    assert chosen == {"spheres_fig4", *art}
    with pytest.raises(
        AtlasError, match=r"^config key figures: spheres_fg4 is no figure and no paper; did you mean spheres_fig4\?"
    ):
        read_tables(FOLDER, config | {"figures": ["spheres_fg4"]})


def test_the_tour_shows_every_paper_and_kind():
    chosen = yaml.safe_load((HOME / "resources" / "configurations" / "tour.yaml").read_text(encoding="utf-8"))
    shown = read_tables(FOLDER, configuration("small") | chosen)
    assert all(
        any(row.enabled for row in table.figures.values()) for key, table in shown.items() if key != "experiments"
    )
    kinds = {row.kind for table in shown.values() for row in table.figures.values() if row.enabled}
    assert {"picture", "animation"} <= kinds


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_has_a_reference_and_a_summary(paper):
    table = tables()[paper]
    assert table.title
    assert table.paper
    assert 2 <= sentences(table.summary) <= 6


@every_row
def test_a_row_is_complete(row):
    assert row.title
    assert len(row.title) < 70
    assert 1 <= sentences(row.text) <= 4, row.text
    assert row.config
    assert row.files


@every_row
def test_parameters_are_keys_of_the_configuration(row):
    for key in [*row.config, *row.paper_values]:
        value = configuration("default")
        for part in key.split("."):
            found = [inner for name, inner in value.items() if str(name) == part]
            assert found, f"{row.target}: {key}"
            value = found[0]
        if key in row.paper_values:
            assert value != row.paper_values[key], f"{row.target}: {key} is the paper's own value"


@every_row
def test_captions_belong_to_files(row):
    stems = {Path(path).stem for path in row.files}
    for pattern, _ in row.captions:
        assert any(re.fullmatch(pattern, stem) for stem in stems), f"{row.target}: no file matches {pattern}"


@every_row
def test_captions_of_the_report_are_set(row):
    for drawing in row.drawings:
        text = row.report_text(drawing.name)
        body = publish_parts(text, writer="html", settings_overrides={"warning_stream": False})["body"]
        assert "system-message" not in body
        assert "unknown" not in re.findall('class="([^"]+)"', body)
        assert body.count('class="formula"') == text.count(":math:`")


@every_row
def test_drawing_functions_take_what_the_row_gives_them(row):
    for drawing in row.drawings:
        module, _, name = drawing.function.partition(":")
        function = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
        inspect.signature(function).bind(**drawing.tables, **drawing.arguments)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_judge_takes_what_the_table_gives_it(paper):
    claims = tables()[paper].claims
    module, _, name = claims.function.partition(":")
    published = {"published": {}} if claims.published else {}
    judge = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
    inspect.signature(judge).bind({}, **claims.arguments, **published)


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Names of all rules of the workflow."""
    words = [sys.executable, "-m", "snakemake", "--list-rules", "--snakefile", str(HOME / "Snakefile")]
    words += ["--directory", str(tmp_path_factory.mktemp("rules"))]
    run = subprocess.run(words, cwd=HOME, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return set(run.stdout.split())


@every_row
def test_every_figure_has_its_rules(row, rules):
    # those that draw experiments are there where experiments are
    rules = rules | set(drawings_by_rule(tables()))
    for family in row.made_by:
        found = {f"{row.paper}_{family}_{stage}" for stage in (*STAGES, "plot")} & rules
        assert found, f"{row.target}: made_by names {family}, of which there is no rule"
    assert {f"{row.paper}_{family}_{stage}" for family in row.made_by for stage in STAGES} & rules, row.target


@pytest.mark.parametrize("paper", PAPERS)
def test_every_computing_rule_stands_behind_a_figure_or_a_claim(paper, rules):
    table = tables()[paper]
    families = {family for row in table.figures.values() for family in row.made_by} | set(table.claims.made_by)
    computing = {
        rule for rule in rules if rule.startswith(f"{paper}_") and rule.rpartition("_")[2] in ("compute", "aggregate")
    }
    assert {rule for rule in computing if rule.removeprefix(f"{paper}_").rpartition("_")[0] not in families} == set()


@pytest.mark.parametrize("paper", PAPERS)
def test_strings_hold_text_and_tex_only(paper):
    """No HTML and no Markdown; no @name that no value has replaced."""
    content = yaml.safe_load((FOLDER / f"{paper}.yaml").read_text(encoding="utf-8"))
    for text in strings(content):
        assert not re.search(r"</?[A-Za-z!]|&[a-z#]+;|\*\*|`", text), text
        assert text == text.strip()
    for row in tables()[paper].figures.values():
        said = [row.title, row.text, row.look_for or "", *row.equations]
        assert not [text for text in said if "@" in text], row.target


@pytest.mark.parametrize("paper", PAPERS)
def test_tex_is_balanced_and_known(paper):
    table = tables()[paper]
    texts = [table.summary]
    equations = []
    for row in table.figures.values():
        texts += [row.title, row.text, row.look_for or "", *(line for _, line in row.captions)]
        equations += row.equations
    tex = [part for text in texts for part in formulas_in(text)] + equations
    assert tex
    for formula in tex:
        depth = 0
        for mark in re.findall(r"\\.|[{}]", formula):
            depth += {"{": 1, "}": -1}.get(mark, 0)
            assert depth >= 0, formula
        assert depth == 0, formula
        commands = re.findall(r"\\([A-Za-z]+|.)", formula)
        assert commands.count("left") == commands.count("right"), formula
        assert set(commands) <= COMMANDS, formula


def test_computed_tables_are_rows(tmp_path):
    (tmp_path / "p.yaml").write_text(
        "title: P\npaper: Somebody\nsummary: s\n"
        "computed:\n  a: {compute: 'papers.p:tables', settings: {settings: p.a}, tables: [a.csv, b.csv], parallel: true}\n"
        "figures:\n  f: {title: t, kind: table, text: t, data: a.csv, made_by: [a]}\n"
    )
    config = {"p": {"a": {"n": 3}}}
    (entry,) = read_tables(tmp_path, config)["p"].computed
    assert (entry.rule, entry.files, entry.arguments) == (
        "p_a_compute",
        ("results/p/data/a.csv", "results/p/data/b.csv"),
        {"settings": {"n": 3}},
    )
    assert entry.parallel
    text = (tmp_path / "p.yaml").read_text()
    (tmp_path / "p.yaml").write_text(text.replace("parallel", "paralel"))
    with pytest.raises(AtlasError, match="computed: a: unknown key paralel; did you mean parallel"):
        read_tables(tmp_path, config)
