"""Minimax polynomial coefficients of the engine's elementary functions.

Prints the coefficients used by Special, Polynomials32, Polynomials64 and kernels/random.c, from a Remez exchange in 60-digit
arithmetic (mpmath 1.3). Each fit minimises the error of the final function, so `weight` is the factor between the
fitted polynomial and the function, divided by the function. Run: python3 polynomial_coefficients.py [NAME ...]
"""
import struct
import sys

import mpmath as mp

mp.mp.dps = 60


def remez(f, degree, a, b, weight, rounds=12):
    """Coefficients c_0..c_degree and the largest |weight (f - p)| on [a, b]."""
    a, b = mp.mpf(a), mp.mpf(b)
    n = degree + 2
    nodes = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    grid_size = 24 * n
    grid = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * i / grid_size) for i in range(grid_size + 1)]
    values = [(f(x), weight(x)) for x in grid]
    coefficients, best = None, None
    for _ in range(rounds):
        system = mp.matrix(n, n)
        right = mp.matrix(n, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = x**j
            system[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solution = mp.lu_solve(system, right)
        coefficients = [solution[j] for j in range(degree + 1)]
        level = abs(solution[degree + 1])
        errors = [w * (v - mp.polyval(coefficients[::-1], x)) for x, (v, w) in zip(grid, values)]
        best = max(abs(e) for e in errors)
        if best <= level * mp.mpf("1.01"):
            break
        runs = []
        for x, e in zip(grid, errors):
            if runs and (e > 0) == (runs[-1][1] > 0):
                if abs(e) > abs(runs[-1][1]):
                    runs[-1] = (x, e)
            else:
                runs.append((x, e))
        while len(runs) > n:
            runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
        if len(runs) < n:
            break
        nodes = [x for x, _ in runs]
    return coefficients, best


def limit(f, x0, value):
    return lambda x: value if abs(x - x0) < mp.mpf(10) ** -25 else f(x)


def half_erfcx(a):
    """exp(a^2/2) Phi(-a)."""
    return mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)) / 2


LN2 = mp.log(2)
SQRT2 = mp.sqrt(2)


def exp_tail(degree):
    f = limit(lambda r: (mp.expm1(r) - r) / r**2, 0, mp.mpf(1) / 2)
    return remez(f, degree, -LN2 / 2 * mp.mpf("1.001"), LN2 / 2 * mp.mpf("1.001"), lambda r: r * r / mp.exp(r) + mp.mpf(10) ** -12)


def expm1_tail(degree):
    f = limit(lambda r: (mp.expm1(r) - r) / r**2, 0, mp.mpf(1) / 2)
    return remez(f, degree, -LN2 / 2 * mp.mpf("1.001"), LN2 / 2 * mp.mpf("1.001"), lambda r: abs(limit(lambda s: s * s / mp.expm1(s), 0, 0)(r)) + mp.mpf(10) ** -12)


def log1p_tail(degree):
    f = limit(lambda x: (mp.log1p(x) - x + x * x / 2) / x**3, 0, mp.mpf(1) / 3)
    return remez(f, degree, mp.sqrt(mp.mpf(1) / 2) - 1, SQRT2 - 1, lambda x: abs(limit(lambda s: s**3 / mp.log1p(s), 0, 0)(x)) + mp.mpf(10) ** -6)


