"""Writes goldens of the Gaussian-process likelihood for the Java tests, from validation/golden/gp/gp_fields.npz.

gp_fields.npy: the 200 fields, float32 (200, 256). gp_loglik.csv: theta, field, log-likelihood in float64 by NumPy and SciPy,
seventeen digits. gp_draw.csv: for eta_i = sin(1 + i), L eta of the same covariances. Needs NumPy and SciPy; run in this folder."""
import pathlib
import sys

import numpy as np
import scipy.linalg as sl

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "validation/golden/gp"))
from gpdata import grid  # noqa: E402

target = root / "src/test/resources/goldens"
z = np.load(root / "validation/golden/gp/gp_fields.npz")["z"].reshape(200, 256)
np.save(target / "gp_fields.npy", z)
distance = grid()
eta = np.sin(1.0 + np.arange(256))
with open(target / "gp_loglik.csv", "w") as likelihood, open(target / "gp_draw.csv", "w") as draw:
    likelihood.write("theta,field,loglik\n")
    draw.write("theta,site,value\n")
    for theta in (0.005, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6):
        factor = np.linalg.cholesky(np.exp(-distance / theta))
        y = sl.solve_triangular(factor, z.astype(float).T, lower=True)
        values = -0.5 * 256 * np.log(2 * np.pi) - np.log(np.diag(factor)).sum() - 0.5 * (y**2).sum(0)
        for field, value in enumerate(values):
            likelihood.write(f"{theta},{field},{value:.17g}\n")
        for site, value in enumerate(factor @ eta):
            draw.write(f"{theta},{site},{value:.17g}\n")
