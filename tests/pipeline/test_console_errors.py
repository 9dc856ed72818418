"""Errors of Snakemake itself as one line that says what to change; all others pass unchanged."""

import logging
import os
import signal
import subprocess
import sys

import pytest

from attention_atlas.pipeline.console_errors import Interruption, PlainErrors, plain_words

LOCK = "LockException:\nError: Directory cannot be locked. Please make sure that no other Snakemake process is trying"
FULL = 'RuleException:\nOSError in file "/home/a/spheres.smk", line 402:\n[Errno 28] No space left on device'
READ_ONLY = "Traceback (most recent call last):\nOSError: [Errno 30] Read-only file system: 'results/a/fig7.png'"


def record(text, level=logging.ERROR):
    return logging.LogRecord("snakemake", level, "", 0, text, (), None)


def test_lock_of_a_killed_run_names_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = plain_words(LOCK, ["spheres_fig2", "--directory", "a b"])
    assert words == f"a run in {tmp_path} was killed; recover it with: ./atlas recover spheres_fig2 --directory 'a b'"


def test_lock_of_a_live_run_names_its_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("attention_atlas.pipeline.console_errors.at_work", lambda folder: type("", (), {"runs": [123]}))
    words = plain_words(LOCK, [])
    assert "another run (process 123)" in words
    assert "kill -INT 123" in words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FULL, "the disk is full; free some space and run the same command again"),
        (READ_ONLY, "results/a/fig7.png: cannot be written or read (Read-only file system)"),
        ("PermissionError: [Errno 13] Permission denied: '/a/.snakemake/locks'", "/a/.snakemake/locks: cannot be"),
    ],
)
def test_system_errors_say_what_to_do(text, expected):
    assert plain_words(text, []).startswith(expected)


@pytest.mark.parametrize("text", ["MissingInputException in rule a", "[Errno 2] No such file or directory: 'a.csv'"])
def test_other_errors_keep_their_words(text, capsys):
    assert plain_words(text, []) is None
    assert PlainErrors([]).filter(record(text))
    assert capsys.readouterr().err == ""


def test_each_line_is_said_once_and_the_long_error_is_hidden(capsys):
    errors = PlainErrors([])
    assert not errors.filter(record(FULL))
    assert not errors.filter(record(FULL))
    assert errors.filter(record(FULL, logging.INFO))
    assert capsys.readouterr().err.count("attention-atlas: the disk is full") == 1


def test_jobs_ended_by_ctrl_c_are_no_failures(monkeypatch):
    last = []
    monkeypatch.setattr("atexit.register", lambda *words, **_: last.append(words))
    monkeypatch.setattr(Interruption, "told", False)
    errors = PlainErrors([])
    assert errors.filter(record("Error in rule a"))
    assert not errors.filter(record("Terminating processes on user request, this might take some time.", logging.INFO))
    assert not errors.filter(record("Error in rule b"))
    assert errors.filter(record("Complete log(s): a", logging.INFO))
    assert len(last) == 1
    assert "run the same command again" in last[0][1]


@pytest.mark.parametrize("work", ["time.sleep(60)", "try: time.sleep(60)\nexcept KeyboardInterrupt: sys.exit(1)"])
def test_ctrl_c_is_one_line_whether_snakemake_catches_it_or_not(work):
    code = "import sys, time\nfrom attention_atlas.pipeline.console_errors import Interruption\nInterruption.expect()\n"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}print('ready', flush=True)\n{work}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        # tests that were started in the background ignore Ctrl-C, and what they start inherits that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1].splitlines() == [
        "attention-atlas: interrupted; finished results are kept, run the same command again to go on"
    ]
    assert process.returncode != 0
