/// The ratio study of the review, section 4: the classifier trick in one dimension.
///
/// `theta ~ U(0, 1)`, `Z | theta ~ N(theta, theta^2)`: pairs, the Bayes classifier by quadrature,
/// learned classifiers on the same grid, and one of them while it trains.
package org.amortis.studies.ratio;
