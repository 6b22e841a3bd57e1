/// Comparison of simulated models: posterior model probabilities and Bayes factors by a classifier.
package org.amortis.inference.compare;
