"""A failing job is one line on the console; its log keeps the details."""

import errno
import re
import zlib

import numba
import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.jobs import explain, job, usage_from_log, use_threads


def test_output_goes_to_the_log(tmp_path, capfd):
    with job(tmp_path / "deep" / "a.log"):
        print("kernel at work")
    lines = (tmp_path / "deep" / "a.log").read_text().splitlines()
    assert lines[0] == "kernel at work"
    assert re.fullmatch(r"used \d+\.\d\d s of processor time and at most \d+\.\d MB of memory", lines[1])
    assert len(lines) == 2
    assert capfd.readouterr() == ("", "")


def test_error_of_the_user_is_one_line_without_traceback(tmp_path, capfd):
    with pytest.raises(SystemExit) as caught, job(tmp_path / "a.log"):
        raise AtlasError("fig2.csv: is damaged; delete it")
    assert caught.value.code == 1
    assert capfd.readouterr().err == "attention-atlas: fig2.csv: is damaged; delete it\n"
    assert "Traceback" not in (tmp_path / "a.log").read_text()


def test_unexpected_error_keeps_its_traceback_in_the_log(tmp_path, capfd):
    with pytest.raises(SystemExit), job(tmp_path / "a.log"):
        raise ZeroDivisionError("division\nby zero")
    line = capfd.readouterr().err
    assert line.count("\n") == 1
    assert "ZeroDivisionError: division by zero" in line
    assert "Traceback" in (tmp_path / "a.log").read_text()


def test_interrupted_job_says_nothing(tmp_path, capfd):
    with pytest.raises(SystemExit) as caught, job(tmp_path / "a.log"):
        raise KeyboardInterrupt
    assert caught.value.code == 130
    assert capfd.readouterr() == ("", "")


def test_full_disk_is_one_line_though_the_log_cannot_be_written(tmp_path, capfd):
    (tmp_path / "a.log").symlink_to("/dev/full")
    with pytest.raises(SystemExit) as caught, job(tmp_path / "a.log"):
        raise OSError(errno.ENOSPC, "No space left on device", "a.npz")
    assert caught.value.code == 1
    line = capfd.readouterr().err
    assert line.startswith("attention-atlas: a.npz: the disk is full")
    assert line.count("\n") == 1


def test_full_disk_behind_another_error_is_what_is_told(tmp_path, capfd):
    def write():
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        finally:
            zlib.decompressobj().decompress(b"not compressed")

    with pytest.raises(SystemExit), job(tmp_path / "a.log"):
        write()
    assert capfd.readouterr().err.startswith("attention-atlas: the disk is full")


def test_log_that_cannot_be_opened_is_one_line(tmp_path, capfd):
    (tmp_path / "a.log").mkdir()
    with pytest.raises(SystemExit), job(tmp_path / "a.log"):
        raise AssertionError("not reached")
    line = capfd.readouterr().err
    assert line.startswith("attention-atlas: ") and line.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.npz"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "a.npz"), "check the permissions"),
        (OSError(errno.EROFS, "Read-only file system", "a.npz"), "check the permissions"),
        (MemoryError(), "more slabs"),
    ],
)
def test_common_failures_say_what_to_do(error, words):
    assert words in explain(error, "a.log")


@pytest.mark.parametrize("threads", [1, 2, 10_000])
def test_threads_of_a_job_are_those_of_numba(tmp_path, threads):
    with job(tmp_path / "a.log", threads):
        used = numba.get_num_threads()
    assert used == min(threads, numba.config.NUMBA_NUM_THREADS)
    use_threads(numba.config.NUMBA_NUM_THREADS)


def test_what_a_job_used_is_read_from_its_log(tmp_path):
    numbers = np.ones(30_000_000)  # 240 MB
    for name in ("rule.log", "rule/a.log"):
        with job(tmp_path / name):
            print(numbers.sum())
    seconds, megabytes = usage_from_log(tmp_path / "rule" / "job.tsv", tmp_path)
    assert seconds > 0
    assert megabytes > 240
    assert usage_from_log(tmp_path / "rule" / "a.tsv", tmp_path)[1] >= megabytes
    assert usage_from_log(tmp_path / "rule" / "b.tsv", tmp_path) is None
    with pytest.raises(SystemExit), job(tmp_path / "rule" / "b.log"):
        raise AtlasError("failed")
    assert usage_from_log(tmp_path / "rule" / "b.tsv", tmp_path) is None
