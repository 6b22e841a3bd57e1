/// Amortized inference as a decision rule, figure 1 of the review: the loss of every decision at
/// every data set, its minimiser, and a trained estimator that traces the minima.
package org.amortis.studies.decision;
