/// The timed pieces of work and their checks against the oracle.
package org.amortis.bench.work;
