"""Writes gp_fields.npz and gp_exact.csv: 200 fields of the GP study and their exact posteriors. Needs NumPy and SciPy.
Run in this folder. Posterior on 1,200 cell midpoints of (0, 0.6), quantiles by linear
interpolation of the distribution function at cell edges; log-likelihoods include the normalising constant."""
import numpy as np, scipy.linalg as sl
from gpdata import gen, grid
from exact_gp import oracle, summ
theta, z = gen(200, 20261123)
grid_theta, weights = oracle(z)
mean, q05, q50, q95 = summ(grid_theta, weights)
points = [.05, .1, .2, .3, .5]
D = grid(); columns = z.reshape(200, -1).astype(float).T; loglik = []
for t in points:
    L = np.linalg.cholesky(np.exp(-D / t)); y = sl.solve_triangular(L, columns, lower=True)
    loglik.append(-.5 * 256 * np.log(2 * np.pi) - np.log(np.diag(L)).sum() - .5 * (y ** 2).sum(0))
np.savez('gp_fields.npz', theta=theta, z=z)
with open('gp_exact.csv', 'w') as f:
    f.write('field,theta_true,mean,q05,q50,q95,' + ','.join(f'loglik_{p}' for p in points) + '\n')
    for i in range(200):
        f.write(f'{i},{theta[i]:.9g},{mean[i]:.7g},{q05[i]:.7g},{q50[i]:.7g},{q95[i]:.7g},' + ','.join(f'{l[i]:.10g}' for l in loglik) + '\n')
