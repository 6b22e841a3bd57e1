/// Conditional densities on the unconstrained space: Gaussian, mixture, flow.
package org.amortis.nn.density;
