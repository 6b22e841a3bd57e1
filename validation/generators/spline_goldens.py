"""Goldens of the rational-quadratic spline from nflows, gradients from torch autograd, float64.

Every value and ladj is checked here against a 40-digit evaluation in mpmath (the inverse by root finding on the
forward map) before it is written.

    pip install nflows==0.14 torch mpmath
    python validation/generators/spline_goldens.py > src/test/resources/goldens/spline.csv

Columns: bins, bound, inverse (0 or 1), input, d_output, d_ladj, output, ladj, d_input, then 3 K - 1 raw
parameters, then their 3 K - 1 gradients.
"""
import sys

import mpmath
import numpy as np
import torch
from nflows.transforms.splines.rational_quadratic import unconstrained_rational_quadratic_spline

mpmath.mp.dps = 40
LEAST = mpmath.mpf(1e-3)


def precise(x, raw, bins, bound):
    """y and ladj in 40 digits, from the definition."""
    if abs(x) > bound:
        return x, mpmath.mpf(0)
    raw = [mpmath.mpf(float(r)) for r in raw]

    def knots(part):
        e = [mpmath.exp(r) for r in part]
        size = [2 * bound * (LEAST + (1 - bins * LEAST) * v / sum(e)) for v in e]
        return size, [-bound + sum(size[:k]) for k in range(bins)]

    widths, lefts = knots(raw[:bins])
    heights, bottoms = knots(raw[bins : 2 * bins])
    inner = [LEAST + mpmath.log(1 + mpmath.exp(r)) for r in raw[2 * bins :]]
    slopes = [mpmath.mpf(1)] + inner + [mpmath.mpf(1)]
    k = max(j for j in range(bins) if j == 0 or x >= lefts[j])
    t = (x - lefts[k]) / widths[k]
    s = heights[k] / widths[k]
    d0, d1 = slopes[k], slopes[k + 1]
    denominator = s + (d0 + d1 - 2 * s) * t * (1 - t)
    y = bottoms[k] + heights[k] * (s * t**2 + d0 * t * (1 - t)) / denominator
    top = s**2 * (d1 * t**2 + 2 * s * t * (1 - t) + d0 * (1 - t) ** 2)
    return y, mpmath.log(top / denominator**2)


def bisect(y, raw, bins, bound):
    if abs(y) > bound:
        return y
    low, high = mpmath.mpf(-bound), mpmath.mpf(bound)
    for _ in range(120):
        middle = (low + high) / 2
        if precise(middle, raw, bins, bound)[0] < y:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def row(bins, bound, inverse, value, raw, d_out, d_ladj):
    v = torch.tensor([value], dtype=torch.float64, requires_grad=True)
    r = torch.tensor(raw[None, :], dtype=torch.float64, requires_grad=True)
    out, ladj = unconstrained_rational_quadratic_spline(
        v,
        r[:, :bins],
        r[:, bins : 2 * bins],
        r[:, 2 * bins :],
        inverse=bool(inverse),
        tails="linear",
        tail_bound=bound,
    )
    (d_out * out + d_ladj * ladj).sum().backward()
    exact = mpmath.mpf(value)
    if inverse:
        x = bisect(exact, raw, bins, bound)
        want, want_ladj = x, -precise(x, raw, bins, bound)[1]
    else:
        want, want_ladj = precise(exact, raw, bins, bound)
    worst = max(abs(out.item() - want), abs(ladj.item() - want_ladj))
    assert worst < 1e-9, (bins, inverse, value, worst)
    grad = np.zeros_like(raw) if r.grad is None else r.grad.numpy()[0]
    numbers = [value, d_out, d_ladj, out.item(), ladj.item(), v.grad.item(), *raw, *grad]
    print(f"{bins},{bound:g},{inverse}," + ",".join(repr(float(n)) for n in numbers))
    return worst


def main():
    random = np.random.default_rng(20190604)
    worst = 0
    for bins in (1, 2, 4, 8, 10, 16):
        for inverse in (0, 1):
            bound = float(random.choice([1.0, 3.0, 5.0]))
            inputs = list(random.uniform(-bound, bound, 8)) + [-bound, bound, 1.25 * bound, -2 * bound]
            for i, value in enumerate(inputs):
                raw = np.round(random.normal(0, 1.5 if i % 2 else 0.5, 3 * bins - 1), 3)
                g = np.round(random.normal(0, 1, 2), 3)
                worst = max(worst, row(bins, bound, inverse, float(value), raw, g[0], g[1]))
            # On knots: equal bins; ladj has a kink there, so only the gradient of the value is compared.
            raw = np.zeros(3 * bins - 1)
            raw[2 * bins :] = np.round(random.normal(0, 1, bins - 1), 3)
            for k in {1, bins // 2, bins - 1} & set(range(1, bins)):
                worst = max(worst, row(bins, bound, inverse, -bound + 2 * bound * k / bins, raw, 1.0, 0.0))
    print(f"largest difference from mpmath: {float(worst):.1e}", file=sys.stderr)


main()
