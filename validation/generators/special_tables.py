"""Tables (x, f(x)) of the special functions, computed with mpmath at 60 digits and written with 40.

Run from the repository root: python3 validation/generators/special_tables.py [NAME ...]
Writes src/test/resources/special/NAME.csv. Arguments are hexadecimal doubles, all of them also exact floats unless they
lie in the part after the line "# double only", so the same rows serve both types.
"""
import random
import struct
import sys
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
OUT = Path("src/test/resources/special")


def f32(x):
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return float("inf")


def ncdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def quantile(p):
    """Newton's iteration on log Phi from the tail side."""
    if p == mp.mpf("0.5"):
        return mp.mpf(0)
    # 1 - p is exact for the doubles of (1/2, 1).
    lower = p if p < mp.mpf("0.5") else 1 - p
    t = mp.sqrt(-2 * mp.log(lower))
    x = -(t - (mp.log(2 * mp.pi) + 2 * mp.log(t)) / (2 * t)) if lower < 0.02 else -mp.sqrt(2) * mp.erfinv(1 - 2 * lower)
    for _ in range(60):
        c = ncdf(x)
        density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
        step = (mp.log(c) - mp.log(lower)) * c / density
        x -= step
        if abs(step) < mp.mpf(10) ** -55 * abs(x):
            break
    return x if p < mp.mpf("0.5") else -x


def softplus(x):
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


# Name: (function, float ranges, double-only ranges); a range is (low, high, count, "lin" or "log").
REAL = [(-1, 1, 60, "lin"), (-10, 10, 60, "lin"), (1e-30, 1, 30, "log"), (-1e-30, -1, 30, "log")]
TABLES = {
    "exp": (mp.exp, REAL + [(-103, 88.7, 120, "lin"), (-103.9, -87.4, 20, "lin")], [(-745, 709.7, 120, "lin"), (-745, -708.5, 20, "lin")]),
    "expm1": (mp.expm1, REAL + [(-20, 88.7, 100, "lin"), (-0.4, 0.4, 80, "lin")], [(-40, 709.7, 100, "lin")]),
    "log": (mp.log, [(0.5, 2, 120, "lin"), (0.98, 1.02, 60, "lin"), (1e-44, 3e38, 150, "log")], [(5e-324, 1.7e308, 150, "log")]),
    "log1p": (mp.log1p, [(-0.999, 1, 120, "lin"), (1e-30, 3e38, 100, "log"), (-1e-30, -0.9, 60, "log")], [(1e-300, 1.7e308, 100, "log")]),
    "tanh": (mp.tanh, REAL + [(-22, 22, 60, "lin"), (0.01, 2, 100, "lin")], [(1e-300, 20, 40, "log")]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), REAL + [(-103, 40, 120, "lin")], [(-744, 40, 100, "lin")]),
    "softplus": (softplus, REAL + [(-103, 100, 150, "lin")], [(-744, 800, 100, "lin")]),
    "logSigmoid": (lambda x: -softplus(-x), REAL + [(-100, 103, 150, "lin")], [(-800, 744, 100, "lin")]),
    "erf": (mp.erf, REAL + [(-6.5, 6.5, 150, "lin"), (0.8, 1.3, 60, "lin")], [(1e-300, 1, 40, "log")]),
    "erfc": (mp.erfc, REAL + [(-6, 10, 120, "lin")], [(0.5, 27.2, 150, "lin")]),
    "normalCdf": (ncdf, REAL + [(-14.1, 6, 200, "lin")], [(-38.4, -13, 100, "lin")]),
    "normalLogCdf": (lambda x: mp.log(ncdf(x)) if x < 0 else mp.log1p(-ncdf(-x)), REAL + [(-100, 6, 200, "lin")], [(-38, 38, 100, "lin"), (-1e8, -30, 40, "log")]),
    "normalQuantile": (quantile, [(0.01, 0.99, 150, "lin"), (0.45, 0.55, 40, "lin"), (1e-44, 0.1, 120, "log"), (0.99, 0.9999999, 40, "lin")], [(1e-320, 0.1, 120, "log")]),
    "lgamma": (mp.loggamma, [(0.01, 4, 200, "lin"), (0.95, 1.05, 40, "lin"), (1.95, 2.05, 40, "lin"), (1e-30, 1e30, 120, "log")], [(4, 40, 100, "lin"), (1e-300, 1e305, 60, "log")]),
    "digamma": (mp.digamma, [(0.01, 4, 200, "lin"), (1.45, 1.47, 60, "lin"), (1e-30, 1e30, 120, "log")], [(4, 40, 100, "lin"), (1e-300, 1e300, 60, "log")]),
}

