"""What the authors' repositories hold, with other numbers or with the published ones put back into their files."""

import subprocess

import numpy as np

DENSITIES = 9
IDENTITY = ("-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false")


def commit_of(folder):
    """Commit everything in ``folder``; the full name of the commit."""
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "--quiet", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "."], check=True)
    subprocess.run(["git", "-C", folder, *IDENTITY, "commit", "--quiet", "--message", "Results"], check=True)
    return subprocess.run(
        ["git", "-C", folder, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def save(path, numbers):
    """As the authors write them: eighteen digits, spaces between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(path, numbers)


def write_spheres_files(folder, tables=None):
    """Text files of results; ``tables`` by the names of the published CSV files put their numbers into them."""
    draws = np.random.Generator(np.random.Philox(1))
    deltas = np.linspace(0.0, 1.5, 4)
    single = np.array([0.0, 40.0, 100.0, 1.0])
    split = np.column_stack([deltas, single, 100 - single, np.zeros(4)])
    energies, tops = draws.random(4), draws.random(4)
    weights, entries = draws.random((20, DENSITIES)), 0.9 + 0.05 * np.arange(DENSITIES)
    errors, indefinite = draws.random((DENSITIES, 5)), draws.random((7, 4))
    ratios = {"0.05": draws.random((3, 2)), "0.0005": draws.random((4, 2))}
    if tables is not None:
        sweep = tables["split_sweep"]
        split = sweep[["delta", "single", "antipodal", "other"]].to_numpy()
        energies, tops = sweep["mean_energy"].to_numpy(), sweep["top_dirac_energy"].to_numpy()
        weights = tables["densities"].to_numpy()
        errors = np.insert(tables["density_errors"].to_numpy(), 3, 0.0, axis=1)
        indefinite = tables["indefinite_energies"].to_numpy()
        ratios = {tau: tables[f"four_particle_tau{tau}"].to_numpy() for tau in ratios}
    save(folder / "split_eval" / "CC.txt", split)
    save(folder / "split_eval" / "Es.txt", energies)
    save(folder / "split_eval" / "TEs.txt", tops)
    save(folder / "split_eval" / "Pmin.txt", 1 - 1e-3 * draws.random((len(split), 100)))
    for tau, table in ratios.items():
        save(folder / f"tanh_min{tau}.csv", table)
    save(folder / "densities" / "ds.txt", entries)
    for k in range(DENSITIES):
        save(folder / "densities" / f"MinDensity_d2_{k}.txt", weights[:, k])
    save(folder / "densities" / "diffs.csv", errors)
    save(folder / "maxid.csv", indefinite)
    return folder


def mean_fields(low, high, distinct, steps=75_000):
    """A run (steps, 3) with these extremes, and that many distinct values of the first field."""
    run = np.empty((steps, 3))
    for channel in range(3):
        run[:, channel] = np.linspace(low[channel], high[channel], steps)
    # the extremes stay, everything between moves to a grid that seven decimals resolve
    levels = np.linspace(low[0], high[0], distinct)
    run[:, 0] = levels[np.arange(steps) % distinct]
    return run


def write_archives(folder, table, **others):
    """One .npz for each row of a table like lyapunov_zoom.csv, with the arrays of the authors; ``others`` replace or join them."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, row in table.iterrows():
        exponents = row[[f"lyapunov_{k}" for k in range(1, 13)]].to_numpy(dtype=float)
        low, high = (row[[f"m{k}_{end}" for k in range(3)]].to_numpy(dtype=float) for end in ("min", "max"))
        fields = mean_fields(low, high, int(row["distinct_values"]))
        arrays = {
            "S": np.concatenate([exponents, np.zeros(8)]),
            "S_inf_flag": np.arange(20) >= 12,
            "mo_results_beta": fields + 0.01,
            "mo_se_results_beta": fields,
            "att_results_beta": fields[:, [1, 2, 0]],
            **{f"m{name}_results_beta": np.array([]) for name in "vqk"},
            "simulation_time": np.array(row["author_seconds"]),
        }
        np.savez(folder / f"beta_idx-{int(row['index'])}.npz", **arrays | others)
    return folder
