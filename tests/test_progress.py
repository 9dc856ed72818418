"""Progress lines say done, total and time left, and not too often."""

import io

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
