"""The environment that ./atlas makes: kept, shared, mended; never taken from under a run."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import atlas, checkout, variables

pytestmark = pytest.mark.slow
WHERE = "import sys; print(sys.executable)"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A checkout without requirements, whose environment two shells have made at once."""
    place = checkout(tmp_path_factory.mktemp("elsewhere") / "atlas", pins="# none\n")
    words = [str(place / "atlas"), "run", "python", "-c", WHERE]
    shells = [
        subprocess.Popen(words, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [shell.communicate(timeout=300) for shell in shells]
    assert [shell.returncode for shell in shells] == [0, 0], said
    assert {out.strip() for out, _ in said} == {str(place / ".venv" / "bin" / "python")}
    assert sum("making the environment" in error for _, error in said) == 1, said
    return place


def stamp(place):
    return (place / ".venv" / "stamp").stat().st_mtime_ns


def test_two_shells_at_once_make_one_environment(made):
    assert not list(made.glob(".venv?*lock*")) and not list(made.glob(".venv.new"))


def test_a_working_environment_stays_whatever_python_is_today(made, tmp_path):
    before = stamp(made)
    run = atlas(made, "run", "python", "-c", WHERE, PYTHON="/bin/false", PYTHONHOME="/nowhere", PYTHONSTARTUP="/no.py")
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert stamp(made) == before


def test_other_requirements_while_it_is_in_use(made):
    """A second environment beside it for this command; the running program keeps its own. Later one takes the place of the other."""
    pins = made / "requirements" / "main.txt"
    running = subprocess.Popen([made / ".venv" / "bin" / "python", "-c", "input()"], stdin=subprocess.PIPE)
    try:
        pins.write_text("# others\n")
        before = stamp(made)
        run = atlas(made, "run", "python", "-c", WHERE)
        assert "is in use" in run.stderr
        assert run.stdout.startswith(f"{made / '.venv'}-")
        assert stamp(made) == before
    finally:
        running.communicate(b"\n")
    run = atlas(made, "run", "python", "-c", WHERE)
    assert run.stderr == ""  # put in place, not made again
    assert run.stdout.strip() == str(made / ".venv" / "bin" / "python")
    assert [path.name for path in made.glob(".venv*") if path.is_dir()] == [".venv"]


def test_lock_of_a_killed_shell_and_a_half_made_environment(made):
    (made / ".venv" / "stamp").unlink()
    lock = made / ".venv.lock"
    lock.mkdir()
    (lock / "process").write_text(f"999999999@{subprocess.check_output(['uname', '-n'], text=True).strip()}\n")
    run = atlas(made, "run", "python", "-c", WHERE)
    assert run.returncode == 0, run.stderr
    assert "making the environment" in run.stderr
    assert not lock.exists()


def test_removed_package(made):
    (pip,) = (made / ".venv").glob("lib/python3*/site-packages/pip")
    shutil.rmtree(pip)
    run = atlas(made, "run", "python", "-m", "pip", "--version")
    assert run.returncode == 0, run.stderr
    assert "making the environment" in run.stderr


def test_moved_checkout_mends_its_environment(made, tmp_path):
    place = made.rename(made.with_name("renamed"))
    try:
        before = stamp(place)
        run = atlas(place, "run", "python", "-c", "import attention_atlas; print(attention_atlas.__path__[0])")
        assert run.stderr == ""
        assert run.stdout.strip() == str(place / "src" / "attention_atlas")
        assert stamp(place) == before
        # programs of the environment, also without ./atlas
        pip = subprocess.run([place / ".venv" / "bin" / "pip", "--version"], capture_output=True, text=True, check=True)
        assert str(place) in pip.stdout
        library = subprocess.run(
            [place / ".venv" / "bin" / "python", "-c", "import attention_atlas as a; print(a.__path__[0])"],
            cwd=tmp_path, env=variables(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert library.stdout.strip() == str(place / "src" / "attention_atlas"), library.stderr
    finally:
        place.rename(made)


def test_environment_that_two_checkouts_share(made, tmp_path):
    """It stays as its own checkout has it; the other finds its library nevertheless."""
    other = checkout(tmp_path / "other", pins="# none\n")
    (other / "requirements" / "main.txt").write_text((made / "requirements" / "main.txt").read_text())
    assert atlas(made, "run", "true").returncode == 0  # an earlier test has moved it
    files = [made / ".venv" / "place", *(made / ".venv").glob("lib/python3*/site-packages/attention_atlas.pth")]
    assert len(files) == 2
    before = [(path.read_text(), path.stat().st_mtime_ns) for path in files]
    program = "import attention_atlas; print(attention_atlas.__path__[0])"
    run = atlas(other, "run", "python", "-c", program, ATLAS_ENVIRONMENT=made / ".venv")
    assert run.stderr == ""
    assert run.stdout.strip() == str(other / "src" / "attention_atlas")
    assert [(path.read_text(), path.stat().st_mtime_ns) for path in files] == before


def test_program_that_does_not_exist(made):
    run = atlas(made, "run", "nosuchprogram")
    assert run.returncode == 2
    assert run.stderr.startswith("attention-atlas: nosuchprogram: there is no such program")
    assert len(run.stderr.splitlines()) == 1


def test_space_in_the_path_takes_the_environment_to_the_caches(tmp_path):
    place = checkout(tmp_path / "it's ü" / "a b", pins="# none\n")
    run = atlas(place, "run", "python", "-c", WHERE, XDG_CACHE_HOME=tmp_path / "caches")
    assert run.returncode == 0, run.stderr
    assert Path(run.stdout.strip()).is_relative_to(tmp_path / "caches" / "attention-atlas")
    assert not (place / ".venv").exists()
    refused = atlas(place, "run", "true", ATLAS_ENVIRONMENT=tmp_path / "a b")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "choose another folder" in refused.stderr


def test_line_ends_of_windows(made, tmp_path):
    """git clone -c core.autocrlf=true of a checkout with .gitattributes keeps the bytes."""

    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)

    source = tmp_path / "source"
    source.mkdir()
    for name in ("atlas", ".gitattributes", "Snakefile"):
        (source / name).write_bytes((made / name).read_bytes())
    git("init", str(source))
    git("-C", str(source), "add", "-A")
    git("-C", str(source), "commit", "-m", "all")
    git("clone", "-c", "core.autocrlf=true", str(source), str(tmp_path / "clone"))
    for name in ("atlas", "Snakefile"):
        assert b"\r" not in (tmp_path / "clone" / name).read_bytes()


def test_settings_of_pip_do_not_decide_where_packages_go(tmp_path):
    """A configuration file of pip's with a target, and the like; nothing is installed, so that no network is needed."""
    place = checkout(tmp_path / "atlas", pins="# none\n")
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nuser = true\ntarget = /nowhere\nrequire-virtualenv = false\n")
    shown = ["run", "python", "-m", "pip", "config", "debug"]
    run = atlas(place, *shown, PIP_CONFIG_FILE=settings, PIP_TARGET="/nowhere", PYTHON=sys.executable)
    assert run.returncode == 0, run.stderr
    assert "PIP_USER='0'" in run.stdout
    assert "PIP_TARGET=''" in run.stdout
