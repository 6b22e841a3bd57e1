"""Gaussian-process fields of the studies: 16 x 16 on the unit square, correlation exp(-distance / theta), theta uniform on (0, 0.6)."""
import numpy as np


def distances():
    side = np.linspace(0, 1, 16)
    points = np.array([(a, b) for a in side for b in side])
    return np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1))


def simulate(n, seed):
    """theta (n,) and fields (n, 16, 16), float32."""
    rng = np.random.default_rng(seed)
    d, theta = distances(), rng.uniform(0, 0.6, n)
    z = np.empty((n, 16, 16), np.float32)
    for i in range(0, n, 128):
        t = theta[i : i + 128]
        root = np.linalg.cholesky(np.exp(-d / t[:, None, None]))
        z[i : i + 128] = (root @ rng.standard_normal((len(t), 256, 1))).reshape(-1, 16, 16)
    return theta.astype(np.float32), z
