"""Progress lines say done, total and time left, and not too often."""

import io
import logging

from attention_atlas.pipeline.console import ProgressLine, follow_progress, read_costs
from attention_atlas.progress import Progress, duration


def test_durations():
    assert [duration(s) for s in (0.4, 59, 65, 3725)] == ["0 s", "59 s", "1:05 min", "1:02:05 h"]


def test_lines_are_rare_and_the_last_is_written():
    stream = io.StringIO()
    progress = Progress("flow", 1000, every=3600, stream=stream)
    for done in range(0, 1001, 10):
        progress(done)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "flow: 0/1000 steps (0 %), starting"
    assert lines[-1].startswith("flow: 1000/1000 steps (100 %), finished in")
    assert len(lines) == 2


def event(name, **fields):
    record = logging.LogRecord("snakemake", logging.INFO, "", 0, "", (), None)
    record.event = name
    record.__dict__.update(fields)
    return record


def test_time_left_follows_the_costs(capsys, monkeypatch):
    clock = iter([0.0, 1.0, 9.0, 10.0])
    monkeypatch.setattr("attention_atlas.pipeline.console.time.monotonic", lambda: next(clock))
    line = ProgressLine({"long": 90.0, "short": 10.0})
    line.emit(event("run_info", stats={"long": 1, "short": 1, "total": 2}))
    line.emit(event("job_info", jobid=1, rule_name="short", wildcards={"slab": 3}))
    line.emit(event("job_finished", job_id=1))
    line.emit(event("progress", done=1, total=2))
    assert capsys.readouterr().err == "[atlas] 1 of 2 jobs done, 10 s, about 1:30 min left; short 3 (8 s)\n"


def test_costs_of_all_rules_are_read(home, tmp_path):
    assert read_costs(tmp_path / "missing.csv") == {}
    path = tmp_path / "costs.csv"
    path.write_text("rule,seconds\na,2.5\n")
    assert read_costs(path) == {"a": 2.5}


def test_handler_is_attached_once(tmp_path):
    logger = logging.getLogger("test-follow-progress")
    follow_progress(logger, tmp_path / "costs.csv")
    follow_progress(logger, tmp_path / "costs.csv")
    assert len(logger.handlers) == 1
