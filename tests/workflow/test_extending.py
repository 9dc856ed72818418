"""What docs/extending.md says is done on a copy of the checkout."""

import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from runs import HOME, good, snakemake


def copy_of_the_checkout(target):
    """All files that git knows, with their times."""
    names = subprocess.run(["git", "-C", str(HOME), "ls-files", "-z"], capture_output=True, text=True, check=True)
    for name in names.stdout.split("\0")[:-1]:
        if (HOME / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOME / name, target / name)


@pytest.mark.slow
def test_both_examples_apply_and_have_their_pages(tmp_path, small_run):
    diffs = re.findall(r"```diff\n(.*?)```", (HOME / "docs" / "extending.md").read_text(), re.DOTALL)
    assert len(diffs) == 2
    home, run = tmp_path / "home", tmp_path / "run"
    copy_of_the_checkout(home)
    for diff in diffs:
        subprocess.run(["git", "apply"], cwd=home, input=diff, text=True, check=True)
    writer = [sys.executable, "-m", "attention_atlas.pipeline.config_file"]
    subprocess.run(writer, cwd=home, env={"PYTHONPATH": str(home / "src"), "HOME": str(tmp_path)}, check=True)

    shutil.copytree(small_run, run)
    good(snakemake(run, "spheres_gap", "spheres_fig3_forms", "spheres_claims", "atlas", home=home))
    front = (run / "results" / "atlas" / "spheres" / "index.html").read_text()
    for figure, title in {
        "gap": "The eigenvalue gap sets the rate",
        "fig3_forms": "The form at the end of the descents",
    }.items():
        page = (run / "results" / "atlas" / "spheres" / f"{figure}.html").read_text()
        assert title in page
        assert f"{figure}.html" in front
        assert (run / "results" / "spheres" / "figures" / f"{figure}.pdf").stat().st_size > 1000
    claims = pd.read_csv(run / "results" / "spheres" / "claims" / "claims.csv").set_index("id")
    assert claims.loc["gap-rate", "holds"] == "yes"
    tests = [
        "tests/papers/spheres/test_forms.py",
        "tests/papers/spheres/test_gap.py",
        "tests/pipeline/test_config_file.py",
    ]
    subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], cwd=home, check=True)
