"""The texts of the atlas: one for each figure of each configuration, with real keys and TeX that can be set."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

HOME = Path(__file__).resolve().parents[2]
TEXTS = HOME / "web" / "atlas" / "texts"
PAPERS = ["spheres", "mean_field", "art", "perspective", "metastability", "language"]
KINDS = {"picture", "animation", "page", "table"}
FIELDS = {"title", "number", "kind", "text", "equations", "look_for", "config", "paper_values", "captions"}
ALBERT = "language: {albert: {enabled: true}}\n"
# What the texts may use of TeX: all of it known to KaTeX.
WORDS = (
    "alpha approx arg bar beta bigl bigr Bigl Bigr cdot cos cosh delta dot dots epsilon equiv eta exp frac gamma ge "
    "geq hat iff iint in inf infty int lambda langle le leq ldots left leftarrow lim ln log mapsto mathbb mathbf "
    "mathcal mathrm max min mu nabla ne nu omega operatorname partial phi pi pm prod propto qquad quad rangle rho "
    "right rightarrow sigma sim sin sinh sqrt sum sup tanh tau text textstyle tfrac theta tilde times to top "
    "Upsilon varepsilon varphi xi zeta "
)
COMMANDS = set(re.findall("[A-Za-z]+", WORDS)) | set(" ,;!(){}|")


@cache
def paper_texts(paper):
    return yaml.safe_load((TEXTS / f"{paper}.yaml").read_text(encoding="utf-8"))


@cache
def default_config():
    return yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures_of(tmp_path_factory):
    """FIGURES as the rules build them from a configuration, {paper: [figure, ...]}."""

    def ask(name, *configs):
        folder = tmp_path_factory.mktemp(name)
        for part in (
            "config.yaml",
            "workflow",
            "src",
            "scripts",
            "envs",
            "profiles",
            "web",
            "resources",
            "requirements",
        ):
            (folder / part).symlink_to(HOME / part)
        answer = folder / "figures.json"
        extra = f"\n\nimport json\n\nPath({str(answer)!r}).write_text(json.dumps({{p: list(f) for p, f in FIGURES.items()}}))\n"
        (folder / "Snakefile").write_text((HOME / "Snakefile").read_text() + extra)
        words = [sys.executable, "-m", "snakemake", "--list-target-rules", "--snakefile", str(folder / "Snakefile")]
        words += ["--directory", str(folder / "run")]
        (folder / "run").mkdir()
        words += ["--configfile", *map(str, configs)] if configs else []
        run = subprocess.run(words, cwd=HOME, capture_output=True, text=True, timeout=120, check=False)
        assert run.returncode == 0, run.stderr[-2000:]
        return json.loads(answer.read_text())

    return cache(ask)


@pytest.fixture(scope="module")
def configurations(figures_of, tmp_path_factory):
    """FIGURES of the default configuration, of the small one, and of one with ALBERT."""
    albert = tmp_path_factory.mktemp("albert") / "albert.yaml"
    albert.write_text(ALBERT)
    return {
        "default": figures_of("default"),
        "small": figures_of("small", HOME / "tests" / "config" / "small.yaml"),
        "albert": figures_of("albert", albert),
    }


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


def entries():
    return [(paper, name) for paper in PAPERS for name in paper_texts(paper)["figures"]]


def entry_of(paper, key):
    """Name of the entry that stands for a figure: its own, else the first whose pattern matches."""
    figures = paper_texts(paper)["figures"]
    if key in figures and "match" not in figures[key]:
        return key
    return next((name for name, entry in figures.items() if re.fullmatch(entry.get("match", r"(?!)"), key)), None)


def tex_of(text):
    """The TeX between \\( and \\) of a text; fails where they do not pair."""
    marks = re.findall(r"\\[()]", text)
    assert marks == ["\\(", "\\)"] * (len(marks) // 2), text
    return re.findall(r"\\\((.*?)\\\)", text, re.DOTALL)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("configuration", ["default", "small", "albert"])
def test_each_figure_has_one_text_and_each_text_a_figure(configurations, configuration, paper):
    figures = configurations[configuration][paper]
    found = {key: entry_of(paper, key) for key in figures}
    assert None not in found.values(), found
    needless = {
        name
        for name, entry in paper_texts(paper)["figures"].items()
        if name not in found.values() and not entry.get("optional")
    }
    assert not needless


def test_every_body_of_work_of_the_rules_has_texts(configurations):
    papers = yaml.safe_load((TEXTS / "front.yaml").read_text(encoding="utf-8"))["papers"]
    assert set(configurations["default"]) <= set(papers) == set(PAPERS)
    assert len(papers) == len(set(papers))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_body_of_work_has_title_paper_and_summary(paper):
    texts = paper_texts(paper)
    assert set(texts) == {"title", "paper", "summary", "figures"}
    assert 2 <= len(re.findall(r"[.?](?:\s|$)", texts["summary"])) <= 6


@pytest.mark.parametrize(("paper", "name"), entries())
def test_an_entry_is_complete(paper, name):
    entry = paper_texts(paper)["figures"][name]
    assert set(entry) <= FIELDS | {"match", "optional", "claims"}
    assert set(entry) >= FIELDS - {"paper_values", "captions"}
    assert entry["kind"] in KINDS
    assert entry["title"] and len(entry["title"]) < 70
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", entry["text"])) <= 4, entry["text"]
    assert entry["config"]
    if "match" in entry:
        assert re.compile(entry["match"]).groups >= max(
            [int(number) for text in strings(entry) for number in re.findall(r"@(\d)", text)], default=0
        )
        assert re.search("[A-Z]", name)


@pytest.mark.parametrize(("paper", "name"), entries())
def test_parameters_are_keys_of_the_configuration(configurations, paper, name):
    entry = paper_texts(paper)["figures"][name]
    keys = [*entry["config"], *entry.get("paper_values", {})]
    matches = [re.fullmatch(entry.get("match", re.escape(name)), key) for key in configurations["default"][paper]]
    for match in filter(None, matches):
        for key in keys:
            value = default_config()
            for part in re.sub(r"@(\d)", lambda number: match[int(number[1])], key).split("."):  # noqa: B023
                assert part in value, f"{name}: {key}"
                value = value[part]
            if key in entry.get("paper_values", {}):
                assert value != entry["paper_values"][key], f"{name}: {key} is the paper's own value"


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.yaml")), ids=lambda path: path.name)
def test_strings_hold_text_and_tex_only(path):
    for text in strings(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert not re.search(r"</?[A-Za-z!]|&[a-z#]+;|\*\*|`", text), text
        assert not re.search(r"@(?!\d)", text), text
        assert text == text.strip()


@pytest.mark.parametrize("paper", PAPERS)
def test_tex_is_balanced_and_known(paper):
    texts = paper_texts(paper)
    formulas = [
        texts["summary"],
        *(text for entry in texts["figures"].values() for text in strings({**entry, "equations": []})),
    ]
    tex = [part for text in formulas for part in tex_of(text)]
    tex += [equation for entry in texts["figures"].values() for equation in entry["equations"] or []]
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


def test_the_front_page_is_complete():
    front = yaml.safe_load((TEXTS / "front.yaml").read_text(encoding="utf-8"))
    assert set(front) == {"title", "subtitle", "introduction", "papers", "pages"}
    assert 3 <= len(re.findall(r"[.?](?:\s|$)", front["introduction"])) <= 6
    assert set(front["pages"]) >= {"claims", "provenance", "published"}
    for page in front["pages"].values():
        assert set(page) == {"title", "text"}
        assert all(page.values())
