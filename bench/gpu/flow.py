"""sbi's default flow (nsf) as bench/peers/README.md states it, in plain PyTorch: the same operations as nflows, without its Python layers."""
import math

import torch
from torch import nn
from torch.nn import functional as F

BINS, BOUND, HIDDEN = 10, 3.0, 50


def knots(raw):
    share = 0.001 + (1 - 0.001 * BINS) * torch.softmax(raw, -1)
    inner = torch.cumsum(share, -1)[..., :-1]
    ends = torch.zeros_like(inner[..., :1])
    return torch.cat([ends - BOUND, 2 * BOUND * inner - BOUND, ends + BOUND], -1)


def spline(x, raw, inverse=False):
    """x (...,), raw (..., 29): value and log-slope of the rational-quadratic spline with linear tails (Durkan et al. 2019)."""
    xs, ys = knots(raw[..., :BINS] / HIDDEN**0.5), knots(raw[..., BINS : 2 * BINS] / HIDDEN**0.5)
    slope = F.pad(0.001 + F.softplus(raw[..., 2 * BINS :]), (1, 1), value=1.0)
    inside = x.abs() < BOUND
    u = torch.where(inside, x, 0.0)
    places = ys if inverse else xs
    k = (u[..., None] >= places[..., 1:-1]).sum(-1, keepdim=True)

    def at(v, shift=0):
        return v.gather(-1, k + shift)[..., 0]

    x0, w, y0 = at(xs), at(xs, 1) - at(xs), at(ys)
    h, d0, d1 = at(ys, 1) - y0, at(slope), at(slope, 1)
    s = h / w
    if inverse:
        g = (u - y0) * (d0 + d1 - 2 * s)
        a, b, c = h * (s - d0) + g, h * d0 - g, -s * (u - y0)
        t = 2 * c / (-b - torch.sqrt(b * b - 4 * a * c))
        value = x0 + t * w
    else:
        t = (u - x0) / w
        value = y0 + h * (s * t * t + d0 * t * (1 - t)) / (s + (d0 + d1 - 2 * s) * t * (1 - t))
    under = s + (d0 + d1 - 2 * s) * t * (1 - t)
    log = 2 * torch.log(s) + torch.log(d1 * t * t + 2 * s * t * (1 - t) + d0 * (1 - t) ** 2) - 2 * torch.log(under)
    return torch.where(inside, value, x), torch.where(inside, -log if inverse else log, 0.0)


class Residual(nn.Module):
    """Two gated residual blocks of 50."""

    def __init__(self, passed, context, outputs):
        super().__init__()
        self.first, self.last = nn.Linear(passed + context, HIDDEN), nn.Linear(HIDDEN, outputs)
        self.blocks = nn.ModuleList(nn.ModuleList([nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(context, HIDDEN)]) for _ in range(2))
        for _, second, _ in self.blocks:
            nn.init.uniform_(second.weight, -1e-3, 1e-3)
            nn.init.uniform_(second.bias, -1e-3, 1e-3)

    def forward(self, p, c):
        h = self.first(torch.cat([p, c], 1))
        for a, b, gate in self.blocks:
            h = h + b(F.relu(a(F.relu(h)))) * torch.sigmoid(gate(c))
        return self.last(h)


class Linear2(nn.Module):
    """y = L (U x) + b for two dimensions."""

    def __init__(self):
        super().__init__()
        self.low, self.up = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))
        self.diagonal, self.bias = nn.Parameter(torch.full((2,), math.log(math.exp(0.999) - 1))), nn.Parameter(torch.zeros(2))

    def forward(self, x):
        d = F.softplus(self.diagonal) + 0.001
        u = torch.stack([d[0] * x[:, 0] + self.up * x[:, 1], d[1] * x[:, 1]], 1)
        return torch.stack([u[:, 0], self.low * u[:, 0] + u[:, 1]], 1) + self.bias, torch.log(d).sum()


class Standard(nn.Module):
    def __init__(self, x, least):
        super().__init__()
        self.register_buffer("mean", x.mean(0))
        self.register_buffer("sd", x.std(0).clamp_min(least))

    def forward(self, x):
        return (x - self.mean) / self.sd


def normal(x):
    return -0.5 * (x * x).sum(-1) - 0.5 * x.shape[-1] * math.log(2 * math.pi)


class Coupling(nn.Module):
    """Two parameters, two data: five couplings, a linear map after each. 60,925 parameters."""

    def __init__(self, theta, x):
        super().__init__()
        self.theta, self.x = Standard(theta, 1e-14), Standard(x, 1e-7)
        self.steps = nn.ModuleList(nn.ModuleList([Residual(1, 2, 29), Linear2()]) for _ in range(5))

    def log_prob(self, theta, x):
        u, c = self.theta(theta), self.x(x)
        ladj = -torch.log(self.theta.sd).sum()
        for i, (net, linear) in enumerate(self.steps):
            moved, passed = u[:, i % 2], u[:, 1 - i % 2]
            moved, log = spline(moved, net(passed[:, None], c))
            u, det = linear(torch.stack([moved, passed] if i % 2 == 0 else [passed, moved], 1))
            ladj = ladj + log + det
        return normal(u) + ladj


class Marginal(nn.Module):
    """One parameter and a summary network: five splines, each with a perceptron on the summary. 22,395 parameters and the summary's."""

    def __init__(self, theta, x, summary):
        super().__init__()
        self.theta, self.x, self.summary = Standard(theta, 1e-14), Standard(x, 1e-7), summary
        self.steps = nn.ModuleList(
            nn.Sequential(nn.Linear(8, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 29)) for _ in range(5))

    def log_prob(self, theta, x):
        u, c = self.theta(theta)[:, 0], self.summary(self.x(x))
        ladj = -torch.log(self.theta.sd).sum()
        for net in self.steps:
            u, log = spline(u, net(c))
            ladj = ladj + log
        return normal(u[:, None]) + ladj

    def sample(self, x, draws):
        """(n, draws) for x (n, ...)."""
        c = self.summary(self.x(x))
        u = torch.randn(len(x), draws, device=x.device)
        for net in reversed(self.steps):
            u = spline(u, net(c)[:, None, :].expand(-1, draws, -1), inverse=True)[0]
        return u * self.theta.sd + self.theta.mean
