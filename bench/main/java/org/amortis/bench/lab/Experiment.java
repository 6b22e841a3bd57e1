package org.amortis.bench.lab;

import java.util.function.Supplier;

/// One op, or a short chain of them, at one extent.
///
/// @param family the file of `kernels/` it is about
/// @param name op and extent
/// @param ulps how far a result may be from the oracle, in units in the last place of the largest
///   value
/// @param small a small case of odd extents, run at every launch size
/// @param full the case that is timed
/// @param onGpu whether the full case is for GPUs only
/// @param joined whether short launches are joined, as in a user's program
record Experiment(
    String family,
    String name,
    double ulps,
    Supplier<Task> small,
    Supplier<Task> full,
    boolean onGpu,
    boolean joined) {

  static Experiment of(
      String family, String name, double ulps, Supplier<Task> small, Supplier<Task> full) {
    return new Experiment(family, name, ulps, small, full, false, false);
  }

  /// The same with its short launches joined.
  Experiment withJoined() {
    return new Experiment(family, name, ulps, small, full, onGpu, true);
  }

  /// The same, timed on GPUs only.
  Experiment forGpus() {
    return new Experiment(family, name, ulps, small, full, true, joined);
  }
}