def log_atanh(degree):
    top = ((SQRT2 - 1) / (SQRT2 + 1)) ** 2
    f = limit(lambda z: 2 * (mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, 0, mp.mpf(2) / 3)
    return remez(f, degree, mp.mpf(0), top * mp.mpf("1.001"), lambda z: z + mp.mpf(10) ** -4)


def erf_head(degree):
    """erf(x)/x - 1 in x^2; the error is that of erf."""
    f = limit(lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1, 0, 2 / mp.sqrt(mp.pi) - 1)
    return remez(f, degree, mp.mpf(0), mp.mpf(1), lambda z: 1 / (1 + f(z)))


def log_erfc(degree, a, b):
    """log(erfc(x)) as a polynomial in x - (a + b)/2; the weight makes the error that of erf."""
    shift = mp.mpf(a + b) / 2
    return remez(lambda y: mp.log(mp.erfc(y + shift)), degree, a - shift, b - shift, lambda y: mp.erfc(y + shift) / mp.erf(y + shift))


def normal_tail(degree, centre, top):
    """(1 + a) exp(a^2/2) Phi(-a) as a polynomial in t = (a - centre)/(a + centre), a in [0, top]."""
    k = mp.mpf(centre)
    inverse = lambda t: k * (1 + t) / (1 - t)
    f = lambda t: (1 + inverse(t)) * half_erfcx(inverse(t))
    return remez(f, degree, mp.mpf(-1), (top - k) / (top + k), lambda t: 1 / f(t))


def quantile(d):
    """The normal quantile of 1/2 + d."""
    return SQRT2 * mp.erfinv(2 * d)


def draw_central(degree, split):
    """(quantile(1/2 + d)/d - sqrt(2 pi))/d^2 in d^2, |d| <= split; the error is that of the quantile."""
    slope = mp.sqrt(2 * mp.pi)
    f = lambda s: (quantile(mp.sqrt(s)) / mp.sqrt(s) - slope) / s
    return remez(f, degree, mp.mpf(10) ** -9, mp.mpf(split) ** 2, lambda s: s / (slope + s * f(s)))


def draw_tail(degree, split, centre):
    """-quantile(exp(-r^2)) - 1.4142135 r (a float) in t = (r - centre)/(r + centre), from 1/2 - split down to 2^-33."""
    k = mp.mpf(centre)
    slope = mp.mpf(float32(SQRT2))
    inverse = lambda t: k * (1 + t) / (1 - t)
    at = lambda p: (mp.sqrt(-mp.log(p)) - k) / (mp.sqrt(-mp.log(p)) + k)
    f = lambda t: -quantile(mp.exp(-inverse(t) ** 2) - mp.mpf(1) / 2)
    return remez(lambda t: f(t) - slope * inverse(t), degree, at(mp.mpf("0.5") - split), at(mp.mpf(2) ** -33), lambda t: 1 / f(t))


def lgamma_fit(degree, a, b):
    def f(x):
        if abs(x - 1) < mp.mpf(10) ** -25:
            return mp.euler
        if abs(x - 2) < mp.mpf(10) ** -25:
            return 1 - mp.euler
        return mp.loggamma(x) / ((x - 1) * (x - 2))

    shift = mp.mpf(a + b) / 2
    return remez(lambda y: f(y + shift), degree, a - shift, b - shift, lambda y: 1 / f(y + shift))


DIGAMMA_ROOT = mp.findroot(mp.digamma, mp.mpf("1.4616321449683623"))


def digamma_fit(degree):
    shift = mp.mpf("1.5")
    f = lambda y: limit(lambda x: mp.digamma(x) / (x - DIGAMMA_ROOT), DIGAMMA_ROOT, mp.psi(1, DIGAMMA_ROOT))(y + shift)
    return remez(f, degree, mp.mpf(1) - shift, mp.mpf(2) - shift, lambda y: 1 / f(y))


FITS = {
    "exp32": lambda: exp_tail(4),
    "expm1_32": lambda: expm1_tail(4),
    "log1p32": lambda: log1p_tail(7),
    "erf32": lambda: erf_head(6),
    "log_erfc32": lambda: log_erfc(6, mp.mpf(1), mp.mpf(4)),
    "normal32": lambda: normal_tail(9, 3, 15),
    "draw_central32": lambda: draw_central(8, "0.375"),
    "draw_tail32": lambda: draw_tail(7, mp.mpf("0.375"), 2),
    "exp64": lambda: exp_tail(10),
    "expm1_64": lambda: expm1_tail(11),
    "log1p64": lambda: log1p_tail(19),
    "log64": lambda: log_atanh(6),
    "erf64": lambda: erf_head(13),
    "log_erfc64": lambda: log_erfc(17, mp.mpf(1), mp.mpf(6)),
    "normal64": lambda: normal_tail(23, 4, 39),
    "lgamma_low": lambda: lgamma_fit(24, mp.mpf("0.75"), mp.mpf(2)),
    "lgamma_high": lambda: lgamma_fit(15, mp.mpf(2), mp.mpf(3)),
    "digamma": lambda: digamma_fit(23),
}


def float32(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def main(names):
    for name in names or FITS:
        coefficients, error = FITS[name]()
        print(f"{name}: degree {len(coefficients) - 1}, error {mp.nstr(error, 3)}")
        for i, c in enumerate(coefficients):
            print(f"  c{i} = {mp.nstr(c, 9)}f" if "32" in name else f"  c{i} = {float(c)!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
