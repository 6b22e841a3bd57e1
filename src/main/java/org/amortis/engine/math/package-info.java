/// Special functions in double precision and counter-based random numbers: pure, tested against
/// tables.
package org.amortis.engine.math;
