"""PyTorch and NumPy on the engine's work: matrix product, the paper's network, Gaussian-process likelihoods. `python torch_rows.py [ROW ...]`."""
import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
import numpy as np  # noqa: E402
import scipy  # noqa: E402
import scipy.linalg  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

import fields  # noqa: E402
from worker import Row, main, rate  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
TORCH, NUMPY = f"torch {torch.__version__}", f"numpy {np.__version__}"


def sgemm(library):
    m, k, n, count = 1152, 1024, 1152, 20
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((m, k), np.float32), rng.standard_normal((k, n), np.float32)
    out = np.empty((m, n), np.float32)
    ta, tb, tout = map(torch.from_numpy, (a, b, out))

    def work():
        for _ in range(count):
            torch.mm(ta, tb, out=tout) if library == "torch" else np.matmul(a, b, out=out)

    return lambda: rate(work, count * 2e-9 * m * k * n)


def network():
    return nn.Sequential(
        nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2048, 64), nn.LeakyReLU(), nn.Linear(64, 1))


def train(batch, mode="eager", layout=torch.contiguous_format):
    """One pass over 2,048 resident fields in shuffled batches: gather, forward, mean squared error, backward, Adam."""
    torch.manual_seed(1)
    theta, z = fields.simulate(2048, 1)
    theta, z = torch.from_numpy(theta)[:, None], torch.from_numpy(z)[:, None]
    net = network().to(memory_format=layout)
    optimiser = torch.optim.Adam(net.parameters(), 1e-3, foreach=True)
    forward = torch.compile(net) if mode == "compile" else net

    def work():
        order = torch.randperm(2048)
        for i in range(0, 2048, batch):
            index = order[i : i + batch]
            optimiser.zero_grad(set_to_none=True)
            ((forward(z[index]) - theta[index]) ** 2).mean().backward()
            optimiser.step()

    return lambda: rate(work, 2048)


def infer(batch, mode="eager"):
    torch.manual_seed(1)
    z = torch.from_numpy(fields.simulate(2048, 1)[1])[:, None]
    net = network().eval()
    forward = torch.compile(net) if mode == "compile" else net

    def work():
        with torch.inference_mode():
            for i in range(0, 2048, batch):
                forward(z[i : i + batch])

    return lambda: rate(work, 2048)


def gaussian_process(kind, dtype):
    """Batches of 64 different theta, each with its 256 x 256 matrix, its factor and one field."""
    torch.manual_seed(1)
    d = torch.from_numpy(fields.distances()).to(dtype)
    theta, z = torch.rand(64, 1, 1, dtype=dtype) * 0.5 + 0.05, torch.randn(64, 256, 1, dtype=dtype)

    def simulate():
        return torch.linalg.cholesky(torch.exp(-d / theta)) @ z

    def log_likelihood():
        root = torch.linalg.cholesky(torch.exp(-d / theta))
        w = torch.linalg.solve_triangular(root, z, upper=False)
        return -torch.log(torch.diagonal(root, dim1=1, dim2=2)).sum(1) - 0.5 * (w**2).sum((1, 2))

    once = simulate if kind == "simulate" else log_likelihood

    def work():
        for _ in range(8):
            once()

    return lambda: rate(work, 8 * 64)


def gaussian_process_lapack():
    """The same float64 likelihood, one matrix at a time through SciPy's LAPACK."""
    d, rng = fields.distances(), np.random.default_rng(1)
    theta, z = rng.uniform(0.05, 0.55, 64), rng.standard_normal((64, 256))

    def work():
        for t, field in zip(theta, z):
            c = np.exp(d * (-1 / t))
            root, _ = scipy.linalg.lapack.dpotrf(c.T, lower=0, clean=0, overwrite_a=1)
            w, _ = scipy.linalg.lapack.dtrtrs(root, field, lower=0, trans=1)
            -np.log(np.diagonal(root)).sum() - 0.5 * w @ w

    return lambda: rate(work, 64)


ROWS = {
    "sgemm": Row(TORCH, "GFLOP/s", lambda: sgemm("torch")),
    "sgemm:numpy": Row(NUMPY, "GFLOP/s", lambda: sgemm("numpy")),
    "gp_simulate_f32": Row(TORCH, "fields/s", lambda: gaussian_process("simulate", torch.float32)),
    "gp_simulate_f64": Row(TORCH, "fields/s", lambda: gaussian_process("simulate", torch.float64)),
    "gp_loglik_f32": Row(TORCH, "evaluations/s", lambda: gaussian_process("likelihood", torch.float32)),
    "gp_loglik_f64": Row(TORCH, "evaluations/s", lambda: gaussian_process("likelihood", torch.float64)),
    "gp_loglik_f64:lapack": Row(f"scipy {scipy.__version__}", "evaluations/s", gaussian_process_lapack),
}
for size in (32, 128, 512):
    ROWS[f"cnn_train_{size}"] = Row(TORCH, "samples/s", lambda b=size: train(b))
    ROWS[f"cnn_train_{size}:channels_last"] = Row(TORCH + " channels-last", "samples/s", lambda b=size: train(b, layout=torch.channels_last))
    ROWS[f"cnn_train_{size}:compile"] = Row(TORCH + " compiled", "samples/s", lambda b=size: train(b, "compile"))
    ROWS[f"cnn_infer_{size}"] = Row(TORCH, "samples/s", lambda b=size: infer(b))
    ROWS[f"cnn_infer_{size}:compile"] = Row(TORCH + " compiled", "samples/s", lambda b=size: infer(b, "compile"))

if __name__ == "__main__":
    main(ROWS, f"{TORCH}, {NUMPY}")
