/// Neural posteriors by forward Kullback-Leibler divergence.
package org.amortis.inference.posterior;