def matern(k, r):
    return mp.mpf(2) ** (1 - k) / mp.gamma(k) * r**k * mp.besselk(k, r)


# Functions of an order and an argument, double only: (function, ranges of the order, ranges of the argument).
ORDERS = [(0.5, 3, 16, "lin"), (0.01, 0.5, 4, "lin"), (3, 20, 6, "lin")]
WHOLE_AND_HALF = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
PAIRS = {
    "besselK": (mp.besselk, [0.0, *WHOLE_AND_HALF], [(1e-8, 2, 10, "log"), (1.15, 1.25, 4, "lin"), (2, 30, 10, "lin"), (30, 690, 6, "lin")]),
    "matern": (matern, WHOLE_AND_HALF, [(1e-12, 0.05, 6, "log"), (0.05, 2, 10, "lin"), (1.15, 1.25, 4, "lin"), (2, 30, 8, "lin"), (30, 690, 6, "lin")]),
}


def arguments(ranges, rng):
    for low, high, count, kind in ranges:
        for i in range(count):
            u = (i + rng.random()) / count
            if kind == "lin":
                yield low + (high - low) * u
            else:
                sign = -1 if low < 0 else 1
                a, b = float(mp.log(abs(low))), float(mp.log(abs(high)))
                yield sign * float(mp.exp(a + (b - a) * u))


def write_pairs(name, f, orders, ranges):
    rng = random.Random(name)
    lines = [
        f"# {name}(nu, x): nu and x as hexadecimal doubles, f(nu, x) to 40 digits.",
        f"# mpmath {mp.__version__}, 60 digits, by validation/generators/special_tables.py.",
        "nu,x,f",
    ]
    for nu in sorted([*orders, *arguments(ORDERS, rng)]):
        for x in sorted(arguments(ranges, rng)):
            value = f(mp.mpf(nu), mp.mpf(x))
            if mp.mpf("1e-300") < value < mp.mpf("1e300"):
                lines.append(f"{nu.hex()},{x.hex()},{mp.nstr(value, 40, strip_zeros=True)}")
    (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")
    print(name, len(lines))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = sys.argv[1:] or [*TABLES, *PAIRS]
    for name, (f, orders, ranges) in PAIRS.items():
        if name in chosen:
            write_pairs(name, f, orders, ranges)
    for name, (f, both, double_only) in TABLES.items():
        if name not in chosen:
            continue
        rng = random.Random(name)
        lines = [
            f"# {name}(x): x as a hexadecimal double, f(x) to 40 digits.",
            f"# mpmath {mp.__version__}, 60 digits, by validation/generators/special_tables.py.",
            "x,f",
        ]
        for part, ranges in (("", both), ("# double only", double_only)):
            if part:
                lines.append(part)
            for x in sorted({f32(x) if not part else x for x in arguments(ranges, rng)}):
                if x == 0 or x in (float("inf"), float("-inf")):
                    continue
                lines.append(f"{x.hex()},{mp.nstr(f(mp.mpf(x)), 40, strip_zeros=True)}")
        (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")
        print(name, len(lines))


if __name__ == "__main__":
    main()
