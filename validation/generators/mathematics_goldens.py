"""Special functions from mpmath at 40 digits, linear algebra from PyTorch, densities from SciPy and PyTorch."""
import mpmath as mp
import numpy as np
import scipy.stats
import torch

from golden_file import GoldenFile, exact32
from network_goldens import normal, pull

mp.mp.dps = 40
SMALL = [1e-30, 1e-10, 1e-5, 1e-3, 0.01, 0.1]


def both(values):
    return [-v for v in reversed(values)] + [0.0] + list(values)


def ncdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def npdf(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def icdf(p):
    """Newton from SciPy's value, in the lower tail, to 40 digits."""
    p = mp.mpf(p)
    if p > mp.mpf(1) / 2:
        return -icdf(1 - p)
    x = mp.mpf(float(scipy.stats.norm.ppf(float(p))))
    for _ in range(8):
        x = x - (ncdf(x) - p) / npdf(x)
    return x


def gelu_tanh(x):
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def gelu_tanh_slope(x):
    c = mp.sqrt(2 / mp.pi)
    t = mp.tanh(c * (x + mp.mpf("0.044715") * x**3))
    return (1 + t) / 2 + x / 2 * (1 - t * t) * c * (1 + 3 * mp.mpf("0.044715") * x * x)


def log_ncdf(x):
    return mp.log(ncdf(x))


def sigmoid(x):
    return 1 / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))


def pointwise():
    f = GoldenFile("pointwise", "Special functions: x, the value y and the derivative dydx, rounded from 40 digits (mpmath), so float64 "
                   "kernels can be judged in units in the last place. Values beneath 1e-300 are left out.")
    wide = both(SMALL + [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 37])
    moderate = both(SMALL + list(np.linspace(0.2, 6, 30)))
    positive = [1e-30, 1e-20, 1e-10, 1e-3, 0.1, 0.25, 0.5, 0.7, 0.9, 0.99, 1, 1.01, 1.1, 1.5, 2, 3, 7, 10, 100, 1e5, 1e10, 1e30]
    unit = [1e-30, 1e-20, 1e-12, 1e-8, 1e-5, 1e-3, 0.01, 0.02425, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9,
            0.95, 0.97575, 0.99, 0.999, 1 - 2**-16, 1 - 2**-23]
    table = [
        ("exp", mp.exp, mp.exp, both(SMALL + [0.3, 0.5, 1, 2, 5, 10, 30, 60, 80, 87])),
        ("exp_wide", mp.exp, mp.exp, [-690, -400, -200, -100, 100, 200, 400, 700, 709]),
        ("expm1", mp.expm1, mp.exp, both(SMALL + [0.3, 0.5, 1, 2, 5, 10, 30])),
        ("log", mp.log, lambda x: 1 / x, positive),
        ("log1p", mp.log1p, lambda x: 1 / (1 + x), [-0.999, -0.9, -0.5] + both(SMALL) + [0.5, 1, 2, 10, 1e5, 1e20]),
        ("sqrt", mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), positive),
        ("sin", mp.sin, mp.cos, both(SMALL + [0.5, 1, 1.5, 2, 3, 3.25, 5, 10, 100])),
        ("cos", mp.cos, lambda x: -mp.sin(x), both(SMALL + [0.5, 1, 1.5, 2, 3, 3.25, 5, 10, 100])),
        ("atan", mp.atan, lambda x: 1 / (1 + x * x), both(SMALL + [0.5, 1, 2, 10, 1e5])),
        ("tanh", mp.tanh, lambda x: 1 - mp.tanh(x) ** 2, moderate),
        ("sigmoid", sigmoid, lambda x: sigmoid(x) * sigmoid(-x), wide + [-80.0, 80.0]),
        ("softplus", lambda x: mp.log1p(mp.exp(x)), sigmoid, wide + [-80.0, 80.0]),
        ("log_sigmoid", lambda x: -mp.log1p(mp.exp(-x)), lambda x: sigmoid(-x), wide + [-80.0, 80.0]),
        ("erf", mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x), moderate),
        ("erfc", mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x), moderate + [8.0, 9.0]),
        ("gelu", lambda x: x * ncdf(x), lambda x: ncdf(x) + x * npdf(x), moderate),
        ("gelu_tanh", gelu_tanh, gelu_tanh_slope, moderate),
        ("silu", lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x)), moderate),
        ("normal_cdf", ncdf, npdf, wide[1:-1]),
        ("normal_log_cdf", log_ncdf, lambda x: npdf(x) / ncdf(x), wide),
        ("normal_inverse_cdf", icdf, lambda p: 1 / npdf(icdf(p)), unit),
        ("lgamma", mp.loggamma, mp.digamma, [1e-10, 1e-3, 0.1, 0.5, 0.9, 1, 1.1, 1.5, 1.9, 2, 2.1, 2.5, 3, 5, 10, 50, 1e3, 1e8]),
        ("digamma", mp.digamma, lambda x: mp.psi(1, x), [1e-5, 1e-3, 0.1, 0.5, 1, 1.46, 1.5, 2, 3, 5, 10, 50, 1e3, 1e8]),
    ]
    for name, g, slope, points in table:
        x = np.unique(exact32(points))
        y = [float(mp.re(g(mp.mpf(float(v))))) for v in x]
        d = [float(mp.re(slope(mp.mpf(float(v))))) for v in x]
        f.case(name, {"normal_inverse_cdf": "x is the probability.", "gelu": "x Phi(x).", "silu": "x sigmoid(x).",
                      "gelu_tanh": "the tanh approximation."}.get(name, "as named."), x=x, y=y, dydx=d)
    return f


