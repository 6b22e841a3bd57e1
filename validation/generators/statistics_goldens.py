"""Convergence diagnostics from ArviZ and SciPy, scores by their definitions."""
import warnings

import numpy as np
import scipy.stats

from golden_file import GoldenFile, exact32

warnings.filterwarnings("ignore")
import arviz  # noqa: E402


def autoregressive(rng, chains, draws, rho, spread=0.0):
    x = np.empty((chains, draws))
    x[:, 0] = rng.standard_normal(chains)
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + np.sqrt(1 - rho**2) * rng.standard_normal(chains)
    return x + spread * np.arange(chains)[:, None]


def chains():
    f = GoldenFile("mcmc", "Chains (chain, draw) and, from ArviZ 0.23: rank-normalised split R-hat (maximum of bulk and folded; Vehtari et al. 2021), "
                   "bulk, tail (5 %, 95 %) and mean ESS, Monte Carlo standard error of the mean and of the 5 %, 50 % and 95 % quantiles. An odd draw in the middle is dropped by the split. "
                   "NaN where ArviZ says NaN (R-hat of one chain or of constant chains, anything with a NaN); it ranks an infinity as the largest value.")
    rng = np.random.default_rng(1500)
    cases = [
        ("independent", "4 chains, independent normal.", autoregressive(rng, 4, 200, 0.0)),
        ("correlated", "4 chains, AR(1) 0.9.", autoregressive(rng, 4, 250, 0.9)),
        ("antithetic", "AR(1) -0.5.", autoregressive(rng, 4, 200, -0.5)),
        ("apart", "AR(1) 0.5, the chains' means 0, 1, 2, 3.", autoregressive(rng, 4, 150, 0.5, 1.0)),
        ("scales", "equal means, standard deviations 1, 1, 1, 5 (the folded part sees it).", autoregressive(rng, 4, 200, 0.3) * np.array([[1], [1], [1], [5]])),
        ("heavy", "Cauchy draws.", rng.standard_cauchy((4, 200))),
        ("odd", "101 draws.", autoregressive(rng, 3, 101, 0.4)),
        ("single", "one chain of 100.", autoregressive(rng, 1, 100, 0.4)),
        ("short", "4 chains of 5.", autoregressive(rng, 4, 5, 0.0)),
        ("ties", "integers 0 to 3 (average ranks).", rng.integers(0, 4, (4, 120)).astype(float)),
    ]
    constant = np.full((4, 50), 0.25)
    stuck = autoregressive(rng, 4, 60, 0.2)
    stuck[1] = 0.5
    hole, infinite = autoregressive(rng, 4, 50, 0.2), autoregressive(rng, 4, 50, 0.2)
    hole[2, 7] = np.nan
    infinite[0, 3] = np.inf
    cases += [("constant", "all draws equal.", constant), ("stuck", "one of the chains never moves.", stuck), ("nan", "one NaN.", hole),
              ("infinite", "one infinity.", infinite)]
    for name, meaning, x in cases:
        x = exact32(x)
        f.case(name, meaning, x=x, rhat=float(arviz.rhat(x, method="rank")), rhat_split=float(arviz.rhat(x, method="split")),
               ess_bulk=float(arviz.ess(x, method="bulk")), ess_tail=float(arviz.ess(x, method="tail")),
               ess_mean=float(arviz.ess(x, method="mean")), mcse_mean=float(arviz.mcse(x, method="mean")),
               **{f"mcse_q{p:02d}": float(arviz.mcse(x, method="quantile", prob=p / 100)) for p in (5, 50, 95)})
    return f


