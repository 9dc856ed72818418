"""Peak memory of real jobs against the size of the sweep they belong to, beside what the rules ask for.

    python benchmarks/memory_study.py [diagram] [image] [phase]      prints the table of docs/cluster.md (some minutes)

Every row is one job in a process of its own, the function that the rule's script runs, on data of that size. Runs of the map and of
the flows are short where the memory does not depend on their length; numbers of values, bins, pixels, starts and particles are
those of the row. The gathering of an image is given one computed slab as often as the image has slabs.
"""

import copy
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

HOME = Path(__file__).resolve().parents[1]
SEED = 6306593
sys.path[:0] = [str(HOME / "scripts"), str(HOME / "src")]

Size = Mapping[str, Any]


def configuration(block: str, **keys: Any) -> dict[str, Any]:
    """config.yaml with other keys in ``block``, a path such as mean_field.bifurcation."""
    config = copy.deepcopy(yaml.safe_load((HOME / "config.yaml").read_text()))
    inner = config
    for name in block.split("."):
        inner = inner[name]
    inner |= keys
    return config


def script(name: str) -> Any:
    """The module of a rule's script, such as art.compute_image."""
    return importlib.import_module(name)


def diagram(size: Size) -> dict[str, Any]:
    """A bifurcation diagram of many values, each with a short run."""
    return configuration(
        "mean_field.bifurcation",
        values={"first": 0.0, "last": 3.0, "count": size["values"]},
        slabs=size["slabs"],
        transient=200,
        alignment=0,
        saved=size.get("saved", 64),
        spectrum=max(64, size.get("saved", 64)),
        leading=size.get("leading", 3),
    )


def diagram_slab(size: Size, folder: Path, slab: int = 0) -> str:
    blocks = diagram(size)["mean_field"]
    if not (start := folder / "start.csv").exists():
        script("mean_field.compute_start").main(blocks["model"], {**blocks["start"], "tokens": 2000}, str(start))
    path = folder / f"slab_{slab}.npz"
    script("mean_field.compute_diagram").main(blocks, "bifurcation", slab, str(start), str(path))
    return str(path)


def diagram_slabs(size: Size, folder: Path) -> None:
    for slab in range(size["slabs"]):
        diagram_slab(size, folder, slab)


def diagram_gather(size: Size, folder: Path) -> None:
    paths = [str(folder / f"slab_{slab}.npz") for slab in range(size["slabs"])]
    settings = diagram(size)["mean_field"]["bifurcation"]
    script("mean_field.aggregate_diagram").main(paths, settings, str(folder / "picture.npz"), str(folder / "table.csv"))


def diagram_draw(size: Size, folder: Path) -> None:
    from attention_atlas.drawing.output import save
    from attention_atlas.papers.mean_field.draw import bifurcation

    drawn = bifurcation(str(folder / "picture.npz"), str(folder / "table.csv"), parameter="beta", half_width=0.001)
    save(drawn, [str(folder / f"figure.{suffix}") for suffix in ("png", "pdf")])


def image(size: Size) -> dict[str, Any]:
    art = configuration("art.images", rows=size["pixels"], columns=size["pixels"], slabs=size["slabs"])["art"]
    base = {key: art[key] for key in art if key not in ("seeds", "images", "check", "dimension", "zoom")}
    return {**base, **art["images"]}


