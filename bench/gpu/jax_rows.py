"""JAX's side of the rows on a GPU, everything under jit, whole epochs and chains as one scan. `python jax_rows.py [ROW ...]`."""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # the other sides need memory too
if os.environ.get("BENCH_DEVICE") == "cpu":
    os.environ["JAX_PLATFORMS"] = "cpu"
import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_default_matmul_precision", "highest")  # float32 is float32
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax import lax  # noqa: E402

import fields  # noqa: E402
from worker import Row, main, rate  # noqa: E402

REHEARSE = os.environ.get("BENCH_REHEARSE") == "1"
JAX = f"jax {jax.__version__}"


def of(full, tiny):
    return tiny if REHEARSE else full


def timed(work, units):
    """work() returns arrays; the clock stops when they are there."""
    return rate(lambda: jax.block_until_ready(work()), units)


def sgemm(n):
    m = of(n, n // 16)
    count = of(int(min(max(4e12 / (2 * m**3), 4), 2000)), 2)
    a, b = (jax.random.normal(jax.random.key(i), (m, m), jnp.float32) for i in range(2))
    product = jax.jit(jnp.matmul)

    def work():
        return [product(a, b) for _ in range(count)][-1]

    return lambda: timed(work, count * 2e-9 * m**3)


def network(w, z):
    def pooled(x):
        return lax.reduce_window(jax.nn.relu(x), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def conv(x, k, b):
        return lax.conv_general_dilated(x, k, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + b

    x = pooled(conv(pooled(conv(z, w["k1"], w["b1"])), w["k2"], w["b2"])).reshape(len(z), 2048)
    return jax.nn.leaky_relu(x @ w["w3"] + w["b3"]) @ w["w4"] + w["b4"]


def parameters():
    rng = np.random.default_rng(1)

    def uniform(inputs, *shape):
        return jnp.asarray(rng.uniform(-1, 1, shape) / inputs**0.5, jnp.float32)

    return {
        "k1": uniform(9, 3, 3, 1, 64), "b1": uniform(9, 64), "k2": uniform(576, 3, 3, 64, 128), "b2": uniform(576, 128),
        "w3": uniform(2048, 2048, 64), "b3": uniform(2048, 64), "w4": uniform(64, 64, 1), "b4": uniform(64, 1)}


def cnn(batch):
    """Passes over resident fields in shuffled batches: gather, forward, backward, Adam; a pass is one scan."""
    n, passes = of(2048, 512), of(10, 1)
    theta, z = fields.simulate(n, 1)
    theta, z = jnp.asarray(theta)[:, None], jnp.asarray(z)[..., None]

    def loss(w, t, x):
        return ((network(w, x) - t) ** 2).mean()

    def step(state, index):
        w, m, v, t = state
        g = jax.grad(loss)(w, theta[index], z[index])
        t = t + 1
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        a, b = (1 - 0.9**t).astype(jnp.float32), (1 - 0.999**t).astype(jnp.float32)
        w = jax.tree.map(lambda p, x, y: p - 1e-3 * (x / a) / (jnp.sqrt(y / b) + 1e-8), w, m, v)
        return (w, m, v, t), None

    @jax.jit
    def epoch(state, key):
        order = jax.random.permutation(key, n)[: n // batch * batch].reshape(-1, batch)
        return lax.scan(step, state, order)[0]

    w = parameters()
    zero = jax.tree.map(jnp.zeros_like, w)
    state = [(w, zero, zero, jnp.zeros((), jnp.float32))]

    def work():
        for i in range(passes):
            state[0] = epoch(state[0], jax.random.key(i))
        return state[0]

    return lambda: timed(work, passes * n)


def densities(z, theta, d):
    root = jnp.linalg.cholesky(jnp.exp(-d / theta[:, None, None]))
    w = lax.linalg.triangular_solve(root, z[:, :, None], left_side=True, lower=True)
    return -jnp.log(jnp.diagonal(root, axis1=1, axis2=2)).sum(1) - 0.5 * (w**2).sum((1, 2))


def log_likelihood(n):
    n, passes = of(n, n // 64), of(max(1, 4096 // n), 1)
    rng = np.random.default_rng(1)
    d, theta, z = jnp.asarray(fields.distances()), jnp.asarray(rng.uniform(0.05, 0.55, n)), jnp.asarray(rng.standard_normal((n, 256)))
    evaluate = jax.jit(densities)
    return lambda: timed(lambda: [evaluate(z, theta, d) for _ in range(passes)], passes * n)


def metropolis():
    n, steps = of(1000, 8), of(60, 2)
    d, z = jnp.asarray(fields.distances()), jnp.asarray(fields.simulate(n, 3)[1], jnp.float64).reshape(n, 256)

    def step(i, state):
        theta, now = state
        a, b = jax.random.split(jax.random.fold_in(jax.random.key(1), i))
        candidate = theta + 0.1 * jax.random.normal(a, (n,))
        inside = (candidate > 0) & (candidate < 0.6)
        proposed = densities(z, jnp.where(inside, candidate, 0.3), d)
        moves = inside & (jnp.log(jax.random.uniform(b, (n,))) < proposed - now)
        return jnp.where(moves, candidate, theta), jnp.where(moves, proposed, now)

    @jax.jit
    def run(theta):
        return lax.fori_loop(0, steps, step, (theta, densities(z, theta, d)))

    theta = jax.random.uniform(jax.random.key(2), (n,)) * 0.6

    def seconds():
        start = time.perf_counter()
        jax.block_until_ready(run(theta))
        return (time.perf_counter() - start) * 24000 / steps

    return seconds


ROWS = {}
for size in (256, 512, 1024, 2048, 4096, 8192):
    ROWS[f"sgemm_{size}"] = Row(JAX, "GFLOP/s", lambda n=size: sgemm(n))
for size in (32, 128, 512):
    ROWS[f"cnn_train_{size}"] = Row(f"{JAX} scan", "samples/s", lambda b=size: cnn(b))
for size in (64, 512, 4096, 8192):
    ROWS[f"gp_loglik_{size}"] = Row(JAX, "evaluations/s", lambda n=size: log_likelihood(n))
ROWS["mh_dense"] = Row(f"{JAX} loop", "s", metropolis, better="lower")

if __name__ == "__main__":
    main(ROWS, f"{JAX} on {jax.devices()[0].device_kind}")
