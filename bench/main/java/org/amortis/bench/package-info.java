/// Benchmarks, one question a file, and the rows that are timed beside the peers.
package org.amortis.bench;