def image_slab(size: Size, folder: Path) -> None:
    script("art.compute_image").main(image(size), SEED, size["slabs"] // 2, str(folder / "slab.npz"))


def image_gather(size: Size, folder: Path) -> None:
    outputs = [str(folder / name) for name in ("image.npz", "shares.csv", "summary.csv")]
    script("art.aggregate_image").main([str(folder / "slab.npz")] * size["slabs"], SEED, *outputs)


def draw_image(figure: str, size: Size, folder: Path, *tables: Any, **keys: Any) -> None:
    """Draw and save a row of the art."""
    from attention_atlas.drawing.output import save
    from attention_atlas.papers.art import draw

    drawn = getattr(draw, figure)(*tables, orientation=image(size)["orientation"], **keys)
    save(drawn, [str(folder / f"{figure}.{suffix}") for suffix in ("png", "pdf")])


def image_draw(size: Size, folder: Path) -> None:
    draw_image("landscape", size, folder, str(folder / "image.npz"), largest=image(size)["largest_picture"])


def image_details(size: Size, folder: Path) -> None:
    settings = image(size)
    keys = {name: settings[name] for name in ("iterations", "longest_period")}
    draw_image("details", size, folder, str(folder / "image.npz"), str(folder / "shares.csv"), **keys)


def image_sheet(size: Size, folder: Path) -> None:
    tables = ([str(folder / "image.npz")], str(folder / "summary.csv"))
    draw_image("sheet", size, folder, *tables, seeds=[SEED], iterations=image(size)["iterations"])


def phase_slab(size: Size, folder: Path) -> None:
    config = configuration("perspective.phase", runs=size["runs"], betas=[5.0], slabs=1)
    settings = config["perspective"]["phase"]
    settings["flows"]["sa"]["last_time"] = 1.0
    script("perspective.compute_phase").main(settings, "sa", size["dimension"], 0, str(folder / "phase.npz"))


JOBS: dict[str, Callable[[Size, Path], Any]] = {
    "diagram_slab": diagram_slab,
    "diagram_slabs": diagram_slabs,
    "diagram_gather": diagram_gather,
    "diagram_draw": diagram_draw,
    "image_slab": image_slab,
    "image_gather": image_gather,
    "image_draw": image_draw,
    "image_details": image_details,
    "image_sheet": image_sheet,
    "phase_slab": phase_slab,
}


def own_peak_megabytes() -> float:
    """Largest resident memory of this process; getrusage would count the one that has started it as well."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # no Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def peak_megabytes(name: str, size: Size, folder: Path) -> float:
    """Largest resident memory of the job ``name`` in a process of its own."""
    words = [sys.executable, str(Path(__file__).resolve()), "--job", name, json.dumps(dict(size)), str(folder)]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{name} {dict(size)}: {run.stderr[-2000:]}")
    return float(run.stdout.split()[-1])


def asked_megabytes(config: Mapping[str, Any], job: str) -> int:
    from attention_atlas.pipeline.job_sizes import job_sizes

    return job_sizes(config)[job].megabytes


Row = tuple[str, str, int, float, int]


def diagram_rows(folder: Path) -> Iterator[Row]:
    """(sweep, job, slabs, peak, asked) of bifurcation diagrams."""
    for values, slabs in ((701, 2), (10_000, 40), (100_000, 400)):
        here = folder / f"diagram_{values}"
        here.mkdir(parents=True, exist_ok=True)
        sweep, size = f"bifurcation, {values:,} values of β", {"values": values, "slabs": slabs}
        # the length of the papers' runs, whose recording is the largest part; once, because it takes a minute
        whole = {**size, "saved": 10_000}
        config = configuration("mean_field.bifurcation", values={"first": 0, "last": 3, "count": values}, slabs=slabs)
        yield (
            sweep,
            "a slab",
            slabs,
            peak_megabytes("diagram_slab", whole, here),
            asked_megabytes(config, "mean_field_bifurcation_compute"),
        )
        peak_megabytes("diagram_slabs", size, here)
        for name, text in (("diagram_gather", "gather"), ("diagram_draw", "draw")):
            yield (
                sweep,
                text,
                slabs,
                peak_megabytes(name, size, here),
                asked_megabytes(config, "mean_field_bifurcation_aggregate"),
            )


def image_rows(folder: Path) -> Iterator[Row]:
    """The same of convergence landscapes."""
    for pixels, slabs in ((1500, 2), (5000, 20), (15_000, 200)):
        here = folder / f"image_{pixels}"
        here.mkdir(parents=True, exist_ok=True)
        sweep, size = f"art, {pixels:,} × {pixels:,} pixels", {"pixels": pixels, "slabs": slabs}
        config = configuration("art.images", rows=pixels, columns=pixels, slabs=slabs)
        for name, text, ask in (
            ("image_slab", "a slab", "art_image_compute"),
            ("image_gather", "gather one image", "art_image_aggregate"),
            ("image_draw", "draw one image", "art_image_aggregate"),
            ("image_details", "draw its details", "art_image_aggregate"),
            ("image_sheet", "draw the sheet of all", "art_image_aggregate"),
        ):
            yield sweep, text, slabs, peak_megabytes(name, size, here), asked_megabytes(config, ask)


def phase_rows(folder: Path) -> Iterator[Row]:
    """The same of phase diagrams."""
    for runs in (2048, 20_480):
        here = folder / f"phase_{runs}"
        here.mkdir(parents=True, exist_ok=True)
        config = configuration("perspective.phase", runs=runs)
        peak = peak_megabytes("phase_slab", {"runs": runs, "dimension": 128}, here)
        yield (
            f"phase diagram, {runs:,} starts, d = 128",
            "a slab",
            2,
            peak,
            asked_megabytes(config, "perspective_phase_compute"),
        )


GROUPS = {"diagram": diagram_rows, "image": image_rows, "phase": phase_rows}


def main(folder: Path, groups: Sequence[str]) -> None:
    print("| sweep | slabs | job | peak, MB | asked, MB |\n| --- | --- | --- | --- | --- |")
    for group in groups:
        for sweep, job, slabs, peak, asked in GROUPS[group](folder):
            print(f"| {sweep} | {slabs} | {job} | {peak:.0f} | {asked} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        job, size, place = sys.argv[2:]
        os.environ.setdefault("NUMBA_NUM_THREADS", "2")
        JOBS[job](json.loads(size), Path(place))
        print(own_peak_megabytes())
    elif set(sys.argv[1:]) <= set(GROUPS):
        with tempfile.TemporaryDirectory() as place:
            main(Path(place), sys.argv[1:] or list(GROUPS))
    else:
        sys.exit(__doc__)
