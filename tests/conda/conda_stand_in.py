"""A stand-in for the `conda` command over rattler: what Snakemake asks of it, against a channel in a folder.

REHEARSAL_CHANNEL is the address of the channel that is taken for conda-forge, REHEARSAL_PREFIX
the folder that holds bin/conda and bin/activate, REHEARSAL_CACHE where packages are unpacked.
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

import yaml
from rattler import Channel, MatchSpec, VirtualPackage, install, solve
from rattler.platform import Subdir

# the oldest that Snakemake 9.27 takes
VERSION = "24.7.1"


async def create(file: Path, prefix: Path) -> None:
    """Solve an environment file against the channel and link its packages into ``prefix``."""
    wanted = yaml.safe_load(file.read_text())
    unknown = set(wanted["channels"]) - {"conda-forge", "nodefaults"}
    if unknown or "conda-forge" not in wanted["channels"]:
        sys.exit(f"conda: {file}: channels {wanted['channels']}; only conda-forge is known here")
    specs = [MatchSpec(line) for line in wanted["dependencies"]]
    records = await solve(
        sources=[Channel(os.environ["REHEARSAL_CHANNEL"])], specs=specs, virtual_packages=VirtualPackage.detect()
    )
    await install(
        records,
        target_prefix=prefix,
        cache_dir=Path(os.environ["REHEARSAL_CACHE"]),
        show_progress=False,
    )


def main(words: list[str]) -> None:
    if words == ["--version"]:
        print(f"conda {VERSION}")
    elif words == ["info", "--json"]:
        prefix = os.environ["REHEARSAL_PREFIX"]
        print(json.dumps({"conda_prefix": prefix, "platform": str(Subdir.current()), "conda_version": VERSION}))
    elif words == ["config", "--get", "channel_priority", "--json"]:
        print(json.dumps({"get": {"channel_priority": "strict"}}))
    elif words[:1] == ["clean"]:
        print("nothing to clean")
    elif words[:2] == ["env", "create"]:
        parser = argparse.ArgumentParser(prog="conda env create")
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--prefix", type=Path, required=True)
        for flag in ("--quiet", "--yes", "--no-default-packages"):
            parser.add_argument(flag, action="store_true")
        arguments = parser.parse_args(words[2:])
        asyncio.run(create(arguments.file, arguments.prefix))
        # rattler's own threads may still hold Python objects; an interpreter that takes itself apart meanwhile crashes
        os._exit(0)
    else:
        sys.exit(f"conda: this stand-in does not know: {' '.join(words)}")


if __name__ == "__main__":
    main(sys.argv[1:])
