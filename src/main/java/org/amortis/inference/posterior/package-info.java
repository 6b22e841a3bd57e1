/// Neural posteriors by forward Kullback-Leibler divergence, and the exact posterior on a grid.
package org.amortis.inference.posterior;