def kernel_matrix(n, length):
    """exp(-distance / length) on n equally spaced points, plus a small diagonal; exact in float32."""
    s = np.arange(n) / n
    c = exact32(np.exp(-np.abs(s[:, None] - s[None]) / length) + 0.01 * np.eye(n))
    return (c + c.T) / 2


def linear_algebra():
    f = GoldenFile("linalg", "Cholesky, triangular solves, log-determinants (lower triangles; the strict upper triangle of every factor is 0). "
                   "Two conventions for the gradient of a symmetric input a: `da` is symmetrised (PyTorch's: perturb a and its transpose "
                   "together, da = da'), `da_lower` treats the lower triangle as the free variables: da + da' below the diagonal, da on it, 0 above.")
    for i, (name, batch, n) in enumerate([("cholesky", 3, 6), ("cholesky_17", 2, 17), ("cholesky_1", 2, 1), ("cholesky_33", 1, 33)]):
        a = torch.tensor(np.stack([kernel_matrix(n, 0.2 + 0.3 * b) for b in range(batch)]), requires_grad=True)
        y = torch.linalg.cholesky(a)
        dy = torch.tril(normal(1100 + i, *y.shape).detach())
        da = pull(y, dy, a)[0]
        lower = torch.tril(da + da.transpose(1, 2)) - torch.diag_embed(torch.diagonal(da, dim1=1, dim2=2))
        f.case(name, f"y = cholesky(a), {batch} matrices of {n}; dy is 0 above the diagonal.", a=a, y=y, dy=dy, da=da, da_lower=lower)
        logdet = 2 * torch.log(torch.diagonal(torch.linalg.cholesky(a), dim1=1, dim2=2)).sum(1)
        dy = normal(1110 + i, batch)
        da = pull(logdet, dy, a)[0]
        lower = torch.tril(da + da.transpose(1, 2)) - torch.diag_embed(torch.diagonal(da, dim1=1, dim2=2))
        f.case(name.replace("cholesky", "logdet"), "y = log det a = 2 sum log diagonal of the factor.", a=a, y=logdet, dy=dy, da=da, da_lower=lower)
    for i, (n, k) in enumerate([(6, 3), (17, 1)]):
        base = torch.tensor(exact32(np.linalg.cholesky(kernel_matrix(n, 0.5))))
        for transpose in (False, True):
            l, b = base.clone().requires_grad_(), normal(1120 + i, n, k)
            low = torch.tril(l)
            y = torch.linalg.solve_triangular(low.T if transpose else low, b, upper=transpose)
            dy = normal(1130 + i, n, k)
            dl, db = pull(y, dy, l, b)
            f.case(f"solve{'_transposed' if transpose else ''}_{n}", f"solves l{chr(39) if transpose else ''} y = b, l lower; dl is 0 above the diagonal.",
                   l=low, b=b, y=y, dy=dy, dl=dl, db=db)
    sides = np.linspace(0, 1, 4)
    g = np.array([(a, b) for a in sides for b in sides])
    d = torch.tensor(np.sqrt(((g[:, None] - g[None]) ** 2).sum(-1)))
    theta = torch.tensor(exact32([0.05, 0.1, 0.2, 0.3, 0.5]), requires_grad=True)
    z = normal(1140, 5, 16).detach()
    c = torch.exp(-d / theta[:, None, None])
    l = torch.linalg.cholesky(c)
    w = torch.linalg.solve_triangular(l, z[:, :, None], upper=False)
    y = -0.5 * (w**2).sum((1, 2)) - torch.log(torch.diagonal(l, dim1=1, dim2=2)).sum(1) - 8 * np.log(2 * np.pi)
    f.case("gp_log_likelihood", "log N(z; 0, C), C = exp(-distance / theta) on a 4 x 4 grid of the unit square (row-major), theta one each.",
           theta=theta, z=z, y=y, dtheta=pull(y.sum(), None, theta)[0])
    return f


