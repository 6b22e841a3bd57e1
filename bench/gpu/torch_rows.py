"""PyTorch's side of the rows on a GPU: eager, compiled, and whole training steps as CUDA graphs. `python torch_rows.py [ROW ...]`.

BENCH_DEVICE says where (cuda or cpu), BENCH_REHEARSE=1 makes everything tiny.
"""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
import torch  # noqa: E402
from torch import nn  # noqa: E402

import fields  # noqa: E402
import flow  # noqa: E402
from worker import Row, main, rate  # noqa: E402

DEVICE = torch.device(os.environ.get("BENCH_DEVICE", "cuda"))
REHEARSE = os.environ.get("BENCH_REHEARSE") == "1"
CUDA = DEVICE.type == "cuda"
TORCH = f"torch {torch.__version__}"
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True  # its fastest convolutions


def of(full, tiny):
    return tiny if REHEARSE else full


def settle():
    if CUDA:
        torch.cuda.synchronize()


def timed(work, units):
    """Units of work a second, the device idle when the clock starts and when it stops."""
    settle()

    def all_of_it():
        work()
        settle()

    return rate(all_of_it, units)


def sgemm(n, tf32=False):
    m = of(n, n // 16)
    count = of(int(min(max(4e12 / (2 * m**3), 4), 2000)), 2)
    a, b, out = (torch.randn(m, m, device=DEVICE) for _ in range(3))

    def work():
        torch.backends.cuda.matmul.allow_tf32 = tf32
        for _ in range(count):
            torch.mm(a, b, out=out)
        torch.backends.cuda.matmul.allow_tf32 = False

    return lambda: timed(work, count * 2e-9 * m**3)


class Step:
    """A training step over resident data: gather, loss, backward, clipping if asked for, Adam.

    mode: eager; compile (network and loss through torch.compile, its own CUDA graphs, eager fused Adam); graph (the whole step, fused Adam
    and gather included, captured once as a CUDA graph and replayed).
    """

    def __init__(self, net, loss, data, batch, mode, rate, clip=None):
        self.data, self.batch, self.mode = data, batch, mode
        if mode == "graph" and not CUDA:
            raise RuntimeError("CUDA graphs need a CUDA device")
        fused = {"fused": True} if CUDA and mode != "eager" else {}
        self.optimiser = torch.optim.Adam(net.parameters(), rate, capturable=mode == "graph", **fused)
        if mode == "compile":
            loss = torch.compile(loss, mode="reduce-overhead" if CUDA else "default")
        self.index = torch.zeros(batch, dtype=torch.int64, device=DEVICE)

        def step(index):
            self.optimiser.zero_grad(set_to_none=True)
            loss(*[x[index] for x in self.data]).backward()
            if clip:
                nn.utils.clip_grad_norm_(net.parameters(), clip)
            self.optimiser.step()

        self.step = step
        if mode == "graph":
            self.capture()

    def capture(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(5):
                self.step(self.index)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        self.optimiser.zero_grad(set_to_none=True)
        with torch.cuda.graph(self.graph):
            self.step(self.index)

    def epoch(self):
        n = len(self.data[0])
        order = torch.randperm(n, device=DEVICE)
        for i in range(0, n - self.batch + 1, self.batch):
            part = order[i : i + self.batch]
            if self.mode == "graph":
                self.index.copy_(part)
                self.graph.replay()
            else:
                self.step(part)


def network(outputs=1):
    return nn.Sequential(
        nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2048, 64), nn.LeakyReLU(), nn.Linear(64, outputs)).to(DEVICE)


def pairs(n, seed=1):
    theta, z = fields.simulate(n, seed)
    return torch.from_numpy(theta)[:, None].to(DEVICE), torch.from_numpy(z)[:, None].to(DEVICE)


def cnn(batch, mode="eager"):
    torch.manual_seed(1)
    n, passes = of(2048, 512), of(10, 1)
    net = network()
    step = Step(net, lambda theta, z: ((net(z) - theta) ** 2).mean(), pairs(n), batch, mode, 1e-3)

    def work():
        for _ in range(passes):
            step.epoch()

    work()
    return lambda: timed(work, passes * n)


def moons(n):
    theta = 2 * torch.rand(n, 2) - 1
    angle, radius = torch.pi * (torch.rand(n) - 0.5), 0.01 * torch.randn(n) + 0.1
    ring = torch.stack([radius * torch.cos(angle) + 0.25, radius * torch.sin(angle)], 1)
    return theta, ring + torch.stack([-(theta[:, 0] + theta[:, 1]).abs(), theta[:, 1] - theta[:, 0]], 1) / 2**0.5


def flow_train(mode):
    """An epoch of two moons by sbi's default flow, loss on the held-out tenth."""
    torch.manual_seed(1)
    n = of(10_000, 2000)
    theta, x = (v.to(DEVICE) for v in moons(n))
    keep = n - n // 10
    net = flow.Coupling(theta[:keep], x[:keep]).to(DEVICE)
    step = Step(net, lambda t, z: -net.log_prob(t, z).mean(), [theta[:keep], x[:keep]], 200, mode, 5e-4, 5.0)

    def work():
        step.epoch()
        with torch.no_grad():
            net.log_prob(theta[keep:], x[keep:]).mean().item()

    work()
    return lambda: timed(work, keep)


def field_posterior(mode="eager"):
    torch.manual_seed(1)
    n = of(3200, 320)
    held = 32 * max(1, n * 11 // 100 // 32)
    theta, z = pairs(n + held)
    net = flow.Marginal(theta[:n], z[:n], network(8)).to(DEVICE)
    step = Step(net, lambda t, x: -net.log_prob(t, x).mean(), [theta[:n], z[:n]], 32, mode, 5e-4, 5.0)
    return net, step, theta[n:], z[n:]


def npe_train(mode):
    net, step, theta, z = field_posterior(mode)

    def work():
        step.epoch()
        with torch.no_grad():
            net.log_prob(theta, z).mean().item()

    work()
    return lambda: timed(work, len(step.data[0]))


def npe_draws():
    net, step, _, _ = field_posterior()
    for _ in range(of(10, 1)):
        step.epoch()
    n = of(1000, 10)
    z = pairs(n, 3)[1]

    def work():
        with torch.no_grad():
            net.sample(z, 1000).cpu()

    return lambda: timed(work, 1000 * n)


def densities(z, theta, d):
    root = torch.linalg.cholesky(torch.exp(-d / theta[:, None, None]))
    w = torch.linalg.solve_triangular(root, z[:, :, None], upper=False)
    return -torch.log(torch.diagonal(root, dim1=1, dim2=2)).sum(1) - 0.5 * (w**2).sum((1, 2))


def log_likelihood(n):
    """Each theta its own float64 matrix, factor and field."""
    torch.manual_seed(1)
    n, passes = of(n, n // 64), of(max(1, 4096 // n), 1)
    d = torch.from_numpy(fields.distances()).to(DEVICE)
    theta, z = torch.rand(n, dtype=torch.float64, device=DEVICE) * 0.5 + 0.05, torch.randn(n, 256, dtype=torch.float64, device=DEVICE)

    def work():
        for _ in range(passes):
            densities(z, theta, d)

    return lambda: timed(work, passes * n)


def metropolis():
    """24,000 random-walk steps on 1,000 fields at once, dense float64 likelihood; extrapolated."""
    torch.manual_seed(1)
    n, steps = of(1000, 8), of(60, 2)
    d = torch.from_numpy(fields.distances()).to(DEVICE)
    z = torch.from_numpy(fields.simulate(n, 3)[1]).to(DEVICE, torch.float64).reshape(n, 256)

    def seconds():
        settle()
        start = time.perf_counter()
        theta = torch.rand(n, dtype=torch.float64, device=DEVICE) * 0.6
        now = densities(z, theta, d)
        for _ in range(steps):
            candidate = theta + 0.1 * torch.randn_like(theta)
            inside = (candidate > 0) & (candidate < 0.6)
            proposed = densities(z, torch.where(inside, candidate, 0.3), d)
            moves = inside & (torch.log(torch.rand_like(theta)) < proposed - now)
            theta, now = torch.where(moves, candidate, theta), torch.where(moves, proposed, now)
        settle()
        return (time.perf_counter() - start) * 24000 / steps

    return seconds


ROWS = {}
for size in (256, 512, 1024, 2048, 4096, 8192):
    ROWS[f"sgemm_{size}"] = Row(f"{TORCH} float32", "GFLOP/s", lambda n=size: sgemm(n))
for size in (2048, 4096):
    ROWS[f"sgemm_{size}:tf32"] = Row(f"{TORCH} TF32", "GFLOP/s", lambda n=size: sgemm(n, True))
for mode in ("eager", "compile", "graph"):
    end, what = "" if mode == "eager" else f":{mode}", {"eager": TORCH, "compile": f"{TORCH} compiled, CUDA graphs", "graph": f"{TORCH} whole step as a CUDA graph"}[mode]
    for size in (32, 128, 512):
        ROWS[f"cnn_train_{size}{end}"] = Row(what, "samples/s", lambda b=size, m=mode: cnn(b, m))
    if mode != "compile":
        ROWS[f"flow_train{end}"] = Row(what, "samples/s", lambda m=mode: flow_train(m))
        ROWS[f"npe_gp_train{end}"] = Row(what, "samples/s", lambda m=mode: npe_train(m))
ROWS["npe_gp_draws"] = Row(TORCH, "draws/s", npe_draws)
for size in (64, 512, 4096, 8192):
    ROWS[f"gp_loglik_{size}"] = Row(TORCH, "evaluations/s", lambda n=size: log_likelihood(n))
ROWS["mh_dense"] = Row(TORCH, "s", metropolis, better="lower")

if __name__ == "__main__":
    where = f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}" if CUDA else "cpu"
    main(ROWS, f"{TORCH} on {where}")
