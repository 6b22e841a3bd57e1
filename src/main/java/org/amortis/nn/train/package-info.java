/// Fitting networks: optimiser settings, learning-rate schedules, the training loop.
package org.amortis.nn.train;