def densities():
    f = GoldenFile("density", "Log-densities, normalising constants included, with gradients of their sum.")
    x, m, s = normal(1200, 9), normal(1201, 9), normal(1202, 9, scale=0.7)
    y = torch.distributions.Normal(m, s.exp()).log_prob(x)
    dx, dm, ds = pull(y.sum(), None, x, m, s)
    f.case("gaussian", "log N(x; mean, exp(log_sd)^2).", x=x, mean=m, log_sd=s, y=y, dx=dx, dmean=dm, dlog_sd=ds)
    for i, (name, n, k, p) in enumerate([("mixture", 8, 3, 1), ("mixture_2d", 6, 4, 2)]):
        x, logits = normal(1210 + i, n, p), normal(1220 + i, n, k)
        m, s = normal(1230 + i, n, k, p), normal(1240 + i, n, k, p, scale=0.5)
        each = torch.distributions.Normal(m, s.exp()).log_prob(x[:, None]).sum(-1)
        y = torch.logsumexp(torch.log_softmax(logits, -1) + each, -1)
        dx, dl, dm, ds = pull(y.sum(), None, x, logits, m, s)
        f.case(name, f"row-wise mixture of {k} diagonal Gaussians in {p} dimensions, weights softmax(logits).", x=x, logits=logits, mean=m,
               log_sd=s, y=y, dx=dx, dlogits=dl, dmean=dm, dlog_sd=ds)
    for i, n in enumerate([5, 13, 30]):
        c = kernel_matrix(n, 0.4)
        x, m = exact32(np.random.default_rng(1250 + i).standard_normal((4, n))), exact32(np.random.default_rng(1260 + i).standard_normal(n))
        f.case(f"multivariate_{n}", "SciPy multivariate_normal.logpdf of 4 rows.", x=x, mean=m, cov=c,
               y=scipy.stats.multivariate_normal(m, c).logpdf(x))
    points = exact32([-3, -1, -0.2, 0, 0.1, 0.3, 0.5, 0.9, 1, 1.7, 4])
    for name, law, meaning in [("gumbel", scipy.stats.gumbel_r(), "Gumbel(0, 1)."), ("student_3", scipy.stats.t(3), "Student t, 3 degrees of freedom."),
                               ("logistic", scipy.stats.logistic(), "logistic(0, 1).")]:
        f.case(name, meaning, x=points, y=law.logpdf(points), cdf=law.cdf(points))
    inside = exact32([0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999])
    f.case("beta_2_5", "Beta(2, 5).", x=inside, y=scipy.stats.beta(2, 5).logpdf(inside), cdf=scipy.stats.beta(2, 5).cdf(inside))
    positive = exact32([0.01, 0.1, 0.5, 1, 2, 5])
    f.case("gamma_2_3", "Gamma with shape 2, rate 3.", x=positive, y=scipy.stats.gamma(2, scale=1 / 3).logpdf(positive),
           cdf=scipy.stats.gamma(2, scale=1 / 3).cdf(positive))
    f.case("lognormal", "exp of a standard normal.", x=positive, y=scipy.stats.lognorm(1).logpdf(positive), cdf=scipy.stats.lognorm(1).cdf(positive))
    return f


def files():
    return [pointwise(), linear_algebra(), densities()]
