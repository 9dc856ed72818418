"""Are these the published numbers? Hashes of the tables as they were when the project compared with them.

The hash is of the numbers (names of the columns, then every number as a little-endian double, row by
row), not of the bytes of a file, so it does not depend on how a number is written.
"""

import hashlib

import numpy as np
import pandas as pd

__all__ = ["KNOWN", "digest_of", "is_known"]

KNOWN = {
    "split_sweep": "d7078c0a192bc86688c05e657c91b262387b43030973765d3b7f3f09a4b10e44",
    "four_particle_tau0.05": "6e80e6adf04e1f2f74d637ad7d322ac0d7e842548bcd6ee47e7dbfff4c35ac73",
    "four_particle_tau0.0005": "0d7cceceee382fff39ccd970c3d2353c63117435de5cac7a960a901d69813459",
    "densities": "31b74540e81174dd1f9b0341c76a545beec3a02d417ecae08d24ee34eaa2075d",
    "density_errors": "a2c0930b3c83d9ef9be136f885183bef5b874800791511ff879928eab8c7d156",
    "indefinite_energies": "e44fbba381c85d1fc4a0411d59a10d6128580dc3b78c18c38e0789bc34cd22b7",
    "lyapunov_zoom": "7ef6171962ebab602da4a5e0fe0a8dec47a53fb183b39ba1c1e77ae59e087883",
    # groups of columns of lyapunov_zoom, each made from one array of the authors' archives
    "lyapunov_zoom exponents": "2aeafaebf9734b8ea9663d52226695f6fa2d588c8d9de59af7173ed20ffbbcd8",
    "lyapunov_zoom means": "eaff7c645d6fbcf2e47a77ccd749b4d0a3c6d57188f9499d48fe5d5ecf1cf671",
    "lyapunov_zoom seconds": "308a1aee8e4310e79ca7f2efe54fb84aca6169e9ad4a5785f12077fc743d8230",
}


def digest_of(table: pd.DataFrame) -> str:
    """SHA-256 of names and numbers of a table."""
    numbers = np.ascontiguousarray(table.to_numpy(dtype=np.float64), dtype="<f8")
    return hashlib.sha256(",".join(map(str, table.columns)).encode() + b"\n" + numbers.tobytes()).hexdigest()


def is_known(name: str, table: pd.DataFrame) -> bool:
    """Whether ``table`` is the published table ``name`` to the last bit."""
    return KNOWN.get(name) == digest_of(table)
