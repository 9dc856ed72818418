"""A conda channel in a folder, packed from the running Python and from installed packages.

Where no channel can be reached this is what the environments in ``envs/`` are solved against:
real archives with real dependencies, of exactly the versions that are pinned. What it cannot
show is whether conda-forge has these versions.
"""

import asyncio
import hashlib
import io
import json
import site
import stat
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import zstandard
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import index
from rattler.platform import Subdir

# names on the Python index -> names on conda-forge
RENAMED = {"matplotlib": "matplotlib-base", "huggingface-hub": "huggingface_hub"}
# Parts of Python that no rule needs and that are large.
LEFT_OUT = {"__pycache__", "test", "tests", "idlelib", "ensurepip", "turtledemo", "site-packages", "dist-packages"}
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# The first date a zip archive can hold: archives of the same files are the same bytes.
DATE = 315532800

Content = Path | bytes


class Source(NamedTuple):
    """A package to pack: its metadata, and its files by their place below the environment's folder."""

    name: str
    version: str
    depends: list[str]
    files: dict[str, Content]
    links: dict[str, str]


def conda_name(name: str) -> str:
    """How conda-forge calls a package of the Python index."""
    plain = canonicalize_name(name)
    return RENAMED.get(plain, plain)


def packages_folder() -> str:
    """Where this Python looks for packages, below its prefix (distributions have names of their own for it)."""
    return Path(site.getsitepackages(["/prefix"])[-1]).relative_to("/prefix").as_posix()


def running_python(witness: str) -> Source:
    """The running CPython without its packages. ``witness`` becomes its sitecustomize module."""
    paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_prefix})
    library = Path(paths["stdlib"])
    files: dict[str, Content] = {}
    for path in library.rglob("*"):
        inside = path.relative_to(library)
        if path.is_file() and not LEFT_OUT & set(inside.parts) and not inside.parts[0].startswith("config-"):
            files[f"lib/python{PYTHON}/{inside.as_posix()}"] = path.resolve()
    files[f"bin/python{PYTHON}"] = Path(sys.base_prefix, "bin", f"python{PYTHON}").resolve()
    files[f"{packages_folder()}/sitecustomize.py"] = witness.encode()
    links = {"bin/python3": f"python{PYTHON}", "bin/python": f"python{PYTHON}"}
    version = ".".join(map(str, sys.version_info[:3]))
    return Source("python", version, [], files, links)


def dependencies(distribution: metadata.Distribution) -> list[str]:
    """What a package asks for on this machine, without extras, as conda writes it."""
    found = [f"python {PYTHON}.*"]
    for line in distribution.requires or []:
        wanted = Requirement(line)
        if not wanted.marker or wanted.marker.evaluate({"extra": ""}):
            found.append(f"{conda_name(wanted.name)} {wanted.specifier}".strip())
    return found


def installed_package(distribution: metadata.Distribution) -> Source:
    """An installed package; its commands in ``bin/`` are left out, they name another Python."""
    folder = packages_folder()
    files: dict[str, Content] = {}
    for path in distribution.files or []:
        if ".." not in path.parts and "__pycache__" not in path.parts and not path.is_absolute():
            file = Path(str(distribution.locate_file(path)))
            # direct_url.json and INSTALLER would tell how *this* copy came here
            if file.is_file() and path.name not in ("direct_url.json", "REQUESTED"):
                files[f"{folder}/{path.as_posix()}"] = file
    name = conda_name(distribution.metadata["Name"])
    return Source(name, distribution.version, dependencies(distribution), files, {})


def closure(names: Iterable[str], folders: Iterable[Path]) -> Iterator[metadata.Distribution]:
    """Distributions of these names and of all that they ask for; ``folders`` are looked at before what is installed."""
    search = [*map(str, folders), *sys.path]
    todo, seen = list(names), set()
    while todo:
        name = canonicalize_name(todo.pop())
        if name in seen:
            continue
        seen.add(name)
        found = next(iter(metadata.distributions(name=name, path=search)), None)
        if found is None:
            raise LookupError(f"package {name} is asked for and not installed; the channel would lack it")
        yield found
        for line in found.requires or []:
            wanted = Requirement(line)
            if not wanted.marker or wanted.marker.evaluate({"extra": ""}):
                todo.append(wanted.name)


def _tar(entries: Mapping[str, Content], links: Mapping[str, str]) -> bytes:
    """A tar file, compressed; executables stay executable."""
    stream = io.BytesIO()
    with (
        zstandard.ZstdCompressor(level=1).stream_writer(stream, closefd=False) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w|") as archive,
    ):
        for name, content in sorted(entries.items()):
            member = tarfile.TarInfo(name)
            data = content if isinstance(content, bytes) else content.read_bytes()
            runs = isinstance(content, Path) and content.stat().st_mode & stat.S_IXUSR
            member.size, member.mtime, member.mode = len(data), DATE, 0o755 if runs else 0o644
            archive.addfile(member, io.BytesIO(data))
        for name, target in sorted(links.items()):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mtime = tarfile.SYMTYPE, target, DATE
            archive.addfile(member)
    return stream.getvalue()


def _path_entry(name: str, content: Content, kind: str = "hardlink") -> dict[str, str | int]:
    data = content if isinstance(content, bytes) else content.read_bytes()
    return {
        "_path": name,
        "path_type": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_in_bytes": len(data),
    }


def pack(source: Source, folder: Path, subdir: str) -> Path:
    """Write one package as ``.conda`` archive into the channel's ``folder``."""
    stem = f"{source.name}-{source.version}-0"
    paths = [_path_entry(name, content) for name, content in sorted(source.files.items())]
    paths += [_path_entry(name, b"", "softlink") for name in sorted(source.links)]
    about = {
        "name": source.name,
        "version": source.version,
        "build": "0",
        "build_number": 0,
        "depends": source.depends,
        "subdir": subdir,
        "timestamp": DATE * 1000,
    }
    information = {
        "info/index.json": json.dumps(about).encode(),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}).encode(),
    }
    target = folder / subdir / f"{stem}.conda"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("metadata.json", json.dumps({"conda_pkg_format_version": 2}))
        archive.writestr(f"pkg-{stem}.tar.zst", _tar(source.files, source.links))
        archive.writestr(f"info-{stem}.tar.zst", _tar(information, {}))
    return target


def unpack_wheels(requirements: Iterable[str], folder: Path) -> None:
    """Put packages that this environment does not have into ``folder``, each alone, from the Python index.

    Raises
    ------
    subprocess.CalledProcessError
        The index cannot be reached, or has no such version.
    """
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    words += ["--no-compile", "--target", str(folder), *requirements]
    subprocess.run(words, check=True, capture_output=True, text=True, timeout=600)


def make_channel(folder: Path, names: Iterable[str], extra: Path, witness: str) -> list[Source]:
    """Pack Python and these packages with all they ask for, and index the channel; what was packed."""
    subdir = str(Subdir.current())
    sources = [running_python(witness), *(installed_package(found) for found in closure(names, [extra]))]
    for source in sources:
        pack(source, folder, subdir)
    (folder / "noarch").mkdir(exist_ok=True)
    asyncio.run(index.index_fs(folder, write_zst=False, write_shards=False))
    return sources
