/// Bijections and normalising flows, conditional on a context.
package org.amortis.nn.flow;
