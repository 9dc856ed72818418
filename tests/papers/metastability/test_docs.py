"""The example in docs/metastability.md gives what its comments say."""

import re


def test_example_of_the_page(home):
    (example,) = re.findall(
        r"```python\n(.*?)```", (home / "docs" / "metastability.md").read_text(encoding="utf-8"), re.DOTALL
    )
    names = {}
    exec(example, names)
    assert names["k_max"] == 4
    assert names["run"].status == "ok"
    assert names["clusters"].tolist() == [-1] * 6 + [4] * 7 + [3] * 8
