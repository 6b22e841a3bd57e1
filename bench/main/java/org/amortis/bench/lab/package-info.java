/// The kernel laboratory: every family of `kernels/` right at every launch size first, then timed
/// against what the device itself reaches.
package org.amortis.bench.lab;
