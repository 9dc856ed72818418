"""Tell the programs of an environment where they and the library lie now; ``./atlas`` runs this with the environment's own Python.

Programs in ``bin/`` begin with the path of their Python, and ``activate`` holds that of the folder: both are wrong after a move.
"""

import re
import sys
import sysconfig
from pathlib import Path


def old_place(environment: Path) -> str | None:
    """The folder that ``bin/activate`` names."""
    told = re.search(r"VIRTUAL_ENV=[\"']?(/[^\"'\n]*?)[\"']?$", (environment / "bin" / "activate").read_text(), re.M)
    return told[1] if told else None


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """A program or a shell script of an environment that has moved from ``old`` to ``new``.

    The two lines are what pip writes for long paths: a comment of Python's and a command of the shell at once.
    """
    first, _, rest = content.partition(b"\n")
    if first.startswith(b"#!" + old):
        return b"#!/bin/sh\n'''exec' \"" + new + b'/bin/python" "$0" "$@"\n' + b"' '''\n" + rest.replace(old, new)
    return content.replace(old, new)


def main(environment: Path, home: Path) -> None:
    old = old_place(environment)
    if old is not None and old != str(environment):
        for path in (environment / "bin").iterdir():
            if path.is_file() and not path.is_symlink() and old.encode() in (content := path.read_bytes()):
                path.write_bytes(rewritten(content, old.encode(), str(environment).encode()))
    (Path(sysconfig.get_path("purelib")) / "attention_atlas.pth").write_text(f"{home / 'src'}\n", encoding="utf-8")
    (environment / "place").write_text(f"{environment}\n{home}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