def scores():
    f = GoldenFile("score", "Scores of draws against the truth, by definition, one value a field.")
    rng = np.random.default_rng(1600)
    x = exact32(rng.standard_normal((6, 40)) * [[1], [1], [0.1], [3], [1], [0]])
    truth = exact32([0, 2.5, 1, -4, 0.3, 0])
    first = np.abs(x - truth[:, None]).mean(1)
    pairs = np.abs(x[:, :, None] - x[:, None, :]).sum((1, 2))
    f.case("crps", "crps = mean |x - truth| - sum |x - x'| / (2 n^2) (the empirical distribution's); crps_fair divides by 2 n (n - 1) instead.",
           x=x, truth=truth, crps=first - pairs / (2 * 40**2), crps_fair=first - pairs / (2 * 40 * 39))
    lower, upper = np.quantile(x, [0.05, 0.95], axis=1)
    score = (upper - lower) + 20 * np.maximum(lower - truth, 0) + 20 * np.maximum(truth - upper, 0)
    f.case("interval_90", "quantiles by linear interpolation (h = (n - 1) p); score = (u - l) + (2 / 0.1) ((l - truth)+ + (truth - u)+).",
           x=x, truth=truth, lower=lower, upper=upper, score=score, covered=((truth >= lower) & (truth <= upper)).astype(int))
    levels = [0.0, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 1.0]
    f.case("quantile", "of each row of x by linear interpolation.", x=x, levels=levels, y=np.quantile(x, levels, axis=1).T)
    mean, sd = exact32([0, 1, -2, 0.5]), exact32([1, 0.5, 2, 0.25])
    obs = exact32([0.5, -1, 3, 0.5])
    w = (obs - mean) / sd
    f.case("crps_gaussian", "closed form for N(mean, sd^2).", mean=mean, sd=sd, truth=obs,
           crps=sd * (w * (2 * scipy.stats.norm.cdf(w) - 1) + 2 * scipy.stats.norm.pdf(w) - 1 / np.sqrt(np.pi)))
    a = exact32(rng.standard_normal((30, 2)))
    b = exact32(rng.standard_normal((25, 2)) + 0.5)

    def energy(u, v):
        return np.sqrt(((u[:, None] - v[None]) ** 2).sum(-1)).mean()

    f.case("energy_distance", "2 E|a - b| - E|a - a'| - E|b - b'|, V-statistic.", a=a, b=b, y=2 * energy(a, b) - energy(a, a) - energy(b, b))
    u = exact32(rng.uniform(0, 1, 25))
    ks = scipy.stats.kstest(u, "uniform", method="exact")
    f.case("kolmogorov", "one-sample statistic against U(0, 1) and its exact p-value.", x=u, statistic=ks.statistic, p=ks.pvalue)
    stat = np.array([1.0, 5, 19, 35.2])
    f.case("chi_square", "upper tail probability at 19 degrees of freedom.", x=stat, p=scipy.stats.chi2(19).sf(stat))
    return f


def pareto():
    f = GoldenFile("psis", "Log importance ratios and, from ArviZ 0.23 (psislw, one data set, relative efficiency 1): logarithms of the Pareto-smoothed, "
                   "normalised weights and the shape k of the tail.")
    rng = np.random.default_rng(1700)
    u = rng.standard_normal(1000)
    cases = [
        ("narrow_proposal", "1,000 draws of N(0, 0.7^2) for N(0, 1): heavy tail.", 0.5 * u**2 - 0.5 * (0.7 * u) ** 2),
        ("wide_proposal", "1,000 draws of N(0, 1.5^2) for N(0, 1): bounded ratios.", 0.5 * u**2 - 0.5 * (1.5 * u) ** 2),
        ("shifted", "1,000 draws of N(0, 1) for N(1, 1).", u),
        ("far", "500 draws of N(0, 1) for N(4, 1).", 4 * u[:500]),
        ("student", "2,000 ratios that are generalised Pareto with k = 0.6.", np.log(((1 - rng.uniform(size=2000)) ** -0.6 - 1) / 0.6 + 1e-3)),
        ("few", "25 draws: a tail of 5.", rng.standard_normal(25)),
        ("wild", "ratios that span hundreds of units.", 100 * rng.standard_normal(400)),
        ("constant_tail", "large ratios all equal.", np.minimum(u, 0.5)),
    ]
    for name, meaning, x in cases:
        x = exact32(x)
        weights, k = arviz.psislw(x.copy())
        f.case(name, meaning, x=x, log_weight=np.asarray(weights), k=float(k))
    return f


def files():
    return [chains(), scores(), pareto()]
