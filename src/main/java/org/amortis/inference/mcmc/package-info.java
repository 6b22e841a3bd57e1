/// Batched Metropolis-Hastings and the diagnostics of its chains.
package org.amortis.inference.mcmc;
