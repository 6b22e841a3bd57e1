/// Reverse Kullback-Leibler posteriors, importance weights, refinement and amortization gaps.
package org.amortis.inference.variational;
