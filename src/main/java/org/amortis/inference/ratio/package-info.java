/// Likelihood-to-evidence ratios learned by classifiers: objectives on all pairs of a batch, the
/// trained ratio and the posteriors it gives, truncated rounds.
package org.amortis.inference.ratio;
