/// Likelihoods that can be evaluated, traced into programs.
package org.amortis.inference.likelihood;
